"""Calendars: when work is open, as local wall time. What they mean for a deadline is in ``core.clocks``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from manyi.core.errors import Refusal
from manyi.core.text import Text

MINUTES_A_DAY = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from ``start`` up to ``end``, in minutes after the day's midnight.

    An overnight span belongs to the day on which it starts; its end lies past 24:00 (1440).
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_A_DAY or not self.start < self.end < self.start + MINUTES_A_DAY + 1:
            raise ValueError(f"{self.start}-{self.end}")


def parse_span(text: str) -> Span:
    """A span as calendars write it; an end that is not after the start lies on the next day.

    >>> parse_span("08:30-12:00"), parse_span("00:00-24:00"), parse_span("22:00-06:00")
    (Span(start=510, end=720), Span(start=0, end=1440), Span(start=1320, end=1800))
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    start_hour, start_minute, end_hour, end_minute = (int(group) for group in match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if max(start_minute, end_minute) > 59 or max(start + 1, end) > MINUTES_A_DAY or start == end:
        raise ValueError(text)
    return Span(start, end if end > start else end + MINUTES_A_DAY)


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PublicDays:
    """The public holidays and make-up workdays of some years, named; only ``confirmed`` years are official."""

    zone: str
    closed: Mapping[date, Text]
    make_up: Mapping[date, Text]
    confirmed: frozenset[int]


@dataclass(frozen=True)
class Calendar:
    """Open spans of each weekday (Monday first), and the days that differ.

    ``opened`` days override ``closed`` ones; both override the week. ``names`` says why a day differs. ``confirmed``
    are the years whose holidays are official; ``None`` where the calendar knows no public holidays.
    """

    zone: str
    week: tuple[Spans, ...]
    closed: frozenset[date] = frozenset()
    opened: Mapping[date, Spans] = field(default_factory=dict)
    names: Mapping[date, Text] = field(default_factory=dict)
    confirmed: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if len(self.week) != len(DAYS):
            raise ValueError("a week has seven days")
        _ = self.tz
        if not any(self.week) and not any(self.opened.values()):
            raise no_open_time()

    def spans_on(self, day: date) -> Spans:
        """The spans that start on ``day``."""
        opened = self.opened.get(day)
        if opened is not None:
            return opened
        return () if day in self.closed else self.week[day.weekday()]

    @cached_property
    def tz(self) -> ZoneInfo:
        """The time zone of the wall times; refused where there is none of the name."""
        try:
            return ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as wrong:
            expected = Text("IANA 时区名", "an IANA time zone")
            hint = Text("例如 Asia/Shanghai", "For example Asia/Shanghai")
            raise Refusal("unknown_timezone", "timezone", self.zone, expected, hint) from wrong

    @cached_property
    def open_week(self) -> timedelta:
        """Open time of a week without exceptions and without a change of the clock."""
        around = ((day, span) for day in range(-1, 7) for span in self.week[day % 7])
        minutes = {
            minute
            for day, span in around
            for minute in range(max(0, day * MINUTES_A_DAY + span.start), day * MINUTES_A_DAY + span.end)
        }
        return timedelta(minutes=len({minute for minute in minutes if minute < 7 * MINUTES_A_DAY}))

    @cached_property
    def _exceptions(self) -> list[date]:
        return sorted({*self.closed, *self.opened})

    def next_exception(self, day: date) -> date:
        """The first day from ``day`` on that is not as its weekday says; the last day there is where there is none."""
        place = bisect_left(self._exceptions, day)
        return self._exceptions[place] if place < len(self._exceptions) else date.max

    def observing(self, days: PublicDays, hours: Spans = ()) -> Calendar:
        """This calendar with public holidays closed and make-up days open; its own exceptions stand.

        A make-up day has ``hours``, or those of the first weekday that is open.
        """
        usual = hours or next(filter(None, self.week), ())
        opened = {day: usual for day in days.make_up if day not in self.closed} if usual else {}
        return replace(
            self,
            closed=self.closed | days.closed.keys(),
            opened={**opened, **self.opened},
            names={**days.closed, **days.make_up, **self.names},
            confirmed=days.confirmed,
        )


@dataclass(frozen=True, slots=True)
class Edited:
    """A calendar that was edited while clocks were running: each edit counts from its instant on."""

    first: Calendar
    edits: tuple[tuple[datetime, Calendar], ...]

    def __post_init__(self) -> None:
        instants = [at for at, _ in self.edits]
        if instants != sorted(instants):
            raise ValueError("edits stand in the order of their instants")
        other = next((calendar.zone for _, calendar in self.edits if calendar.zone != self.first.zone), None)
        if other is not None:
            expected = Text(f"与原日历相同的时区 {self.first.zone}", f"the same time zone, {self.first.zone}")
            hint = Text("换时区请另立日历", "Make another calendar for another time zone")
            raise Refusal("timezone_changed", "timezone", other, expected, hint)

    @property
    def zone(self) -> str:
        """The time zone all versions share."""
        return self.first.zone

    @property
    def tz(self) -> ZoneInfo:
        """The time zone all versions share."""
        return self.first.tz

    def on(self, day: date) -> Calendar:
        """The calendar in force at the end of ``day``."""
        found = self.first
        for at, calendar in self.edits:
            if at.astimezone(self.tz).date() <= day:
                found = calendar
        return found

    def spans_on(self, day: date) -> Spans:
        """The spans that start on ``day``, by the calendar in force at its end."""
        return self.on(day).spans_on(day)


AnyCalendar = Calendar | Edited


def continuous(zone: str) -> Calendar:
    """The calendar that never closes."""
    return Calendar(zone, ((Span(0, MINUTES_A_DAY),),) * 7)


def calendar_on(calendar: AnyCalendar, day: date) -> Calendar:
    """The calendar that says what ``day`` is."""
    return calendar.on(day) if isinstance(calendar, Edited) else calendar


def no_open_time(years: Iterable[int] = ()) -> Refusal:
    """The refusal of a calendar on which no clock can run out."""
    spread = list(years)
    within = (
        Text(f"{spread[0]}–{spread[-1]} 年内", f" between {spread[0]} and {spread[-1]}") if spread else Text("", "")
    )
    expected = Text(f"{within.zh}有开放时间的日历", f"a calendar with open time{within.en}")
    hint = Text("给星期几或某一天写上时段，如 08:30-12:00", "Give a weekday or a day a span, such as 08:30-12:00")
    return Refusal("no_open_time", "calendar", "0 min", expected, hint)
