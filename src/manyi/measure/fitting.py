"""How well a model of covariances fits: chi-square, and what is made of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from manyi.measure.linear import Floats
from manyi.measure.results import Interval


@dataclass(frozen=True, slots=True)
class Fit:
    """``chi_square`` = n · F with S of divisor n; ``baseline`` is that of items that do not covary.

    ``p`` and ``rmsea_interval`` (90 %) are ``None`` with no degrees of freedom; then the fit says nothing. ``aic`` and
    ``bic`` count the free values of the covariances, as the means are fitted freely.
    """

    n: int
    chi_square: float
    df: int
    p: float | None
    baseline: float
    baseline_df: int
    cfi: float
    tli: float
    rmsea: float
    rmsea_interval: Interval | None
    srmr: float
    log_likelihood: float
    aic: float
    bic: float


def fit_of(covariances: Floats, implied: Floats, df: int, n: int) -> Fit:
    """The figures for ``implied`` Σ of the observed S (k, k; divisor n), both positive definite.

    CFI = 1 − max(χ² − df, 0) ÷ max(χ²₀ − df₀, χ² − df, 0) · TLI = (χ²₀/df₀ − χ²/df) ÷ (χ²₀/df₀ − 1) · RMSEA =
    √(max(χ² − df, 0) ÷ (n · df)), its interval by the noncentral χ² · SRMR over the lower triangle with its diagonal.
    Source: Bentler 1990, Psychological Bulletin 107:238; Tucker & Lewis 1973; Steiger 1990; Browne & Cudeck 1993.
    """
    size = len(covariances)
    logs = [float(np.linalg.slogdet(matrix)[1]) for matrix in (covariances, implied)]
    trace = float(np.trace(np.linalg.solve(implied, covariances)))
    chi_square = n * max(logs[1] - logs[0] + trace - size, 0.0)
    baseline, baseline_df = n * (float(np.log(np.diag(covariances)).sum()) - logs[0]), size * (size - 1) // 2
    worse = max(chi_square - df, 0.0)
    worst = max(baseline - baseline_df, worse)
    alone = baseline / baseline_df
    spread = np.sqrt(np.diag(covariances))
    apart = ((covariances - implied) / np.outer(spread, spread))[np.tril_indices(size)]
    log_likelihood = -n / 2 * (size * math.log(2 * math.pi) + logs[1] + trace)
    free = size * (size + 1) // 2 - df
    return Fit(
        n, chi_square, df, float(stats.chi2.sf(chi_square, df)) if df else None, baseline, baseline_df,
        1 - worse / worst if worst else 1.0, (alone - chi_square / df) / (alone - 1) if df else 1.0,
        float(np.sqrt(worse / (df * n))) if df else 0.0, _interval(chi_square, df, n) if df else None,
        float(np.sqrt((apart**2).mean())), log_likelihood, 2 * free - 2 * log_likelihood, math.log(n) * free - 2 * log_likelihood,
    )  # fmt: skip


def _interval(chi_square: float, df: int, n: int, level: float = 0.9) -> Interval:
    """The noncentralities that leave (1 ± level)/2 below χ², 0 where even none does."""
    lower, upper = (
        math.sqrt(_noncentral(chi_square, df, below) / (df * n)) for below in ((1 + level) / 2, (1 - level) / 2)
    )
    return Interval(lower, upper, level, "noncentral_chi_square")


def _noncentral(chi_square: float, df: int, below: float) -> float:
    def above(noncentrality: float) -> float:
        return float(stats.ncx2.cdf(chi_square, df, noncentrality)) - below

    if above(1e-9) <= 0:
        return 0.0
    reach = chi_square + df
    while above(reach) > 0:
        reach *= 2
    return float(optimize.brentq(above, 1e-9, reach, xtol=1e-10))
