"""Conditions over a record whose fields may hold several values: ``any f``, ``all f`` and ``count(f)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from manyi.core.predicates import And, Facts, Not, Or, Predicate, Value, facts_in, truth_of

ANY, ALL, COUNT = "any.", "all.", "count."


def holds_of_several(predicate: Predicate, facts: Facts, several: Mapping[str, tuple[Value, ...]]) -> bool:
    """Whether a condition is true, where ``several`` are the fields that hold more than one value.

    ``any f = x`` is true when it is of one of the values, ``all f = x`` when there are values and it is of each;
    ``count(f)`` is how many there are. Unknown counts as not true.

    >>> from manyi.core.predicates import Compare, Constant, Fact
    >>> costs = Compare("=", Fact("any.impact"), Constant("cost"))
    >>> [holds_of_several(costs, {}, {"impact": values}) for values in (("design", "cost"), ("design",), ())]
    [True, False, False]
    """
    counts: dict[str, Value] = {f"{COUNT}{key}": Fraction(len(values)) for key, values in several.items()}
    return _truth(predicate, {**facts, **counts}, several) is True


def _truth(predicate: Predicate, facts: Facts, several: Mapping[str, tuple[Value, ...]]) -> bool | None:
    match predicate:
        case And(parts):
            return _all(_truth(part, facts, several) for part in parts)
        case Or(parts):
            denied = _all(_negated(_truth(part, facts, several)) for part in parts)
            return _negated(denied)
        case Not(part):
            return _negated(_truth(part, facts, several))
    name = next((name for name in sorted(facts_in(predicate)) if name.startswith((ANY, ALL))), None)
    if name is None:
        return truth_of(predicate, facts)
    values = several.get(name.partition(".")[2], ())
    found = [truth_of(predicate, {**facts, name: value}) for value in values]
    return any(found) if name.startswith(ANY) else bool(found) and _all(found)


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = list(values)
    if False in seen:
        return False
    return None if None in seen else True
