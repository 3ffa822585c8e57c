"""From the spec to a fitted path model: keys, blocks, scales and missing values of ``plspm`` and ``index``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.models.reading import LEVEL, MISSING_CODES, SEED, complete, listed, names, read_columns
from manyi.commands.measure.models.template import TEMPLATES
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import Floats
from manyi.measure.pls.index import Scales
from manyi.measure.pls.model import PathModel, path_model
from manyi.measure.results import Warned

MODEL_KEYS = (
    SpecKey("paths", "pairs", Text("路径，[从, 到]", "paths as [from, to]; of the template when absent"), None),
    SpecKey("blocks", "groups", Text("潜变量及其题目列", "constructs and the columns of their items; of the template when absent"), None),
    SpecKey("modes", "map", Text("各潜变量为 A（反映型）或 B（形成型）", "A (reflective) or B (formative) by construct; A when absent"), {}),
    SpecKey("template", "text", Text("随附的模型", "a shipped model"), "", ("", *TEMPLATES)),
    SpecKey("columns", "map", Text("模板题目所在的列", "the column of a template's item, by item; the item's own name when absent"), {}),
    SpecKey("scheme", "text", Text("内部权重方案", "inner weighting scheme"), "centroid", ("centroid", "factorial", "path")),
    SpecKey("scaled", "yes", Text("true：题目先标准化；false：原始尺度", "true: items are standardised; false: the raw metric"), True),
    SpecKey("scale", "texts", Text("量表的最低分和最高分", "lowest and highest grade of the items' scale, as [1, 10]"), None),
    SpecKey("scales", "groups", Text("个别潜变量的量表", "scales of single constructs, as {A = [1, 5]}"), {}),
    SpecKey("bootstrap", "whole", Text("重抽样次数，0 表示不做", "number of resamples, 0 for none"), 1000),
    SEED,
    LEVEL,
    SpecKey("interval", "text", Text("区间的算法", "kind of interval"), "percentile", ("percentile", "bca")),
    MISSING_CODES,
    SpecKey("missing", "text", Text("缺失值：以均值代替，或整行不计", "missing values: replaced by the mean, or the row left out"), "mean", ("mean", "listwise")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelData:
    """A checked model and its complete data (n, p); ``scales`` is ``None`` where no index can be given."""

    model: PathModel
    data: Floats
    scales: Scales | None
    warnings: tuple[Warned, ...]


def read_model(table: DataTable, spec: Mapping[str, Any]) -> ModelData:
    """The model and the data the spec speaks of; refuses what makes no model."""
    blocks = {str(name): names(items) for name, items in spec["blocks"].items()}
    modes = {str(name): str(mode).upper() for name, mode in spec["modes"].items()}
    model = path_model([[str(end) for end in pair] for pair in spec["paths"]], blocks, modes)
    return read_blocks(table, spec, model)


def read_blocks(table: DataTable, spec: Mapping[str, Any], model: PathModel) -> ModelData:
    """The data of the model's items, missing values looked after, and the scales of the index."""
    gaps = read_columns(table, model.items, spec["missing_codes"])
    scales, about_scale = _scales(gaps, model, spec)
    data, about_missing = complete(gaps, model.items, spec["missing"])
    return ModelData(model, data, scales, (*about_missing, *about_scale))


def _scales(gaps: Floats, model: PathModel, spec: Mapping[str, Any]) -> tuple[Scales | None, list[Warned]]:
    own = {str(name): _ends(f"scales.{name}", ends) for name, ends in spec["scales"].items()}
    for name in own:
        if name not in model.constructs:
            raise Refusal("unknown_construct", "scales", name, Text(f"其中之一：{'、'.join(model.constructs)}", f"one of {', '.join(model.constructs)}"),
                          Text("检查潜变量名称", "Check the name of the construct"))  # fmt: skip
    common, warned = (_ends("scale", spec["scale"]) if spec["scale"] else None), []
    if common is None and len(own) < len(model.constructs):
        rest = gaps[:, [model.constructs[owner] not in own for owner in model.owner]]
        seen = rest[~np.isnan(rest)]
        if (seen != np.rint(seen)).any():
            return None, [Warned("no_common_scale", "scale")]
        common = (float(seen.min()), float(seen.max()))
        if common[0] == common[1]:
            return None, [Warned("no_common_scale", "scale")]
        warned = [Warned("scale_observed", f"{common[0]:g}–{common[1]:g}")]
    ends = np.array([own.get(model.constructs[owner], common) for owner in model.owner], dtype=np.float64)
    outside = (gaps < ends[:, 0]) | (gaps > ends[:, 1])
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise Refusal("outside_scale", model.items[column], float(gaps[row, column]),
                      Text(f"{ends[column, 0]:g} 至 {ends[column, 1]:g} 之间的分值", f"a grade from {ends[column, 0]:g} to {ends[column, 1]:g}"),
                      Text("改正数据，写明缺失代码，或改正 scale", "Correct the data, name codes for missing, or correct scale"))  # fmt: skip
    return Scales(ends[:, 0], ends[:, 1]), warned


def _ends(param: str, ends: Any) -> tuple[float, float]:
    fine = len(ends) == 2 and all(isinstance(end, (int, float)) and np.isfinite(end) for end in ends)
    if not fine or not ends[0] < ends[1]:
        raise Refusal("bad_scale", param, listed(map(str, ends)), Text("最低分和最高分", "the lowest and the highest grade"),
                      Text("例如 scale = [1, 10]", "For example scale = [1, 10]"))  # fmt: skip
    return float(ends[0]), float(ends[1])
