"""``aapor``: outcome rates from dispositions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.dispositions import CODES, Outcomes, outcome_rates
from manyi.measure.results import Warned


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """The rates of all cases, and of each group."""
    codes = dispositions(table, spec)
    weights = _frequencies(table, spec)
    e = None if spec["e"] is None else float(spec["e"])
    whole = outcome_rates(_counts(codes, weights), e)
    groups, notes = [], [*_undefined(c.ALL, whole)]
    for name, _, mask in c.groups(table, spec["by"]) if spec["by"] is not None else []:
        if not weights[mask].sum() > 0:
            notes.append(Warned("no_answers", name))
            continue
        found = outcome_rates(_counts(codes[mask], weights[mask]), e)
        groups.append({"group": name, **_values(found)})
        notes += _undefined(name, found)
    return Answer({**_values(whole), "groups": groups}, len(table), tuple(notes))


def dispositions(table: DataTable, spec: Mapping[str, Any]) -> np.ndarray:
    """The AAPOR code of every row, by the spec's own names for them."""
    given = spec["codes"] or {}
    strange = sorted(set(given) - set(CODES))
    if strange:
        raise Refusal("wrong_value", "codes", ", ".join(strange)[:60], Text("、".join(CODES), ", ".join(CODES)),
                      Text("codes 的名称是 AAPOR 代码", "The names in codes are the AAPOR codes"))  # fmt: skip
    meaning = {c.plain(word): code for code, own in given.items() for word in own}
    known = meaning if given else {code: code for code in CODES}
    cells = c.filled(table, spec["code"])
    faults = [
        table.fault("unknown_code", spec["code"], row, cell)
        for row, cell in enumerate(cells)
        if c.plain(cell) not in known
    ]
    if faults:
        raise Faults(faults[:100])
    return np.array([known[c.plain(cell)] for cell in cells])


def _frequencies(table: DataTable, spec: Mapping[str, Any]) -> c.Values:
    if spec["count"] is None:
        return c.weights(table, spec["weights"])
    if spec["weights"] is not None:
        raise Refusal("wrong_value", "count", spec["count"], Text("count 与 weights 只用一个", "either count or weights"), Text("请去掉其中一个", "Leave out one of them"))  # fmt: skip
    values = c.whole(table, spec["count"])
    faults = [table.fault("negative", spec["count"], int(row), values[row]) for row in np.flatnonzero(values < 0)]
    if faults:
        raise Faults(faults[:100])
    return values


def _counts(codes: np.ndarray, weights: c.Values) -> dict[str, float]:
    return {code: float(weights[codes == code].sum()) for code in CODES}


def _values(found: Outcomes) -> dict[str, Any]:
    return {"counts": dict(found.counts), "e": found.e, "rates": dict(found.rates)}


def _undefined(name: str, found: Outcomes) -> list[Warned]:
    none = [rate for rate, value in found.rates.items() if value is None]
    return [Warned("rate_undefined", f"{name}: {', '.join(none)}")] if none else []


AAPOR = Method(
    name="aapor",
    version="1",
    title=Text("调查结果率（AAPOR）", "Outcome rates (AAPOR)"),
    keys=(
        SpecKey("code", "text", Text("处置代码一列", "column of final dispositions"), "code"),
        SpecKey(
            "codes",
            "groups",
            Text(
                "各 AAPOR 代码对应的本表代码；缺省时该列就是 AAPOR 代码",
                "AAPOR code to the codes of the table; where absent the column holds I, P, R, NC, O, UH, UO, NE",
            ),
            None,
        ),
        SpecKey(
            "e",
            "number",
            Text(
                "未知个案中合格的比例；缺省时由已知个案估计（CASRO）",
                "share of unknowns taken as eligible; estimated from the known where absent (CASRO)",
            ),
            None,
        ),
        SpecKey("weights", "text", Text("权重列", "column of weights"), None),
        SpecKey(
            "count", "text", Text("每行代表的个案数一列", "column with the number of cases a row stands for"), None
        ),
        c.BY,
    ),
    gives={
        "counts": Text("各代码的个案数（或权重之和）", "cases of every disposition, or their weights"),
        "e": Text("未知个案中算作合格的比例", "share of unknowns taken as eligible; null where no case is resolved"),
        "rates": Text(
            "各项比率",
            "`RR1` to `RR6`, `COOP1` to `COOP4`, `REF1` to `REF3`, `CON1` to `CON3`, `LOC1`, `LOC2`; null where a denominator is 0",
        ),
        "groups": Text(
            "每组一行：group、counts、e、rates",
            "one for every group: `group`, `counts`, `e`, `rates`; empty without `by`",
        ),
    },
    run=run,
)
