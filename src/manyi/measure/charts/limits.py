"""Centre and limits of Shewhart charts for counts, shares, rates, single values, means and rare events.

With counts x, sizes n (cases, exposure), per point i, from the points of the base:

- c: centre x̄, ±3√x̄ · np: n̄p̄, ±3√(n_i p̄(1−p̄)) · p: p̄ = Σx/Σn, ±3√(p̄(1−p̄)/n_i) · u: ū = Σx/Σn, ±3√(ū/n_i)
- Laney p′, u′: the limits of p and u widened by σ_z = mean|Δz|/1.128, z_i = (y_i − centre)/σ_i (Laney 2002)
- I: centre ȳ, ±3·(mean moving range)/1.128, moving ranges above 3.267 × their mean left out once
- x̄: centre of the means, ±3·(R̄/d₂)/√n of subgroups of one size
- g (opportunities between events): limits ȳ ± 3√(ȳ(ȳ+1)), drawn centre the median · t (time between): the I chart of
  y^(1/3.6), transformed back (Nelson 1994)

Sources: Montgomery, *Introduction to Statistical Quality Control*, 6th ed., ch. 6, 7; Laney 2002, *Quality Engineering*
14(4); Nelson 1994, *Journal of Quality Technology* 26(3); Provost & Murray 2011. Shares stay within 0–1, counts at 0 or
above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

COUNTS = ("c", "np", "p", "u", "pp", "up")
"""Charts of counted events; ``pp`` and ``up`` are Laney's p′ and u′."""
SIZED = ("np", "p", "u", "pp", "up")
VALUES = ("i", "g", "t")
D2 = {2: 1.128, 3: 1.693, 4: 2.059, 5: 2.326, 6: 2.534, 7: 2.704, 8: 2.847, 9: 2.970, 10: 3.078}
"""Expected range of a normal subgroup in standard deviations, by its size (Montgomery, appendix VI)."""
SCREEN = 3.267
"""The upper limit of a chart of moving ranges of two, in mean ranges (D₄)."""
NELSON = 3.6


@dataclass(frozen=True, slots=True)
class Limits:
    """The points drawn and, per point, centre and limits; ``lower`` is −∞ where there is none.

    ``sigma`` is the standard deviation of one point (per point), ``sigma_z`` Laney's ratio: for p and u charts how much
    more the points vary than the binomial or Poisson law allows; ``None`` for other charts.
    """

    points: Values
    centre: Values
    lower: Values
    upper: Values
    sigma: Values
    sigma_z: float | None


def shewhart(kind: str, counts: Values, sizes: Values | None, base: Flags) -> Limits:
    """Limits of a chart of ``kind`` from the points of ``base``.

    ``counts``: (n,) events, or values for i, g, t; ``sizes``: (n,) where the kind needs them. Raises ``Refusal`` for a
    count above its size, a negative count, a size that is not above 0, or a base of fewer than two points.
    """
    _check(kind, counts, sizes, base)
    if kind in ("i", "t", "g"):
        return {"i": _individuals, "t": _times, "g": _between}[kind](counts, base)
    n = np.ones_like(counts) if sizes is None else sizes
    rate = float(counts[base].sum() / n[base].sum())
    if kind in ("c", "np"):
        centre = rate * n
        sigma = np.sqrt(centre * (1 - rate)) if kind == "np" else np.sqrt(centre)
        return _bounded(kind, counts, centre, sigma, n, None)
    share = kind in ("p", "pp")
    sigma = np.sqrt(rate * ((1 - rate) if share else 1.0) / n)
    points = counts / n
    ratio = _sigma_z(points, rate, sigma, base)
    widened = sigma * ratio if kind in ("pp", "up") and ratio is not None else sigma
    return _bounded(kind, points, np.full_like(points, rate), widened, n, ratio)


def subgroup_means(values: Values, base: Flags) -> Limits:
    """The x̄ chart of ``values`` (points, members of one subgroup size 2–10)."""
    size = values.shape[1]
    if size not in D2:
        raise Refusal("bad_size", "values", size, Text("每组 2 到 10 个值", "subgroups of 2 to 10 values"),
                      Text("请按组列出各列", "Name one column for each member of a subgroup"))  # fmt: skip
    means = values.mean(axis=1)
    spread = float(np.ptp(values[base], axis=1).mean()) / D2[size]
    _must_vary(spread)
    centre, sigma = np.full_like(means, means[base].mean()), np.full_like(means, spread / math.sqrt(size))
    return Limits(means, centre, centre - 3 * sigma, centre + 3 * sigma, sigma, None)


def _check(kind: str, counts: Values, sizes: Values | None, base: Flags) -> None:
    if base.sum() < 2:
        raise Refusal("few_points", "baseline", int(base.sum()), Text("至少两个点", "two points or more"),
                      Text("请增加点数，或扩大基线", "Add points, or widen the baseline"))  # fmt: skip
    if kind != "i" and (counts < 0).any():
        raise Refusal("negative_count", "count", float(counts.min()), Text("不小于 0 的数", "numbers of 0 or more"),
                      Text("请核对数据", "Check the data"))  # fmt: skip
    if sizes is not None and not (sizes > 0).all():
        raise Refusal("bad_size", "size", float(sizes.min()), Text("大于 0 的数", "numbers above 0"),
                      Text("请核对每点的基数", "Check the size of every point"))  # fmt: skip
    if kind in ("p", "np", "pp") and sizes is not None and (counts > sizes).any():
        raise Refusal("bad_counts", "count", float(counts[counts > sizes][0]), Text("不大于基数", "no more than its size"),
                      Text("p 图的个数不能超过基数；按暴露量计时用 u", "A share cannot exceed 1; take a u chart for rates"))  # fmt: skip


def _bounded(kind: str, points: Values, centre: Values, sigma: Values, n: Values, ratio: float | None) -> Limits:
    top = n if kind == "np" else np.ones_like(n) if kind in ("p", "pp") else np.full_like(n, math.inf)
    lower, upper = np.maximum(centre - 3 * sigma, 0.0), np.minimum(centre + 3 * sigma, top)
    return Limits(points, centre, lower, upper, sigma, ratio)


def _sigma_z(points: Values, rate: float, sigma: Values, base: Flags) -> float | None:
    """Laney's σ_z from the moving ranges of neighbouring base points; ``None`` where nothing varies by the law."""
    if not (sigma > 0).all():
        return None
    z = ((points - rate) / sigma)[base]
    return float(np.abs(np.diff(z)).mean()) / D2[2]


def _moving_sigma(values: Values, base: Flags) -> float:
    ranges = np.abs(np.diff(values[base]))
    kept = ranges[ranges < SCREEN * ranges.mean()] if ranges.mean() > 0 else ranges
    spread = float((kept if len(kept) else ranges).mean()) / D2[2]
    _must_vary(spread)
    return spread


def _must_vary(spread: float) -> None:
    if not spread > 0:
        raise Refusal("constant", "count", spread, Text("有变化的数值", "values that vary"),
                      Text("所有点相同，没有界限可算", "All points are the same: there are no limits to compute"))  # fmt: skip


def _individuals(values: Values, base: Flags) -> Limits:
    sigma = np.full_like(values, _moving_sigma(values, base))
    centre = np.full_like(values, values[base].mean())
    return Limits(values, centre, centre - 3 * sigma, centre + 3 * sigma, sigma, None)


def _times(values: Values, base: Flags) -> Limits:
    shaped = _individuals(values ** (1 / NELSON), base)
    lower = np.maximum(shaped.lower, 0.0) ** NELSON
    return Limits(values, shaped.centre**NELSON, lower, shaped.upper**NELSON, shaped.sigma, None)


def _between(values: Values, base: Flags) -> Limits:
    mean = float(values[base].mean())
    sigma = np.full_like(values, math.sqrt(mean * (mean + 1)))
    centre = np.full_like(values, float(np.median(values[base])))
    return Limits(values, centre, np.maximum(mean - 3 * sigma, 0.0), mean + 3 * sigma, sigma, None)
