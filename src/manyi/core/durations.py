"""Spans of time as procedures write them: ``8 hours``, ``10 working days``, ``1 month``, ``same day``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["minute", "hour", "day", "working_day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Duration:
    """``amount`` of ``unit``; ``0 day`` is *same day*, ``1 day`` without a clock is *next day*."""

    amount: int
    unit: Unit


def date_after(start: date, duration: Duration) -> date:
    """The last day of ``duration`` counted from ``start``: months end on the same day, or the month's last.

    Hours, minutes and working days need a calendar: see ``core.clocks``.

    >>> date_after(date(2026, 12, 31), Duration(2, "month"))
    datetime.date(2027, 2, 28)
    """
    match duration.unit:
        case "day":
            return start + timedelta(days=duration.amount)
        case "week":
            return start + timedelta(weeks=duration.amount)
        case "month" | "year":
            months = start.month - 1 + duration.amount * (12 if duration.unit == "year" else 1)
            year, month = start.year + months // 12, months % 12 + 1
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        case _:
            raise ValueError(f"{duration.unit} needs a calendar")


_WORDS: dict[str, Unit] = {
    "minute": "minute", "hour": "hour", "day": "day", "working day": "working_day", "week": "week", "month": "month",
    "year": "year",
}  # fmt: skip
_WRITTEN = re.compile(r"(\d{1,5}) (minute|hour|working day|day|week|month|year)s?")


def parse_duration(text: str) -> Duration:
    """A duration as procedures write it; ``ValueError`` for anything else.

    >>> parse_duration("10 working days"), parse_duration("same day")
    (Duration(amount=10, unit='working_day'), Duration(amount=0, unit='day'))
    """
    if text in ("same day", "next day"):
        return Duration(int(text == "next day"), "day")
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Duration(int(match[1]), _WORDS[match[2]])
