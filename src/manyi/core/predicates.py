"""Conditions over documented facts, evaluated with SQL's three-valued logic.

A predicate is built by ``language`` from text and turned into a query by ``base``; here it only decides.
Unknown facts are ``None``; a comparison with an unknown is unknown, and only *true* lets a case in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import Any, Literal

Value = Fraction | str | bool | None
Facts = Mapping[str, Value]
Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul}


@dataclass(frozen=True, slots=True)
class Fact:
    """A named fact; dotted names go inwards (``project.short``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text or yes/no written in the condition."""

    value: Value


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``left + right`` or another of ``+ - *`` on numbers."""

    operator: Literal["+", "-", "*"]
    left: Term
    right: Term


Term = Fact | Constant | Arithmetic


@dataclass(frozen=True, slots=True)
class Compare:
    """``left`` held against ``right``."""

    operator: Comparison
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class In:
    """``term in (values)``."""

    term: Term
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """``term is null``: the fact is not known."""

    term: Term


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no fact standing alone, or ``true`` / ``false``."""

    term: Term


@dataclass(frozen=True, slots=True)
class Not:
    """The denial of a predicate; unknown stays unknown."""

    part: Predicate


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Predicate, ...]


Predicate = Compare | In | IsNull | Truth | Not | And | Or


def holds(predicate: Predicate, facts: Facts) -> bool:
    """Whether ``predicate`` is true of ``facts``; unknown counts as not true.

    >>> big = Compare(">", Fact("annual_sales"), Constant(Fraction(5000000)))
    >>> holds(big, {"annual_sales": Fraction(5000001)}), holds(big, {})
    (True, False)
    """
    return truth_of(predicate, facts) is True


def truth_of(predicate: Predicate, facts: Facts) -> bool | None:
    """True, false, or ``None`` where an unknown fact leaves it open."""
    match predicate:
        case Compare(operator, left, right):
            return _compare(operator, value_of(left, facts), value_of(right, facts))
        case In(term, values):
            value = value_of(term, facts)
            return None if value is None else value in values
        case IsNull(term):
            return value_of(term, facts) is None
        case Truth(term):
            value = value_of(term, facts)
            return None if value is None else value is True
        case Not(part):
            inner = truth_of(part, facts)
            return None if inner is None else not inner
        case And(parts):
            return _all(truth_of(part, facts) for part in parts)
        case Or(parts):
            inner = _all(_negate(truth_of(part, facts)) for part in parts)
            return _negate(inner)


def value_of(term: Term, facts: Facts) -> Value:
    """The value of a term; ``None`` where a fact in it is unknown or is no number where one is needed."""
    match term:
        case Fact(name):
            return facts.get(name)
        case Constant(value):
            return value
        case Arithmetic(operator, left, right):
            a, b = value_of(left, facts), value_of(right, facts)
            if isinstance(a, Fraction) and isinstance(b, Fraction):
                return _ARITHMETIC[operator](a, b)
            return None


def facts_in(predicate: Predicate) -> frozenset[str]:
    """The names of all facts a predicate looks at."""
    match predicate:
        case Compare(_, left, right):
            return _names(left) | _names(right)
        case In(term, _) | IsNull(term) | Truth(term):
            return _names(term)
        case Not(part):
            return facts_in(part)
        case And(parts) | Or(parts):
            return frozenset().union(*(facts_in(part) for part in parts))


def _names(term: Term) -> frozenset[str]:
    match term:
        case Fact(name):
            return frozenset({name})
        case Arithmetic(_, left, right):
            return _names(left) | _names(right)
        case Constant():
            return frozenset()


def _compare(operator: Comparison, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    if type(left) is not type(right):
        return operator == "<>" if operator in ("=", "<>") else None
    return _COMPARE[operator](left, right)


def _negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = list(values)
    if False in seen:
        return False
    return None if None in seen else True
