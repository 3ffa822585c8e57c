"""When something is due, what has run, what is left: the questions every clock is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from manyi.core.calendars import AnyCalendar, no_open_time
from manyi.core.clocks.counting import ZERO, Pause, count, merged
from manyi.core.clocks.days import day_after_pauses, end_of_day, first_closing_after, local_day, nth_working_day
from manyi.core.clocks.telling import Told, explained
from manyi.core.durations import Duration, date_after
from manyi.core.errors import Refusal
from manyi.core.text import Text

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2300, 1, 1, tzinfo=UTC)
BOUND_YEARS = 100
BOUND = timedelta(days=366 * BOUND_YEARS)
"""How far a deadline may lie; a calendar that does not open within it has no open time."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Due at ``at``: what is done then or later is late. ``explanation`` is the evidence, line by line."""

    at: datetime
    explanation: tuple[Text, ...]


def due(start: datetime, within: Duration, calendar: AnyCalendar, pauses: Sequence[Pause] = ()) -> Deadline:
    """The deadline ``within`` a duration of ``start``, and why.

    Minutes and hours are open time. Days, weeks, months and years end at local midnight, working days likewise but
    without closed days; *same day* ends at the closing time, after it at that of the next open day. Refused where the
    calendar does not open, and where the deadline lies more than a hundred years away.

    >>> from manyi.core.calendars import Calendar, parse_span
    >>> office = Calendar("Asia/Shanghai", ((parse_span("08:30-17:30"),),) * 5 + ((),) * 2)
    >>> friday = datetime.fromisoformat("2026-11-06T16:30:00+08:00")
    >>> due(friday, Duration(2, "hour"), office).at.isoformat()
    '2026-11-09T09:30:00+08:00'
    """
    start, paused = _checked(start, calendar, pauses), merged(pauses)
    at, last = _due(start, within, calendar, paused)
    told = Told(start, at, within, calendar, paused, last)
    return Deadline(at.astimezone(calendar.tz), explained(told))


def elapsed(start: datetime, at: datetime, calendar: AnyCalendar, pauses: Sequence[Pause] = ()) -> timedelta:
    """Open time that has run from ``start`` to ``at``; none before ``start``."""
    start, at = _checked(start, calendar, pauses), _checked(at, calendar)
    return count(calendar, start, at, pauses=merged(pauses)).counted


def remaining(
    start: datetime, due_at: datetime, at: datetime, calendar: AnyCalendar, pauses: Sequence[Pause] = ()
) -> timedelta:
    """Open time left at ``at`` until ``due_at``; below zero once it is past."""
    now, end = max(_checked(start, calendar, pauses), _checked(at, calendar)), due_at.astimezone(UTC)
    paused = merged(pauses)
    if now <= end:
        return count(calendar, now, end, pauses=paused).counted
    return -count(calendar, end, now, pauses=paused).counted


def is_breached(due_at: datetime, at: datetime) -> bool:
    """Whether what is not done at ``at`` is late: from the deadline itself on."""
    return at >= due_at


def _checked(at: datetime, calendar: AnyCalendar, pauses: Sequence[Pause] = ()) -> datetime:
    instants = [("from", at), *(("edits", edited_at) for edited_at, _ in getattr(calendar, "edits", ()))]
    instants += [("pauses", instant) for pause in pauses for instant in (pause.start, pause.end)]
    for param, instant in instants:
        if instant.tzinfo is None or not EARLIEST <= instant <= LATEST:
            expected = Text("1970 至 2299 年间带时区偏移的时刻", "an instant with its offset, from 1970 to 2299")
            hint = Text("例如 2026-10-09T08:30:00+08:00", "For example 2026-10-09T08:30:00+08:00")
            raise Refusal("not_an_instant", param, instant.isoformat(), expected, hint)
    return at.astimezone(UTC)


def _due(
    start: datetime, within: Duration, calendar: AnyCalendar, pauses: Sequence[Pause]
) -> tuple[datetime, date | None]:
    """The instant, and for terms of days the day whose end it is."""
    first = local_day(calendar.tz, start)
    latest = first + BOUND
    if within.unit in ("minute", "hour"):
        need = within.amount * timedelta(**{f"{within.unit}s": 1})
        if need == ZERO:
            return start, None
        found = count(calendar, start, start + BOUND, need=need, pauses=pauses)
        if found.full_at is None:
            raise _too_far(within) if found.counted else no_open_time((first.year, latest.year))
        return found.full_at, None
    if within.amount == 0:
        closing = first_closing_after(calendar, start, latest, pauses)
        if closing is None:
            raise no_open_time((first.year, latest.year))
        return closing[1], closing[0]
    last = _last_day(first, within, calendar, pauses, latest)
    return end_of_day(calendar.tz, last), last


def _last_day(first: date, within: Duration, calendar: AnyCalendar, pauses: Sequence[Pause], latest: date) -> date:
    last: date | None
    if within.unit == "working_day":
        last = nth_working_day(calendar, first, within.amount, latest, pauses)
    else:
        try:
            last = day_after_pauses(calendar.tz, first, date_after(first, within), pauses)
        except (ValueError, OverflowError):
            last = None
    if last is None or last > latest:
        raise _too_far(within)
    return last


def _too_far(within: Duration) -> Refusal:
    expected = Text(f"{BOUND_YEARS} 年内到期的期限", f"a time that is over within {BOUND_YEARS} years")
    hint = Text("缩短期限，或给日历更多开放时间", "Shorten the time, or give the calendar more open time")
    return Refusal("too_far", "within", f"{within.amount} {within.unit}", expected, hint)
