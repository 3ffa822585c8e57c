"""How well items measure their constructs: reliability, convergence and separation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.measure.linear import Floats
from manyi.measure.pls.model import PathModel
from manyi.measure.reliability import alpha_of

SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Quality:
    """One value per construct, in the order of the model; a construct of one item has 1 throughout.
    NaN is what the items leave undefined: their sum does not vary, or all but one weigh nothing.

    ``alpha`` standardised Cronbach α · ``rho_a`` Dijkstra–Henseler · ``rho_c`` Jöreskog from the loadings · ``ave`` mean
    squared loading · ``rho_dg`` Dillon–Goldstein ρ of the first principal component · ``eigenvalues`` (c, 2) the first two
    of the items' correlations (second NaN for one item).
    """

    alpha: Floats
    rho_a: Floats
    rho_c: Floats
    ave: Floats
    rho_dg: Floats
    eigenvalues: Floats


def quality(correlations: Floats, weights: Floats, loadings: Floats, model: PathModel) -> Quality:
    """From the items' correlations (p, p), the weights of standardised items and the loadings (p,).

    Sources: Cronbach 1951; Dijkstra & Henseler 2015, CSDA 81; Werts, Linn & Jöreskog 1974; Fornell & Larcker 1981;
    Tenenhaus et al. 2005, CSDA 48.
    """
    rows = []
    for construct in range(len(model.constructs)):
        block = np.flatnonzero(model.owner == construct)
        within = correlations[np.ix_(block, block)]
        mode = model.modes[construct]
        first, values = _first_component(within)
        rows.append(
            (
                alpha_of(within) if len(block) > 1 else 1.0,
                _rho_a(within, weights[block]) if mode == "A" else 1.0,
                composite_reliability(loadings[block]),
                float((loadings[block] ** 2).mean()),
                composite_reliability(first),
                values,
            )
        )
    alpha, rho_a, rho_c, ave, rho_dg, eigenvalues = (np.array(column) for column in zip(*rows, strict=True))
    return Quality(alpha, rho_a, rho_c, ave, rho_dg, eigenvalues)


def composite_reliability(loadings: Floats) -> float:
    """ρ_c = (Σλ)² ÷ ((Σλ)² + Σ(1 − λ²)); NaN where perfect loadings cancel out."""
    common, own = float(loadings.sum()) ** 2, float((1 - loadings**2).sum())
    return common / (common + own) if common + own > SMALLEST else np.nan


def heterotrait(correlations: Floats, model: PathModel) -> Floats:
    """HTMT (m, c, c) of item correlations (m, p, p): mean |r| between ÷ geometric mean of the mean |r| within.

    Source: Henseler, Ringle & Sarstedt 2015, JAMS 43:115–135, with absolute correlations; one item counts as 1 within.
    NaN where a block's items are wholly uncorrelated.
    """
    sizes = model.member.sum(axis=0)
    sums = model.member.T @ np.abs(correlations) @ model.member
    inside = (np.diagonal(sums, axis1=1, axis2=2) - sizes) / np.where(sizes > 1, sizes * (sizes - 1), 1)
    inside = np.where(sizes > 1, np.where(inside > SMALLEST, inside, 0.0), 1.0)
    scale = np.sqrt(inside[:, :, None] * inside[:, None, :])
    found: Floats = np.where(scale > 0, sums / np.outer(sizes, sizes) / np.where(scale > 0, scale, 1.0), np.nan)
    return found


def goodness_of_fit(loadings: Floats, explained: Floats, model: PathModel) -> float | None:
    """√(mean communality of items in blocks of several × mean R²); ``None`` where every block has one item.

    Kept for comparison only: it does not tell a valid from an invalid model (Henseler & Sarstedt 2013).
    """
    several = np.array([len(block) > 1 for block in model.blocks])[model.owner]
    if not several.any():
        return None
    return float(np.sqrt((loadings[several] ** 2).mean() * explained[model.endogenous].mean()))


def _rho_a(within: Floats, weights: Floats) -> float:
    if len(within) == 1:
        return 1.0
    squares = float(weights @ weights)
    own = squares**2 - float((weights**4).sum())
    shared = float(weights @ within @ weights) - float(weights**2 @ np.diag(within))
    return squares**2 * shared / own if own > SMALLEST * squares**2 else np.nan


def _first_component(within: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh(within)
    second = values[-2] if len(values) > 1 else np.nan
    return vectors[:, -1] * np.sqrt(values[-1]), np.array([values[-1], second])
