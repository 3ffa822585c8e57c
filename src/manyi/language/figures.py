"""Figures of rules and figures of texts in one normal form, so that each can be held against the other.

A figure is a tuple: ``("share", 39/50)``, ``("number", 20)``, ``("duration", 1, "month")``, ``("date", 12, 5)``,
``("month", 12)``, ``("time", 17, 0)``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from manyi.core.durations import parse_duration
from manyi.core.figures import from_text
from manyi.core.predicates import (
    And,
    Arithmetic,
    Compare,
    Constant,
    In,
    IsNull,
    Not,
    Or,
    Predicate,
    Term,
    Truth,
)
from manyi.language.model.values import MONTHS
from manyi.language.predicates import BadCondition, parse_predicate

Figure = tuple[Any, ...]
FIGURE_KEYS = frozenset({
    "at_least", "at_most", "above", "below", "within", "keep", "over", "after", "due", "not_before", "frame_on", "in",
    "times", "attempts", "n", "where", "when", "among", "except", "of", "points", "level", "from", "to", "missing",
    "value", "default", "remind",
})  # fmt: skip
"""Keys whose value may be a figure."""

CONDITION_KEYS = frozenset({"where", "when", "among", "except", "of"})


@lru_cache(maxsize=4000)
def figures_of_value(key: str, value: str) -> frozenset[Figure]:
    """The figures of one written value of a rule; empty where it is a name."""
    if key in CONDITION_KEYS:
        return _constants(value)
    if key == "in":
        return frozenset({("month", MONTHS.index(value) + 1)} if value in MONTHS else ())
    if match := re.fullmatch(r"(\d\d)-(\d\d)", value):
        return frozenset({("date", int(match[1]), int(match[2]))})
    if match := re.fullmatch(r"(?:(.+) )?(\d\d?):(\d\d)", value):
        return frozenset({("time", int(match[2]), int(match[3]))}) | figures_of_value(key, match[1] or "")
    head = re.sub(r" (before|after)( [a-z0-9_.]+)?$", "", value)
    try:
        duration = parse_duration(head)
        return frozenset({("duration", duration.amount, duration.unit)})
    except ValueError:
        pass
    try:
        return frozenset({share(value[:-1]) if value.endswith("%") else ("number", from_text(value))})
    except ValueError:
        return frozenset()


def share(text: str) -> Figure:
    """A share from the number before its per cent sign."""
    return ("share", from_text(text) / 100)


def agrees(rule: Figure, text: Figure) -> bool:
    """Whether a text says what a rule says.

    The last day of a month is what *in January* asks for at the latest.

    >>> agrees(("date", 1, 31), ("month", 1)), agrees(("date", 1, 30), ("month", 1))
    (True, False)
    """
    if rule[0] == "date" and text[0] == "month":
        return bool(rule[1] == text[1] and rule[2] >= monthrange(2001, rule[1])[1])
    return rule == text


@lru_cache(maxsize=1000)
def _constants(condition: str) -> frozenset[Figure]:
    """Numbers of a condition; 0 only says *any* and is left out."""
    try:
        predicate = parse_predicate(condition)
    except BadCondition:
        return frozenset()
    return frozenset(("number", value) for value in _numbers(predicate) if value != 0)


def _numbers(predicate: Predicate) -> Iterator[Fraction]:
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _numbers(part)
        case Not(part):
            yield from _numbers(part)
        case Compare(_, left, right):
            yield from _in_term(left)
            yield from _in_term(right)
        case In(term, values):
            yield from _in_term(term)
            yield from (value for value in values if isinstance(value, Fraction))
        case IsNull(term) | Truth(term):
            yield from _in_term(term)


def _in_term(term: Term) -> Iterator[Fraction]:
    match term:
        case Constant(Fraction() as value):
            yield value
        case Arithmetic(_, left, right):
            yield from _in_term(left)
            yield from _in_term(right)
