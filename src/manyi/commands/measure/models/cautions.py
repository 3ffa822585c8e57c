"""What a path model's figures have to be read with: the cautions of its quality, size and resampling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from manyi.commands.measure.models.reading import SMALL, listed
from manyi.measure.pls.bootstrap import PathBootstrap
from manyi.measure.pls.fit import PathEstimate
from manyi.measure.results import Warned

LOW_RELIABILITY, LOW_AVE, HIGH_HTMT, HIGH_VIF = 0.7, 0.5, 0.9, 5.0
POWER = 2.486
"""z of 5 % one-sided plus z of 80 % power: the inverse square-root rule (Kock & Hadaya 2018, ISJ 28:227–261)."""


def cautions(fit: PathEstimate) -> list[Warned]:
    """Every warning the fitted model itself deserves."""
    found = [*_course(fit), *_measurement(fit), *_separation(fit), *_structure(fit), *_weights(fit)]
    return [Warned(code, listed(parts)) for code, parts in found if parts]


def resampling_cautions(spread: PathBootstrap | None, replicates: int, fit: PathEstimate) -> list[Warned]:
    """Warnings of the resampling: none made, replicates lost or not converged, an estimate outside its interval."""
    if spread is None:
        return [Warned("no_interval", f"bootstrap = {replicates}")]
    found = []
    if spread.lost:
        found.append(Warned("replicates_lost", f"{spread.lost} / {replicates}"))
    if spread.unconverged:
        found.append(Warned("replicates_unconverged", f"{spread.unconverged} / {spread.used}"))
    outside = (fit.paths < spread.paths.lower) | (fit.paths > spread.paths.upper)
    if outside.any():
        found.append(Warned("estimate_outside", listed(_arrow(fit, i, j) for i, j in np.argwhere(outside))))
    names = fit.model.constructs
    empty = [
        f"HTMT {names[i]} – {names[j]}" for i, j in np.argwhere(np.isnan(spread.htmt.lower) & np.isfinite(fit.htmt))
    ]
    if empty:
        found.append(Warned("not_estimable", listed(empty)))
    return found


def _arrow(fit: PathEstimate, source: int, target: int) -> str:
    return f"{fit.model.constructs[source]} → {fit.model.constructs[target]}"


def _course(fit: PathEstimate) -> Iterator[tuple[str, list[str]]]:
    yield "not_converged", [] if fit.converged else [str(fit.iterations)]
    yield "sign_flipped", list(fit.flipped)
    yield "small_sample", [f"n = {fit.n}"] if fit.n < SMALL else []


def _measurement(fit: PathEstimate) -> Iterator[tuple[str, list[str]]]:
    names, quality = fit.model.constructs, fit.quality
    several = [len(block) > 1 and mode == "A" for block, mode in zip(fit.model.blocks, fit.model.modes, strict=True)]
    for code, values, limit in (
        ("low_alpha", quality.alpha, LOW_RELIABILITY),
        ("low_rho", quality.rho_c, LOW_RELIABILITY),
        ("low_ave", quality.ave, LOW_AVE),
    ):
        yield code, [f"{names[c]} {v:.3f}" for c, v in enumerate(values) if several[c] and v < limit]
    yield "negative_loading", [f"{i} {v:.3f}" for i, v in zip(fit.model.items, fit.loadings, strict=True) if v < 0]


def _separation(fit: PathEstimate) -> Iterator[tuple[str, list[str]]]:
    names, pairs = fit.model.constructs, np.argwhere(np.triu(np.ones_like(fit.htmt), 1))
    unknown = [f"HTMT {names[i]} – {names[j]}" for i, j in pairs if not np.isfinite(fit.htmt[i, j])]
    for of, values in (
        ("α", fit.quality.alpha),
        ("ρ_A", fit.quality.rho_a),
        ("ρ_c", fit.quality.rho_c),
        ("ρ_DG", fit.quality.rho_dg),
    ):
        unknown += [f"{of} {names[c]}" for c in np.flatnonzero(~np.isfinite(values))]
    yield "not_estimable", unknown
    yield "high_htmt", [f"{names[i]} – {names[j]} {fit.htmt[i, j]:.3f}" for i, j in pairs if fit.htmt[i, j] > HIGH_HTMT]
    own = np.sqrt(fit.quality.ave)
    yield "fornell_larcker", [
        f"{names[i]} – {names[j]} {fit.correlations[i, j]:.3f}"
        for i, j in pairs if abs(fit.correlations[i, j]) > min(own[i], own[j])
    ]  # fmt: skip
    yield "no_gof", ["gof"] if fit.gof is None else []


def _structure(fit: PathEstimate) -> Iterator[tuple[str, list[str]]]:
    lines = list(zip(*np.nonzero(fit.model.leads), strict=True))
    spent = [fit.model.constructs[c] for c in fit.model.endogenous if not np.isfinite(fit.adjusted[c])]
    sizeless = [f"f² {_arrow(fit, i, j)}" for i, j in lines if not np.isfinite(fit.effect_sizes[i, j])]
    yield "not_estimable", [f"adjusted R² {name}" for name in spent] + sizeless
    yield (
        "high_vif",
        [f"{_arrow(fit, i, j)} {fit.inflation[i, j]:.2f}" for i, j in lines if fit.inflation[i, j] > HIGH_VIF],
    )
    yield "underpowered", [
        f"{_arrow(fit, i, j)} {fit.paths[i, j]:.3f}: n ≥ {(POWER / fit.paths[i, j]) ** 2:.0f}"
        for i, j in lines if fit.n * fit.paths[i, j] ** 2 <= POWER**2 and abs(fit.paths[i, j]) > 1e-6
    ]  # fmt: skip
    freed = fit.consistent
    yield "plsc_inadmissible", ["plsc"] if freed is None else []
    yield "plsc_sign_change", [] if freed is None else [
        f"{_arrow(fit, i, j)} {fit.paths[i, j]:.3f} / {freed.paths[i, j]:.3f}"
        for i, j in lines if fit.paths[i, j] * freed.paths[i, j] < 0
    ]  # fmt: skip


def _weights(fit: PathEstimate) -> Iterator[tuple[str, list[str]]]:
    if fit.index is None:
        return
    yield "negative_weight", [f"{i} {w:.3f}" for i, w in zip(fit.model.items, fit.weights, strict=True) if w < 0]
    yield "index_undefined", [c for c, v in zip(fit.model.constructs, fit.index, strict=True) if not np.isfinite(v)]
