"""One factor behind the items: loadings by maximum likelihood, McDonald's ω and how well one factor fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_cases
from manyi.measure.linear import SMALLEST_PIVOT, Floats, correlation
from manyi.measure.results import Interval

SMALLEST_ERROR = 1e-6
"""Smallest share of an item's variance that is left as error; an item at this limit is a Heywood case."""


@dataclass(frozen=True, slots=True)
class OneFactor:
    """ω with its interval, loadings and error variances of the raw items (k,), standardised loadings, and the fit.

    ``ave`` = Σλ² ÷ (Σλ² + Σθ) · ``chi_square`` = n · F at the minimum, ``df`` = k(k − 3)/2 · ``cfi``, ``rmsea``, ``srmr``;
    with three items the model fits perfectly and says nothing (df 0, CFI 1, RMSEA 0). ``heywood`` marks items whose error
    variance ran to its limit.
    """

    omega: float
    interval: Interval
    loadings: Floats
    errors: Floats
    standardised: Floats
    ave: float
    chi_square: float
    df: int
    p: float | None
    cfi: float
    rmsea: float
    srmr: float
    n: int
    heywood: np.typing.NDArray[np.bool_]
    converged: bool


def one_factor(data: Floats, names: tuple[str, ...], level: float = 0.95) -> OneFactor:
    """ω = (Σλ)² ÷ ((Σλ)² + Σθ) of complete ``data`` (n, k ≥ 3) from a one-factor model by maximum likelihood.

    Minimises log|Σ| + tr(SΣ⁻¹) over the errors θ, the loadings following from the first eigenvector (Lawley & Maxwell 1971);
    S has the divisor n. The interval is that of logit ω by the delta method on the expected information. Assumes one
    dimension and uncorrelated errors; the normal likelihood orders rating items well where they have five grades or more.
    Refuses fewer than three items, fewer cases than items, constant items and singular correlations.
    Source: McDonald 1999, Test Theory, ch. 6; Bollen 1989, ch. 7.
    """
    size = len(names)
    if size < 3:
        raise Refusal("too_few_items", "items", list(names), Text("至少三个题目", "at least three items"),
                      Text("两个题目确定不了一个因子，请看 alpha", "Two items do not settle a factor; look at alpha"))  # fmt: skip
    check_cases(data, names, at_least=size + 1)
    n = len(data)
    covariances = np.cov(data, rowvar=False, bias=True)
    spread = np.sqrt(np.diag(covariances))
    correlations = correlation(covariances)
    if np.linalg.eigvalsh(correlations)[0] < SMALLEST_PIVOT:
        raise Refusal("singular", "items", list(names), Text("互不线性相关的题目", "items that are not collinear"),
                      Text("删去重复的题目或总分列", "Remove repeated items and columns of totals"))  # fmt: skip
    errors, converged = _errors(correlations)
    standard = _loadings(correlations, errors)
    loadings, raw_errors = standard * spread, errors * spread**2
    common = float(loadings.sum()) ** 2
    omega = common / (common + float(raw_errors.sum()))
    squares = float(loadings @ loadings)
    chi_square = n * max(_discrepancy(errors, correlations), 0.0)
    df = size * (size - 3) // 2
    return OneFactor(
        omega, _interval(omega, loadings, raw_errors, n, level), loadings, raw_errors, standard,
        squares / (squares + float(raw_errors.sum())), chi_square, df, float(stats.chi2.sf(chi_square, df)) if df else None,
        *_fit(chi_square, df, n, correlations), _residual(correlations, standard, errors), n,
        errors <= SMALLEST_ERROR * 1.01, converged,
    )  # fmt: skip


def _errors(correlations: Floats) -> tuple[Floats, bool]:
    start = np.clip(1 / np.diag(np.linalg.inv(correlations)), 0.05, 0.95)
    found = optimize.minimize(
        lambda logs: _discrepancy(np.exp(logs), correlations), np.log(start), method="L-BFGS-B",
        jac=lambda logs: _slope(np.exp(logs), correlations),
        bounds=[(np.log(SMALLEST_ERROR), 0.0)] * len(start), options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000},
    )  # fmt: skip
    settled = bool(found.success or np.abs(found.jac).max() < 1e-5)
    return np.exp(found.x), settled


def _scaled(correlations: Floats, errors: Floats) -> tuple[Floats, Floats]:
    root = np.sqrt(errors)
    return np.linalg.eigh(correlations / np.outer(root, root))


def _loadings(correlations: Floats, errors: Floats) -> Floats:
    values, vectors = _scaled(correlations, errors)
    loadings = np.sqrt(errors) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    turned: Floats = -loadings if loadings.sum() < 0 else loadings
    return turned


def _discrepancy(errors: Floats, correlations: Floats) -> float:
    rest = _scaled(correlations, errors)[0][:-1]
    return float((rest - np.log(rest) - 1).sum())


def _slope(errors: Floats, correlations: Floats) -> Floats:
    """By the logarithm of each error: θ · diag(Σ⁻¹ (Σ − S) Σ⁻¹)."""
    loadings = _loadings(correlations, errors)
    implied = np.outer(loadings, loadings) + np.diag(errors)
    inverse = np.linalg.inv(implied)
    found: Floats = np.diag(inverse @ (implied - correlations) @ inverse) * errors
    return found


def _fit(chi_square: float, df: int, n: int, correlations: Floats) -> tuple[float, float]:
    size = len(correlations)
    alone = n * -float(np.linalg.slogdet(correlations)[1])
    worse, worst = max(chi_square - df, 0.0), max(alone - size * (size - 1) / 2, chi_square - df, 0.0)
    cfi = 1 - worse / worst if worst > 0 else 1.0
    return cfi, float(np.sqrt(worse / (df * n))) if df else 0.0


def _residual(correlations: Floats, standard: Floats, errors: Floats) -> float:
    apart = correlations - np.outer(standard, standard) - np.diag(errors)
    upper = np.triu_indices(len(correlations))
    return float(np.sqrt((apart[upper] ** 2).mean()))


def _interval(omega: float, loadings: Floats, errors: Floats, n: int, level: float) -> Interval:
    """By the delta method: the information of (λ, θ) is n/2 · tr(Σ⁻¹ ∂Σ Σ⁻¹ ∂Σ)."""
    size = len(loadings)
    inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(errors))
    unit = np.eye(size)
    slopes = [np.outer(e, loadings) + np.outer(loadings, e) for e in unit] + [np.outer(e, e) for e in unit]
    moved = np.array([inverse @ slope for slope in slopes])
    information = n / 2 * np.einsum("aij,bji->ab", moved, moved)
    total, error = float(loadings.sum()), float(errors.sum())
    below = total**2 + error
    by_loading, by_error = 2 * total * error / below**2, -(total**2) / below**2
    slope = np.concatenate([np.full(size, by_loading), np.full(size, by_error)])
    variance = float(slope @ np.linalg.pinv(information, hermitian=True) @ slope)
    inside = min(max(omega, 1e-12), 1 - 1e-12)
    reach = special.ndtri((1 + level) / 2) * np.sqrt(max(variance, 0.0)) / (inside * (1 - inside))
    middle = special.logit(inside)
    return Interval(float(special.expit(middle - reach)), float(special.expit(middle + reach)), level, "delta_logit")
