"""The PLS iteration on covariance matrices, any number of samples at once: no row is touched inside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.measure.linear import Flags, Floats, solve_symmetric
from manyi.measure.pls.model import PathModel, Scheme

TOLERANCE, MOST_ITERATIONS = 1e-10, 300
SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class OuterWeights:
    """Weights (m, p) that give every construct unit variance; how many iterations each sample took, and its verdicts.

    ``sound`` is false where no weights exist: a singular block in mode B, collinear constructs, or a construct
    that is related to none of its neighbours.
    """

    weights: Floats
    iterations: NDArray[np.intp]
    converged: Flags
    sound: Flags


def outer_weights(
    covariances: Floats,
    model: PathModel,
    scheme: Scheme,
    tolerance: float = TOLERANCE,
    most_iterations: int = MOST_ITERATIONS,
) -> OuterWeights:
    """Outer weights of ``covariances`` (m, p, p): correlation matrices for standardised items, else the raw metric.

    Y = X w · Z_j = Σ e_ij Y_i over neighbours · mode A w = cov(x, Z), mode B w = S⁻¹ cov(x, Z) · Y rescaled, until no
    standardised weight moves by ``tolerance``. Start: all weights 1. e: *centroid* sign(r), *factorial* r, *path*
    regression weights of predecessors and r of successors.
    Source: Lohmöller 1989; Tenenhaus et al. 2005, CSDA 48; Monecke & Leisch 2012, JSS 48(3).
    """
    samples, width = covariances.shape[:2]
    inverses, sound = _block_inverses(covariances, model)
    spread = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    weights = np.ones((samples, width))
    with_items, between, fine = _rescale(weights, covariances, model)
    sound &= fine
    iterations = np.zeros(samples, dtype=np.intp)
    converged = np.zeros(samples, dtype=np.bool_)
    going = np.flatnonzero(sound)
    with_items, between = with_items[going], between[going]
    for _ in range(most_iterations):
        if not len(going):
            break
        whole = len(going) == samples
        inner, fine = _inner_weights(between, model, scheme)
        moved = _outer(with_items @ inner, model, inverses if whole else {j: v[going] for j, v in inverses.items()})
        with_items, between, settled = _rescale(moved, covariances if whole else covariances[going], model)
        fine &= settled
        small = np.abs((moved - weights[going]) * spread[going]).max(axis=1) < tolerance
        weights[going] = np.where(fine[:, None], moved, weights[going])
        iterations[going] += 1
        sound[going] &= fine
        converged[going] = fine & small
        on = fine & ~small
        going, with_items, between = going[on], with_items[on], between[on]
    return OuterWeights(weights, iterations, converged, sound)


def construct_moments(covariances: Floats, weights: Floats, model: PathModel) -> tuple[Floats, Floats]:
    """Covariances of items with constructs (m, p, c) and of constructs with each other (m, c, c)."""
    spread_out = weights[:, :, None] * model.member
    with_items = covariances @ spread_out
    return with_items, np.swapaxes(spread_out, 1, 2) @ with_items


def _outer(proxies: Floats, model: PathModel, inverses: dict[int, Floats]) -> Floats:
    moved = proxies[:, np.arange(len(model.owner)), model.owner].copy()
    for construct, inverse in inverses.items():
        block = np.flatnonzero(model.owner == construct)
        moved[:, block] = np.einsum("mij,mj->mi", inverse, moved[:, block])
    return moved


def _rescale(weights: Floats, covariances: Floats, model: PathModel) -> tuple[Floats, Floats, Flags]:
    """Give every construct unit variance, in place; what it then has to do with items and constructs; false without any."""
    with_items, between = construct_moments(covariances, weights, model)
    variance = np.diagonal(between, axis1=1, axis2=2)
    largest = (weights**2 * np.diagonal(covariances, axis1=1, axis2=2)) @ model.member
    fine = variance > SMALLEST * np.where(largest > 0, largest, 1.0)
    scale = 1 / np.sqrt(np.where(fine, variance, 1.0))
    weights *= scale[:, model.owner]
    sound: Flags = np.asarray(fine.all(axis=1))
    return with_items * scale[:, None], between * (scale[:, :, None] * scale[:, None, :]), sound


def _inner_weights(between: Floats, model: PathModel, scheme: Scheme) -> tuple[Floats, Flags]:
    neighbours = model.leads | model.leads.T
    fine = np.ones(len(between), dtype=np.bool_)
    if scheme == "centroid":
        return np.sign(between) * neighbours, fine
    inner = between * neighbours
    if scheme == "path":
        for construct in model.endogenous:
            sources = model.sources(construct)
            found, sound = solve_symmetric(
                between[:, sources[:, None], sources], between[:, sources, construct][..., None]
            )
            inner[:, sources, construct] = found[..., 0]
            fine &= sound
    return inner, fine


def _block_inverses(covariances: Floats, model: PathModel) -> tuple[dict[int, Floats], Flags]:
    inverses: dict[int, Floats] = {}
    sound = np.ones(len(covariances), dtype=np.bool_)
    for construct, mode in enumerate(model.modes):
        if mode == "B":
            block = np.flatnonzero(model.owner == construct)
            unit = np.broadcast_to(np.eye(len(block)), (len(covariances), len(block), len(block)))
            inverses[construct], fine = solve_symmetric(covariances[:, block[:, None], block], unit)
            sound &= fine
    return inverses, sound
