"""Trying conditions on cases at, below and above every figure they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from manyi.core.predicates import (
    And,
    Compare,
    Constant,
    Fact,
    Facts,
    In,
    IsNull,
    Not,
    Or,
    Predicate,
    Truth,
    Value,
)

MOST = 5000
STRANGER = "something_else"


def comparisons(predicate: Predicate) -> Iterator[Predicate]:
    """The parts of a condition that are not made of parts."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from comparisons(part)
        case Not(part):
            yield from comparisons(part)
        case _:
            yield predicate


def cases(predicates: Sequence[Predicate]) -> list[Facts] | None:
    """Enough cases to tell the predicates apart; ``None`` where a fact is held against another, or they are too many.

    For every fact: unknown, each value it is held against, and values between, below and above.
    """
    named: dict[str, set[Value]] = {}
    for predicate in predicates:
        for part in comparisons(predicate):
            if not _collect(part, named):
                return None
    axes = {name: _values(seen) for name, seen in sorted(named.items())}
    size = 1
    for values in axes.values():
        size *= len(values)
    if size > MOST:
        return None
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def _collect(part: Predicate, named: dict[str, set[Value]]) -> bool:
    match part:
        case Compare(_, Fact(name), Constant(value)) | Compare(_, Constant(value), Fact(name)):
            named.setdefault(name, set()).add(value)
        case In(Fact(name), values):
            named.setdefault(name, set()).update(values)
        case IsNull(Fact(name)):
            named.setdefault(name, set())
        case Truth(Fact(name)):
            named.setdefault(name, set()).update((True, False))
        case Truth(Constant()):
            pass
        case _:
            return False
    return True


def _values(seen: set[Value]) -> list[Value]:
    numbers = sorted(value for value in seen if isinstance(value, Fraction))
    found: list[Value] = [None, *numbers]
    if numbers:
        found += [numbers[0] - 1, numbers[-1] + 1]
        found += [(a + b) / 2 for a, b in pairwise(numbers)]
    texts = sorted(value for value in seen if isinstance(value, str))
    found += [*texts, STRANGER] if texts else []
    found += [value for value in (True, False) if any(value is other for other in seen)]
    return found
