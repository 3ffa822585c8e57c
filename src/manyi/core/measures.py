"""Figures counted from cases and held to a limit: how many, which share, how much it changed, which combinations.

A case is a plain set of facts. What is unknown of a case never counts as true; a share of nothing and a change from
nothing are no figures, and are said to be none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Literal

from manyi.core.durations import Duration, date_after
from manyi.core.limits import Limit, Word
from manyi.core.periods import Cadence, Period, period_of, previous_period
from manyi.core.predicates import Facts, Predicate, holds
from manyi.core.text import Text

Kind = Literal["count", "share", "change", "score", "cells"]
Key = tuple[str, ...]
"""For which value of each name in ``per`` a figure is; empty: for all together."""
ALL: Key = ()
DAY = 1


@dataclass(frozen=True, slots=True)
class ByCase:
    """A limit that stands in a table: by the case's value of ``match``."""

    match: str
    rows: tuple[tuple[str, Fraction], ...]


LimitSaid = Fraction | ByCase | str | None
"""A figure, a row of a table, ``target`` or ``previous``; ``None``: still open."""


@dataclass(frozen=True, slots=True)
class MeasureRule:
    """A figure a procedure wants watched. ``where`` says what counts, ``among`` out of which.

    ``distinct`` counts the different values of a fact. ``every`` is the period it is for, ``over`` how far it looks
    back; with neither it is about everything on record. ``word`` and ``limit`` are what it is held to.
    """

    key: str
    title: Text
    clauses: tuple[str, ...]
    figure: Kind
    of: str
    where: Predicate | None = None
    among: Predicate | None = None
    distinct: str = ""
    per: tuple[str, ...] = ()
    every: Cadence | None = None
    over: Duration | None = None
    word: Word | None = None
    limit: LimitSaid = None

    @property
    def is_share(self) -> bool:
        """Whether the figure is shown as per cent."""
        return self.figure in ("share", "change", "cells")

    @property
    def is_floor(self) -> bool:
        """Whether more is better: such a figure is judged when its period is over, not before."""
        return self.word in ("at_least", "above")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a measure: for which case, from how many cases, and the limit it is held to.

    ``value`` or ``limit`` ``None``: it cannot be evaluated.
    """

    key: Key
    value: Fraction | None
    n: int
    limit: Limit | None

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is kept; ``None`` where that cannot be told."""
        return None if self.value is None or self.limit is None else self.limit.is_met_by(self.value)


def window_of(rule: MeasureRule, on: date) -> Period | None:
    """The days a measure looks at on the day ``on``: its period, or so long back; ``None``: all that is on record.

    >>> window_of(MeasureRule("m", Text(), (), "count", "x", over=Duration(30, "day")), date(2026, 3, 31)).first
    datetime.date(2026, 3, 2)
    """
    if rule.every is not None:
        return period_of(rule.every, on)
    if rule.over is None:
        return None
    first = date_after(on, Duration(-rule.over.amount, rule.over.unit))
    return Period(f"{first}/{on}", date.fromordinal(first.toordinal() + DAY), on)


def ended_window_of(rule: MeasureRule, on: date) -> Period | None:
    """As ``window_of``, but of a measure for a period the last one that is over, where only then it can be judged."""
    window = window_of(rule, on)
    if rule.every is not None and window is not None and rule.is_floor and window.last >= on:
        return previous_period(rule.every, window)
    return window


def figures_of(
    rule: MeasureRule,
    cases: Iterable[Facts],
    *,
    asked: Iterable[Key] = (),
    values: Mapping[str, Sequence[str]] | None = None,
    named: Mapping[str, Fraction] | None = None,
) -> tuple[Figure, ...]:
    """The figures of a measure over the cases of its window, in the order of their keys.

    ``asked`` are the keys that have a figure even without a case; ``values`` what each name in ``per`` can be, for
    ``cells``; ``named`` the target and the previous figure.

    >>> rule = MeasureRule("m", Text(), (), "count", "complaint", word="below", limit=Fraction(2), per=("guide",))
    >>> [(f.key, int(f.value), f.is_met) for f in figures_of(rule, [{"guide": "a"}, {"guide": "a"}, {"guide": "b"}])]
    [(('a',), 2, False), (('b',), 1, True)]
    """
    if rule.figure == "cells":
        return (_cells(rule, cases, values or {}, named),)
    groups: dict[Key, list[Facts]] = {key: [] for key in asked}
    if not rule.per:
        groups[ALL] = []
    for case in cases:
        for key in _keys(rule.per, case):
            groups.setdefault(key, []).append(case)
    return tuple(
        Figure(key, _value(rule, found), len(found), limit_of(rule, key, found, named))
        for key, found in sorted(groups.items())
    )


def changes_of(
    rule: MeasureRule, before: Mapping[Key, Fraction], now: Mapping[Key, Fraction], n: int = 2
) -> tuple[Figure, ...]:
    """(now − before) ÷ before for each key that has a figure before; what begins from nothing has no change."""
    found = []
    for key in sorted(before.keys() | now.keys()):
        then, here = before.get(key, Fraction(0)), now.get(key, Fraction(0))
        found.append(Figure(key, (here - then) / then if then > 0 else None, n, limit_of(rule, key, (), None)))
    return tuple(found)


def scores_of(
    rule: MeasureRule, scores: Mapping[Key, Fraction], named: Mapping[str, Fraction], n: int
) -> tuple[Figure, ...]:
    """Scores that were computed elsewhere, held to the measure's limit."""
    return tuple(Figure(key, value, n, limit_of(rule, key, (), named)) for key, value in sorted(scores.items()))


def limit_of(rule: MeasureRule, key: Key, cases: Sequence[Facts], named: Mapping[str, Fraction] | None) -> Limit | None:
    """The limit a figure is held to; of several rows of a table that fit, the strictest; ``None`` where it is open."""
    if rule.word is None:
        return None
    match rule.limit:
        case Fraction() as value:
            return Limit(rule.word, value)
        case str() as name:
            known = (named or {}).get(name)
            return Limit(rule.word, known) if known is not None else None
        case ByCase(match, rows):
            mine = {str(case.get(match)) for case in cases if case.get(match) is not None}
            if match in rule.per:
                mine.add(key[rule.per.index(match)])
            fit = [value for name, value in rows if name in mine]
            strictest = max if rule.is_floor else min
            return Limit(rule.word, strictest(fit)) if fit else None
    return None


def _keys(per: Sequence[str], case: Facts) -> list[Key]:
    """The keys a case counts for: none where a name is unknown, several where a fact holds several values."""
    values = [case.get(name) for name in per]
    if any(value is None or value == "" for value in values):
        return []
    return [tuple(key) for key in product(*(str(value).split("\x1f") for value in values))]


def _fits(predicate: Predicate | None, case: Facts) -> bool:
    return predicate is None or holds(predicate, case)


def _value(rule: MeasureRule, cases: Sequence[Facts]) -> Fraction | None:
    base = [case for case in cases if _fits(rule.among, case)]
    counted = [case for case in base if _fits(rule.where, case)]
    if rule.figure == "share":
        whole = _how_many(rule.distinct, base)
        return Fraction(_how_many(rule.distinct, counted), whole) if whole else None
    return Fraction(_how_many(rule.distinct, counted)) if rule.figure == "count" else None


def _how_many(distinct: str, cases: Sequence[Facts]) -> int:
    if not distinct:
        return len(cases)
    return len({case.get(distinct) for case in cases} - {None, ""})


def _cells(
    rule: MeasureRule,
    cases: Iterable[Facts],
    values: Mapping[str, Sequence[str]],
    named: Mapping[str, Fraction] | None,
) -> Figure:
    counted = [case for case in cases if _fits(rule.among, case) and _fits(rule.where, case)]
    seen: dict[str, set[str]] = defaultdict(set)
    for case in counted:
        for key in _keys(rule.per, case):
            for name, value in zip(rule.per, key, strict=True):
                seen[name].add(value)
    whole = {tuple(key) for key in product(*(values.get(name) or sorted(seen[name]) for name in rule.per))}
    met = {key for case in counted for key in _keys(rule.per, case)} & whole
    share = Fraction(len(met), len(whole)) if whole else None
    return Figure(ALL, share, len(counted), limit_of(rule, ALL, counted, named))
