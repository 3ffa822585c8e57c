"""Correlations of ordinal items, and whether a set of items hangs together well enough to look for factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from manyi.measure.linear import Floats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
LIMIT = 0.9999


def polychoric(first: Floats, second: Floats) -> float:
    """The correlation of two normal variables behind two ordinal ones (n,), by maximum likelihood in two steps.

    Thresholds from each item's own shares of all its answers, then ρ from the pairs answered both (Olsson 1979,
    Psychometrika 44). Empty cells stay empty: nothing is added to them.
    """
    counts, levels = _table(first, second)
    row, column = (_thresholds(values, own) for values, own in zip((first, second), levels, strict=True))

    def unlikely(rho: float) -> float:
        below = _below(row[:, None], column[None, :], rho)
        cells = np.diff(np.diff(below, axis=0), axis=1)
        return -float((counts * np.log(np.maximum(cells, 1e-300))).sum())

    return float(
        optimize.minimize_scalar(unlikely, bounds=(-LIMIT, LIMIT), method="bounded", options={"xatol": 1e-9}).x
    )


def polychoric_matrix(data: Floats) -> Floats:
    """Polychoric correlations (k, k) of the ordinal columns of ``data`` (n, k; NaN is missing), pair by pair."""
    size = data.shape[1]
    found = np.eye(size)
    for i in range(size):
        for j in range(i):
            found[i, j] = found[j, i] = polychoric(data[:, i], data[:, j])
    return found


def _table(first: Floats, second: Floats) -> tuple[Floats, tuple[Floats, Floats]]:
    rows, columns = np.unique(first[~np.isnan(first)]), np.unique(second[~np.isnan(second)])
    both = ~np.isnan(first) & ~np.isnan(second)
    counts = np.zeros((len(rows), len(columns)))
    np.add.at(counts, (np.searchsorted(rows, first[both]), np.searchsorted(columns, second[both])), 1.0)
    return counts, (rows, columns)


def _thresholds(values: Floats, levels: Floats) -> Floats:
    there = values[~np.isnan(values)]
    shares = np.searchsorted(np.sort(there), levels, side="right") / len(there)
    found: Floats = np.concatenate([[-np.inf], special.ndtri(shares[:-1]), [np.inf]])
    return found


def _below(x: Floats, y: Floats, rho: float) -> Floats:
    """P(X ≤ x, Y ≤ y) of a standard binormal: Φ(x)Φ(y) + ∫ φ₂ over sin t from 0 to asin ρ (Drezner & Wesolowsky 1990)."""
    a, b = np.broadcast_arrays(x, y)
    finite = np.isfinite(a) & np.isfinite(b)
    h, k = np.where(finite, a, 0.0)[..., None], np.where(finite, b, 0.0)[..., None]
    angles = np.arcsin(rho) * (NODES + 1) / 2
    density = np.exp(-(h**2 - 2 * h * k * np.sin(angles) + k**2) / (2 * np.cos(angles) ** 2))
    part = (density * WEIGHTS).sum(axis=-1) * np.arcsin(rho) / (4 * np.pi)
    below: Floats = special.ndtr(a) * special.ndtr(b) + np.where(finite, part, 0.0)
    return below


def rank_correlations(data: Floats) -> Floats:
    """Spearman's ρ (k, k): Pearson's of the ranks, ties at their mean rank."""
    found: Floats = np.corrcoef(stats.rankdata(data, axis=0), rowvar=False)
    return found


def kendall_matrix(data: Floats) -> Floats:
    """Kendall's τ_b (k, k), which allows for ties (Kendall 1945)."""
    size = data.shape[1]
    found = np.eye(size)
    for i in range(size):
        for j in range(i):
            found[i, j] = found[j, i] = stats.kendalltau(data[:, i], data[:, j]).statistic
    return found


@dataclass(frozen=True, slots=True)
class Adequacy:
    """KMO of all items and of each (k,): near 1 where partial correlations are small; Bartlett's test of no correlation."""

    kmo: float
    items: Floats
    bartlett: float
    df: int
    p: float


def adequacy(correlations: Floats, n: int) -> Adequacy:
    """KMO = Σr² ÷ (Σr² + Σq²) off the diagonal, q partial correlations (Kaiser 1974); χ² = −(n − 1 − (2k + 5)/6) ln|R|.

    ``correlations`` (k, k) have to be positive definite. Source of the test: Bartlett 1951.
    """
    size = len(correlations)
    inverse = np.linalg.inv(correlations)
    root = np.sqrt(np.diag(inverse))
    partial, plain = (inverse / np.outer(root, root)) ** 2, correlations**2
    np.fill_diagonal(partial, 0.0)
    plain = plain - np.diag(np.diag(plain))
    items = plain.sum(axis=0) / (plain.sum(axis=0) + partial.sum(axis=0))
    chi_square = -(n - 1 - (2 * size + 5) / 6) * float(np.linalg.slogdet(correlations)[1])
    df = size * (size - 1) // 2
    return Adequacy(
        float(plain.sum() / (plain.sum() + partial.sum())), items, chi_square, df, float(stats.chi2.sf(chi_square, df))
    )
