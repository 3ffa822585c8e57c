"""What is owed when: the occasions by which work begins, by the calendar or by an event, as plain values.

A rule that recurs gives a window for each of its periods; a rule that waits for an event gives one case for each event
that fits. Nothing here knows of a database: the same questions are asked when a procedure runs and when it is replayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from manyi.core.dues import Point, Term, Warn
from manyi.core.durations import Duration
from manyi.core.periods import Cadence, Period, next_period, period_of, periods, previous_period
from manyi.core.predicates import Facts, Predicate, Value, holds
from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class Recurring:
    """Owed once (or ``times``) in each period: in the period itself, or when it has ended (``previous``).

    ``month`` narrows the window to that month of it.
    """

    every: Cadence
    month: int | None = None
    covers: Literal["same", "previous"] = "same"
    times: int = 1
    per: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class OnEvent:
    """Owed once for each event of one of these names, where the conditions hold of its published facts."""

    events: tuple[str, ...]
    when: Predicate | None = None
    where: Predicate | None = None
    per: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class OwedRule:
    """A rule under which something comes to be owed.

    ``rule`` is ``<kind>.<first step>`` for work with steps and ``duties.<key>`` for what is owed without a sheet of its
    own; ``evidence`` are the events that together discharge the latter.
    """

    rule: str
    kind: str
    title: Text
    clause: str
    role: str
    term: Term
    opens: tuple[Recurring | OnEvent, ...]
    calendar: str = "working"
    not_before: Point | None = None
    remind: tuple[Warn, ...] = ()
    escalate: tuple[str, Duration] | None = None
    evidence: tuple[str, ...] = ()


def windows(occasion: Recurring, first: date, last: date) -> Iterator[Period]:
    """The windows that have a day from ``first`` to ``last``; each is keyed by the period it is about.

    >>> january = Recurring("year", month=1, covers="previous")
    >>> next(windows(january, date(2026, 12, 20), date(2027, 1, 20)))
    Period(key='2026', first=datetime.date(2027, 1, 1), last=datetime.date(2027, 1, 31))
    """
    before = previous_period(occasion.every, period_of(occasion.every, first))
    for period in periods(occasion.every, before.first, last):
        open_in = period if occasion.covers == "same" else next_period(occasion.every, period)
        window = _narrowed(open_in, occasion.month)
        if window.first <= last and window.last >= first:
            yield Period(period.key, window.first, window.last)


def _narrowed(window: Period, month: int | None) -> Period:
    """The month of the window, where it has that month."""
    if month is None:
        return window
    months = periods("month", window.first, window.last)
    found = next((m for m in months if m.first.month == month), window)
    return Period(window.key, max(found.first, window.first), min(found.last, window.last))


def occasion_of(rule: OwedRule, names: frozenset[str], facts: Facts) -> OnEvent | None:
    """By which occasion an event of ``names`` with these facts makes ``rule`` owed; ``None``: by none."""
    for occasion in rule.opens:
        if isinstance(occasion, OnEvent) and names & set(occasion.events):
            conditions = (c for c in (occasion.when, occasion.where) if c is not None)
            if all(holds(condition, facts) for condition in conditions):
                return occasion
    return None


def published(facts: Mapping[str, Any], before: str = "") -> dict[str, Value]:
    """The facts an event publishes, as conditions read them: numbers exact, inner ones by dotted name.

    A list answers for ``count``; what is not known is left out. A yes/no that stands for a text not shown is the text's
    presence: ``False`` means it is empty.

    >>> published({"amount": 3, "customer": {"kind": "key"}, "tags": ["a"]})
    {'amount': Fraction(3, 1), 'customer.kind': 'key', 'count.tags': Fraction(1, 1)}
    """
    found: dict[str, Value] = {}
    for key, value in facts.items():
        name = f"{before}{key}"
        match value:
            case bool() | str():
                found[name] = value
            case int() | float():
                found[name] = Fraction(str(value))
            case dict():
                found |= published(value, f"{name}.")
            case list():
                found[f"count.{name}"] = Fraction(len(value))
    return found


def times_in(facts: Mapping[str, Any]) -> dict[str, datetime | date]:
    """The dates and instants among published facts, by name."""
    found: dict[str, datetime | date] = {}
    for key, value in facts.items():
        if isinstance(value, str) and 10 <= len(value) <= 40 and value[:4].isdigit():
            try:
                found[key] = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
            except ValueError:
                continue
    return {key: at for key, at in found.items() if not isinstance(at, datetime) or at.tzinfo is not None}
