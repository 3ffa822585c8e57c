"""``rake``: weights for nonresponse, to known totals, trimmed, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.totals import margins_of
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Warned
from manyi.measure.weighting import Margin, adjust_for_nonresponse, price, rake, trim

DEAR = 1.5
"""A design effect of weights from which the reader is told."""


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A weight for every respondent, and the margins before and after."""
    ids = c.unique(table, spec["id"]) if spec["id"] is not None else tuple(str(row + 2) for row in range(len(table)))
    base = c.weights(table, spec["weights"])
    there = np.ones(len(table), bool)
    classes: list[dict[str, Any]] = []
    notes: list[Warned] = []
    if spec["responded"] is not None:
        base, there, classes, notes = _nonresponse(table, base, spec)
    margins = [
        Margin(m.name, np.asarray(m.levels)[there], m.totals)
        for m in margins_of(table, spec["margins"] or {}, "margins")
    ]
    before = base[there]
    if not margins and spec["responded"] is None:
        raise Refusal("missing_key", "margins", None, Text("margins 或 responded", "margins or responded"), Text("说明加权到什么", "Say what to weight to"))  # fmt: skip
    raked = rake(before, margins, tolerance=float(spec["tolerance"]), most=spec["rounds"]) if margins else None
    weights = raked.weights if raked else before
    trimmed = None
    if spec["trim"]:
        weights, cap, cut = trim(weights, cap=None if spec["cap"] is None else float(spec["cap"]))
        trimmed = {"cap": cap, "cut": cut}
    cost = price(weights)
    if cost.deff > DEAR:
        notes.append(Warned("unequal_weights", f"deff {cost.deff:.3g}, n {cost.n_effective:.4g}"))
    given = {
        "weights": [{"id": i, "weight": float(w)} for i, w in zip(np.array(ids)[there].tolist(), weights, strict=True)],
        "margins": [_margin(m, level, before, weights) for m in margins for level in m.totals],
        "classes": classes,
        "iterations": raked.iterations if raked else 0, "error": raked.error if raked else None,
        "trimmed": trimmed, "cv": cost.cv, "deff": cost.deff, "n_effective": cost.n_effective, "ratio": cost.ratio,
    }  # fmt: skip
    return Answer(given, int(there.sum()), tuple(notes))


def _nonresponse(
    table: DataTable, base: c.Values, spec: Mapping[str, Any]
) -> tuple[c.Values, c.Mask, list[dict[str, Any]], list[Warned]]:
    marks = c.agreed(table, spec["responded"], spec["yes"])
    if np.isnan(marks).any():
        c.filled(table, spec["responded"])
    there = marks == 1
    labels = np.array(c.filled(table, spec["classes"]) if spec["classes"] is not None else [c.ALL] * len(table))
    found, factors, thin = adjust_for_nonresponse(base, labels, there)
    classes = [
        {"class": name, "cases": int((labels == name).sum()), "respondents": int(((labels == name) & there).sum()), "factor": factor}
        for name, factor in factors.items()
    ]  # fmt: skip
    return found, there, classes, [Warned("merge_classes", ", ".join(thin))] if thin else []


def _margin(margin: Margin, level: str, before: c.Values, after: c.Values) -> dict[str, Any]:
    inside = np.asarray(margin.levels) == level
    return {"variable": margin.name, "level": level, "total": margin.totals[level], "before": float(before[inside].sum()), "after": float(after[inside].sum())}  # fmt: skip


RAKE = Method(
    name="rake",
    version="1",
    title=Text("加权：无回答调整与边际校准", "Weights for nonresponse and to known totals"),
    keys=(
        SpecKey("margins", "map", Text("变量到各类别总体数", "column to the population total of every level"), None),
        SpecKey("weights", "text", Text("基础权重列；缺省为 1", "column of base weights; 1 where absent"), None),
        SpecKey("id", "text", Text("编号列；缺省为行号", "column of ids; the row number where absent"), None),
        SpecKey(
            "responded",
            "text",
            Text(
                "是否回答一列：先做无回答调整",
                "column that says who responded: weights are adjusted for nonresponse first",
            ),
            None,
        ),
        c.YES,
        SpecKey(
            "classes",
            "text",
            Text("无回答调整类一列", "column of the classes of the nonresponse adjustment; one where absent"),
            None,
        ),
        SpecKey("trim", "yes", Text("截断过大的权重", "cut weights that are too large, after raking"), False),
        SpecKey(
            "cap",
            "number",
            Text(
                "截断上限；缺省为中位数 + 6 × 四分位距，四分位距为 0 时为均值的 5 倍",
                "the cap; where absent median + 6 × interquartile range, or 5 × the mean where that range is 0",
            ),
            None,
        ),
        SpecKey("tolerance", "number", Text("边际的最大相对误差", "the largest relative error of a margin"), 1e-10),
        SpecKey("rounds", "whole", Text("最多轮数", "the most rounds"), 1000),
    ),
    gives={
        "weights": Text("每个回答者一行：id、weight", "one for every respondent: `id`, `weight`"),
        "margins": Text(
            "每个类别一行：variable、level、total、before、after",
            "one for every level: `variable`, `level`, `total`, `before`, `after` (sums of weights; after trimming they may be off)",
        ),
        "classes": Text(
            "每个调整类一行：class、cases、respondents、factor",
            "one for every nonresponse class: `class`, `cases`, `respondents`, `factor`",
        ),
        "iterations": Text("轮数", "rounds it took"),
        "error": Text("剩余的最大相对误差", "the largest relative error left by raking; null without margins"),
        "trimmed": Text("cap 和 cut；未截断时为 null", "`cap` and `cut` (how many); null without trim"),
        "cv": Text("权重的变异系数", "coefficient of variation of the weights"),
        "deff": Text("权重的设计效应", "Kish's design effect of the weights, 1 + cv²"),
        "n_effective": Text("有效样本量", "effective number of cases"),
        "ratio": Text("最大权重与最小权重之比", "the largest weight over the smallest"),
    },
    run=run,
)
