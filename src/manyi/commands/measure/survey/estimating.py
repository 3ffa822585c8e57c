"""``estimate``: means, totals, ratios, shares, counts and quantiles of a designed sample, whole and by group."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.designing import CALIBRATION, DESIGN, design_of
from manyi.commands.measure.survey.replicating import REPLICATES, replicates_of
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.designs import Design
from manyi.measure.estimation import Estimate, mean, quantile, ratio, total
from manyi.measure.replicates import Replicates, by_replicates
from manyi.measure.results import Interval, Warned
from manyi.measure.share_intervals import INTERVALS, share_interval
from manyi.measure.tails import normal_quantile

KINDS = ("mean", "total", "ratio", "proportion", "count", "quantile")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One variable to estimate: its column, the level of it (shares and counts), its values and those of a divisor."""

    of: str
    level: str | None
    y: c.Values
    x: c.Values | None = None


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every variable and group."""
    if spec["id"] is not None:
        c.unique(table, spec["id"])
    wanted = _wanted(table, spec)
    design, warned = design_of(table, spec)
    replicates = replicates_of(table, spec, design)
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    rows: list[dict[str, Any]] = []
    notes: list[Warned] = list(warned)
    missing = sum(
        int((~np.isfinite(w.y) | (~np.isfinite(w.x) if w.x is not None else False)).sum()) for w in _once(wanted)
    )
    ungrouped = len(table) - int(sum(mask.sum() for _, _, mask in parts))
    notes += c.left_out(missing + ungrouped)
    for name, _, inside in parts:
        for want in wanted:
            there = inside & np.isfinite(want.y) & (np.isfinite(want.x) if want.x is not None else True)
            if not there.any() and len(parts) > 1:
                notes.append(Warned("no_answers", f"{name} {want.of}"))
                continue
            found = _estimate(want, design, replicates, inside, spec)
            rows.append(_row(name, want, found))
            notes += _notes(f"{name} {want.of}", found, spec, replicates)
    answers = np.logical_or.reduce([np.isfinite(w.y) for w in wanted])
    sizes = [(row["group"], row["n"]) for row in rows if row["of"] == wanted[0].of and row["level"] == wanted[0].level]
    return Answer(
        {"kind": spec["kind"], "rows": rows, "df": design.df()}, int(answers.sum()), (*notes, *c.sized(sizes))
    )


def _once(wanted: Sequence[Wanted]) -> list[Wanted]:
    return list({want.of: want for want in wanted}.values())


def _wanted(table: DataTable, spec: Mapping[str, Any]) -> list[Wanted]:
    heads, kind, codes = c.listed(spec["of"]), spec["kind"], spec["missing_codes"]
    if kind == "ratio":
        if len(heads) != 2:
            raise Refusal("wrong_value", "of", heads, Text("两列：分子和分母", "two columns: what is divided, and by what"),
                          Text("例如 of = [\"used\", \"bought\"]", "Write of = [\"used\", \"bought\"], for example"))  # fmt: skip
        return [
            Wanted(f"{heads[0]} / {heads[1]}", None, table.numbers(heads[0], codes), table.numbers(heads[1], codes))
        ]
    if kind in ("proportion", "count"):
        return [want for head in heads for want in _levels(table, head, spec)]
    return [Wanted(head, None, table.numbers(head, codes)) for head in heads]


def _levels(table: DataTable, head: str, spec: Mapping[str, Any]) -> list[Wanted]:
    """One share for the answers that are a yes, or one for every level of the column."""
    if spec["yes"] is not None:
        return [
            Wanted(
                head,
                " / ".join(c.plain(word) for word in spec["yes"]),
                c.agreed(table, head, spec["yes"], spec["missing_codes"]),
            )
        ]
    cells = np.array([np.nan if cell is None else cell for cell in c.words(table, head, spec["missing_codes"])], object)
    known = np.array([isinstance(cell, str) for cell in cells])
    parts = c.groups(table, head, spec["missing_codes"])
    if len(parts) > 200:
        raise Refusal("too_many_groups", "of", len(parts), Text("不超过 200 个不同的值", "at most 200 different values"),
                      Text("数值列请用 kind = \"mean\"，或用 yes 指明", "Take kind = \"mean\" for numbers, or name the answers in yes"))  # fmt: skip
    return [Wanted(head, name, np.where(known, mask.astype(float), np.nan)) for name, _, mask in parts]


def _estimate(
    want: Wanted, design: Design, replicates: Replicates | None, inside: c.Mask, spec: Mapping[str, Any]
) -> Estimate:
    level, kind = spec["level"], spec["kind"]
    if replicates is not None:
        found = _replicated(want, design, replicates, inside, spec)
    elif kind == "ratio" and want.x is not None:
        found = ratio(want.y, want.x, design, inside=inside, level=level)
    elif kind == "quantile":
        found = quantile(want.y, float(spec["quantile"]), design, inside=inside, level=level)
        return replace(found, interval=None) if _constant(want, inside) else found
    else:
        method: Callable[..., Estimate] = {"mean": mean, "total": total, "count": total, "proportion": mean}[kind]
        found = method(want.y, design, inside=inside, level=level)
    nothing = kind == "mean" and _constant(want, inside)
    return replace(found, interval=None if nothing else _interval(found, spec))


def _constant(want: Wanted, inside: c.Mask) -> bool:
    there = want.y[inside & np.isfinite(want.y)]
    # answers that are all alike say nothing about the spread of the others
    return bool(len(there)) and bool((there == there[0]).all())


def _replicated(
    want: Wanted, design: Design, replicates: Replicates, inside: c.Mask, spec: Mapping[str, Any]
) -> Estimate:
    there = inside & np.isfinite(want.y) & (np.isfinite(want.x) if want.x is not None else True)
    if not there.any():
        raise Refusal("no_answers", "of", 0, Text("至少一个回答", "an answer or more"),
                      Text("该列没有可用的回答", "This column has no answers to use"))  # fmt: skip
    y = np.where(there, want.y, 0.0)
    x = np.where(there, want.x, 0.0) if want.x is not None else there.astype(float)
    divided = spec["kind"] not in ("total", "count")

    def statistic(weights: c.Values) -> float:
        over, under = float((weights * y).sum()), float((weights * x).sum()) if divided else 1.0
        return over / under if under else math.nan

    return by_replicates(statistic, design.weights, replicates, int(there.sum()), level=spec["level"])


def _interval(found: Estimate, spec: Mapping[str, Any]) -> Interval | None:
    df = math.inf if spec["interval"] == "normal" else found.df
    if spec["kind"] == "proportion" and df > 0:
        return share_interval(found.estimate, found.se, found.n, df, level=spec["level"], method=spec["method"])
    if spec["interval"] != "normal":
        return found.interval
    spread = normal_quantile(spec["level"]) * found.se
    return Interval(found.estimate - spread, found.estimate + spread, spec["level"], "normal")


def _row(name: str, want: Wanted, found: Estimate) -> dict[str, Any]:
    return {
        "group": name, "of": want.of, "level": want.level, "estimate": found.estimate, "se": found.se,
        **c.interval_keys(found.interval), "df": found.df, "n": found.n, "deff": found.deff,
    }  # fmt: skip


def _notes(about: str, found: Estimate, spec: Mapping[str, Any], replicates: Replicates | None) -> list[Warned]:
    notes = [] if found.interval else [Warned("no_interval", about)]
    if found.deff is None and spec["kind"] not in ("ratio", "quantile") and replicates is None:
        notes.append(Warned("deff_undefined", about))
    return notes


KEYS = (
    SpecKey("of", "columns", Text("要估计的列；kind = ratio 时为分子和分母两列", "column or columns to estimate; for kind = ratio the two columns divided")),
    SpecKey("kind", "text", Text("估计什么", "what to estimate"), "mean", KINDS),
    *DESIGN,
    c.BY,
    *REPLICATES,
    *CALIBRATION,
    SpecKey("yes", "texts", Text("proportion、count：算作“是”的回答；缺省时给出每个类别", "proportion and count: the answers that count as yes; every level where absent"), None),
    SpecKey("method", "text", Text("比例的区间方法", "interval of a proportion"), "logit", tuple(INTERVALS)),
    SpecKey("quantile", "number", Text("kind = quantile：0 到 1 之间，0.5 为中位数", "kind = quantile: between 0 and 1, the median is 0.5"), 0.5),
    SpecKey("interval", "text", Text("用 t 分布还是正态分布", "quantiles of Student's t or of the normal"), "t", ("t", "normal")),
    SpecKey("id", "text", Text("编号列，检查是否重复", "column of ids, checked for doubles"), None),
    c.MISSING,
    c.LEVEL,
)  # fmt: skip

ESTIMATE = Method(
    name="estimate",
    version="1",
    title=Text("按抽样设计的估计", "Design-based estimates"),
    keys=KEYS,
    gives={
        "kind": Text("估计的种类", "what was estimated"),
        "rows": Text(
            "每个变量和组一行：group、of、level、estimate、se、lower、upper、df、n、deff",
            "one for every group and variable: `group` (`all` without `by`), `of`, `level` (of a share or count, else null), `estimate`, "
            "`se`, `lower`, `upper`, `df`, `n` cases, `deff` (null for ratios, quantiles and replicates)",
        ),
        "df": Text("整个设计的自由度", "degrees of freedom of the whole design: units less strata"),
    },
    run=run,
)
