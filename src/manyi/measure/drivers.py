"""How much of what is explained each driver accounts for, when drivers go together: LMG and Johnson's relative weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_cases
from manyi.measure.linear import SMALLEST_PIVOT, Floats, correlation
from manyi.measure.resampling import in_order, percentile_interval, resampled_moments

MOST_EXACT = 15
PERMUTATIONS = 4000
CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Drivers:
    """Shares of R² and their company, one value per predictor (p,).

    ``lmg`` and ``johnson`` add up to ``r_squared`` · ``first`` R² of the predictor alone · ``last`` what it adds to all others
    · ``beta`` standardised coefficient · ``pratt`` beta × correlation · ``vif`` variance inflation · ``exact`` false where LMG
    is a mean over drawn orders, then with its simulation error ``lmg_se``.
    """

    n: int
    r_squared: float
    adjusted: float
    lmg: Floats
    johnson: Floats
    first: Floats
    last: Floats
    beta: Floats
    pratt: Floats
    vif: Floats
    exact: bool
    lmg_se: Floats


@dataclass(frozen=True, slots=True)
class DriverSpread:
    """Bootstrap limits of LMG and Johnson shares (p,), of R², and how many replicates had an answer."""

    used: int
    lost: int
    lmg: tuple[Floats, Floats]
    johnson: tuple[Floats, Floats]
    r_squared: tuple[float, float]


def drivers(data: Floats, names: tuple[str, ...], seed: int = 1) -> Drivers:
    """Drivers of the first column of ``data`` (n, 1 + p), which is complete, by the others.

    LMG_j = Σ_S |S|! (p − |S| − 1)! ÷ p! · [R²(S ∪ j) − R²(S)], over all 2^p subsets to p = 15, above by drawn orders.
    Johnson ε = (Λ∘Λ)(b∘b), Λ = R^½, b = Λ⁻¹ r. Assumes a linear relation without gaps in the set of drivers; shares say what
    goes together, not what causes what. Refuses fewer cases than p + 2, constant columns and collinear predictors.
    Sources: Lindeman, Merenda & Gold 1980; Grömping 2006, JSS 17(1); Johnson 2000, MBR 35:1–19.
    """
    check_cases(data, names, at_least=data.shape[1] + 1)
    n, p = len(data), data.shape[1] - 1
    whole = correlation(np.cov(data, rowvar=False))
    between, right = whole[1:, 1:], whole[1:, 0]
    if np.linalg.eigvalsh(between)[0] < SMALLEST_PIVOT:
        raise Refusal("singular", "predictors", list(names[1:]), Text("互不线性相关的自变量", "predictors that are not collinear"),
                      Text("删去重复的列，或可由其他列算出的列", "Remove columns that repeat or add up to others"))  # fmt: skip
    inverse = np.linalg.inv(between)
    beta = inverse @ right
    r_squared = min(float(beta @ right), 1.0)
    vif = np.diag(inverse)
    exact = p <= MOST_EXACT
    lmg, spread = (lmg_shares(whole[None])[0], np.zeros(p)) if exact else _drawn_lmg(whole, seed)
    return Drivers(
        n, r_squared, 1 - (1 - r_squared) * (n - 1) / (n - p - 1), lmg, johnson_weights(whole[None])[0], right**2,
        beta**2 / vif, beta, beta * right, vif, exact, spread,
    )  # fmt: skip


def bootstrap_drivers(data: Floats, *, replicates: int, seed: int, level: float = 0.95) -> DriverSpread | None:
    """Percentile limits by resampling the rows of ``data`` (n, 1 + p); ``None`` where fewer than two resamples have an answer.

    Above 15 predictors LMG is left to Johnson's weights: its limits are NaN.
    """
    p = data.shape[1] - 1
    found = []
    for _, covariances in resampled_moments(in_order(data), replicates, seed):
        variances = np.diagonal(covariances, axis1=1, axis2=2)
        vary = (variances > 1e-12 * variances.max(axis=0)).all(axis=1)
        whole = correlation(covariances[vary])
        whole = whole[np.linalg.eigvalsh(whole[:, 1:, 1:])[:, 0] > SMALLEST_PIVOT]
        johnson = johnson_weights(whole)
        lmg = lmg_shares(whole) if p <= MOST_EXACT else np.full_like(johnson, np.nan)
        found.append(np.concatenate([lmg, johnson, johnson.sum(axis=1, keepdims=True)], axis=1))
    values = np.concatenate(found)
    if len(values) < 2:
        return None
    lower, upper = percentile_interval(values, level)
    return DriverSpread(
        len(values), replicates - len(values), (lower[:p], upper[:p]), (lower[p:-1], upper[p:-1]),
        (float(lower[-1]), float(upper[-1])),
    )  # fmt: skip


def lmg_shares(correlations: Floats) -> Floats:
    """Exact LMG (m, p) of correlation matrices (m, 1 + p, 1 + p), the outcome first: R² of all subsets by sweeping.

    Each step splits every subset into one without and one with the next predictor; the latter is swept out (Schur
    complement), so all 2^p values cost about six times 2^p small steps.
    """
    p = correlations.shape[1] - 1
    at_once = max(1, CELLS >> p)
    parts = [_lmg(correlations[start : start + at_once]) for start in range(0, len(correlations), at_once)]
    return np.concatenate(parts) if parts else np.zeros((0, p))


def _lmg(correlations: Floats) -> Floats:
    samples, p = len(correlations), correlations.shape[1] - 1
    left = correlations[:, None]
    for _ in range(p):
        own, column = left[..., 1, 1], np.delete(left[..., 1], 1, axis=-1)
        rest = np.delete(np.delete(left, 1, axis=-1), 1, axis=-2)
        swept = rest - column[..., :, None] * column[..., None, :] / own[..., None, None]
        left = np.stack([rest, swept], axis=2).reshape(samples, -1, *rest.shape[-2:])
    explained = (1 - left[..., 0, 0]).reshape(samples, *(2,) * p)
    sizes = np.indices((2,) * (p - 1)).reshape(p - 1, -1).sum(axis=0) if p > 1 else np.zeros(1, dtype=int)
    weights = _orders(p)[sizes]
    shares = np.empty((samples, p))
    for j in range(p):
        gain = np.take(explained, 1, axis=j + 1) - np.take(explained, 0, axis=j + 1)
        shares[:, j] = gain.reshape(samples, -1) @ weights
    return shares


def _orders(p: int) -> Floats:
    """|S|! (p − |S| − 1)! ÷ p! for |S| from 0 to p − 1: one over p times the number of subsets of that size."""
    found = np.empty(p)
    choose = 1.0
    for size in range(p):
        found[size] = 1 / (p * choose)
        choose *= (p - 1 - size) / (size + 1)
    return found


def _drawn_lmg(whole: Floats, seed: int) -> tuple[Floats, Floats]:
    """LMG as the mean over drawn orders and their reverses, with its standard error.

    With the outcome last in a Cholesky factor, the squares of its row are what each predictor adds in that order.
    """
    p = len(whole) - 1
    random = np.random.default_rng(seed)
    sums, squares, pairs = np.zeros(p), np.zeros(p), PERMUTATIONS // 2
    at_once = max(1, CELLS // (p + 1) ** 2)
    for start in range(0, pairs, at_once):
        some = min(at_once, pairs - start)
        orders = random.permuted(np.tile(np.arange(1, p + 1), (some, 1)), axis=1)
        mean = (_gains(whole, orders) + _gains(whole, orders[:, ::-1])) / 2
        sums += mean.sum(axis=0)
        squares += (mean**2).sum(axis=0)
    mean = sums / pairs
    return mean, np.sqrt(np.maximum(squares / pairs - mean**2, 0.0) / (pairs - 1))


def _gains(whole: Floats, orders: np.typing.NDArray[np.intp]) -> Floats:
    full = np.concatenate([orders, np.zeros((len(orders), 1), dtype=orders.dtype)], axis=1)
    matrices = whole[full[:, :, None], full[:, None, :]] + 0.0
    matrices[:, -1, -1] += 1e-9
    row = np.linalg.cholesky(matrices)[:, -1, :-1] ** 2
    gains = np.empty_like(row)
    np.put_along_axis(gains, orders - 1, row, axis=1)
    return gains


def johnson_weights(correlations: Floats) -> Floats:
    """Relative weights (m, p) of correlation matrices (m, 1 + p, 1 + p), the outcome first; they add up to R²."""
    values, vectors = np.linalg.eigh(correlations[:, 1:, 1:])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    shares: Floats = (root**2 @ np.linalg.solve(root, correlations[:, 1:, :1]) ** 2)[..., 0]
    return shares
