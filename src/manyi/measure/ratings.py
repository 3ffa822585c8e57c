"""Ratings in bands: the net promoter score, the share of satisfied (CSAT) and customer effort (CES)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comparison import Difference, against_target, from_se
from manyi.measure.proportions import Proportion, proportion
from manyi.measure.results import Interval
from manyi.measure.tails import checked_level, normal_quantile, t_quantile

Values = NDArray[np.float64]
PSEUDO = (0.75, 1.5, 0.75)
"""What the adjusted Wald interval adds to detractors, passives and promoters (Rocks 2016)."""


@dataclass(frozen=True, slots=True)
class Net:
    """Promoters less detractors as a share of all, −1 to 1, with its Wald standard error and interval."""

    estimate: float
    se: float
    detractors: int
    passives: int
    promoters: int
    interval: Interval

    @property
    def n(self) -> int:
        """All answers."""
        return self.detractors + self.passives + self.promoters


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as a mean on its own scale, the same on 0–100, and as the share in its best grades."""

    mean: float
    interval: Interval | None
    index: float
    top: Proportion
    counts: Mapping[float, int]


def net_promoter(
    detractors: int, passives: int, promoters: int, *, level: float = 0.95, method: str = "adjusted_wald"
) -> Net:
    """p₊ − p₋ with its interval; Var = [p₊ + p₋ − (p₊ − p₋)²]/n.

    ``adjusted_wald`` (default) adds ¾, 1½ and ¾ to detractors, passives and promoters and is the best of the simple
    intervals at small n; ``wald`` adds nothing; ``score`` inverts the score test; ``t`` takes −1, 0, +1 as numbers.
    Assumes independent answers. Source: Reichheld 2003; Rocks 2016, The American Statistician 70:365.

    >>> found = net_promoter(60, 95, 95)
    >>> found.estimate, round(found.interval.lower, 6), round(found.interval.upper, 6)
    (0.14, 0.042937, 0.233743)
    """
    counts = (detractors, passives, promoters)
    if min(counts) < 0 or sum(counts) <= 0:
        raise Refusal("bad_counts", "counts", counts, Text("非负的个数，合计大于 0", "counts of 0 or more, some above"),
                      Text("没有可用的回答", "There are no answers to use"))  # fmt: skip
    estimate, se = _wald(*counts)
    lower, upper = NET_INTERVALS[method](counts, checked_level(level))
    return Net(estimate, se, *counts, Interval(lower, upper, level, method))


def _wald(low: float, middle: float, high: float) -> tuple[float, float]:
    n = low + middle + high
    net = (high - low) / n
    return net, math.sqrt(max((high + low) / n - net**2, 0.0) / n)


def _wald_interval(counts: tuple[int, int, int], level: float) -> tuple[float, float]:
    net, se = _wald(*counts)
    z = normal_quantile(level)
    return net - z * se, net + z * se


def _adjusted_interval(counts: tuple[int, int, int], level: float) -> tuple[float, float]:
    net, se = _wald(*(count + more for count, more in zip(counts, PSEUDO, strict=True)))
    z = normal_quantile(level)
    return net - z * se, net + z * se


def _t_interval(counts: tuple[int, int, int], level: float) -> tuple[float, float]:
    net, se = _wald(*counts)
    n = sum(counts)
    if n < 2:
        raise Refusal("few_cases", "n", n, Text("至少 2 个回答", "2 answers or more"),
                      Text("个案太少，只报个数", "Too few cases: report the count only"))  # fmt: skip
    spread = t_quantile(level, n - 1) * se * math.sqrt(n / (n - 1))
    return net - spread, net + spread


def _score_interval(counts: tuple[int, int, int], level: float) -> tuple[float, float]:
    low, _, high = counts
    net = (high - low) / sum(counts)
    z = normal_quantile(level)
    return (
        -1.0 if net == -1 else _crossing(lambda at: _score(counts, at) - z, -1.0, net),
        1.0 if net == 1 else _crossing(lambda at: -z - _score(counts, at), 1.0, net),
    )


def _score(counts: tuple[int, int, int], at: float) -> float:
    """The score statistic of the hypothesis that the net is ``at`` (Tango 1998, Statistics in Medicine 17:891)."""
    low, middle, high = counts
    n = low + middle + high
    a, b, c = 2.0 * n, -high - low + (2 * n - high + low) * at, -low * at * (1 - at)
    q = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    variance = n * (2 * q + at * (1 - at))
    apart = high - low - n * at
    return apart / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, apart)


def _crossing(over: Callable[[float], float], outer: float, inner: float) -> float:
    """Where ``over`` changes sign between a point beyond the limit and one inside it."""
    for _ in range(200):
        middle = (outer + inner) / 2
        if over(middle) > 0:
            outer = middle
        else:
            inner = middle
    return (outer + inner) / 2


NET_INTERVALS: Mapping[str, Callable[[tuple[int, int, int], float], tuple[float, float]]] = {
    "adjusted_wald": _adjusted_interval,
    "wald": _wald_interval,
    "score": _score_interval,
    "t": _t_interval,
}


def net_difference(first: Net, second: Net, *, level: float = 0.95) -> Difference:
    """First − second of independent groups: the variances add; the p is that of z."""
    se = math.hypot(first.se, second.se)
    return from_se(first.estimate - second.estimate, se, math.inf, level=level, method="net_z", n=(first.n, second.n))


def in_bands(values: Values, detractors_to: float, promoters_from: float) -> tuple[int, int, int]:
    """How many answers stand at or below the one limit, between them, and at or above the other."""
    if not detractors_to < promoters_from:
        raise Refusal("bad_bands", "promoters_from", promoters_from, Text(f"大于 {detractors_to:g}", f"above {detractors_to:g}"),
                      Text("请核对分档", "Check the bands"))  # fmt: skip
    low, high = int(np.sum(values <= detractors_to)), int(np.sum(values >= promoters_from))
    return low, len(values) - low - high, high


def rate(
    values: Values, scale: tuple[float, float], top: Sequence[float], *, level: float = 0.95, method: str = "wilson"
) -> Rating:
    """The mean with its t interval, the mean on 0–100 and the share of ``top`` grades with its own interval.

    ``scale`` is (worst, best); the worst may be the larger number, as where 1 is best. Grades are taken as equally
    spaced for the mean; the share of top grades makes no such assumption. The interval of the mean is ``None`` where
    there is a single answer or all are alike.
    """
    worst, best = scale
    if not len(values):
        raise Refusal("no_answers", "of", 0, Text("至少一个回答", "an answer or more"),
                      Text("没有可用的回答", "There are no answers to use"))  # fmt: skip
    grades, counts = np.unique(values, return_counts=True)
    mean = float(values.mean())
    spread = len(grades) > 1
    return Rating(
        mean=mean,
        interval=_moved(against_target(values, 0.0, level=level)) if spread else None,
        index=(mean - worst) / (best - worst) * 100,
        top=proportion(int(np.isin(values, list(top)).sum()), len(values), level=level, method=method),
        counts={float(grade): int(count) for grade, count in zip(grades, counts, strict=True)},
    )


def _moved(found: Difference) -> Interval:
    return Interval(found.interval.lower, found.interval.upper, found.interval.level, "t")
