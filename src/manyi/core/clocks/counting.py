"""Counting open time: exact across changes of the clock, because all arithmetic stays where the offset is steady."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from manyi.core.calendars import AnyCalendar, Calendar, Span

ZERO, SECOND, DAY, WEEK = timedelta(), timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
PROBE = timedelta(days=6)
"""No zone has changed its offset and back within less than 7 days since 1970 (Boa Vista in October 2000 took 7)."""
FIRST_PIECE, LONGEST_PIECE = 4 * PROBE, 64 * PROBE


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stands still; a pause that is still running ends at the instant asked about."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Steady:
    """From ``start`` up to ``end`` local wall time is UTC + ``offset``."""

    start: datetime
    end: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """Open time counted, and the instant at which the needed time was full (``None``: it never was)."""

    counted: timedelta
    full_at: datetime | None


Stretch = tuple[datetime, datetime]
"""From an instant up to another, in UTC."""


def steady(tz: ZoneInfo, start: datetime, end: datetime) -> Iterator[Steady]:
    """``start`` to ``end`` in pieces of one offset each, found as they are asked for."""
    at, length = start, FIRST_PIECE
    while at < end:
        offset = _offset(tz, at)
        upto = at
        while upto < min(end, at + length):
            probe = min(upto + PROBE, end)
            if _offset(tz, probe) != offset:
                upto = _change(tz, upto, probe, offset)
                break
            upto = probe
        yield Steady(at, upto, offset)
        at, length = upto, min(2 * length, LONGEST_PIECE)


def _offset(tz: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(tz).utcoffset() or ZERO


def _change(tz: ZoneInfo, before: datetime, after: datetime, offset: timedelta) -> datetime:
    """The first second after ``before`` at which the offset is another one."""
    low, high = 0, -((before - after) // SECOND)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, before + middle * SECOND) == offset:
            low = middle
        else:
            high = middle
    return min(before.replace(microsecond=0) + high * SECOND, after)


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The pauses in order, those that touch made one, in UTC."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start, end = pause.start.astimezone(UTC), pause.end.astimezone(UTC)
        if found and start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, end))
        elif start < end:
            found.append(Pause(start, end))
    return tuple(found)


def stretches(calendar: AnyCalendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> Iterator[Stretch]:
    """The stretches of time that count, in order, each cut where a day of 24 hours from ``start`` ends."""
    for version, low, high in _versions(calendar, start, end):
        for piece in steady(version.tz, low, high):
            at = piece.start
            while at < piece.end:
                upto = min(piece.end, at + DAY)
                yield from _counting(version, Steady(at, upto, piece.offset), pauses)
                at = upto


def count(
    calendar: AnyCalendar,
    start: datetime,
    end: datetime,
    *,
    need: timedelta | None = None,
    pauses: Sequence[Pause] = (),
) -> Count:
    """Open time from ``start`` to ``end``, or until ``need`` is full. Whole regular weeks are taken at once."""
    done = ZERO
    for version, low, high in _versions(calendar, start, end):
        for piece in steady(version.tz, low, high):
            at = piece.start
            while at < piece.end:
                weeks = _regular_weeks(version, Steady(at, piece.end, piece.offset), pauses)
                if weeks and need is not None and version.open_week:
                    # never the week in which the last needed minute ends
                    weeks = min(weeks, -((done - need) // version.open_week) - 1)
                if weeks:
                    done += weeks * version.open_week
                    at += weeks * WEEK
                    continue
                day = Steady(at, min(piece.end, at + DAY), piece.offset)
                for first, last in _counting(version, day, pauses):
                    if need is not None and done + (last - first) >= need:
                        return Count(need, first + (need - done))
                    done += last - first
                at = day.end
    return Count(done, None)


def _versions(calendar: AnyCalendar, start: datetime, end: datetime) -> Iterator[tuple[Calendar, datetime, datetime]]:
    if isinstance(calendar, Calendar):
        yield calendar, start, end
        return
    edits = [(at.astimezone(UTC), version) for at, version in calendar.edits]
    changes = [*(at for at, _ in edits), end]
    for version, since, until in zip(
        (calendar.first, *(v for _, v in edits)), (start, *changes[:-1]), changes, strict=True
    ):
        low, high = max(since, start), min(until, end)
        if low < high:
            yield version, low, high


def _regular_weeks(calendar: Calendar, piece: Steady, pauses: Sequence[Pause]) -> int:
    """How many weeks from the start of ``piece`` are whole, without a pause and without an exception."""
    length = piece.end - piece.start
    for pause in pauses:
        if piece.start < pause.end:
            length = min(length, max(pause.start - piece.start, ZERO))
    if length < WEEK:
        return 0
    first = (piece.start + piece.offset).date()
    # the night before the first day belongs to the day before it
    regular_days = calendar.next_exception(first - DAY) - first - DAY
    return max(0, min(length // WEEK, regular_days // WEEK))


def _counting(calendar: Calendar, piece: Steady, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    for start, end in _open(calendar, piece):
        at = start
        for pause in pauses:
            if pause.start < end and at < pause.end:
                if at < pause.start:
                    yield at, pause.start
                at = pause.end
        if at < end:
            yield at, end


def _open(calendar: Calendar, piece: Steady) -> list[Stretch]:
    """Open stretches of ``piece``, overlapping ones made one; last night's span may reach into it."""
    day = (piece.start + piece.offset).date() - DAY
    last = (piece.end + piece.offset).date()
    found: list[Stretch] = []
    while day <= last:
        for start, end in sorted(on_the_clock(span, day, piece) for span in calendar.spans_on(day)):
            start, end = max(start, piece.start), min(end, piece.end)
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            elif start < end:
                found.append((start, end))
        day += DAY
    return found


def on_the_clock(span: Span, day: date, piece: Steady) -> Stretch:
    """The instants of ``span`` on ``day`` while the offset of ``piece`` holds."""
    midnight = datetime.combine(day, time(), tzinfo=UTC) - piece.offset
    return midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end)
