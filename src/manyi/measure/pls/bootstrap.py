"""Standard errors and intervals of a path model by resampling respondents and estimating everything anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import Floats, correlation
from manyi.measure.pls.algorithm import construct_moments, outer_weights
from manyi.measure.pls.fit import PathEstimate
from manyi.measure.pls.index import Scales, index_0_100
from manyi.measure.pls.quality import heterotrait
from manyi.measure.pls.structure import path_coefficients, total_effects
from manyi.measure.resampling import (
    bca_interval,
    in_order,
    left_out_moments,
    percentile_interval,
    resampled_moments,
)

TOLERANCE = 1e-7
IntervalMethod = Literal["percentile", "bca"]


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard errors and limits of one array of figures, each of the array's shape."""

    se: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class PathBootstrap:
    """What ``used`` replicates say about paths and total effects (c, c), R² and index (c,), HTMT (c, c).

    ``lost`` replicates had no answer (an item without variance, collinear constructs); ``unconverged`` of those used had
    not converged. ``index`` is ``None`` without scales.
    """

    used: int
    lost: int
    unconverged: int
    level: float
    method: IntervalMethod
    paths: Spread
    total: Spread
    explained: Spread
    htmt: Spread
    index: Spread | None


def bootstrap_path_model(
    data: Floats,
    estimate: PathEstimate,
    *,
    replicates: int,
    seed: int,
    level: float = 0.95,
    method: IntervalMethod = "percentile",
    scales: Scales | None = None,
) -> PathBootstrap | None:
    """Resample the rows of ``data`` (n, p) ``replicates`` times; ``None`` where fewer than two have an answer.

    Every replicate is estimated from its covariance matrix, all in step, and each block is turned so that its loadings
    point as in the whole sample. Weights, and with them the index, are estimated anew each time.
    """
    rows = in_order(data)
    found, lost, unconverged = _all(resampled_moments(rows, replicates, seed), estimate, scales)
    used = replicates - lost
    if used < 2:
        return None
    left_out = _left_out(rows, estimate, scales) if method == "bca" else None
    whole = _flat(estimate)
    se = found.std(axis=0, ddof=1)
    if left_out is None:
        lower, upper = percentile_interval(found, level)
    else:
        lower, upper = bca_interval(found, whole, left_out, level)
    c = len(estimate.model.constructs)
    spreads, at = [], 0
    for shape in ((c, c), (c, c), (c,), (c, c), (c,)):
        part = slice(at, at + int(np.prod(shape)))
        spreads.append(Spread(se[part].reshape(shape), lower[part].reshape(shape), upper[part].reshape(shape)))
        at = part.stop
    paths, total, explained, htmt, index = spreads
    return PathBootstrap(
        used, lost, unconverged, level, method, paths, total, explained, htmt, index if scales is not None else None
    )


def _left_out(rows: Floats, estimate: PathEstimate, scales: Scales | None) -> Floats:
    found, lost, _ = _all(left_out_moments(rows), estimate, scales)
    if lost:
        raise Refusal("no_acceleration", "interval", "bca", Text("每次去掉一个个案后仍可估计的数据", "data that can still be estimated without any one case"),
                      Text("改用 interval = \"percentile\"，或增加个案", "Use interval = \"percentile\", or add cases"))  # fmt: skip
    return found


def _all(
    samples: Iterable[tuple[Floats, Floats]], estimate: PathEstimate, scales: Scales | None
) -> tuple[Floats, int, int]:
    rows, lost, unconverged = [], 0, 0
    for means, covariances in samples:
        found, converged = _replicates(means, covariances, estimate, scales)
        lost += len(means) - len(found)
        unconverged += int((~converged).sum())
        rows.append(found)
    return np.concatenate(rows), lost, unconverged


def _replicates(
    means: Floats, covariances: Floats, estimate: PathEstimate, scales: Scales | None
) -> tuple[Floats, np.typing.NDArray[np.bool_]]:
    model = estimate.model
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    vary = (variances > 1e-12 * variances.max(axis=1, keepdims=True)).all(axis=1)
    means, covariances, spread = means[vary], covariances[vary], np.sqrt(variances[vary])
    correlations = correlation(covariances)
    moments = correlations if estimate.scaled else covariances
    outer = outer_weights(moments, model, estimate.scheme, TOLERANCE)
    weights = outer.weights if estimate.scaled else outer.weights * spread
    with_items, between = construct_moments(correlations, weights, model)
    own = with_items[:, np.arange(len(model.owner)), model.owner]
    turn = np.where((own * estimate.loadings) @ model.member < 0, -1.0, 1.0)
    between = between * turn[:, :, None] * turn[:, None, :]
    paths, explained, sound = path_coefficients(between, model)
    figures = [_in_rows(paths), _in_rows(total_effects(paths)), explained, _in_rows(heterotrait(correlations, model))]
    raw = weights * turn[:, model.owner] / spread
    figures.append(np.zeros_like(explained) if scales is None else index_0_100(means, raw, scales, model))
    keep = outer.sound & sound
    return np.concatenate(figures, axis=1)[keep], outer.converged[keep]


def _in_rows(matrices: Floats) -> Floats:
    return matrices.reshape(len(matrices), matrices.shape[1] * matrices.shape[2])


def _flat(estimate: PathEstimate) -> Floats:
    index = np.zeros(len(estimate.explained)) if estimate.index is None else estimate.index
    return np.concatenate(
        [estimate.paths.ravel(), estimate.total.ravel(), estimate.explained, estimate.htmt.ravel(), index]
    )
