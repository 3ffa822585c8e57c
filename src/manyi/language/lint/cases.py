"""Trying conditions on cases at, below and above every figure they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from typing import cast

from manyi.core.figures import from_text
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
    Term,
    Truth,
    Value,
    holds,
)
from manyi.language.model.procedure import Procedure

MOST = 5000
STRANGER = "something_else"


@dataclass(frozen=True, slots=True)
class Trial:
    """Cases, and for every predicate whether it holds of each."""

    cases: tuple[Facts, ...]
    held: tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=500)
def trial(predicates: tuple[Predicate, ...]) -> Trial | None:
    """The predicates tried on enough cases to tell them apart; ``None`` where ``cases`` finds none.

    The readings of a procedure mostly leave its tiers alone, so each set of predicates is tried once.
    """
    tried = cases(predicates)
    if tried is None:
        return None
    return Trial(tuple(tried), tuple(tuple(holds(predicate, case) for case in tried) for predicate in predicates))


def with_figures(procedure: Procedure, predicate: Predicate) -> Predicate:
    """The predicate with every parameter replaced by its figure; an open one by some figure, for it will have one."""
    figures = {key: _figure(rule.value) for key, rule in procedure.parameters.items()}
    return cast("Predicate", _replaced(predicate, figures)) if figures else predicate


def _figure(written: str | None) -> Fraction:
    text = (written or "1").strip()
    try:
        return from_text(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return Fraction(1)


def _replaced(node: Predicate | Term, figures: dict[str, Fraction]) -> Predicate | Term:
    match node:
        case Fact(name) if name in figures:
            return Constant(figures[name])
        case Compare(operator, left, right):
            return Compare(operator, _term(left, figures), _term(right, figures))
        case Not(part):
            return Not(_part(part, figures))
        case And(parts) | Or(parts):
            return type(node)(tuple(_part(part, figures) for part in parts))
    return node


def _term(node: Term, figures: dict[str, Fraction]) -> Term:
    return cast("Term", _replaced(node, figures))


def _part(node: Predicate, figures: dict[str, Fraction]) -> Predicate:
    return cast("Predicate", _replaced(node, figures))


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
