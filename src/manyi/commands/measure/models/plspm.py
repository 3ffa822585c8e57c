"""``plspm``: a path model by partial least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.models.cautions import cautions, resampling_cautions
from manyi.commands.measure.models.fitting import MODEL_KEYS, ModelData, read_model
from manyi.commands.measure.models.reading import check_resampling, named, number
from manyi.commands.measure.models.template import with_template
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import Floats
from manyi.measure.pls.algorithm import MOST_ITERATIONS, TOLERANCE
from manyi.measure.pls.bootstrap import PathBootstrap, Spread, bootstrap_path_model
from manyi.measure.pls.fit import PathEstimate, fit_path_model


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """The model fitted, resampled and described."""
    check_resampling(spec)
    _check_course(spec)
    source = read_model(table, with_template(spec))
    fit, spread, warnings = fit_and_resample(source, spec)
    return Answer(describe(fit, spread), fit.n, tuple(warnings))


def fit_and_resample(
    source: ModelData, spec: Mapping[str, Any]
) -> tuple[PathEstimate, PathBootstrap | None, list[Any]]:
    """The model of the data with its replicates, and every warning."""
    fit = fit_path_model(
        source.data, source.model, scheme=spec["scheme"], scaled=spec["scaled"], scales=source.scales,
        tolerance=spec.get("tolerance", TOLERANCE), most_iterations=spec.get("max_iterations", MOST_ITERATIONS),
    )  # fmt: skip
    spread = (
        bootstrap_path_model(
            source.data, fit, replicates=spec["bootstrap"], seed=spec["seed"], level=spec["level"],
            method=spec["interval"], scales=source.scales,
        )
        if spec["bootstrap"] else None
    )  # fmt: skip
    warnings = [*source.warnings, *cautions(fit), *resampling_cautions(spread, spec["bootstrap"], fit)]
    return fit, spread, warnings


def describe(fit: PathEstimate, spread: PathBootstrap | None) -> dict[str, Any]:
    """Every figure under the keys the method promises."""
    names, behind, quality = fit.model.constructs, fit.model.endogenous, fit.quality
    return {
        "paths": _effects(fit, fit.paths, fit.model.leads, spread.paths if spread else None),
        "r_squared": {names[c]: float(fit.explained[c]) for c in behind},
        "adjusted_r_squared": {names[c]: number(fit.adjusted[c]) for c in behind},
        "loadings": named(fit.model.items, fit.loadings),
        "weights": named(fit.model.items, fit.weights),
        "alpha": _known(names, quality.alpha),
        "rho_a": _known(names, quality.rho_a),
        "rho_c": _known(names, quality.rho_c),
        "ave": named(names, quality.ave),
        "htmt": _pairs(fit, fit.htmt),
        "gof": fit.gof,
        "index": _known(names, fit.index),
        "iterations": fit.iterations,
        "converged": fit.converged,
        "metric": "standardised" if fit.scaled else "raw",
        "replicates": spread.used if spread else 0,
        "total_effects": _effects(fit, fit.total, fit.total != 0, spread.total if spread else None),
        **_details(fit),
        "intervals": _intervals(fit, spread),
    }


def _details(fit: PathEstimate) -> dict[str, Any]:
    names, items, own = fit.model.constructs, fit.model.items, fit.loadings**2
    return {
        "f_squared": _plain(fit, fit.effect_sizes),
        "vif": _plain(fit, fit.inflation),
        "cross_loadings": {item: named(names, fit.cross_loadings[k]) for k, item in enumerate(items)},
        "communality": named(items, own),
        "redundancy": named(items, own * fit.explained[fit.model.owner]),
        "construct_correlations": _pairs(fit, fit.correlations),
        "rho_dg": _known(names, fit.quality.rho_dg),
        "eigenvalues": {
            n: [float(v) for v in fit.quality.eigenvalues[c] if np.isfinite(v)] for c, n in enumerate(names)
        },
        "plsc": _freed(fit),
        "simple_mean": _known(names, fit.simple_mean),
        "importance_performance": importance_performance(fit),
    }


def importance_performance(fit: PathEstimate, target: str = "") -> list[dict[str, Any]]:
    """What a point of each construct's index is worth on each other's it acts on, beside its own index."""
    if fit.importance is None or fit.index is None:
        return []
    names = fit.model.constructs
    return [
        {"target": names[j], "construct": names[i], "importance": number(fit.importance[i, j]), "performance": number(fit.index[i])}
        for j in fit.model.endogenous for i in np.flatnonzero(fit.total[:, j]) if target in ("", names[j])
    ]  # fmt: skip


def _below(fit: PathEstimate) -> list[tuple[int, int]]:
    size = len(fit.model.constructs)
    return [(i, j) for i in range(size) for j in range(i)]


def _pairs(fit: PathEstimate, values: Floats) -> list[dict[str, Any]]:
    names = fit.model.constructs
    return [{"a": names[i], "b": names[j], "value": number(values[i, j])} for i, j in _below(fit)]


def _effects(fit: PathEstimate, values: Floats, which: Any, spread: Spread | None) -> list[dict[str, Any]]:
    names = fit.model.constructs
    order = [(names.index(a), names.index(b)) for a, b in fit.model.paths]
    lines = order + [(i, j) for i, j in np.argwhere(which) if (i, j) not in order]
    return [
        {
            "from": names[i], "to": names[j], "estimate": float(values[i, j]),
            "se": float(spread.se[i, j]) if spread else None,
            "lower": float(spread.lower[i, j]) if spread else None,
            "upper": float(spread.upper[i, j]) if spread else None,
        }
        for i, j in lines
    ]  # fmt: skip


def _plain(fit: PathEstimate, values: Floats) -> list[dict[str, Any]]:
    names = fit.model.constructs
    return [{"from": a, "to": b, "value": number(values[names.index(a), names.index(b)])} for a, b in fit.model.paths]


def _known(names: Sequence[str], values: Floats | None) -> dict[str, float | None]:
    """Values under their names; ``None`` for one that does not exist, or for all."""
    return {name: None if values is None else number(values[k]) for k, name in enumerate(names)}


def _freed(fit: PathEstimate) -> dict[str, Any] | None:
    freed, names = fit.consistent, fit.model.constructs
    if freed is None:
        return None
    return {
        "paths": [
            {"from": a, "to": b, "estimate": float(freed.paths[names.index(a), names.index(b)])}
            for a, b in fit.model.paths
        ],
        "r_squared": {names[c]: float(freed.explained[c]) for c in fit.model.endogenous},
        "loadings": named(fit.model.items, freed.loadings),
        "rho_c": _known(names, freed.rho_c),
        "ave": named(names, freed.ave),
    }


def _intervals(fit: PathEstimate, spread: PathBootstrap | None) -> list[dict[str, Any]]:
    if spread is None:
        return []
    names = fit.model.constructs
    rows = [("r_squared", names[c], fit.explained[c], spread.explained, c) for c in fit.model.endogenous]
    rows += [("htmt", f"{names[i]} – {names[j]}", fit.htmt[i, j], spread.htmt, (i, j)) for i, j in _below(fit)]
    if spread.index is not None and fit.index is not None:
        rows += [("index", name, fit.index[c], spread.index, c) for c, name in enumerate(names)]
    return [
        {"of": of, "name": name, "estimate": number(value), "se": number(s.se[at]), "lower": number(s.lower[at]), "upper": number(s.upper[at])}
        for of, name, value, s, at in rows
    ]  # fmt: skip


def _check_course(spec: Mapping[str, Any]) -> None:
    if not 0 < spec["tolerance"] < 1:
        raise Refusal("bad_tolerance", "tolerance", spec["tolerance"], Text("0 与 1 之间的数", "a number between 0 and 1"),
                      Text("例如 tolerance = 1e-10", "For example tolerance = 1e-10"))  # fmt: skip
    if not 1 <= spec["max_iterations"] <= 100_000:
        raise Refusal("bad_iterations", "max_iterations", spec["max_iterations"], Text("1 至 100000 的整数", "a whole number from 1 to 100000"),
                      Text("例如 max_iterations = 300", "For example max_iterations = 300"))  # fmt: skip


PLSPM = Method(
    "plspm",
    "1",
    Text("偏最小二乘路径模型", "Path model by partial least squares"),
    (
        *MODEL_KEYS,
        SpecKey("tolerance", "number", Text("权重变动小于此数即停止", "stop when no standardised weight moves by more"), TOLERANCE),
        SpecKey("max_iterations", "whole", Text("最多迭代次数", "most iterations"), MOST_ITERATIONS),
    ),
    {
        "paths": Text("各条路径及其标准误和区间", "every path: `from`, `to`, `estimate`, and `se`, `lower`, `upper` of the resampling (null without)"),
        "r_squared": Text("各被解释潜变量的 R²", "R² by construct that something leads to"),
        "adjusted_r_squared": Text("调整后的 R²", "R² adjusted for the number of paths"),
        "loadings": Text("题目与其潜变量的相关", "correlation of every item with its construct"),
        "weights": Text("题目的权重，潜变量方差为 1", "weights of the items for constructs of unit variance; of raw items (divisor n) where `scaled` is false"),
        "alpha": Text("标准化 α", "standardised Cronbach alpha by construct; 1 for one item"),
        "rho_a": Text("ρ_A", "Dijkstra–Henseler rho_A by construct; 1 for one item and for mode B"),
        "rho_c": Text("组合信度", "composite reliability by construct"),
        "ave": Text("平均提取方差", "average variance extracted by construct"),
        "htmt": Text("异质–单质比", "heterotrait–monotrait ratio of every pair: `a`, `b`, `value` (null where a block's items are uncorrelated, with a warning)"),
        "gof": Text("整体拟合 GoF", "√(mean communality × mean R²), blocks of one item left out; null, with a warning, where there are no others"),
        "index": Text("0–100 指数", "0–100 index by construct; null, with a warning, where the items share no scale"),
        "iterations": Text("迭代次数", "iterations used"),
        "converged": Text("是否收敛", "whether the weights settled"),
        "metric": Text("题目的尺度", "standardised or raw"),
        "replicates": Text("计入的重抽样次数", "resamples used"),
        "total_effects": Text("总效应", "direct and indirect effects together, in the form of `paths`"),
        "f_squared": Text("效应量 f²", "f² of every path, the model estimated anew without it: `from`, `to`, `value` (null, with a warning, where R² is 1)"),
        "vif": Text("方差膨胀因子", "variance inflation of every path: `from`, `to`, `value`"),
        "cross_loadings": Text("交叉载荷", "correlation of every item with every construct"),
        "communality": Text("共同度", "squared loading by item"),
        "redundancy": Text("冗余度", "squared loading × R² by item"),
        "construct_correlations": Text("潜变量之间的相关", "correlations of constructs: `a`, `b`, `value`"),
        "rho_dg": Text("Dillon–Goldstein ρ", "Dillon–Goldstein rho of the first principal component, by construct"),
        "eigenvalues": Text("题目相关的前两个特征值", "first two eigenvalues of the items' correlations, by construct"),
        "plsc": Text("一致性修正的结果", "`paths`, `r_squared`, `loadings`, `rho_c`, `ave` under the consistent correction; null, with a warning, where inadmissible"),
        "intervals": Text("R²、HTMT 和指数的区间", "resampling of R², HTMT and index: `of`, `name`, `estimate`, `se`, `lower`, `upper`; empty without"),
        "simple_mean": Text("题目简单平均的 0–100 分", "plain mean of the items on 0–100, by construct; null as `index`"),
        "importance_performance": Text("重要性与表现", "`target`, `construct`, `importance` (points of the target for one point), `performance`; empty without index"),
    },
    run,
)  # fmt: skip
