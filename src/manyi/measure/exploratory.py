"""Factors looked for without a model: loadings by least squares of the residual correlations, turned by varimax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import SMALLEST_PIVOT, Floats

SMALLEST_ERROR = 0.005
"""Smallest share of an item's variance that is left as its own; an item at this limit is a Heywood case."""


@dataclass(frozen=True, slots=True)
class Factors:
    """Rotated ``loadings`` (k, m), the factor that explains most first, each with a positive sum; (k,) ``communalities``.

    ``explained`` (m,) are the sums of squared loadings: in items' worth of variance. ``residual`` is the root mean square
    of what the factors leave of the correlations. ``heywood`` marks items whose own variance ran to its limit. ``df``,
    ``tli`` and ``rmsea`` (with n, by the likelihood's discrepancy) are those of the number of factors, whatever the rotation.
    """

    loadings: Floats
    communalities: Floats
    explained: Floats
    residual: float
    df: int
    tli: float
    rmsea: float
    heywood: np.typing.NDArray[np.bool_]
    converged: bool


def factors(correlations: Floats, count: int, n: int) -> Factors:
    """``count`` factors of positive definite ``correlations`` (k, k) of ``n`` cases by minres, rotated by varimax.

    Minres: own variances ψ whose loadings, from the largest eigenvectors of R − Ψ, leave the least squares off the diagonal
    (Harman & Jones 1966, Psychometrika 31; computed as unweighted least squares, Jöreskog 1972, whose minimum is the same
    while no ψ is at its limit). TLI and RMSEA from Bartlett's χ² = (n − 1 − (2k + 5)/6 − 2m/3) F, the same
    factor for items that do not correlate; RMSEA = √(χ² ÷ (df · n) − 1 ÷ (n − 1)).
    Refuses fewer than one factor or more than the correlations can settle, and singular correlations.
    """
    size = len(correlations)
    df = ((size - count) ** 2 - size - count) // 2
    if count < 1 or df < 0:
        raise Refusal("bad_factor_count", "factors", count, Text("相关矩阵能够确定的因子数", "a number that the correlations can settle"),
                      Text("减少因子，或增加题目", "Look for fewer factors or add items"))  # fmt: skip
    if np.linalg.eigvalsh(correlations)[0] < SMALLEST_PIVOT:
        raise Refusal("singular", "correlations", size, Text("互不线性相关的题目", "items that are not collinear"),
                      Text("删去重复的题目或总分列", "Remove repeated items and columns of totals"))  # fmt: skip
    own, converged = _own(correlations, count)
    plain = _loadings(correlations, own, count)
    turned = varimax(plain)
    turned = turned * np.where(turned.sum(axis=0) < 0, -1.0, 1.0)
    turned = turned[:, np.argsort(-(turned**2).sum(axis=0), kind="stable")]
    communalities = (plain**2).sum(axis=1)
    apart = correlations - plain @ plain.T
    return Factors(
        turned, communalities, (turned**2).sum(axis=0), float(np.sqrt((apart[np.triu_indices(size, 1)] ** 2).mean())), df,
        *_fit(correlations, plain, df, n), own <= SMALLEST_ERROR * 1.01, converged,
    )  # fmt: skip


def varimax(loadings: Floats) -> Floats:
    """``loadings`` (k, m) turned so that the variance of the squares within each factor is largest.

    Rows are brought to length 1 first (Kaiser 1958, Psychometrika 23:187), the rotation is found by repeated polar
    decomposition (Horst 1965; Magnus & Neudecker). A row of zeros stays zero.
    """
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rows = loadings / np.where(lengths > 0, lengths, 1.0)
    turn, reached = np.eye(loadings.shape[1]), 0.0
    for _ in range(1000):
        turned = rows @ turn
        left, weights, right = np.linalg.svd(rows.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        turn, before, reached = left @ right, reached, float(weights.sum())
        if reached <= before * (1 + 1e-13):
            break
    found: Floats = loadings @ turn
    return found


def _own(correlations: Floats, count: int) -> tuple[Floats, bool]:
    start = np.clip(1 / np.diag(np.linalg.inv(correlations)), 2 * SMALLEST_ERROR, 1.0)

    def left_over(own: Floats) -> tuple[float, Floats]:
        values, vectors = np.linalg.eigh(correlations - np.diag(own))
        rest, sides = values[:-count], vectors[:, :-count]
        return float((rest**2).sum()) / 2, -(sides**2 @ rest)

    found = optimize.minimize(left_over, start, jac=True, method="L-BFGS-B", bounds=[(SMALLEST_ERROR, 1.0)] * len(start),
                              options={"ftol": 1e-16, "gtol": 1e-9, "maxiter": 5000})  # fmt: skip
    return found.x, bool(found.success)


def _loadings(correlations: Floats, own: Floats, count: int) -> Floats:
    values, vectors = np.linalg.eigh(correlations - np.diag(own))
    found: Floats = vectors[:, -count:] * np.sqrt(np.maximum(values[-count:], 0.0))
    return found


def _fit(correlations: Floats, loadings: Floats, df: int, n: int) -> tuple[float, float]:
    """TLI and RMSEA; without degrees of freedom 1 and 0, which say nothing."""
    size, count = loadings.shape
    implied = loadings @ loadings.T
    np.fill_diagonal(implied, 1.0)
    none = -float(np.linalg.slogdet(correlations)[1])
    trace = float(np.trace(np.linalg.solve(implied, correlations)))
    some = trace + float(np.linalg.slogdet(implied)[1]) + none - size
    if not df:
        return 1.0, 0.0
    many = n - 1 - (2 * size + 5) / 6 - 2 * count / 3
    alone, chi_square = many * none / (size * (size - 1) / 2), many * some
    tli = (alone - chi_square / df) / (alone - 1)
    return tli, float(np.sqrt(max(chi_square / (df * n) - 1 / (n - 1), 0.0)))
