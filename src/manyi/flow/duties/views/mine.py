"""My work, all that is owed, the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from manyi.base.notices.queries import count_unread
from manyi.core.periods import Period, next_period, parse_period, period_of, previous_period
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import (
    list_brought_to,
    list_my_duties,
    list_my_month,
    list_visible_duties,
    split_by_time,
)
from manyi.flow.duties.views.shown import Owed, shown
from manyi.web.access import PageRequest, signed_in

PAGE, MOST = 50, 500
DAY = timedelta(days=1)
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


@signed_in
@require_safe
def mine(request: PageRequest) -> HttpResponse:
    """What the person has to do, the next act on top: overdue, today, within a week, later; of one role or all."""
    today = timezone.localdate(request.at)
    duties = list(list_my_duties(request.user, today)[:MOST])
    roles = _roles(shown(duties, request.at))
    role = request.GET.get("role", "")
    chosen = [d for d in duties if d.role == role] if role in roles else duties
    overdue, soon, later = (shown(part, request.at) for part in split_by_time(chosen, request.at))
    due_today = [owed for owed in soon if owed.duty.due_on == today]
    this_week = [owed for owed in soon if owed.duty.due_on != today]
    words = {
        "overdue": overdue, "today": due_today, "soon": this_week, "later": later, "count": len(chosen),
        "next": next(iter([*overdue, *soon, *later]), None), "roles": roles if len(roles) > 1 else {}, "role": role,
        "unread": count_unread(request.user),
        "brought": shown(list_brought_to(request.user, today, request.at), request.at),
    }  # fmt: skip
    return render(request, "duties/mine.html", words)


@signed_in
@require_safe
def all_duties(request: PageRequest) -> HttpResponse:
    """All duties the person sees, by state."""
    state = request.GET.get("state", "open")
    rows = _in_state(list_visible_duties(request.user), state, request.at)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    states = (*Duty.State.values[:1], "overdue", *Duty.State.values[1:], "all")
    words = {"page": page, "duties": shown(page, request.at), "state": state, "states": states}
    return render(request, "duties/list.html", words)


@dataclass(frozen=True, slots=True)
class Square:
    """One day of the month's page."""

    day: date
    inside: bool
    today: bool
    duties: list[Owed]


@signed_in
@require_safe
def month(request: PageRequest) -> HttpResponse:
    """What is due in a month, day by day: the person's own, done and open."""
    today = timezone.localdate(request.at)
    period = _month(request.GET.get("month", ""), today)
    duties = shown(list_my_month(request.user, today, period)[:MOST], request.at)
    words = {
        "period": period, "weeks": _weeks(period, today, duties), "weekdays": WEEKDAYS, "duties": duties,
        "before": previous_period("month", period), "after": next_period("month", period),
    }  # fmt: skip
    return render(request, "duties/month.html", words)


def _month(written: str, today: date) -> Period:
    """The month that was asked for; this one for anything that is none."""
    try:
        period = parse_period(written)
    except ValueError:
        return period_of("month", today)
    within = 2000 <= period.first.year <= 2200
    return period_of("month", period.first) if within else period_of("month", today)


def _weeks(period: Period, today: date, duties: list[Owed]) -> list[list[Square]]:
    day = period_of("week", period.first).first
    weeks: list[list[Square]] = []
    while day <= period.last:
        days = [day + n * DAY for n in range(7)]
        weeks.append([Square(d, d in period, d == today, [o for o in duties if o.duty.due_on == d]) for d in days])
        day += 7 * DAY
    return weeks


def _roles(duties: list[Owed]) -> dict[str, Text]:
    return {owed.duty.role: owed.role for owed in duties if owed.duty.role}


def _in_state(rows: QuerySet[Duty], state: str, at: datetime) -> QuerySet[Duty]:
    if state == "overdue":
        return rows.filter(state=Duty.State.OPEN, due_at__lte=at)
    return rows.filter(state=state) if state in Duty.State.values else rows.order_by("-due_at", "-pk")
