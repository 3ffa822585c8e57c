"""The working calendars: the list, one calendar with its week and the days that differ."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manyi.base.calendars.days import read_file
from manyi.base.calendars.forms import DaysForm, FileForm, NewCalendarForm, WeekForm
from manyi.base.calendars.models import WorkCalendar
from manyi.base.calendars.operations import (
    CannotChangeCalendar,
    change_week,
    confirm_year,
    make_calendar,
    remove_day,
    set_days,
)
from manyi.base.calendars.queries import get_visible_calendar, list_visible_calendars, list_years_missing
from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.core.text import Text
from manyi.library.calendars import default_week
from manyi.web.access import PageRequest, needs, signed_in


@signed_in
@require_safe
def all_calendars(request: PageRequest) -> HttpResponse:
    """The calendars by which the person's units work, and the years whose holidays are missing."""
    today = timezone.localdate(request.at)
    rows = [(row, list_years_missing(row, today)) for row in list_visible_calendars(request.user)]
    return render(request, "calendars/list.html", {"rows": rows, "week": default_week()})


@needs("calendars.manage")
@require_http_methods(["GET", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """Give a unit a calendar of its own, filled with the shipped hours and holidays."""
    units = [unit for unit in list_visible_units(request.user) if may(request.user, "calendars.manage", unit)]
    form = NewCalendarForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        row = make_calendar(by=request.user, at=request.at, **form.said())
        return redirect("calendars:calendar", row.pk)
    return render(request, "calendars/new.html", {"form": form})


@signed_in
@require_safe
def calendar(request: PageRequest, pk: int) -> HttpResponse:
    """The week, and the days of a year that differ."""
    row = get_visible_calendar(request.user, pk)
    today = timezone.localdate(request.at)
    year = _year(request.GET.get("year", ""), today)
    words = {
        "row": row, "year": year, "days": [day for day in row.days.all() if day.on.year == year],
        "missing": list_years_missing(row, today), "confirmed": year in row.years, "week": WeekForm(calendar=row),
        "form": DaysForm(), "file": FileForm(), "before": year - 1, "after": year + 1,
        "may": may(request.user, "calendars.manage", row.unit),
    }  # fmt: skip
    return render(request, "calendars/calendar.html", words)


@needs("calendars.manage")
@require_POST
def week(request: PageRequest, pk: int) -> HttpResponse:
    """Change the hours of the week."""
    row = get_visible_calendar(request.user, pk)
    form = WeekForm(request.POST, calendar=row)
    if form.is_valid():
        change_week(by=request.user, at=request.at, calendar=row, **form.said())
        messages.success(request, _("Changed; what is opened from now on counts by it."))
        return redirect("calendars:calendar", pk)
    return render(request, "calendars/change.html", {"row": row, "form": form}, status=422)


@needs("calendars.manage")
@require_POST
def days(request: PageRequest, pk: int) -> HttpResponse:
    """Close or open days."""
    row = get_visible_calendar(request.user, pk)
    form = DaysForm(request.POST)
    if form.is_valid():
        set_days(by=request.user, at=request.at, calendar=row, days=form.said())
        messages.success(request, _("Changed; what is opened from now on counts by it."))
        return _back(row, form.cleaned_data["first"].year)
    return render(request, "calendars/change.html", {"row": row, "form": form}, status=422)


@needs("calendars.manage")
@require_POST
def take_in(request: PageRequest, pk: int) -> HttpResponse:
    """Take holidays in from a file: all of it, or nothing."""
    row = get_visible_calendar(request.user, pk)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        found = read_file(form.cleaned_data["file"].read())
        number = set_days(by=request.user, at=request.at, calendar=row, days=found)
        messages.success(request, _("%(number)s days taken in.") % {"number": number})
        return _back(row, found[0].on.year)
    return render(request, "calendars/change.html", {"row": row, "form": form}, status=422)


@needs("calendars.manage")
@require_POST
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """A day is as its weekday says again."""
    row = get_visible_calendar(request.user, pk)
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise CannotChangeCalendar(Text("请选择一天", "Choose a day")) from None
    remove_day(by=request.user, at=request.at, calendar=row, on=on)
    return _back(row, on.year)


@needs("calendars.manage")
@require_POST
def confirm(request: PageRequest, pk: int) -> HttpResponse:
    """The holidays of a year are complete."""
    row = get_visible_calendar(request.user, pk)
    year = _year(request.POST.get("year", ""), timezone.localdate(request.at))
    confirm_year(by=request.user, at=request.at, calendar=row, year=year)
    messages.success(request, _("The holidays of %(year)s are confirmed.") % {"year": year})
    return _back(row, year)


def _year(written: str, today: date) -> int:
    known = written.isascii() and written.isdigit() and len(written) == 4 and 2000 <= int(written) <= 2200
    return int(written) if known else today.year


def _back(row: WorkCalendar, year: int) -> HttpResponse:
    response = redirect("calendars:calendar", row.pk)
    response["Location"] += f"?year={year}"
    return response
