"""What is asked where hours and days are changed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manyi.base.calendars.days import BIGGEST, NewDay
from manyi.base.calendars.models import Day, WorkCalendar
from manyi.base.people.models import Unit
from manyi.core.calendars import DAYS
from manyi.core.text import Text

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
MOST_AT_ONCE = 100
SEPARATORS = r"[,;\s\uff0c\u3001\uff1b]+"
"""What people put between spans: blanks, commas, semicolons, in either width."""


class NewCalendarForm(forms.Form):
    """Whose calendar, and how procedures call it."""

    name = forms.CharField(
        label=_("Name"), max_length=60, initial="working",
        help_text=_("As procedures write it: working, or the name of another calendar."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), help_text=_("It holds for all units below that have none of their own."))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"), choices=[(key, unit.name) for key, unit in self.units.items()],
            help_text=_("It holds for all units below that have none of their own."),
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What the operation is told."""
        return {"name": self.cleaned_data["name"], "unit": self.units[self.cleaned_data["unit"]]}


class WeekForm(forms.Form):
    """The hours of each weekday, several spans apart by spaces; an empty day is closed."""

    zone = forms.CharField(label=_("Time zone"), max_length=60, help_text=_("For example Asia/Shanghai"))

    def __init__(self, *args: Any, calendar: WorkCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].initial = calendar.zone
        for day, title in zip(DAYS, WEEKDAYS, strict=True):
            spans = " ".join(calendar.week.get(day, []))
            self.fields[day] = forms.CharField(label=title, max_length=120, required=False, initial=spans)
        self.fields["mon"].help_text = _("Several spans apart by a space: 08:30-12:00 13:30-17:30. Empty: closed.")

    def said(self) -> dict[str, Any]:
        """What the operation is told."""
        week = {day: re.split(SEPARATORS, self.cleaned_data[day]) for day in DAYS}
        return {"zone": self.cleaned_data["zone"].strip(), "week": week}


class DayInput(forms.DateInput):
    """A day as every browser's own control asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DaysForm(forms.Form):
    """One day or several in a row that are closed, or open although the week says otherwise."""

    first = forms.DateField(label=_("From"), widget=DayInput())
    last = forms.DateField(label=_("To"), widget=DayInput(), required=False)
    kind = forms.ChoiceField(label=_("These days are"), choices=Day.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    spans = forms.CharField(
        label=_("Hours"), max_length=120, required=False, help_text=_("Only for open days; empty: the usual hours.")
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and not a season later."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last") or said.get("first")
        if first and last and not timedelta() <= last - first < timedelta(days=MOST_AT_ONCE):
            self.add_error("last", _("The last day is not before the first and at most 100 days later."))
        return said

    def said(self) -> list[NewDay]:
        """The days."""
        data = self.cleaned_data
        first: date = data["first"]
        last: date = data["last"] or first
        spans = tuple(data["spans"].split()) if data["kind"] == Day.Kind.OPEN else ()
        name = Text(data["name"], data["name"])
        return [NewDay(first + timedelta(days=n), data["kind"], name, spans) for n in range((last - first).days + 1)]


class FileForm(forms.Form):
    """A file of holidays."""

    file = forms.FileField(
        label=_("File"), max_length=200,
        help_text=_("CSV (day, closed or open, name) or a calendar file (.ics) of holidays."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Not too big."""
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB."))
        return file
