"""Comparisons of means in a designed sample: domains against each other, a change of the same cases, a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.designing import design_of
from manyi.commands.measure.survey.tables import Row, column_of, difference_row, pairs_of, with_margin
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.association import rao_scott
from manyi.measure.comparison import Difference, from_se
from manyi.measure.designs import Design
from manyi.measure.estimation import Estimate, contrast, mean
from manyi.measure.proportions import ChanceTest
from manyi.measure.results import Warned


def by_design(table: DataTable, spec: Mapping[str, Any]) -> tuple[list[Row], ChanceTest | None, int, list[Warned]]:
    """Rows as of means, from the linearised variance; one degree of freedom less than the design has for two domains."""
    design, warned = design_of(table, spec)
    if spec["before"] is not None or spec["after"] is not None:
        if spec["before"] is None or spec["after"] is None:
            raise Refusal("missing_key", "after", None, Text("before 和 after", "before and after"), Text("请同时给出两列", "Give both columns"))  # fmt: skip
        change = table.numbers(spec["after"], spec["missing_codes"]) - table.numbers(
            spec["before"], spec["missing_codes"]
        )
        return _one(change, design, (spec["after"], spec["before"]), 0.0, spec, warned)
    shares = spec["kind"] == "proportion"
    head = column_of(spec)
    values = (
        c.agreed(table, head, spec["yes"], spec["missing_codes"])
        if shares
        else table.numbers(head, spec["missing_codes"])
    )
    if spec["target"] is not None:
        return _one(values, design, (c.ALL, "target"), float(spec["target"]), spec, warned)
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    groups = [
        (name, mean(values, design, inside=mask)) for name, _, mask in parts if (mask & np.isfinite(values)).any()
    ]
    rows: list[Row] = []
    tested: set[str] = set()
    for (a, x), (b, y) in pairs_of(groups, spec):
        tested |= {a, b}
        found = _contrast(x, y, design, spec)
        rows.append(with_margin(difference_row(a, b, found), found, spec))
    used = sum(estimate.n for _, estimate in groups)
    test = _association(values, [mask for name, _, mask in parts if name in tested], design) if shares else None
    return rows, test, used, [*warned, *c.left_out(len(table) - used), *c.sized([(name, e.n) for name, e in groups])]


def _association(values: c.Values, masks: list[c.Mask], design: Design) -> ChanceTest:
    group = np.full(len(values), -1)
    for number, mask in enumerate(masks):
        group[mask] = number
    found = rao_scott(group, np.where(np.isfinite(values), values, -1).astype(int), design)
    return ChanceTest("rao_scott", found.statistic, found.df1, found.p, found.df2)


def _contrast(x: Estimate, y: Estimate, design: Design, spec: Mapping[str, Any]) -> Difference:
    df = design.df() - 1
    if df < 1:
        raise _no_df(df)
    return contrast(x, y, design, df=df, level=spec["level"])


def _one(
    values: c.Values,
    design: Design,
    names: tuple[str, str],
    target: float,
    spec: Mapping[str, Any],
    warned: tuple[Warned, ...],
) -> tuple[list[Row], ChanceTest | None, int, list[Warned]]:
    found = mean(values, design, level=spec["level"])
    if found.df < 1:
        raise _no_df(found.df)
    tested = from_se(found.estimate - target, found.se, found.df, level=spec["level"], method="design_t", n=(found.n,))
    row = with_margin(difference_row(*names, tested), tested, spec)
    return [row], None, found.n, [*warned, *c.left_out(len(values) - found.n), *c.sized([(c.ALL, found.n)])]


def _no_df(df: float) -> Refusal:
    return Refusal("few_units", "df", df, Text("至少 1 个自由度", "1 degree of freedom or more"),
                   Text("初级单位太少", "There are too few primary units"))  # fmt: skip
