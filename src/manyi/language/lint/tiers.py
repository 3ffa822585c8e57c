"""S — tiers: everybody lands in one, and every tier is reached."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from manyi.core.predicates import Compare, Constant, Fact, Facts
from manyi.core.text import Text
from manyi.language.lint.cases import Trial, comparisons, trial, with_figures
from manyi.language.lint.run import Found, check
from manyi.language.model.nouns import TierRule
from manyi.language.model.procedure import Procedure

UP, DOWN = (">=", ">"), ("<=", "<")
MIRROR = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


@check("S1", "warning", "两个分层都包含边界值", "two tiers share a border value")
def two_tiers_share_a_border(procedure: Procedure) -> Iterator[Found]:
    """``>= 100`` in one and ``<= 100`` in another: the order decides, where the document may not."""
    for key, tiers in procedure.tiers.items():
        borders = [set(_borders(tier)) for tier in tiers]
        for second in range(len(tiers)):
            for first in range(second):
                for name, value, side in sorted(borders[first], key=str):
                    if side in (">=", "<=") and (name, value, MIRROR[side]) in borders[second]:
                        yield _shared(key, second, name, value, tiers[first].key, tiers[second].key)


def _shared(key: str, number: int, name: str, value: Fraction, first: str, second: str) -> Found:
    return Found(
        ("tiers", key, number, "where"),
        Text(
            f"{name} 恰为 {value} 时同时属于“{first}”和“{second}”",
            f"{name} of exactly {value} belongs to “{first}” and to “{second}”",
        ),
        Text("其中一处改为不含边界（> 或 <）", "Leave the border out of one of them (> or <)"),
    )


def _borders(tier: TierRule) -> Iterator[tuple[str, Fraction, str]]:
    for part in comparisons(tier.where):
        match part:
            case Compare(operator, Fact(name), Constant(Fraction() as value)) if operator in UP + DOWN:
                yield name, value, operator
            case Compare(operator, Constant(Fraction() as value), Fact(name)) if operator in UP + DOWN:
                yield name, value, MIRROR[operator]


@check("S3", "warning", "有的顾客不属于任何分层", "a gap: cases in no tier")
def a_gap_between_tiers(procedure: Procedure) -> Iterator[Found]:
    """Tried on cases at, below, above and between all figures of the tiers, and on unknown facts."""
    for key, tiers in procedure.tiers.items():
        tried = tried_tiers(procedure, tiers)
        gap = next((case for case, place in _landed(tried) if place is None), None) if tried else None
        if gap is not None:
            yield Found(
                ("tiers", key, len(tiers) - 1),
                Text(
                    f"不属于任何分层的例子：{case_told(gap, '未知')}", f"a case in no tier: {case_told(gap, 'unknown')}"
                ),
                Text('在最后加一层 where: "true"', 'Add a last tier with where: "true"'),
            )


@check("S4", "error", "分层永远用不到", "a tier that is never reached")
def a_tier_never_reached(procedure: Procedure) -> Iterator[Found]:
    """The tiers before it take every case."""
    for key, tiers in procedure.tiers.items():
        tried = tried_tiers(procedure, tiers)
        reached = {place for _, place in _landed(tried)} if tried else set(range(len(tiers)))
        for number, tier in enumerate(tiers):
            if number not in reached:
                yield Found(
                    ("tiers", key, number),
                    Text(f"没有顾客能进入“{tier.key}”", f"nobody can land in “{tier.key}”"),
                    Text("检查条件和先后次序", "Look at its condition and at the order"),
                )


def tried_tiers(procedure: Procedure, tiers: tuple[TierRule, ...]) -> Trial | None:
    """The conditions of tiers on enough cases to tell them apart; ``None`` where there are too many."""
    return trial(tuple(with_figures(procedure, tier.where) for tier in tiers)) if tiers else None


def _landed(tried: Trial) -> Iterator[tuple[Facts, int | None]]:
    """Every case with the number of the first tier it fits."""
    for case, fits in zip(tried.cases, zip(*tried.held, strict=True), strict=True):
        yield case, next((number for number, fit in enumerate(fits) if fit), None)


def case_told(case: Facts, unknown: str) -> str:
    """A case as ``fact = value``; ``unknown`` is the word for what is not known."""
    return ", ".join(f"{name} = {unknown if value is None else value}" for name, value in case.items())
