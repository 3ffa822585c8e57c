"""Comparisons of ordered grades that use their order only: ranks, and the chance that one answer beats another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comparison import Values, checked
from manyi.measure.proportions import ChanceTest
from manyi.measure.results import Interval
from manyi.measure.tails import chi2_p, t_quantile, two_sided_p


@dataclass(frozen=True, slots=True)
class Superiority:
    """P(first > second) + ½P(equal): ½ where neither tends to be higher."""

    estimate: float
    se: float
    df: float
    p: float
    interval: Interval


def ranks(values: Values) -> tuple[Values, Values]:
    """Ranks from 1, ties at their mean, and how often each distinct value stands."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(counts)
    return (upto - (counts - 1) / 2)[place], counts.astype(float)


def mann_whitney(a: Sequence[float] | Values, b: Sequence[float] | Values, *, correct: bool = False) -> ChanceTest:
    """Whether two groups have the same distribution: W = Σ ranks of ``a`` − n_a(n_a+1)/2, by its normal limit.

    The variance is cut for ties; ``correct`` takes ½ off the distance. Good from about 8 a group.
    Source: Mann & Whitney 1947; Lehmann 1975.

    >>> mann_whitney([1, 2, 4], [3, 5, 6]).statistic
    1.0
    """
    x, y = checked(a, "first", 1), checked(b, "second", 1)
    m, n = len(x), len(y)
    rank, ties = ranks(np.concatenate([x, y]))
    w = float(rank[:m].sum() - m * (m + 1) / 2)
    size = m + n
    variance = m * n / 12 * (size + 1 - float(np.sum(ties**3 - ties)) / (size * (size - 1)))
    if variance <= 0:
        raise _constant()
    apart = w - m * n / 2
    z = math.copysign(max(abs(apart) - (0.5 if correct else 0.0), 0.0), apart) / math.sqrt(variance)
    return ChanceTest("mann_whitney", w, math.inf, two_sided_p(z))


def superiority(a: Sequence[float] | Values, b: Sequence[float] | Values, *, level: float = 0.95) -> Superiority:
    """The chance that a case of ``a`` is graded above one of ``b``, with the interval and test of Brunner and Munzel.

    The interval is cut at 0 and 1; variances and shapes may differ. Where all of one lie above all of the other the
    variance is 0: refused, the groups do not overlap. Source: Brunner & Munzel 2000, Biometrical Journal 42:17.
    """
    x, y = checked(a, "first"), checked(b, "second")
    m, n = len(x), len(y)
    rank, _ = ranks(np.concatenate([x, y]))
    inner_x, inner_y = ranks(x)[0], ranks(y)[0]
    # the placements of each case among the other group
    p_x, p_y = rank[:m] - inner_x, rank[m:] - inner_y
    u, v = p_x.var(ddof=1) / (m * n**2), p_y.var(ddof=1) / (n * m**2)
    estimate = float(p_x.mean() / n)
    if u + v <= 0:
        raise Refusal("no_overlap", "groups", estimate, Text("有重叠的两组", "groups that overlap"),
                      Text("两组完全分开或全部相同，只报分布", "The groups lie apart, or all are alike: show the distributions"))  # fmt: skip
    se = math.sqrt(u + v)
    df = float((u + v) ** 2 / (u**2 / (m - 1) + v**2 / (n - 1)))
    spread = t_quantile(level, df) * se
    interval = Interval(max(0.0, estimate - spread), min(1.0, estimate + spread), level, "brunner_munzel")
    return Superiority(estimate, se, df, two_sided_p((estimate - 0.5) / se, df), interval)


def kruskal_wallis(groups: Sequence[Values]) -> ChanceTest:
    """Whether k groups have the same distribution: H from the mean ranks, cut for ties, k − 1 degrees of freedom.

    Source: Kruskal & Wallis 1952, JASA 47:583.
    """
    parts = [checked(group, "group", 1) for group in groups]
    if len(parts) < 2:
        raise Refusal("one_group", "groups", len(parts), Text("至少两组", "two groups or more"),
                      Text("请检查分组列", "Check the column of groups"))  # fmt: skip
    rank, ties = ranks(np.concatenate(parts))
    size = len(rank)
    among = np.split(rank, np.cumsum([len(p) for p in parts])[:-1])
    raw = 12 / (size * (size + 1)) * sum(float(r.sum()) ** 2 / len(r) for r in among) - 3 * (size + 1)
    left = 1 - float(np.sum(ties**3 - ties)) / (size**3 - size) if size > 1 else 0.0
    if left <= 0:
        raise _constant()
    return ChanceTest("kruskal_wallis", raw / left, len(parts) - 1, chi2_p(raw / left, len(parts) - 1))


def _constant() -> Refusal:
    return Refusal("constant", "values", "constant", Text("不全相同的数值", "values that differ"),
                   Text("所有数值相同，无从检验", "All values are the same: there is nothing to test"))  # fmt: skip
