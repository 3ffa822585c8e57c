"""``multiplicity``: the p values of one family, adjusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.multiplicity import METHODS, adjust


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every p value, in the order of the table."""
    p = table.numbers(spec["p"], spec["missing_codes"])
    there = np.isfinite(p)
    if not 0 < spec["alpha"] < 1:
        raise Refusal("bad_level", "alpha", spec["alpha"], Text("0 到 1 之间的数", "a number between 0 and 1"), Text("例如 0.05", "Write 0.05, for example"))  # fmt: skip
    labels = (
        c.filled(table, spec["label"]) if spec["label"] is not None else tuple(str(n + 1) for n in range(len(table)))
    )
    adjusted = adjust(p[there], spec["method"])
    rows = [
        {"label": label, "p": float(raw), "p_adjusted": float(new), "rejected": bool(new <= spec["alpha"])}
        for label, raw, new in zip(np.array(labels)[there].tolist(), p[there], adjusted, strict=True)
    ]
    given = {"rows": rows, "tests": len(rows), "rejected": sum(row["rejected"] for row in rows)}
    return Answer(given, len(rows), c.left_out(int((~there).sum())))


MULTIPLICITY = Method(
    name="multiplicity",
    version="1",
    title=Text("多重比较的校正", "Many tests at once"),
    keys=(
        SpecKey("p", "text", Text("p 值一列", "column of p values")),
        SpecKey("label", "text", Text("名称一列", "column of names; the row's number where absent"), None),
        SpecKey("method", "text", Text("校正方法", "the adjustment"), "holm", METHODS),
        SpecKey("alpha", "number", Text("总的错误率", "the error rate of the family"), 0.05),
        c.MISSING,
    ),
    gives={
        "rows": Text(
            "每个检验一行：label、p、p_adjusted、rejected", "one for every test: `label`, `p`, `p_adjusted`, `rejected`"
        ),
        "tests": Text("检验个数", "how many tests the family has"),
        "rejected": Text("拒绝的个数", "how many of them are rejected"),
    },
    run=run,
)
