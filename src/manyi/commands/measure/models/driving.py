"""``drivers``: how much of an outcome each driver accounts for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import REQUIRED, Answer, Method, SpecKey
from manyi.commands.measure.models.reading import (
    LEVEL,
    MISSING_CODES,
    SEED,
    SMALL,
    check_resampling,
    complete,
    listed,
    named,
    names,
    number,
    numeric_columns,
    read_columns,
    rows_named,
)
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.drivers import MOST_EXACT, PERMUTATIONS, Drivers, DriverSpread, bootstrap_drivers, drivers
from manyi.measure.results import Warned

FEW_PER_PREDICTOR, HIGH_VIF, WEAK = 15, 5.0, 0.1


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """The shares of R² with their intervals."""
    check_resampling(spec)
    outcome, codes, warnings = str(spec["outcome"]), spec["missing_codes"], []
    table.column(outcome)
    predictors = names(spec["predictors"])
    if spec["predictors"] is None:
        numeric, left = numeric_columns(table, codes)
        predictors = tuple(head for head in numeric if head != outcome)
        warnings += rows_named(table)
        if left:
            warnings.append(Warned("columns_left_out", listed(left)))
    if not predictors or outcome in predictors:
        raise Refusal("bad_predictors", "predictors", list(predictors), Text("至少一个不同于结果的列", "at least one column other than the outcome"),
                      Text("列出自变量，不含结果", "List the predictors without the outcome"))  # fmt: skip
    heads = (outcome, *predictors)
    data, warned = complete(read_columns(table, heads, codes), heads, "listwise")
    found = drivers(data, heads, spec["seed"])
    spread = (
        bootstrap_drivers(data, replicates=spec["bootstrap"], seed=spec["seed"], level=spec["level"])
        if spec["bootstrap"]
        else None
    )
    warnings += [*warned, *_cautions(found, predictors), *_resampling(found, spread, spec["bootstrap"], predictors)]
    return Answer(_describe(found, spread, predictors), found.n, tuple(warnings))


def _describe(found: Drivers, spread: DriverSpread | None, predictors: tuple[str, ...]) -> dict[str, Any]:
    whole = found.r_squared
    rows = []
    for k, name in enumerate(predictors):
        row = {
            "predictor": name, "lmg": float(found.lmg[k]), "share": float(found.lmg[k] / whole) if whole > 0 else None,
            "johnson": float(found.johnson[k]), "first": float(found.first[k]), "last": float(found.last[k]),
            "beta": float(found.beta[k]), "pratt": float(found.pratt[k]), "vif": float(found.vif[k]),
        }  # fmt: skip
        for of, limits in (("lmg", spread.lmg if spread else None), ("johnson", spread.johnson if spread else None)):
            row[f"{of}_lower"] = number(limits[0][k]) if limits else None
            row[f"{of}_upper"] = number(limits[1][k]) if limits else None
        rows.append(row)
    return {
        "r_squared": whole,
        "lmg": named(predictors, found.lmg),
        "johnson": named(predictors, found.johnson),
        "adjusted_r_squared": found.adjusted,
        "r_squared_lower": spread.r_squared[0] if spread else None,
        "r_squared_upper": spread.r_squared[1] if spread else None,
        "rows": rows,
        "exact": found.exact,
        "replicates": spread.used if spread else 0,
    }


def _cautions(found: Drivers, predictors: tuple[str, ...]) -> list[Warned]:
    p, warned = len(predictors), []
    if found.n < FEW_PER_PREDICTOR * p:
        warned.append(Warned("few_per_predictor", f"n / p = {found.n} / {p}"))
    if found.n < SMALL:
        warned.append(Warned("small_sample", f"n = {found.n}"))
    if found.r_squared < WEAK:
        warned.append(Warned("weak_model", f"R² = {found.r_squared:.3f}"))
    tied = [f"{name} {v:.2f}" for name, v in zip(predictors, found.vif, strict=True) if v > HIGH_VIF]
    if tied:
        warned.append(Warned("high_vif", listed(tied)))
    against = [f"{name} {b:.3f}" for name, b, v in zip(predictors, found.beta, found.pratt, strict=True) if v < 0]
    if against:
        warned.append(Warned("suppressor", listed(against)))
    if not found.exact:
        about = f"{PERMUTATIONS}, ± {float(np.max(found.lmg_se)):.2g}"
        warned.append(Warned("drawn_orders", about))
        warned.append(Warned("no_interval", f"lmg, p > {MOST_EXACT}"))
    return warned


def _resampling(
    found: Drivers, spread: DriverSpread | None, replicates: int, predictors: tuple[str, ...]
) -> list[Warned]:
    if spread is None:
        return [Warned("no_interval", f"bootstrap = {replicates}")]
    warned = [Warned("replicates_lost", f"{spread.lost} / {replicates}")] if spread.lost else []
    outside = [
        f"{of} {name}"
        for of, values, limits in (("lmg", found.lmg, spread.lmg), ("johnson", found.johnson, spread.johnson))
        for name, value, low, high in zip(predictors, values, *limits, strict=True) if value < low or value > high
    ]  # fmt: skip
    return [*warned, Warned("estimate_outside", listed(outside))] if outside else warned


DRIVERS = Method(
    "drivers",
    "1",
    Text("关键驱动因素", "Key drivers"),
    (
        SpecKey("outcome", "text", Text("要解释的列", "the column to be explained"), REQUIRED),
        SpecKey("predictors", "texts", Text("自变量所在的列；不写则取其余数字列", "columns of the drivers; every other numeric column when absent"), None),
        SpecKey("bootstrap", "whole", Text("重抽样次数，0 表示不做", "number of resamples, 0 for none"), 500),
        SEED,
        LEVEL,
        MISSING_CODES,
    ),
    {
        "r_squared": Text("R²", "share of the outcome's variance that the drivers explain together"),
        "lmg": Text("LMG 份额，合计为 R²", "LMG (Shapley) share by predictor; they add up to `r_squared`"),
        "johnson": Text("Johnson 相对权重，合计为 R²", "Johnson's relative weight by predictor; they add up to `r_squared`"),
        "adjusted_r_squared": Text("调整后的 R²", "R² adjusted for the number of drivers"),
        "r_squared_lower": Text("R² 区间下限", "lower limit of R² (percentile; null without resampling)"),
        "r_squared_upper": Text("R² 区间上限", "upper limit of R²"),
        "rows": Text("各自变量的全部数字", "by predictor: `predictor`, `lmg`, `share` (of R²; null where R² is 0), `johnson`, `first` (R² alone), `last` (added to all others), `beta` (standardised), `pratt`, `vif`, and limits `lmg_lower`, `lmg_upper`, `johnson_lower`, `johnson_upper` (null without resampling)"),
        "exact": Text("LMG 是否精确", "whether LMG is over all subsets (15 predictors or fewer) or over drawn orders"),
        "replicates": Text("计入的重抽样次数", "resamples used"),
    },
    run,
)  # fmt: skip
