"""The ends of days: local midnights and closing times as instants, and the day on which a term of days ends.

A term of n days is over at the (n + 1)th end of a day after its start; an end that lies in a pause is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from manyi.core.calendars import AnyCalendar, calendar_on
from manyi.core.clocks.counting import DAY, WEEK, Pause, Steady, on_the_clock, steady

AROUND = timedelta(days=2)
"""More than any offset and any overnight span can move a wall time."""


def local_day(tz: ZoneInfo, at: datetime) -> date:
    """The day on the wall at ``at``."""
    return at.astimezone(tz).date()


def end_of_day(tz: ZoneInfo, day: date) -> datetime:
    """The instant at which the last minute of ``day`` ends, also where a change of the clock falls on midnight."""
    midnight = datetime.combine(day + DAY, time(), tzinfo=UTC)
    ends = [min(piece.end, midnight - piece.offset) for piece in _around(tz, day)]
    starts = [piece.start for piece in _around(tz, day)]
    return max(end for start, end in zip(starts, ends, strict=True) if start < end)


def closing_of(calendar: AnyCalendar, day: date) -> datetime | None:
    """The end of the last span that starts on ``day``; ``None`` where nothing is open."""
    ends: list[datetime] = []
    spans = calendar.spans_on(day)
    for piece in _around(calendar.tz, day) if spans else ():
        for start, end in (on_the_clock(span, day, piece) for span in spans):
            if max(start, piece.start) < min(end, piece.end):
                ends.append(min(end, piece.end))
    return max(ends, default=None)


def _around(tz: ZoneInfo, day: date) -> Iterator[Steady]:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return steady(tz, noon - AROUND, noon + 2 * AROUND)


def ends_in_pause(end: datetime, pauses: Sequence[Pause]) -> bool:
    """Whether the last moment before ``end`` lies in a pause."""
    return any(pause.start < end <= pause.end for pause in pauses)


def resumed_on(tz: ZoneInfo, end: datetime, pauses: Sequence[Pause]) -> date | None:
    """The day on which the pause is over that ``end`` lies in; ``None``: it lies in none."""
    return next((local_day(tz, pause.end) for pause in pauses if pause.start < end <= pause.end), None)


def day_after_pauses(tz: ZoneInfo, first: date, last: date, pauses: Sequence[Pause]) -> date:
    """``last``, later by one day for every end of a day, from ``first`` on, that lies in a pause."""
    for pause in pauses:
        since = max(local_day(tz, pause.start), first)
        until = local_day(tz, pause.end) - DAY
        if until >= since and since <= last:
            last += until - since + DAY
    return last


def nth_working_day(
    calendar: AnyCalendar, first: date, amount: int, latest: date, pauses: Sequence[Pause]
) -> date | None:
    """The working day on which ``amount`` working days after ``first`` are over; ``None``: not up to ``latest``.

    A working day is one on which a span starts. Whole regular weeks are taken at once.
    """
    needed = amount + bool(calendar.spans_on(first))
    day = first
    while day <= latest:
        version = calendar_on(calendar, day)
        a_week = sum(map(bool, version.week))
        weeks = _regular_weeks(calendar, day, latest, pauses)
        if a_week:
            weeks = min(weeks, (needed - 1) // a_week)
        if weeks:
            needed -= weeks * a_week
            day += weeks * WEEK
            continue
        resumed = resumed_on(calendar.tz, end_of_day(calendar.tz, day), pauses) if pauses else None
        if resumed is None and version.spans_on(day):
            needed -= 1
            if not needed:
                return day
        day = max(day + DAY, resumed or day)
    return None


def _regular_weeks(calendar: AnyCalendar, day: date, latest: date, pauses: Sequence[Pause]) -> int:
    """How many weeks from ``day`` on are whole, of one version, without a pause and without an exception."""
    ends = [calendar_on(calendar, day).next_exception(day), latest]
    changes = [*(pause.start for pause in pauses if local_day(calendar.tz, pause.end) >= day)]
    changes += [at for at, _ in getattr(calendar, "edits", ()) if local_day(calendar.tz, at) > day]
    ends += [local_day(calendar.tz, at) for at in changes]
    return max(0, (min(ends) - day) // WEEK)


def first_closing_after(
    calendar: AnyCalendar, start: datetime, latest: date, pauses: Sequence[Pause]
) -> tuple[date, datetime] | None:
    """The first day that closes after ``start`` and in no pause, and when it closes; ``None``: not up to ``latest``."""
    day = local_day(calendar.tz, start) - DAY
    while day <= latest:
        closing = closing_of(calendar, day)
        if closing is not None and closing > start:
            resumed = resumed_on(calendar.tz, closing, pauses)
            if resumed is None:
                return day, closing
            # the night that began the day before may reach past the pause
            day = max(day, resumed - 2 * DAY)
        day += DAY
    return None
