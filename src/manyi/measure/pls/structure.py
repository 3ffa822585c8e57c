"""The inner model: paths, shares of variance explained, total effects and collinearity."""

from __future__ import annotations

import numpy as np

from manyi.measure.linear import Flags, Floats, solve_symmetric
from manyi.measure.pls.model import PathModel


def path_coefficients(between: Floats, model: PathModel) -> tuple[Floats, Floats, Flags]:
    """Paths (m, c, c; [from, to]), R² (m, c; 0 where nothing leads) and soundness, from correlations of constructs.

    Least squares of each construct on those that lead to it: b = R_ss⁻¹ r_s, R² = b' r_s.
    """
    paths = np.zeros_like(between)
    explained = np.zeros(between.shape[:2])
    sound = np.ones(len(between), dtype=np.bool_)
    for construct in model.endogenous:
        sources = model.sources(construct)
        right = between[:, sources, construct]
        found, fine = solve_symmetric(between[:, sources[:, None], sources], right[..., None])
        paths[:, sources, construct] = found[..., 0]
        explained[:, construct] = (found[..., 0] * right).sum(axis=1)
        sound &= fine
    return paths, explained, sound


def total_effects(paths: Floats) -> Floats:
    """Direct and indirect effects together: B + B² + B³ + …, which ends because no path runs in a circle."""
    total, power = paths.copy(), paths
    for _ in range(paths.shape[-1] - 1):
        power = power @ paths
        total = total + power
    return total


def inflation(between: Floats, model: PathModel) -> Floats:
    """Variance inflation of every path (c, c): 1 ÷ (1 − R² of the source on the other sources); 1 where it is alone."""
    found = np.zeros_like(between)
    for construct in model.endogenous:
        sources = model.sources(construct)
        for source in sources:
            found[source, construct] = 1 / (1 - _explained(between, sources[sources != source], int(source)))
    return found


def _explained(between: Floats, sources: np.typing.NDArray[np.intp], construct: int) -> float:
    if not len(sources):
        return 0.0
    right = between[sources, construct]
    found, _ = solve_symmetric(between[sources[:, None], sources][None], right[None, :, None])
    return float(found[0, :, 0] @ right)
