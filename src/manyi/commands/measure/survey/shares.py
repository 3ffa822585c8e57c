"""``proportion``: a share with its interval, whole and by group, and against a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.comparison import verdict
from manyi.measure.multiplicity import adjust
from manyi.measure.proportions import INTERVALS, proportion, score_test
from manyi.measure.results import Warned

Counted = list[tuple[str, float, float]]
"""Group, yes and n."""


def counted(table: DataTable, spec: Mapping[str, Any]) -> tuple[Counted, int]:
    """Yes and n of every group, from answers (``of``) or from counts (``count``, ``size``); and the rows left out."""
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    ungrouped = len(table) - int(sum(mask.sum() for _, _, mask in parts))
    if spec["of"] is not None:
        values = c.agreed(table, spec["of"], spec["yes"], spec["missing_codes"])
        there = np.isfinite(values)
        rows = [(name, float(values[mask & there].sum()), float((mask & there).sum())) for name, _, mask in parts]
        return rows, int((~there).sum()) + ungrouped
    if spec["count"] is None or spec["size"] is None:
        raise Refusal("missing_key", "of", None, Text("of，或 count 和 size", "of, or count and size"),
                      Text("给出回答一列，或“是”的个数与总数两列", "Give the column of answers, or the columns of yes and of all"))  # fmt: skip
    yes, size = c.whole(table, spec["count"]), c.whole(table, spec["size"])
    faults = [table.fault("not_positive", spec["size"], int(r), size[r]) for r in np.flatnonzero(size <= 0)]
    faults += [table.fault("negative", spec["count"], int(r), yes[r]) for r in np.flatnonzero(yes < 0)]
    if faults:
        raise Faults(faults[:100])
    return [(name, float(yes[mask].sum()), float(size[mask].sum())) for name, _, mask in parts], ungrouped


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every group."""
    found, missing = counted(table, spec)
    rows: list[dict[str, Any]] = []
    empty = [Warned("no_answers", name) for name, _, n in found if not n]
    for name, yes, n in found:
        if not n and len(found) > 1:
            continue
        p = proportion(yes, n, level=spec["level"], method=spec["method"])
        rows.append({"group": name, "estimate": p.estimate, **c.interval_keys(p.interval), "yes": yes, "n": n})
    if spec["target"] is not None:
        target = float(spec["target"])
        tested = [score_test(row["yes"], row["n"], target) for row in rows]
        adjusted = adjust([test.p for test in tested], spec["adjust"])
        for row, test, p in zip(rows, tested, adjusted, strict=True):
            said = verdict(row["lower"] - target, row["upper"] - target)
            row |= {"difference": row["estimate"] - target, "statistic": test.statistic, "p": test.p,
                    "p_adjusted": float(p), "verdict": said}  # fmt: skip
    sizes = [(row["group"], row["n"]) for row in rows]
    n = sum(size for _, size in sizes)
    return Answer({"rows": rows}, int(n), (*c.left_out(missing), *empty, *c.sized(sizes)))


COUNTS = (
    SpecKey("of", "text", Text("回答一列", "column of answers"), None),
    c.YES,
    SpecKey(
        "count", "text", Text("“是”的个数一列（代替 of）", "column with the number of yes, in place of `of`"), None
    ),
    SpecKey("size", "text", Text("总数一列（代替 of）", "column with the number of all, in place of `of`"), None),
)

PROPORTION = Method(
    name="proportion",
    version="1",
    title=Text("比例及其区间", "A proportion with its interval"),
    keys=(
        *COUNTS,
        c.BY,
        SpecKey("method", "text", Text("区间方法", "interval"), "wilson", tuple(INTERVALS)),
        SpecKey("target", "number", Text("目标值（比例）", "the target, as a share"), None),
        SpecKey(
            "adjust",
            "text",
            Text("多组与目标比较时的校正", "how the p of several groups are adjusted"),
            "holm",
            ("holm", "bh", "hochberg", "bonferroni"),
        ),
        c.MISSING,
        c.LEVEL,
    ),
    gives={
        "rows": Text(
            "每组一行：group、estimate、lower、upper、yes、n；有目标时另有 difference、statistic、p、p_adjusted、verdict",
            "one for every group: `group` (`all` without `by`), `estimate`, `lower`, `upper`, `yes`, `n`; with a target also `difference`, "
            "`statistic` (z), `p`, `p_adjusted`, `verdict` (`below`, `above`, `not_distinguishable`, from the interval)",
        )
    },
    run=run,
)
