"""Periods of a cadence: the year, half-year, quarter, month, week or day that work is owed for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from manyi.core.durations import Duration, date_after

Cadence = Literal["year", "half-year", "quarter", "month", "week", "day"]
CADENCES: tuple[Cadence, ...] = get_args(Cadence)
DAY = timedelta(days=1)
_MONTHS: dict[str, int] = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}
_KEY = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|W(?P<week>\d\d)"
                  r"|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """From the day ``first`` to the day ``last``; ``key`` is how it is written: 2026, 2026-H1, 2026-Q3, 2026-11,
    2026-W05 (ISO week), 2026-11-30."""

    key: str
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def period_of(cadence: Cadence, day: date) -> Period:
    """The period of ``cadence`` in which ``day`` lies.

    >>> period_of("quarter", date(2026, 11, 30))
    Period(key='2026-Q4', first=datetime.date(2026, 10, 1), last=datetime.date(2026, 12, 31))
    """
    if cadence == "day":
        return Period(day.isoformat(), day, day)
    if cadence == "week":
        year, week, weekday = day.isocalendar()
        first = day - (weekday - 1) * DAY
        return Period(f"{year}-W{week:02}", first, first + 6 * DAY)
    months = _MONTHS[cadence]
    place = (day.month - 1) // months
    first = date(day.year, place * months + 1, 1)
    last = date_after(first, Duration(months, "month")) - DAY
    word = {"year": "", "half-year": f"-H{place + 1}", "quarter": f"-Q{place + 1}", "month": f"-{day.month:02}"}
    return Period(f"{day.year}{word[cadence]}", first, last)


def next_period(cadence: Cadence, period: Period) -> Period:
    """The period that follows."""
    return period_of(cadence, period.last + DAY)


def previous_period(cadence: Cadence, period: Period) -> Period:
    """The period before."""
    return period_of(cadence, period.first - DAY)


def periods(cadence: Cadence, first: date, last: date) -> Iterator[Period]:
    """Every period of ``cadence`` that has a day from ``first`` to ``last``, in order."""
    period = period_of(cadence, first)
    while period.first <= last:
        yield period
        period = next_period(cadence, period)


def parse_period(key: str) -> Period:
    """The period a key stands for; ``ValueError`` for a text that is none.

    >>> parse_period("2026-H2").first, parse_period("2026").last
    (datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))
    """
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(key)
    year = int(match["year"])
    if match["half"]:
        return period_of("half-year", date(year, 6 * int(match["half"]), 1))
    if match["quarter"]:
        return period_of("quarter", date(year, 3 * int(match["quarter"]), 1))
    if match["week"]:
        return period_of("week", date.fromisocalendar(year, int(match["week"]), 1))
    if match["day"]:
        return period_of("day", date(year, int(match["month"]), int(match["day"])))
    if match["month"]:
        return period_of("month", date(year, int(match["month"]), 1))
    return period_of("year", date(year, 1, 1))
