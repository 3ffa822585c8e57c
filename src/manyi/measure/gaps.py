"""Expected against perceived: gaps per item and dimension, their four outcomes, and how far a difference can be trusted.

G = P − E per respondent and item; the weighted score of a respondent is SQ = Σ_d ω_d · mean(G_d). Sources:
Parasuraman, Zeithaml & Berry 1988, *Journal of Retailing* 64(1) (SERVQUAL); Cronin & Taylor 1992, *Journal of
Marketing* 56(3) (SERVPERF: P alone); the reliability of a difference is r_G = (½(r_PP + r_EE) − r_PE)/(1 − r_PE) for
equal variances (Peter, Churchill & Brown 1993, *Journal of Consumer Research* 19(4)).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.multiplicity import adjust
from manyi.measure.results import Interval
from manyi.measure.tails import t_quantile, two_sided_p

Outcome = Literal["below", "equal", "above", "well_above"]
OUTCOMES: tuple[Outcome, ...] = ("below", "equal", "above", "well_above")
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """One item: means, the mean gap with its t interval and paired test, and how often each outcome was given.

    ``sd`` is the standard deviation of the gap; ``t``, ``df``, ``p`` belong to the test of gap = 0; where every gap is
    the same they are ``None``. ``outcomes`` counts respondents.
    """

    name: str
    n: int
    expected: float
    perceived: float
    gap: float
    sd: float
    t: float | None
    df: int
    p: float | None
    p_holm: float | None
    interval: Interval | None
    outcomes: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class DimensionGap:
    """A dimension: the mean over its items of expectation, perception and gap, and r_G, the gap's reliability."""

    name: str
    items: tuple[str, ...]
    expected: float
    perceived: float
    gap: float
    alpha_expected: float | None
    alpha_perceived: float | None
    reliability: float | None


def outcome_of(gap: float, well_above: float) -> Outcome:
    """Below, as, above or far above what was expected; *far* begins at ``well_above``.

    >>> [outcome_of(g, 2) for g in (-1, 0, 1, 2)]
    ['below', 'equal', 'above', 'well_above']
    """
    if gap < 0:
        return "below"
    if gap == 0:
        return "equal"
    return "well_above" if gap >= well_above else "above"


def item_gaps(
    names: Sequence[str], expected: Values, perceived: Values, well_above: float, level: float = 0.95
) -> tuple[Gap, ...]:
    """The gap of every item; ``expected`` and ``perceived`` are (respondents, items), NaN where there is no answer.

    A respondent counts for an item with both answers. Holm's adjustment is over the items of the call.
    """
    gaps = [_gap(name, expected[:, j], perceived[:, j], well_above, level) for j, name in enumerate(names)]
    tested = [g.p for g in gaps if g.p is not None]
    holm = iter(adjust(tested, "holm")) if tested else iter(())
    return tuple(_with_holm(g, next(holm)) if g.p is not None else g for g in gaps)


def _gap(name: str, expected: Values, perceived: Values, well_above: float, level: float) -> Gap:
    both = np.isfinite(expected) & np.isfinite(perceived)
    e, p = expected[both], perceived[both]
    n = int(both.sum())
    if n == 0:
        raise Refusal(
            "all_missing", name, 0, Text("至少一对期望与感受", "at least one pair of expectation and perception"),
            Text("请核对列名和缺失代码", "Check the columns and the codes that mean missing"),
        )  # fmt: skip
    d = p - e
    mean, sd = float(d.mean()), float(d.std(ddof=1)) if n > 1 else math.nan
    testable = n > 1 and sd > 0
    se = sd / math.sqrt(n) if testable else 0.0
    spread = t_quantile(level, n - 1) * se if testable else 0.0
    counts: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    for value in d:
        counts[outcome_of(float(value), well_above)] += 1
    return Gap(
        name=name, n=n, expected=float(e.mean()), perceived=float(p.mean()), gap=mean, sd=sd if n > 1 else 0.0,
        t=mean / se if testable else None, df=n - 1,
        p=two_sided_p(mean / se, n - 1) if testable else None, p_holm=None,
        interval=Interval(mean - spread, mean + spread, level, "t") if testable else None, outcomes=counts,
    )  # fmt: skip


def _with_holm(gap: Gap, p_holm: float) -> Gap:
    return Gap(gap.name, gap.n, gap.expected, gap.perceived, gap.gap, gap.sd, gap.t, gap.df, gap.p, p_holm,
               gap.interval, gap.outcomes)  # fmt: skip


def dimension_gap(name: str, items: Sequence[str], expected: Values, perceived: Values) -> DimensionGap:
    """A dimension from the columns of its items; reliability needs two items and three complete respondents."""
    e_mean, p_mean = _mean_of_means(expected), _mean_of_means(perceived)
    whole = np.isfinite(expected).all(axis=1) & np.isfinite(perceived).all(axis=1)
    e, p = expected[whole], perceived[whole]
    alpha_e, alpha_p, trust = None, None, None
    if len(items) > 1 and len(e) > 2:
        alpha_e, alpha_p = _alpha(e), _alpha(p)
        trust = _difference_reliability(alpha_e, alpha_p, e.mean(axis=1), p.mean(axis=1))
    both = np.isfinite(expected) & np.isfinite(perceived)
    gap = _mean_of_means(np.where(both, perceived - expected, math.nan))
    return DimensionGap(name, tuple(items), e_mean, p_mean, gap, alpha_e, alpha_p, trust)


def _mean_of_means(values: Values) -> float:
    return float(np.mean([column[np.isfinite(column)].mean() for column in values.T]))


def _alpha(values: Values) -> float | None:
    k, total = values.shape[1], values.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / total)) if total > 0 else None


def _difference_reliability(alpha_e: float | None, alpha_p: float | None, e: Values, p: Values) -> float | None:
    if alpha_e is None or alpha_p is None or e.std() == 0 or p.std() == 0:
        return None
    r = float(np.corrcoef(e, p)[0, 1])
    return (0.5 * (alpha_e + alpha_p) - r) / (1 - r) if r < 1 else None


def weighted_score(gaps: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Σ ω_d · gap_d / Σ ω_d over the dimensions; raises ``Refusal`` for a weight that is missing or not above 0."""
    for name in gaps:
        if not (weights.get(name, 0) > 0 and math.isfinite(weights[name])):
            raise Refusal(
                "bad_weight", name, weights.get(name), Text("大于 0 的权重", "a weight above 0"),
                Text("每个维度给出一个大于 0 的权重", "Give every dimension a weight above 0"),
            )  # fmt: skip
    total = sum(weights[name] for name in gaps)
    return sum(weights[name] * gap for name, gap in gaps.items()) / total
