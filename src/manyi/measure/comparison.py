"""A figure against its target, its previous value or another group: the difference with its interval first, p second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Interval
from manyi.measure.tails import one_sided_p, t_quantile, two_sided_p

BELOW, ABOVE, UNCLEAR = "below", "above", "not_distinguishable"

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """``estimate`` of first − second with its standard error, its interval and the two-sided p of no difference."""

    estimate: float
    se: float
    df: float
    statistic: float
    p: float
    interval: Interval
    method: str
    n: tuple[int, ...] = ()

    @property
    def verdict(self) -> str:
        """``below``, ``above``, or ``not_distinguishable`` where the interval holds 0."""
        return verdict(self.interval.lower, self.interval.upper)


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two one-sided tests against ±``margin``; ``equivalent`` where the larger p is below 1 − ``level``."""

    margin: float
    p: float
    equivalent: bool
    interval: Interval


def verdict(lower: float, upper: float) -> str:
    """Three answers to *has it changed?*, from the interval of the difference."""
    return BELOW if upper < 0 else ABOVE if lower > 0 else UNCLEAR


def checked(values: Sequence[float] | Values, name: str, least: int = 2) -> Values:
    """Finite numbers, at least ``least`` of them and not all alike; anything else is refused."""
    found = np.asarray(values, float)
    if len(found) < least:
        raise Refusal("few_cases", name, len(found), Text(f"至少 {least} 个回答", f"{least} answers or more"),
                      Text("个案太少，只报个数", "Too few cases: report the count only"))  # fmt: skip
    if not np.isfinite(found).all():
        raise Refusal("not_finite", name, "inf / nan", Text("有限的数", "finite numbers"),
                      Text("请先去掉缺失值", "Leave out missing values first"))  # fmt: skip
    return found


def from_se(
    estimate: float, se: float, df: float, *, level: float = 0.95, method: str = "t", n: tuple[int, ...] = ()
) -> Difference:
    """A difference whose standard error is known: estimate ± t·se, p of estimate/se. Refuses se ≤ 0."""
    if not se > 0:
        raise Refusal("constant", "se", se, Text("大于 0 的标准误", "a standard error above 0"),
                      Text("所有数值相同，无从检验", "All values are the same: there is nothing to test"))  # fmt: skip
    spread = t_quantile(level, df) * se
    interval = Interval(estimate - spread, estimate + spread, level, method)
    return Difference(estimate, se, df, estimate / se, two_sided_p(estimate / se, df), interval, method, n)


def against_target(
    values: Sequence[float] | Values, target: float, *, population: float | None = None, level: float = 0.95
) -> Difference:
    """Mean − target, Student's t with n − 1 degrees of freedom.

    With ``population`` N the variance s²/n is cut by 1 − n/N (all of a known population asked: no sampling error is
    left). Assumes independent cases; at n < 30 a roughly symmetric distribution. Source: Cochran 1977, ch. 2.
    """
    x = checked(values, "values")
    n = len(x)
    if population is not None and population < n:
        raise Refusal("bad_population", "population", population, Text(f"不小于 {n}", f"at least {n}"),
                      Text("总体不能小于样本", "A population cannot be smaller than its sample"))  # fmt: skip
    left = 1 - n / population if population else 1.0
    se = math.sqrt(x.var(ddof=1) / n * left)
    return from_se(float(x.mean()) - target, se, n - 1, level=level, method="one_sample_t", n=(n,))


def welch(a: Sequence[float] | Values, b: Sequence[float] | Values, *, level: float = 0.95) -> Difference:
    """Mean of ``a`` − mean of ``b`` of independent groups, variances not assumed equal.

    se² = s_a²/n_a + s_b²/n_b, Satterthwaite's degrees of freedom. Source: Welch 1947, Biometrika 34:28.

    >>> round(welch([1, 2, 3, 4], [3, 4, 5, 8]).p, 4)
    0.1048
    """
    x, y = checked(a, "first"), checked(b, "second")
    u, v = x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)
    # without any variance from_se refuses
    df = (u + v) ** 2 / (u**2 / (len(x) - 1) + v**2 / (len(y) - 1)) if u + v > 0 else math.inf
    return from_se(float(x.mean() - y.mean()), math.sqrt(u + v), float(df), level=level, method="welch_t",
                   n=(len(x), len(y)))  # fmt: skip


def pooled(a: Sequence[float] | Values, b: Sequence[float] | Values, variance: float, df: float, *,
           level: float = 0.95) -> Difference:  # fmt: skip
    """As ``welch`` with one variance for all, known from ``df`` degrees of freedom (see ``pooled_variance``)."""
    x, y = checked(a, "first", 1), checked(b, "second", 1)
    se = math.sqrt(variance * (1 / len(x) + 1 / len(y)))
    return from_se(float(x.mean() - y.mean()), se, df, level=level, method="pooled_t", n=(len(x), len(y)))


def pooled_variance(groups: Sequence[Values]) -> tuple[float, float]:
    """The variance within groups and its degrees of freedom: Σ(n−1)s² / Σ(n−1)."""
    df = sum(len(g) - 1 for g in groups)
    if df < 1:
        raise Refusal("few_cases", "groups", df, Text("每组多于一个个案", "more than one case in a group"),
                      Text("个案太少", "Too few cases"))  # fmt: skip
    return float(sum(((g - g.mean()) ** 2).sum() for g in groups) / df), float(df)


def paired(a: Sequence[float] | Values, b: Sequence[float] | Values, *, level: float = 0.95) -> Difference:
    """Mean of a − b where the same cases were measured twice: one-sample t of the differences."""
    x, y = checked(a, "first"), checked(b, "second")
    if len(x) != len(y):
        raise Refusal("not_paired", "pairs", (len(x), len(y)), Text("两列等长", "as many of both"),
                      Text("每个个案应有前后两个值", "Give both values of every case"))  # fmt: skip
    found = against_target(x - y, 0.0, level=level)
    return from_se(found.estimate, found.se, found.df, level=level, method="paired_t", n=found.n)


def equivalence(found: Difference, margin: float, *, level: float = 0.95) -> Equivalence:
    """Whether a difference is *unchanged*: inside ±``margin`` by two one-sided t tests (TOST).

    The interval is that of level 2·level − 1, which lies inside the margin exactly where both tests reject.
    Source: Schuirmann 1987, J. Pharmacokinetics and Biopharmaceutics 15:657.
    """
    if not margin > 0:
        raise Refusal("bad_margin", "margin", margin, Text("大于 0 的数", "a number above 0"),
                      Text("给出仍算“没有变化”的最大差值", "Give the largest difference that still counts as unchanged"))  # fmt: skip
    p = max(
        one_sided_p((found.estimate + margin) / found.se, found.df),
        one_sided_p((margin - found.estimate) / found.se, found.df),
    )
    spread = t_quantile(2 * level - 1, found.df) * found.se
    interval = Interval(found.estimate - spread, found.estimate + spread, 2 * level - 1, "tost")
    return Equivalence(margin, p, p < 1 - level, interval)
