"""Consistent PLS: paths and loadings freed from the attenuation that error in the items causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.measure.linear import Floats
from manyi.measure.pls.model import PathModel
from manyi.measure.pls.quality import composite_reliability
from manyi.measure.pls.structure import path_coefficients


@dataclass(frozen=True, slots=True)
class Consistent:
    """Corrected correlations and paths (c, c), loadings (p,), R², ρ_c and AVE (c,)."""

    correlations: Floats
    paths: Floats
    loadings: Floats
    explained: Floats
    rho_c: Floats
    ave: Floats


def consistent(
    between: Floats, rho_a: Floats, weights: Floats, loadings: Floats, model: PathModel
) -> Consistent | None:
    """PLSc (Dijkstra & Henseler 2015, CSDA 81): r ÷ √(ρ_A ρ_A), λ = w √ρ_A ÷ w'w; ``None`` where it is inadmissible.

    ``weights`` are those of standardised items. Inadmissible: a ρ_A that is not in (0, 1], a corrected correlation of 1 or
    more, or corrected constructs that are collinear. Blocks of mode B and of one item stay as they are (ρ_A = 1).
    """
    if not ((rho_a > 0) & (rho_a <= 1 + 1e-12)).all():
        return None
    corrected = between / np.sqrt(np.outer(rho_a, rho_a))
    np.fill_diagonal(corrected, 1.0)
    if (np.abs(corrected[~np.eye(len(corrected), dtype=bool)]) >= 1).any():
        return None
    paths, explained, sound = path_coefficients(corrected[None], model)
    if not sound[0] or (explained[0] >= 1).any():
        return None
    freed = loadings.copy()
    for construct in range(len(model.constructs)):
        block = np.flatnonzero(model.owner == construct)
        if model.modes[construct] == "A" and len(block) > 1:
            own = weights[block]
            freed[block] = own * np.sqrt(rho_a[construct]) / (own @ own)
    blocks = [np.flatnonzero(model.owner == construct) for construct in range(len(model.constructs))]
    rho_c = np.array([composite_reliability(freed[block]) for block in blocks])
    ave = np.array([(freed[block] ** 2).mean() for block in blocks])
    return Consistent(corrected, paths[0], freed, explained[0], rho_c, ave)
