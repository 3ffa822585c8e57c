"""Factors behind items and the paths between them by maximum likelihood on covariances: confirmatory factor analysis, SEM.

The model is said as for partial least squares (``pls.model``): ``loose_blocks`` for factors that all covary freely,
``path_model`` where factors lead to others. The figures of the fit stand in ``measure.fitting``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_cases
from manyi.measure.fitting import Fit, fit_of
from manyi.measure.linear import SMALLEST_PIVOT, Floats, correlation
from manyi.measure.pls.model import PathModel

Scaling = Literal["marker", "variance"]
Ints = NDArray[np.intp]

TINY = 1e-30
"""Step of the derivatives in the imaginary direction: exact to rounding, as nothing is subtracted."""
STEPS, HALVES, SETTLED = 150, 20, 1e-18


@dataclass(frozen=True, slots=True)
class Structural:
    """Loadings in the order of ``model.items`` and paths in that of ``model.paths``, raw and standardised, with errors.

    ``se`` of what is fixed is 0. ``errors`` are the items' own variances, ``factors`` the implied covariances of the factors
    (m, m), ``r_squared`` (m,) is NaN where nothing leads to a factor. ``improper`` names items and factors with a negative
    variance: a Heywood case, the figures of which mean nothing, NaN where they have no root. ``converged``: whether the search came to rest.
    """

    model: PathModel
    loadings: Floats
    loadings_se: Floats
    standardised: Floats
    standardised_se: Floats
    paths: Floats
    paths_se: Floats
    standardised_paths: Floats
    standardised_paths_se: Floats
    errors: Floats
    errors_se: Floats
    factors: Floats
    r_squared: Floats
    fit: Fit
    improper: tuple[str, ...]
    converged: bool


def structural(data: Floats, model: PathModel, scaling: Scaling = "marker") -> Structural:
    """Σ = Λ(I − B)⁻¹Ψ(I − B)⁻ᵀΛᵀ + Θ fitted to complete ``data`` (n, p), columns in the order of ``model.items``.

    Minimises F = log|Σ| + tr(SΣ⁻¹) − log|S| − p, S with the divisor n, by scoring with halved steps. Free are the loadings,
    the paths, Θ's diagonal, the variances in Ψ, and the covariances of factors nothing leads to; what paths leave
    unexplained in two factors does not covary. The scale of a factor is that of its first item (``marker``: loading 1) or
    its variance left unexplained is 1 (``variance``); fit and standardised figures are the same. Standard errors from the
    expected information, those of standardised figures by the delta method. Assumes independent cases and near-normal items.
    Refuses factors of one item, formative blocks, too few cases, collinear items, and models the data cannot settle.
    Source: Jöreskog 1970, Biometrika 57:239; Bollen 1989, Structural Equations with Latent Variables, ch. 4, 7, 8.
    """
    _check_model(model)
    names = model.items
    check_cases(data, names, at_least=len(names) + 1)
    covariances = np.cov(data, rowvar=False, bias=True)
    if np.linalg.eigvalsh(correlation(covariances))[0] < SMALLEST_PIVOT:
        raise Refusal("singular", "items", list(names), Text("互不线性相关的题目", "items that are not collinear"),
                      Text("删去重复的题目或总分列", "Remove repeated items and columns of totals"))  # fmt: skip
    shape = _Shape.of(model, scaling)
    df = len(names) * (len(names) + 1) // 2 - shape.size
    if df < 0:
        raise _unsettled(model, df)
    values, converged = _search(shape, covariances)
    spread = _information(shape, values, covariances)[1]
    balanced = correlation(spread) if (np.diag(spread) > 0).all() else np.zeros_like(spread)
    if np.linalg.eigvalsh(balanced)[0] < SMALLEST_PIVOT:
        raise _unsettled(model, df)
    among = np.asarray(2 / len(data) * np.linalg.inv(spread), np.float64)
    return _told(shape, values, among, fit_of(covariances, shape.implied(values), df, len(data)), converged)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the free values go. ``values`` holds free loadings, paths, own variances of items, and Ψ, in this order."""

    model: PathModel
    free: Ints
    fixed: bool
    sources: Ints
    targets: Ints
    rows: Ints
    columns: Ints

    @classmethod
    def of(cls, model: PathModel, scaling: Scaling) -> _Shape:
        place = {name: k for k, name in enumerate(model.constructs)}
        first = np.searchsorted(model.owner, np.arange(len(place)))
        free = np.setdiff1d(np.arange(len(model.items)), first) if scaling == "marker" else np.arange(len(model.items))
        outer = np.setdiff1d(np.arange(len(place)), model.endogenous)
        rows, columns = (outer[k] for k in np.tril_indices(len(outer), -1))
        if scaling == "marker":
            every = np.arange(len(place))
            rows, columns = np.concatenate([every, rows]), np.concatenate([every, columns])
        ends = np.array([(place[a], place[b]) for a, b in model.paths], np.intp).reshape(-1, 2)
        return cls(model, free, scaling == "variance", ends[:, 0], ends[:, 1], rows, columns)

    @property
    def size(self) -> int:
        return len(self.free) + len(self.sources) + len(self.model.items) + len(self.rows)

    def parts(self, values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Loadings (…, p), paths (…, k), own variances (…, p) and the covariances of the factors (…, m, m)."""
        size, items, kind = len(self.model.constructs), len(self.model.items), values.dtype
        some, paths, own, rest = np.split(values, np.cumsum([len(self.free), len(self.sources), items]), axis=-1)
        loadings = np.ones((*values.shape[:-1], items), kind)
        loadings[..., self.free] = some
        among = np.zeros((*values.shape[:-1], size, size), kind)
        if self.fixed:
            among[...] = np.eye(size)
        among[..., self.rows, self.columns] = rest
        among[..., self.columns, self.rows] = rest
        leads = np.zeros_like(among)
        leads[..., self.targets, self.sources] = paths
        through = np.linalg.inv(np.eye(size) - leads)
        return loadings, paths, own, through @ among @ np.swapaxes(through, -1, -2)

    def implied(self, values: NDArray[Any]) -> NDArray[Any]:
        """Σ (…, p, p)."""
        loadings, _, own, factors = self.parts(values)
        owner = self.model.owner
        common = factors[..., owner[:, None], owner] * loadings[..., :, None] * loadings[..., None, :]
        found: NDArray[Any] = common + own[..., None] * np.eye(len(owner))
        return found

    def standardised(self, values: NDArray[Any]) -> NDArray[Any]:
        """Loadings and paths (…, p + k) of items and factors of variance 1."""
        loadings, paths, own, factors = self.parts(values)
        spread = np.sqrt(np.diagonal(factors, axis1=-2, axis2=-1))
        common = loadings * spread[..., self.model.owner]
        between = paths * spread[..., self.sources] / spread[..., self.targets]
        return np.concatenate([common / np.sqrt(common**2 + own), between], axis=-1)

    def slopes(self, values: Floats, figure: str) -> Floats:
        """Of ``implied`` or ``standardised`` by every free value (q, …)."""
        found = getattr(self, figure)(values + 1j * TINY * np.eye(self.size)).imag / TINY
        return np.asarray(found, np.float64)

    def start(self, covariances: Floats) -> Floats:
        """Half of every variance in common, loadings with the sign of the first item's correlation, nothing between."""
        own = np.diag(covariances)
        first = np.searchsorted(self.model.owner, np.arange(len(self.model.constructs)))
        lead = first[self.model.owner]
        sign = np.where(covariances[np.arange(len(own)), lead] < 0, -1.0, 1.0)
        scale = np.sqrt(0.5 * own) if self.fixed else np.sqrt(own / own[lead])
        among = np.where(self.rows == self.columns, 0.5 * own[first[self.rows]], 0.0)
        return np.concatenate([(sign * scale)[self.free], np.zeros(len(self.sources)), 0.5 * own, among])


def _search(shape: _Shape, covariances: Floats) -> tuple[Floats, bool]:
    values = shape.start(covariances)
    here = _discrepancy(shape, values, covariances)
    for _ in range(STEPS):
        slope, bend = _information(shape, values, covariances)
        size = np.sqrt(np.maximum(np.diag(bend), 1e-300))
        eased = bend / np.outer(size, size) + 1e-9 * np.eye(len(bend))
        step = -np.linalg.solve(eased, slope / size) / size
        if -float(slope @ step) < SETTLED:
            return values, True
        for half in 0.5 ** np.arange(HALVES):
            there = _discrepancy(shape, values + half * step, covariances)
            if there <= here + 1e-14:
                break
        else:
            return values, -float(slope @ step) < 1e-10
        values, here = values + half * step, there
    return values, False


def _discrepancy(shape: _Shape, values: Floats, covariances: Floats) -> float:
    implied = shape.implied(values)
    try:
        root = np.linalg.cholesky(implied)
    except np.linalg.LinAlgError:
        return np.inf
    return float(2 * np.log(np.diag(root)).sum() + np.trace(np.linalg.solve(implied, covariances)))


def _information(shape: _Shape, values: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    """Slopes of F, tr(Σ⁻¹(Σ − S)Σ⁻¹ ∂Σ), and 2 ÷ n of the expected information, tr(Σ⁻¹ ∂Σ Σ⁻¹ ∂Σ)."""
    implied = shape.implied(values)
    inverse = np.linalg.inv(implied)
    moved = inverse @ shape.slopes(values, "implied")
    slope = np.einsum("aij,ji->a", moved, inverse @ (implied - covariances))
    turned = np.swapaxes(moved, 1, 2).reshape(len(moved), -1)
    found: Floats = moved.reshape(len(moved), -1) @ turned.T
    return slope, found


def _told(shape: _Shape, values: Floats, among: Floats, fit: Fit, converged: bool) -> Structural:
    model = shape.model
    loadings, paths, own, factors = shape.parts(values)
    with np.errstate(invalid="ignore"):  # a negative variance has no root: its standardised figures are NaN
        standard = shape.standardised(values)
    slopes = np.where(np.isnan(standard), np.nan, shape.slopes(values, "standardised"))
    standard_se = np.sqrt(np.maximum(np.einsum("ai,ab,bi->i", slopes, among, slopes), 0.0))
    errors = np.sqrt(np.diag(among))
    loadings_se = np.zeros(len(own))
    loadings_se[shape.free] = errors[: len(shape.free)]
    paths_se, own_se, _ = np.split(errors[len(shape.free) :], np.cumsum([len(paths), len(own)]))
    left, explained = _unexplained(shape, values), np.full(len(factors), np.nan)
    inner = model.endogenous
    explained[inner] = 1 - left[inner] / np.diag(factors)[inner]
    least = np.concatenate([own, np.minimum(left, np.diag(factors))])
    improper = [name for name, variance in zip(model.items + model.constructs, least, strict=True) if variance < 0]
    k = len(own)
    return Structural(
        model, loadings, loadings_se, standard[:k], standard_se[:k], paths, paths_se, standard[k:], standard_se[k:],
        own, own_se, factors, explained, fit, tuple(improper), converged,
    )  # fmt: skip


def _unexplained(shape: _Shape, values: Floats) -> Floats:
    """Ψ's diagonal (m,)."""
    size = len(shape.model.constructs)
    return np.ones(size) if shape.fixed else values[len(values) - len(shape.rows) :][:size]


def _check_model(model: PathModel) -> None:
    for name, items, mode in zip(model.constructs, model.blocks, model.modes, strict=True):
        if len(items) < 2:
            raise Refusal("too_few_items", f"blocks.{name}", list(items), Text("至少两个题目", "at least two items"),
                          Text("一个题目分不出误差；加一个题目，或用 plspm", "One item cannot be told from its error; add one, or use plspm"))  # fmt: skip
        if mode == "B":
            raise Refusal("formative_block", f"modes.{name}", mode, Text("反映型题目组", "a reflective block"),
                          Text("形成型题目组请用 plspm", "Use plspm for a formative block"))  # fmt: skip


def _unsettled(model: PathModel, df: int) -> Refusal:
    return Refusal("not_identified", "model", f"df {df}", Text("数据能够确定的模型", "a model that the data can settle"),
                   Text("增加题目，减少路径，或合并因子", "Add items, remove paths, or merge factors"))  # fmt: skip
