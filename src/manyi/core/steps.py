"""Steps of a piece of work: who, by when, counted from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from manyi.core.durations import Duration, date_after
from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step as a procedure states it.

    ``due`` is a recurring day as (month, day), day 31 meaning the month's last; ``within`` counts from the step
    ``counted_from`` or, where that is empty, from the opening. A step with neither is due at the end of its window.
    ``inform`` are the roles that receive the result.
    """

    key: str
    title: Text
    clause: str
    role: str
    due: tuple[int, int] | None = None
    within: Duration | None = None
    counted_from: str = ""
    at_least: Fraction | None = None
    inform: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a step, and why that day, in lines a person reads."""

    on: date
    why: tuple[Text, ...]


def next_day_of_year(month: int, day: int, start: date) -> date:
    """The first (month, day) that is not before ``start``; a day past the month's end means its last.

    >>> next_day_of_year(1, 31, date(2026, 12, 1)), next_day_of_year(2, 31, date(2026, 1, 1))
    (datetime.date(2027, 1, 31), datetime.date(2026, 2, 28))
    """
    for year in (start.year, start.year + 1):
        first = date(year, month, 1)
        last = date_after(first, Duration(1, "month")).toordinal() - 1
        candidate = min(first.toordinal() + day - 1, last)
        if candidate >= start.toordinal():
            return date.fromordinal(candidate)
    raise AssertionError("every day of the year comes back within a year")


def due_of(step: StepRule, opened_on: date, window_end: date, done: Mapping[str, date]) -> Due:
    """When ``step`` has to be done at the latest, counted in days.

    ``done`` holds the day on which each earlier step was done; ``window_end`` is the last day of the programme's
    window. Hours and working days need a calendar and are the business of ``core.clocks``.
    """
    if step.due is not None:
        month, day = step.due
        on = next_day_of_year(month, day, opened_on)
        return Due(
            on,
            (Text(f"条款 {step.clause}：每年 {month} 月 {day} 日前", f"Clause {step.clause}: by {month:02}-{day:02}"),),
        )
    if step.within is not None:
        start = done.get(step.counted_from, opened_on)
        span = f"{step.within.amount} {step.within.unit}"
        zh_unit = {"day": "天", "week": "周", "month": "个月", "year": "年"}.get(step.within.unit, step.within.unit)
        anchor = Text(
            f"自 {start} 起 {step.within.amount} {zh_unit}（条款 {step.clause}）",
            f"{span}{'s' if step.within.amount != 1 else ''} from {start} (clause {step.clause})",
        )
        return Due(date_after(start, step.within), (anchor,))
    return Due(
        window_end, (Text(f"条款 {step.clause}：本期结束前", f"Clause {step.clause}: by the end of the window"),)
    )
