"""``index``: the 0–100 index of every construct, weighted by a path model or plainly, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.models.fitting import MODEL_KEYS, read_blocks, read_model
from manyi.commands.measure.models.plspm import fit_and_resample, importance_performance
from manyi.commands.measure.models.reading import SMALL, check_resampling, named, names, number
from manyi.commands.measure.models.template import with_template
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_cases
from manyi.measure.pls.index import index_weights
from manyi.measure.pls.model import loose_blocks
from manyi.measure.results import Warned


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """The index by the weights of the model, or by equal ones."""
    check_resampling(spec)
    if spec["weights"] == "equal":
        return _equal(table, spec)
    filled = with_template(spec)
    source = read_model(table, filled)
    target = filled["target"] or ""
    if target and target not in source.model.constructs:
        raise Refusal("unknown_construct", "target", target, Text(f"其中之一：{'、'.join(source.model.constructs)}", f"one of {', '.join(source.model.constructs)}"),
                      Text("检查潜变量名称", "Check the name of the construct"))  # fmt: skip
    fit, spread, warnings = fit_and_resample(source, spec)
    at = spread.index if spread else None
    if fit.index is None or fit.simple_mean is None:
        raise _no_scale()
    rows = [
        {
            "construct": name, "index": number(fit.index[c]), "se": number(at.se[c]) if at else None,
            "lower": number(at.lower[c]) if at else None, "upper": number(at.upper[c]) if at else None,
            "simple_mean": float(fit.simple_mean[c]),
        }
        for c, name in enumerate(source.model.constructs)
    ]  # fmt: skip
    shares = index_weights(fit.raw_weights, fit.model)
    given = {
        "rows": rows,
        "weights": {item: number(share) for item, share in zip(fit.model.items, shares, strict=True)},
        "importance_performance": importance_performance(fit, target),
    }
    return Answer(given, fit.n, tuple(warnings))


def _equal(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    filled = with_template({**spec, "paths": spec["paths"] or []})
    model = loose_blocks({str(name): names(items) for name, items in filled["blocks"].items()})
    source = read_blocks(table, filled, model)
    scales = source.scales
    if scales is None:
        raise _no_scale()
    check_cases(source.data, model.items, at_least=3)
    n = len(source.data)
    graded = 100 * (source.data - scales.lowest) / (scales.highest - scales.lowest)
    scores = graded @ model.member / model.member.sum(axis=0)
    mean, se = scores.mean(axis=0), scores.std(axis=0, ddof=1) / np.sqrt(n)
    reach = se * stats.t.ppf((1 + spec["level"]) / 2, n - 1)
    rows = [
        {"construct": name, "index": float(mean[c]), "se": float(se[c]), "lower": float(mean[c] - reach[c]),
         "upper": float(mean[c] + reach[c]), "simple_mean": float(mean[c])}
        for c, name in enumerate(model.constructs)
    ]  # fmt: skip
    shares = named(model.items, (1 / model.member.sum(axis=0))[model.owner])
    small = (Warned("small_sample", f"n = {n}"),) if n < SMALL else ()
    given = {"rows": rows, "weights": shares, "importance_performance": []}
    return Answer(given, n, (*source.warnings, *small))


def _no_scale() -> Refusal:
    return Refusal("no_scale", "scale", None, Text("量表的最低分和最高分", "the lowest and the highest grade of the scale"),
                   Text("例如 scale = [1, 10]", "For example scale = [1, 10]"))  # fmt: skip


INDEX = Method(
    "index",
    "1",
    Text("0–100 满意度指数", "Satisfaction index from 0 to 100"),
    (
        *MODEL_KEYS,
        SpecKey("weights", "text", Text("权重来自模型，或一律相等", "weights of the model, or equal ones (paths are not needed)"), "model", ("model", "equal")),
        SpecKey("target", "text", Text("重要性针对的潜变量", "construct the importance is for; the template's, or every one, when absent"), None),
    ),
    {
        "rows": Text("各潜变量的指数及区间", "by construct: `construct`, `index`, `se`, `lower`, `upper` (null without resampling), `simple_mean`"),
        "weights": Text("题目在指数中的份额", "share of every raw item in its index, each block adding up to 1"),
        "importance_performance": Text("重要性与表现", "`target`, `construct`, `importance` (points of the target's index for one point), `performance`; empty with equal weights"),
    },
    run,
)  # fmt: skip
