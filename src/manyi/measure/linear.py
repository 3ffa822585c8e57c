"""Many small symmetric systems solved at once, each with a verdict on whether it can be solved at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SMALLEST_PIVOT = 1e-10
"""Share of a variable's variance that has to be its own; below it the matrix counts as singular."""


def solve_symmetric(matrices: Floats, right: Floats) -> tuple[Floats, Flags]:
    """x of A x = b for every A of ``matrices`` (m, k, k) and b of ``right`` (m, k, r), and whether A is sound (m,).

    By A = L L' (Cholesky), all matrices in step. A is sound when no pivot falls below ``SMALLEST_PIVOT`` of its diagonal;
    the answer of an unsound one is finite and means nothing. Source: Golub & Van Loan, Matrix Computations, 4.2.

    >>> x, sound = solve_symmetric(np.array([[[4.0, 2.0], [2.0, 3.0]]]), np.array([[[2.0], [1.0]]]))
    >>> x[0, :, 0].tolist(), sound.tolist()
    ([0.5, 0.0], [True])
    """
    size = matrices.shape[1]
    lower = np.zeros_like(matrices)
    sound = np.ones(len(matrices), dtype=np.bool_)
    for k in range(size):
        pivot = matrices[:, k, k] - (lower[:, k, :k] ** 2).sum(axis=1)
        fine = pivot > SMALLEST_PIVOT * matrices[:, k, k]
        sound &= fine
        root = np.sqrt(np.where(fine, pivot, 1.0))
        lower[:, k, k] = root
        below = matrices[:, k + 1 :, k] - np.einsum("mij,mj->mi", lower[:, k + 1 :, :k], lower[:, k, :k])
        lower[:, k + 1 :, k] = below / root[:, None]
    found = right.astype(np.float64, copy=True)
    for k in range(size):
        found[:, k] -= np.einsum("mj,mjr->mr", lower[:, k, :k], found[:, :k])
        found[:, k] /= lower[:, k, k, None]
    for k in reversed(range(size)):
        found[:, k] -= np.einsum("mj,mjr->mr", lower[:, k + 1 :, k], found[:, k + 1 :])
        found[:, k] /= lower[:, k, k, None]
    return np.where(sound[:, None, None], found, 0.0), sound


def correlation(covariances: Floats) -> Floats:
    """Covariance matrices (…, k, k) as correlation matrices; the caller makes sure that no variance is zero."""
    spread = np.sqrt(np.diagonal(covariances, axis1=-2, axis2=-1))
    found: Floats = covariances / (spread[..., :, None] * spread[..., None, :])
    return found
