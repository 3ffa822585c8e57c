"""Weights after the fact: for nonresponse, to known totals (post-stratification, raking, linear), trimmed; and their price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Values = NDArray[np.float64]
Labels = Sequence[str] | NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Margin:
    """A variable, the level of each case, and the population total of every level."""

    name: str
    levels: Labels
    totals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weighted:
    """New weights (rows,), the rounds it took and the largest relative error that is left in a margin."""

    weights: Values
    iterations: int
    error: float
    price: Price


@dataclass(frozen=True, slots=True)
class Price:
    """What unequal weights cost: ``cv``, Kish's ``deff`` 1 + cv², the effective n, the largest over the smallest."""

    cv: float
    deff: float
    n_effective: float
    ratio: float


def price(weights: Values) -> Price:
    """The spread of weights. Kish: n_eff = (Σw)²/Σw² = n/(1 + cv²). Source: Kish 1965; 1992, J. Off. Stat. 8:183."""
    w = checked(weights)
    effective = float(w.sum() ** 2 / np.sum(w**2))
    deff = len(w) / effective
    return Price(float(np.sqrt(max(deff - 1, 0.0))), deff, effective, float(w.max() / w.min()))


def checked(weights: Values) -> Values:
    """Finite weights above 0, at least one; anything else is refused."""
    if not len(weights) or not np.isfinite(weights).all() or (weights <= 0).any():
        wrong = [float(w) for w in weights if not (np.isfinite(w) and w > 0)][:1]
        raise Refusal("bad_weight", "weights", wrong, Text("大于 0 的权重", "weights above 0"),
                      Text("请删去权重为 0 的行，或更正权重", "Remove rows of weight 0, or correct the weights"))  # fmt: skip
    return weights


def rake(weights: Values, margins: Sequence[Margin], *, tolerance: float = 1e-10, most: int = 1000) -> Weighted:
    """Weights whose sums meet every margin, by cycling through them (Deming & Stephan 1940).

    Each step multiplies the weights of a level by its total over their sum. Ends when the largest relative error of
    any level is below ``tolerance``. One margin alone is post-stratification. Refuses a level without cases, totals
    that are not above 0 or do not add up to the same in all margins, and margins that do not come together.
    Source: Deming & Stephan 1940, Ann. Math. Stat. 11:427.
    """
    w = checked(weights).astype(float).copy()
    parts = [_matched(margin, len(w)) for margin in margins]
    sums = [float(totals.sum()) for _, totals in parts]
    if not parts or max(sums) - min(sums) > 1e-6 * max(sums):
        raise Refusal("margins_differ", "margins", sums, Text("合计相同的各项总数", "margins with the same sum"),
                      Text("请核对各变量的总体数", "Check the totals of the variables"))  # fmt: skip
    error = np.inf
    for iteration in range(1, most + 1):
        for place, totals in parts:
            w *= (totals / np.bincount(place, w, len(totals)))[place]
        error = max(float(np.max(np.abs(np.bincount(p, w, len(t)) / t - 1))) for p, t in parts)
        if error < tolerance:
            return Weighted(w, iteration, error, price(w))
    raise Refusal("not_converged", "margins", error, Text(f"误差小于 {tolerance:g}", f"an error below {tolerance:g}"),
                  Text("各总数互相矛盾，或某些组合没有个案，请合并类别", "The margins contradict each other, or combinations have no cases: merge levels"))  # fmt: skip


def post_stratify(weights: Values, margin: Margin) -> Weighted:
    """w·N_c/N̂_c in every cell c. Source: Holt & Smith 1979, JRSS A 142:33."""
    return rake(weights, [margin])


def calibrate(weights: Values, auxiliaries: Values, totals: Values) -> Weighted:
    """Linear (GREG) calibration: w(1 + x'λ), λ = (Σ w x x')⁻¹(T − Σ w x), so that Σ wx = T for ``auxiliaries`` (rows, q).

    Weights may become negative; the warning is the caller's. Refuses auxiliaries that determine each other.
    Source: Deville & Särndal 1992, JASA 87:376.
    """
    w = checked(weights)
    if np.linalg.matrix_rank(auxiliaries) < auxiliaries.shape[1]:
        raise Refusal("singular", "auxiliaries", auxiliaries.shape[1], Text("互不决定的辅助变量", "auxiliaries that do not determine each other"),
                      Text("请去掉多余的变量或类别", "Leave out a variable or level"))  # fmt: skip
    # solved by the R factor of a QR, which keeps twice the digits of the normal equations
    root = np.sqrt(w)[:, None] * auxiliaries
    _, upper = np.linalg.qr(root)
    short = totals - auxiliaries.T @ w
    factor = np.linalg.solve(upper, np.linalg.solve(upper.T, short))
    g = 1 + auxiliaries @ factor
    found = w * g
    left = np.abs(auxiliaries.T @ found - totals) / np.maximum(np.abs(totals), 1e-300)
    return Weighted(found, 1, float(left.max()), _any_price(found))


def _any_price(w: Values) -> Price:
    effective = float(w.sum() ** 2 / np.sum(w**2))
    ratio = float(w.max() / w.min()) if w.min() > 0 else np.inf
    return Price(float(np.sqrt(max(len(w) / effective - 1, 0.0))), len(w) / effective, effective, ratio)


def indicators(margins: Sequence[Margin]) -> Values:
    """0/1 columns of all levels of all margins (rows, q), as a calibration on counts takes them."""
    columns = [(np.asarray(m.levels) == level).astype(float) for m in margins for level in m.totals]
    return np.column_stack(columns)


def _matched(margin: Margin, rows: int) -> tuple[NDArray[np.intp], Values]:
    levels, names = [str(level) for level in margin.levels], list(margin.totals)
    empty = sorted(set(names) - set(levels))
    unknown = sorted(set(levels) - set(names))
    bad = [name for name, total in margin.totals.items() if not (np.isfinite(total) and total > 0)]
    if len(levels) != rows or empty or unknown or bad:
        code = "empty_level" if empty else "unknown_level" if unknown else "bad_total"
        got = ", ".join((empty or unknown or bad)[:5])
        raise Refusal(code, f"margins.{margin.name}", got, Text("与数据相同的类别，总数大于 0", "the levels of the data, with totals above 0"),
                      Text("没有个案的类别请并入别的类别；数据中的每个类别都要有总数",
                           "Merge levels without cases; give a total for every level of the data"))  # fmt: skip
    at = {name: place for place, name in enumerate(names)}
    return np.array([at[level] for level in levels], np.intp), np.array([margin.totals[n] for n in names], float)


def adjust_for_nonresponse(
    weights: Values, classes: Labels, responded: NDArray[np.bool_], *, fewest: int = 5, largest: float = 3.0,
) -> tuple[Values, Mapping[str, float], tuple[str, ...]]:  # fmt: skip
    """Respondents' weights times Σ w of the class / Σ w of its respondents; 0 for the others.

    Gives the weights, the factor of every class, and the classes with fewer than ``fewest`` respondents or a factor
    above ``largest``, which should be merged with another. Refuses a class without respondents.
    Source: Little 1986, Int. Stat. Review 54:139.
    """
    w, labels = checked(weights), np.array([str(c) for c in classes])
    found, factors, thin = np.zeros(len(w)), {}, []
    for name in sorted(set(labels.tolist())):
        inside = labels == name
        there = inside & responded
        if not there.any():
            raise Refusal("empty_class", "classes", name, Text("每类至少一个回答者", "a respondent in every class"),
                          Text("请把该类并入别的类", "Merge the class with another"))  # fmt: skip
        factors[name] = float(w[inside].sum() / w[there].sum())
        found[there] = w[there] * factors[name]
        if there.sum() < fewest or factors[name] > largest:
            thin.append(name)
    return found, factors, tuple(thin)


def trim(weights: Values, *, cap: float | None = None) -> tuple[Values, float, int]:
    """Weights above the cap cut to it, what is cut given to the others in proportion, until none is above.

    Cap where none is given: median + 6·IQR, or 5 × the mean where half of the weights are alike or that is below the
    mean. Gives the weights, the cap and how many were cut. The sum stays.
    Refuses a cap below the mean weight. Source: Potter 1990; Kish 1992.
    """
    w = checked(weights).astype(float).copy()
    low, middle, high = np.quantile(w, [0.25, 0.5, 0.75])
    whole = w.sum()
    spread = float(middle + 6 * (high - low))
    own = spread if high > low and spread >= whole / len(w) else 5 * float(whole) / len(w)
    limit = own if cap is None else cap
    if limit < whole / len(w):
        raise Refusal("bad_cap", "cap", limit, Text(f"不小于平均权重 {whole / len(w):g}", f"at least the mean weight {whole / len(w):g}"),
                      Text("请提高上限", "Raise the cap"))  # fmt: skip
    cut = np.zeros(len(w), bool)
    while (w > limit * (1 + 1e-12)).any():
        cut |= w > limit
        w[cut] = limit
        if cut.all():
            break
        w[~cut] *= (whole - limit * cut.sum()) / w[~cut].sum()
    return w, limit, int(cut.sum())
