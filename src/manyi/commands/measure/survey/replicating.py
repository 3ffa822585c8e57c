"""The keys that ask for replicate weights, and the weights made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.designs import Design
from manyi.measure.replicates import KINDS, Replicates, given, replicate

REPLICATES: tuple[SpecKey, ...] = (
    SpecKey(
        "replicates",
        "text",
        Text(
            "方差用复制权重；缺省时用 Taylor 线性化",
            "variance from replicate weights of this kind; by Taylor series where absent",
        ),
        None,
        KINDS,
    ),
    SpecKey(
        "replicate_weights",
        "texts",
        Text("数据自带的复制权重各列", "columns of replicate weights that came with the data"),
        None,
    ),
    SpecKey(
        "replicate_scale",
        "number",
        Text("自带权重的总系数", "the factor of their sum of squares; from the kind where absent"),
        None,
    ),
    SpecKey("rscales", "texts", Text("自带权重每列的系数", "the factor of each of them"), None),
    SpecKey("rho", "number", Text("Fay 法的系数", "the factor of Fay's method"), 0.0),
    SpecKey("draws", "whole", Text("bootstrap 次数", "bootstrap replicates"), 500),
    SpecKey("seed", "whole", Text("bootstrap 种子", "seed of the bootstrap"), 1),
)


def replicates_of(table: DataTable, spec: Mapping[str, Any], design: Design) -> Replicates | None:
    """The replicate weights the spec asks for; ``None`` for Taylor."""
    kind = spec["replicates"]
    if kind is None:
        return None
    if design.auxiliaries is not None or spec["kind"] == "quantile":
        key = "kind" if spec["kind"] == "quantile" else "margins"
        raise Refusal("not_with_replicates", key, spec["kind"], Text("不与复制权重并用", "not together with replicates"),
                      Text("请去掉 replicates，改用 Taylor 法", "Leave out replicates and take the Taylor variance"))  # fmt: skip
    if spec["replicate_weights"] is None:
        if spec["seed"] < 0:
            raise Refusal("bad_seed", "seed", spec["seed"], Text("非负整数", "a whole number of 0 or more"), Text("例如 1", "Write 1, for example"))  # fmt: skip
        return replicate(design, kind, draws=spec["draws"], seed=spec["seed"], rho=float(spec["rho"]))
    columns = (
        table.matrix([str(head) for head in spec["replicate_weights"]])
        if spec["replicate_weights"]
        else np.empty((len(table), 0))
    )
    return given(
        columns, scale=spec["replicate_scale"], rscales=_numbers(spec["rscales"]), kind=kind, rho=float(spec["rho"])
    )


def _numbers(values: list[Any] | None) -> np.ndarray | None:
    if values is None:
        return None
    try:
        found = np.array([float(value) for value in values])
    except ValueError:
        found = np.array([np.nan])
    if not np.isfinite(found).all() or (found < 0).any():
        raise Refusal("wrong_value", "rscales", str(values)[:60], Text("非负的数", "numbers of 0 or more"),
                      Text("每个复制样本一个系数", "Give one number for every replicate"))  # fmt: skip
    return found
