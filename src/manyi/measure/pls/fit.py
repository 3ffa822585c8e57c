"""One sample in, everything a path model gives: weights, paths, quality, index, and what to bear in mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_cases
from manyi.measure.linear import Floats, correlation
from manyi.measure.pls.algorithm import MOST_ITERATIONS, TOLERANCE, construct_moments, outer_weights
from manyi.measure.pls.consistent import Consistent, consistent
from manyi.measure.pls.effects import effect_sizes
from manyi.measure.pls.index import Scales, importance, index_0_100
from manyi.measure.pls.model import PathModel, Scheme
from manyi.measure.pls.quality import Quality, goodness_of_fit, heterotrait, quality
from manyi.measure.pls.structure import inflation, path_coefficients, total_effects


@dataclass(frozen=True, slots=True)
class PathEstimate:
    """A fitted path model. Matrices of constructs are [from, to]; items stand in the order of ``model.items``.

    ``weights`` give constructs of unit variance: of standardised items where ``scaled``, else of the raw items with the
    divisor n. ``standard_weights`` and ``raw_weights`` are the same in the one and the other metric. ``index`` and
    ``importance`` are ``None`` without scales.
    """

    model: PathModel
    scheme: Scheme
    scaled: bool
    n: int
    weights: Floats
    standard_weights: Floats
    raw_weights: Floats
    cross_loadings: Floats
    correlations: Floats
    paths: Floats
    total: Floats
    explained: Floats
    adjusted: Floats
    effect_sizes: Floats
    inflation: Floats
    quality: Quality
    htmt: Floats
    gof: float | None
    index: Floats | None
    simple_mean: Floats | None
    importance: Floats | None
    consistent: Consistent | None
    iterations: int
    converged: bool
    flipped: tuple[str, ...]

    @property
    def loadings(self) -> Floats:
        """Correlation of every item with its own construct (p,)."""
        return self.cross_loadings[np.arange(len(self.model.owner)), self.model.owner]


def fit_path_model(
    data: Floats,
    model: PathModel,
    *,
    scheme: Scheme = "path",
    scaled: bool = True,
    scales: Scales | None = None,
    tolerance: float = TOLERANCE,
    most_iterations: int = MOST_ITERATIONS,
) -> PathEstimate:
    """The path model of complete ``data`` (n, p), columns as ``model.items``.

    ``scaled`` works on correlations (every item counts alike), else on covariances (items that vary more count more): the
    two differ from the second digit on, so every result says which it is. A construct without a majority of positive
    loadings is turned round, as plspm does, and named in ``flipped``. A sample that has not converged is given as it
    stands, ``converged`` false.
    Refuses fewer cases than items, constant items, singular blocks of mode B and constructs that cannot be told apart.
    """
    check_cases(data, model.items, at_least=len(model.items))
    covariances = np.atleast_2d(np.cov(data, rowvar=False))
    correlations = correlation(covariances)
    moments = correlations if scaled else covariances
    outer = outer_weights(moments[None], model, scheme, tolerance, most_iterations)
    if not outer.sound[0]:
        zh, en = (
            "互不线性相关、且与相邻潜变量有关的题目组",
            "blocks that are not collinear and related to their neighbours",
        )
        raise _singular("blocks", zh, en)
    weights, flipped = _turned(outer.weights[0], moments, model)
    spread = np.sqrt(np.diag(covariances))
    raw, standard = (weights / spread, weights) if scaled else (weights, weights * spread)
    cross, between, paths, explained = _structure(correlations, standard, model)
    loadings = cross[np.arange(len(model.owner)), model.owner]
    measured = quality(correlations, standard, loadings, model)
    total, n = total_effects(paths[None])[0], len(data)
    return PathEstimate(
        model=model, scheme=scheme, scaled=scaled, n=n,
        weights=weights if scaled else weights * np.sqrt(n / (n - 1)),
        standard_weights=standard, raw_weights=raw, cross_loadings=cross, correlations=between,
        paths=paths, total=total, explained=explained, adjusted=_adjusted(explained, n, model),
        effect_sizes=effect_sizes(moments, explained, model, scheme), inflation=inflation(between, model),
        quality=measured, htmt=heterotrait(correlations[None], model)[0], gof=goodness_of_fit(loadings, explained, model),
        index=index_0_100(data.mean(axis=0), raw, scales, model) if scales else None,
        simple_mean=index_0_100(data.mean(axis=0), np.ones(len(raw)), scales, model) if scales else None,
        importance=importance(total, raw, scales, model) if scales else None,
        consistent=consistent(between, measured.rho_a, standard, loadings, model),
        iterations=int(outer.iterations[0]), converged=bool(outer.converged[0]), flipped=flipped,
    )  # fmt: skip


def _structure(correlations: Floats, weights: Floats, model: PathModel) -> tuple[Floats, Floats, Floats, Floats]:
    with_items, between = construct_moments(correlations[None], weights[None], model)
    paths, explained, sound = path_coefficients(between, model)
    if not sound[0]:
        zh, en = "指向同一潜变量的各潜变量互不线性相关", "no collinear constructs among those that lead to one"
        raise _singular("paths", zh, en)
    return with_items[0], between[0], paths[0], explained[0]


def _adjusted(explained: Floats, n: int, model: PathModel) -> Floats:
    """1 − (1 − R²)(n − 1) ÷ (n − k − 1); NaN where no degrees of freedom are left."""
    left = n - model.leads.sum(axis=0) - 1
    found: Floats = np.where(left > 0, 1 - (1 - explained) * (n - 1) / np.where(left > 0, left, 1), np.nan)
    return found


def _turned(weights: Floats, moments: Floats, model: PathModel) -> tuple[Floats, tuple[str, ...]]:
    with_items, _ = construct_moments(moments[None], weights[None], model)
    own = np.sign(with_items[0][np.arange(len(model.owner)), model.owner])
    turn: NDArray[np.bool_] = own @ model.member <= 0
    flipped = tuple(name for name, turned in zip(model.constructs, turn, strict=True) if turned)
    return np.where(turn[model.owner], -weights, weights), flipped


def _singular(param: str, zh: str, en: str) -> Refusal:
    return Refusal(
        "singular", param, "…", Text(zh, en),
        Text("删去或合并重复的题目、潜变量", "Remove or merge items or constructs that say the same"),
    )  # fmt: skip
