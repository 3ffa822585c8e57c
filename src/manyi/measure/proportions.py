"""One proportion and the difference of two, with intervals that hold at small n; tests of several."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Interval
from manyi.measure.tails import beta_quantile, checked_level, chi2_p, normal_quantile, two_sided_p


@dataclass(frozen=True, slots=True)
class Proportion:
    """``yes`` of ``n``; ``estimate`` is their share, 0–1."""

    estimate: float
    yes: float
    n: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ChanceTest:
    """A statistic, its degrees of freedom (``df2`` the second of an F) and the chance of one at least as large."""

    name: str
    statistic: float
    df: float
    p: float
    df2: float | None = None


def _checked(yes: float, n: float) -> None:
    if not (n > 0 and 0 <= yes <= n and math.isfinite(n)):
        raise Refusal(
            "bad_counts", "yes", f"{yes:g} of {n:g}", Text("0 到 n 之间的数，n 大于 0", "between 0 and n, n above 0"),
            Text("请核对个数", "Check the counts"),
        )  # fmt: skip


def _wilson(x: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    centre, spread = (x + z * z / 2) / (n + z * z), z * math.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
    # at the ends of the scale the limit is the end itself; what rounding leaves of it is no information
    return 0.0 if x == 0 else centre - spread, 1.0 if x == n else centre + spread


def _clopper_pearson(x: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    return (
        0.0 if x == 0 else beta_quantile(tail, x, n - x + 1),
        1.0 if x == n else beta_quantile(1 - tail, x + 1, n - x),
    )


def _jeffreys(x: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    return (
        0.0 if x == 0 else beta_quantile(tail, x + 0.5, n - x + 0.5),
        1.0 if x == n else beta_quantile(1 - tail, x + 0.5, n - x + 0.5),
    )


def _agresti_coull(x: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    size = n + z * z
    centre = (x + z * z / 2) / size
    spread = z * math.sqrt(centre * (1 - centre) / size)
    return max(0.0, centre - spread), min(1.0, centre + spread)


def _wald(x: float, n: float, level: float) -> tuple[float, float]:
    p = x / n
    spread = normal_quantile(level) * math.sqrt(p * (1 - p) / n)
    return p - spread, p + spread


INTERVALS: Mapping[str, Callable[[float, float, float], tuple[float, float]]] = {
    "wilson": _wilson,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "agresti_coull": _agresti_coull,
    "wald": _wald,
}


def proportion(yes: float, n: float, *, level: float = 0.95, method: str = "wilson") -> Proportion:
    """The share ``yes``/``n`` with its interval.

    Wilson (default): the p for which |x − np| ≤ z√(np(1−p)); close to its level at every n. ``clopper_pearson``
    guarantees the level and is wider; ``jeffreys`` is the beta(½, ½) posterior; ``agresti_coull`` adds z²/2 to both
    counts; ``wald`` p ± z√(pq/n) is for comparison only.

    Assumes n independent answers; for a sample with weights or clusters take ``estimation``. Refuses n ≤ 0.
    Source: Wilson 1927; Clopper & Pearson 1934; Newcombe 1998, Statistics in Medicine 17:857; Brown, Cai & DasGupta
    2001, Statistical Science 16:101.

    >>> found = proportion(81, 263)
    >>> round(found.interval.lower, 4), round(found.interval.upper, 4)
    (0.2553, 0.3662)
    """
    _checked(yes, n)
    lower, upper = INTERVALS[method](yes, n, checked_level(level))
    return Proportion(yes / n, yes, n, Interval(lower, upper, level, method))


def difference(
    first: tuple[float, float], second: tuple[float, float], *, level: float = 0.95, method: str = "newcombe"
) -> Interval:
    """The interval of p₁ − p₂ of two independent groups, each given as (yes, n).

    Newcombe's method 10: d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²) with the Wilson limits l, u of
    each; ``wald``: d ± z√(p₁q₁/n₁ + p₂q₂/n₂). Source: Newcombe 1998, Statistics in Medicine 17:873.

    >>> found = difference((56, 70), (48, 80))
    >>> round(found.lower, 4), round(found.upper, 4)
    (0.0524, 0.3339)
    """
    a, b = proportion(*first, level=level), proportion(*second, level=level)
    apart = a.estimate - b.estimate
    if method == "wald":
        spread = normal_quantile(level) * math.sqrt(
            sum(p.estimate * (1 - p.estimate) / p.n for p in (a, b)),
        )
        return Interval(apart - spread, apart + spread, level, method)
    below = math.hypot(a.estimate - a.interval.lower, b.interval.upper - b.estimate)
    above = math.hypot(a.interval.upper - a.estimate, b.estimate - b.interval.lower)
    return Interval(apart - below, apart + above, level, method)


def paired_difference(both: float, first: float, second: float, neither: float, *, level: float = 0.95) -> Interval:
    """The interval of p₁ − p₂ where the same cases answered twice (``first``: yes only the first time).

    Newcombe's method 10 for pairs: as for independent groups, less 2φ times the product of the two distances, φ the
    correlation of the fourfold table, its numerator continuity-corrected where positive, 0 where a margin is empty.
    Source: Newcombe 1998, Statistics in Medicine 17:2635.

    >>> found = paired_difference(36, 12, 2, 0)
    >>> round(found.lower, 4), round(found.upper, 4)
    (0.0569, 0.3404)
    """
    n = both + first + second + neither
    a, b = proportion(both + first, n, level=level), proportion(both + second, n, level=level)
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    cross = both * neither - first * second
    corrected = max(cross - n / 2, 0.0) if cross > 0 else cross
    phi = corrected / math.sqrt(margins) if margins > 0 else 0.0
    apart = a.estimate - b.estimate
    l1, u2 = a.estimate - a.interval.lower, b.interval.upper - b.estimate
    u1, l2 = a.interval.upper - a.estimate, b.estimate - b.interval.lower
    below = math.sqrt(max(l1 * l1 - 2 * phi * l1 * u2 + u2 * u2, 0.0))
    above = math.sqrt(max(u1 * u1 - 2 * phi * u1 * l2 + l2 * l2, 0.0))
    return Interval(apart - below, apart + above, level, "newcombe_paired")


def mcnemar(first: float, second: float, *, correct: bool = False) -> ChanceTest:
    """Whether as many changed from yes to no (``first``) as from no to yes (``second``).

    χ² = (|b − c| − k)²/(b + c), k = 1 with continuity correction. Refuses where nobody changed.
    Source: McNemar 1947; Agresti 1990.

    >>> round(mcnemar(150, 86).statistic, 4)
    17.3559
    """
    if first + second <= 0:
        raise Refusal("no_change", "pairs", 0, Text("至少一个前后不同的回答", "an answer that changed"),
                      Text("没有人改变回答，无从检验", "Nobody changed the answer: there is nothing to test"))  # fmt: skip
    apart = abs(first - second)
    statistic = max(apart - (1.0 if correct else 0.0), 0.0) ** 2 / (first + second)
    return ChanceTest("mcnemar", statistic, 1, chi2_p(statistic, 1))


def mcnemar_exact(first: float, second: float) -> ChanceTest:
    """As ``mcnemar`` without approximation: of those who changed, each way is as likely as the other.

    p = min(1, 2·P(X ≤ min(b, c))), X binomial of b + c and ½. The statistic is the χ² without correction, for
    comparison. Refuses where nobody changed and counts that are not whole. Source: Conover 1999, ch. 3.5.

    >>> round(mcnemar_exact(9, 1).p, 6)
    0.021484
    """
    if first % 1 or second % 1:
        raise Refusal("not_whole", "frequency", [first, second], Text("整数的频数", "whole counts"),
                      Text("精确检验只用于整数频数，其他请用 mcnemar = \"chi2\"", "The exact test is one of whole counts; take mcnemar = \"chi2\" for others"))  # fmt: skip
    least, most = sorted((first, second))
    asymptotic = mcnemar(first, second)
    # P(X ≤ k) of n halves is the incomplete beta at ½ of n − k and k + 1
    return ChanceTest("mcnemar_exact", asymptotic.statistic, 1, min(1.0, 2 * float(betainc(most, least + 1, 0.5))))


def equality(yes: Sequence[float], n: Sequence[float], *, correct: bool = False) -> ChanceTest:
    """Whether k groups have the same share: Pearson's χ² with k − 1 degrees of freedom.

    ``correct`` applies Yates' correction, which there is for two groups only. Refuses where all or none say yes.

    >>> found = equality([83, 90, 129, 70], [86, 93, 136, 82])
    >>> round(found.statistic, 4), found.df
    (12.6004, 3)
    """
    x, size, pooled = _groups(yes, n)
    apart = np.abs(x - size * pooled)
    if correct and len(x) == 2:
        # as much as brings both groups together, at most a half
        apart = apart - min(0.5, float(apart.min()))
    statistic = float(np.sum(apart**2 / (size * pooled * (1 - pooled))))
    return ChanceTest("equality", statistic, len(x) - 1, chi2_p(statistic, len(x) - 1))


def trend(yes: Sequence[float], n: Sequence[float], scores: Sequence[float] | None = None) -> ChanceTest:
    """Whether the share rises or falls in a line over ordered groups (Cochran–Armitage), 1 degree of freedom."""
    x, size, pooled = _groups(yes, n)
    at = np.arange(1, len(x) + 1, dtype=float) if scores is None else np.asarray(scores, float)
    apart = at - np.sum(size * at) / size.sum()
    statistic = float(np.sum(apart * (x - size * pooled)) ** 2 / (pooled * (1 - pooled) * np.sum(size * apart**2)))
    return ChanceTest("trend", statistic, 1, chi2_p(statistic, 1))


def _groups(yes: Sequence[float], n: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    for each, of in zip(yes, n, strict=True):
        _checked(each, of)
    if len(yes) < 2:
        raise Refusal("one_group", "groups", len(yes), Text("至少两组", "two groups or more"),
                      Text("请检查分组列", "Check the column of groups"))  # fmt: skip
    x, size = np.asarray(yes, float), np.asarray(n, float)
    pooled = float(x.sum() / size.sum())
    if not 0 < pooled < 1:
        raise Refusal("all_alike", "yes", float(x.sum()), Text("既有“是”也有“否”", "both yes and no among the answers"),
                      Text("所有回答相同，无从检验", "All answers are the same: there is nothing to test"))  # fmt: skip
    return x, size, pooled


def score_test(yes: float, n: float, target: float) -> ChanceTest:
    """Whether the share differs from ``target``: z = (p − p₀)/√(p₀(1−p₀)/n), in step with the Wilson interval."""
    _checked(yes, n)
    if not 0 < target < 1:
        raise Refusal("bad_target", "target", target, Text("0 到 1 之间的数", "a number between 0 and 1"),
                      Text("目标值写成比例，例如 0.8", "Write the target as a share, such as 0.8"))  # fmt: skip
    z = (yes / n - target) / math.sqrt(target * (1 - target) / n)
    return ChanceTest("score", z, math.inf, two_sided_p(z))


def fisher(a: int, b: int, c: int, d: int, *, side: str = "two") -> float:
    """The exact p of the fourfold table ``a b / c d`` with its margins fixed; ``side`` two, greater or less.

    Two-sided: the sum of all tables no likelier than the one seen. Source: Fisher 1935.

    >>> round(fisher(3, 1, 1, 3, side="greater"), 6)
    0.242857
    """
    row, column, n = a + b, a + c, a + b + c + d
    at = np.arange(max(0, row + column - n), min(row, column) + 1)
    logs = -(gammaln(at + 1) + gammaln(row - at + 1) + gammaln(column - at + 1) + gammaln(n - row - column + at + 1))
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    seen = chances[at == a][0]
    chosen = {"greater": at >= a, "less": at <= a, "two": chances <= seen * (1 + 1e-7)}[side]
    return float(min(1.0, chances[chosen].sum()))
