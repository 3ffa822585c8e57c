"""How sure a points score is: chance, and what was assumed about answers and products that are missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Interval, Warned
from manyi.measure.tails import t_quantile

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """A score with its standard error and interval, and what else it might have been.

    ``imputed`` is the share of cells that were filled in, ``alternative`` the score with them left out, ``lowest`` and
    ``highest`` with all of them at the worst and the best grade; ``represented`` the share of the sales whose products
    have sheets. ``se`` and ``interval`` are ``None`` where a product has a single sheet of several it could have had.
    """

    estimate: float
    se: float | None
    df: float | None
    interval: Interval | None
    imputed: float
    alternative: float | None
    lowest: float
    highest: float
    represented: float
    n: int
    warnings: tuple[Warned, ...]


def sensitivity(
    scores: Values, points: Sequence[float], products: Sequence[str], *, fill: float, worst: float = 0.0,
    best: float = 100.0, sales: Mapping[str, float] | None = None, customers: Mapping[str, int] | None = None,
    level: float = 0.95,
) -> Sensitivity:  # fmt: skip
    """The sales-weighted mean of the sheets' scores, with everything a reader needs to judge it.

    ``scores`` (sheets, items) are raw scores, NaN where unanswered; a blank counts as ``fill``. With item ``points`` w:
    Q_i = Σ_j s_ij w_j / Σ w, P_k the mean of the n_k sheets of product k, A = Σ_k v_k P_k, v the sales of the
    measured products as shares. Var A = Σ v_k²(1 − n_k/N_k) s_k²/n_k with N_k ``customers`` of the product (none
    given: no correction), degrees of freedom by Satterthwaite. Without ``sales`` every sheet weighs the same.
    Assumes sheets missing at random within a product. Source: procedure formulas; Cochran 1977, ch. 5.
    """
    w = _points(points, scores)
    names, place = np.unique(np.asarray([str(p) for p in products]), return_inverse=True)
    counts = np.bincount(place)
    shares, represented = _shares(names.tolist(), counts, sales)
    blank = np.isnan(scores)
    each = (np.where(blank, fill, scores) @ w) / w.sum()
    means = np.bincount(place, each) / counts
    estimate = float(shares @ means)
    low, high = ((np.where(blank, end, scores) @ w) / w.sum() for end in (worst, best))
    se, df, lone = _error(each, place, counts, means, shares, names.tolist(), customers)
    interval = None
    if se is not None and df is not None:
        spread = t_quantile(level, df) * se
        interval = Interval(estimate - spread, estimate + spread, level, "satterthwaite_t")
    lowest, highest = (float(shares @ (np.bincount(place, q) / counts)) for q in (low, high))
    found = Sensitivity(
        estimate, se, df, interval, float(blank.mean()), _left_out(scores, w, place, shares), lowest, highest, represented,
        len(each), (),
    )  # fmt: skip
    return _warned(found, float(w.sum()), lone)


def _points(points: Sequence[float], scores: Values) -> Values:
    w = np.asarray(points, float)
    if (
        scores.ndim != 2
        or not scores.size
        or len(w) != scores.shape[1]
        or not (w > 0).all()
        or not np.isfinite(w).all()
    ):
        raise Refusal("bad_points", "points", [float(p) for p in points], Text("每项一个大于 0 的分值", "points above 0 for every item"),
                      Text("请核对各项分值和调查表", "Check the points and the sheets"))  # fmt: skip
    return w


def _shares(names: list[str], counts: NDArray[np.intp], sales: Mapping[str, float] | None) -> tuple[Values, float]:
    if sales is None:
        return counts / counts.sum(), 1.0
    own = np.array([sales.get(name, 0.0) for name in names])
    if not own.sum() > 0 or min(sales.values()) < 0:
        raise Refusal("no_sales", "sales", dict(sales), Text("被调查产品有销售额", "sales of the measured products"),
                      Text("请核对销售额", "Check the sales"))  # fmt: skip
    return own / own.sum(), float(own.sum() / sum(sales.values()))


def _error(
    each: Values, place: NDArray[np.intp], counts: NDArray[np.intp], means: Values, shares: Values, names: list[str],
    customers: Mapping[str, int] | None,
) -> tuple[float | None, float | None, tuple[str, ...]]:  # fmt: skip
    there = np.array([float((customers or {}).get(name, math.inf)) for name in names])
    if (there < counts).any():
        short = names[int(np.argmin(there - counts))]
        raise Refusal("bad_population", "customers", short, Text("顾客数不少于调查表数", "as many customers as sheets or more"),
                      Text("请核对各产品的顾客数", "Check the customers of every product"))  # fmt: skip
    left = 1 - counts / there
    lone = tuple(
        name for name, n, free, v in zip(names, counts, left, shares, strict=True) if n == 1 and free > 0 and v > 0
    )
    if lone:
        return None, None, lone
    spread = np.bincount(place, (each - means[place]) ** 2) / np.maximum(counts - 1, 1)
    parts = shares**2 * left * spread / counts
    variance = float(parts.sum())
    if variance <= 0:
        return 0.0, None, ()
    moving = parts > 0
    return math.sqrt(variance), variance**2 / float(np.sum(parts[moving] ** 2 / (counts[moving] - 1))), ()


def _left_out(scores: Values, w: Values, place: NDArray[np.intp], shares: Values) -> float | None:
    """The score of the answers there are: item means per product, weighted by points, then by sales."""
    there = ~np.isnan(scores)
    total = weight = 0.0
    for k, share in enumerate(shares):
        inside = there[place == k]
        sums, n = np.where(inside, scores[place == k], 0.0).sum(axis=0), inside.sum(axis=0)
        if n.any() and share > 0:
            some = n > 0
            total += float(share) * float(np.sum(w[some] * sums[some] / n[some]) / w[some].sum())
            weight += float(share)
    return total / weight if weight else None


def _warned(found: Sensitivity, points: float, lone: tuple[str, ...]) -> Sensitivity:
    notes = []
    if abs(points - 100) > 1e-9:
        notes.append(Warned("points_not_100", f"{points:g}"))
    if found.imputed > 0:
        notes.append(Warned("imputed", f"{found.imputed:.1%}"))
    if lone:
        notes.append(Warned("class_of_one", ", ".join(lone)))
    if found.represented < 1 - 1e-9:
        notes.append(Warned("class_unrepresented", f"{1 - found.represented:.1%}"))
    others = [found.lowest, found.highest, *([found.alternative] if found.alternative is not None else [])]
    apart = max(abs(found.estimate - other) for other in others)
    if found.interval and apart > (found.interval.upper - found.interval.lower) / 2:
        notes.append(Warned("missing_decides", f"{apart:.3g}"))
    return replace(found, warnings=tuple(notes))
