"""How consistently the items of one scale measure it: Cronbach's α and what each item does to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_answers, check_cases
from manyi.measure.linear import Floats, correlation
from manyi.measure.results import Interval

SMALLEST = 1e-12
"""A sum of items that has a smaller share of their variances than this does not vary."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """α with its interval, and one value per item.

    ``standardised`` from correlations · ``average_r`` mean correlation · ``guttman_6`` λ6, ``None`` where the correlations
    are singular · ``if_dropped`` α without the item (NaN with two items) · ``item_total`` correlation of the item with the
    sum of the others, ``item_whole`` with the sum of all. ``n`` counts rows with an answer, ``fewest`` of a pair of items.
    """

    alpha: float
    interval: Interval
    standardised: float
    average_r: float
    guttman_6: float | None
    if_dropped: Floats
    item_total: Floats
    item_whole: Floats
    n: int
    fewest: int
    correlations: Floats


def alpha_of(covariances: Floats) -> float:
    """α = k ÷ (k − 1) · (1 − Σσ²_i ÷ σ²_T) of a covariance matrix (k, k); with correlations it is standardised.

    NaN for one item, and where the sum of the items does not vary.

    >>> alpha_of(np.array([[1.0, 0.5], [0.5, 1.0]]))
    0.6666666666666667
    """
    size, own, whole = len(covariances), float(np.trace(covariances)), float(covariances.sum())
    return size / (size - 1) * (1 - own / whole) if size > 1 and whole > SMALLEST * own else np.nan


def feldt_interval(alpha: float, cases: int, items: int, level: float = 0.95) -> Interval:
    """The interval of α when items are interchangeable: (1 − α̂) F, F of (n − 1) and (n − 1)(k − 1) degrees of freedom.

    Source: Feldt, Woodruff & Salih 1987, Applied Psychological Measurement 11:93–103.
    """
    between, within = cases - 1, (cases - 1) * (items - 1)
    lower = 1 - (1 - alpha) * stats.f.ppf((1 + level) / 2, between, within)
    upper = 1 - (1 - alpha) * stats.f.ppf((1 - level) / 2, between, within)
    return Interval(float(lower), float(upper), level, "feldt")


def pairwise_covariances(data: Floats) -> tuple[Floats, Floats]:
    """Covariances (p, p; n − 1) of ``data`` (n, p; NaN is missing), each from the rows that answer both, and their counts.

    Variances are of all answers to the item. The matrix need not be positive definite.
    """
    there = ~np.isnan(data)
    if there.all():
        return np.cov(data, rowvar=False), np.full((data.shape[1],) * 2, float(len(data)))
    counts = there.T.astype(float) @ there
    apart = np.where(there, data - np.nanmean(data, axis=0), 0.0)
    sums = apart.T @ there
    usable = np.where(counts > 1, counts, 2.0)
    found = (apart.T @ apart - sums * sums.T / usable) / (usable - 1)
    return np.where(counts > 1, found, np.nan), counts


def reliability(data: Floats, names: tuple[str, ...], level: float = 0.95) -> Reliability:
    """α of the items ``data`` (n, k ≥ 2; NaN is missing), reversed items turned beforehand.

    Assumes items of one dimension with equal loadings and uncorrelated errors; otherwise α is a lower bound. With missing
    values covariances are pairwise. Refuses one item, fewer cases than items, constant items, a total that never varies.
    Source: Cronbach 1951, Psychometrika 16; Guttman 1945 (λ6).
    """
    if len(names) < 2:
        raise Refusal("too_few_items", "items", list(names), Text("至少两个题目", "at least two items"),
                      Text("一致性要由几个题目共同看出", "Consistency shows between several items"))  # fmt: skip
    check_answers(data, names)
    answered = data[~np.isnan(data).all(axis=1)]
    check_cases(answered, names, at_least=len(names))
    covariances, counts = pairwise_covariances(answered)
    if np.isnan(covariances).any():
        first, second = np.argwhere(np.isnan(covariances))[0]
        raise Refusal("no_pairs", names[first], names[second], Text("有人同时回答的题目", "items that someone answered both of"),
                      Text("删去其中一个题目", "Leave one of the two out"))  # fmt: skip
    whole = covariances.sum()
    if whole <= SMALLEST * np.trace(covariances):
        raise Refusal("constant_total", "items", list(names), Text("总分有变化的题目", "items whose sum varies"),
                      Text("检查反向题是否写入 reversed", "See whether reversed items are named in reversed"))  # fmt: skip
    alpha, size = alpha_of(covariances), len(names)
    correlations = correlation(covariances)
    dropped = [alpha_of(np.delete(np.delete(covariances, k, 0), k, 1)) for k in range(size)]
    spread = np.sqrt(np.diag(covariances))
    with_all = covariances.sum(axis=1)
    rest = whole - 2 * with_all + spread**2
    varies = rest > SMALLEST * spread**2
    return Reliability(
        alpha=alpha,
        interval=feldt_interval(alpha, len(answered), size, level),
        standardised=alpha_of(correlations),
        average_r=float((correlations.sum() - size) / (size * (size - 1))),
        guttman_6=_guttman_6(correlations),
        if_dropped=np.array(dropped),
        item_total=np.where(varies, (with_all - spread**2) / (spread * np.sqrt(np.where(varies, rest, 1.0))), np.nan),
        item_whole=with_all / (spread * np.sqrt(whole)),
        n=len(answered),
        fewest=int(counts.min()),
        correlations=correlations,
    )


def _guttman_6(correlations: Floats) -> float | None:
    if np.linalg.eigvalsh(correlations)[0] < 1e-10 or correlations.sum() < SMALLEST * len(correlations):
        return None
    return float(1 - (1 / np.diag(np.linalg.inv(correlations))).sum() / correlations.sum())
