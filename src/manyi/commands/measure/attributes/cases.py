"""The methods ``timeliness`` and ``pareto``: complaints against their limit, and by cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.attributes.dates import DATES, day_of, known_moments, moments
from manyi.commands.measure.attributes.losing import amounts
from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.pareto import Cause, cautions, pareto
from manyi.measure.results import Warned
from manyi.measure.timeliness import Timeliness, timeliness

Row = dict[str, Any]
UNITS = {"days": 1.0, "hours": 24.0, "minutes": 1440.0}


def _run_timeliness(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    lasted, closed, used = _lasted(table, spec)
    parts = [(c.ALL, {}, np.ones(len(table), bool)), *(c.groups(table, spec["by"]) if spec["by"] else [])]
    rows = []
    warnings = list(c.left_out(int((~used).sum())))
    for name, _, mask in parts:
        at = mask & used & ((lasted >= 0) | (name == c.ALL))
        if not at.any() and name != c.ALL:
            warnings.append(Warned("nothing_decided", name))
            continue
        found = timeliness(lasted[at], closed[at], spec["limit"], level=spec["level"])
        rows.append(_timely_row(name, found, lasted[at], closed[at]))
        warnings += [w if name == c.ALL else Warned(w.code, f"{name}: {w.about}") for w in found.warnings]
    negative = [int(row) + table.first_row for row in np.flatnonzero(used & (lasted < 0))]
    return Answer({"overall": rows[0], "rows": rows[1:], "negative": negative}, rows[0]["n"], tuple(warnings))


def _lasted(table: DataTable, spec: Mapping[str, Any]) -> tuple[c.Values, c.Mask, c.Mask]:
    """How long each case lasted in ``unit``, whether it is closed, and which cases are known at all."""
    if spec["duration"]:
        lasted = table.numbers(spec["duration"], spec["missing_codes"])
        shut = np.ones(len(table))
        if spec["closed"]:
            shut = c.agreed(table, spec["closed"], spec["yes"], spec["missing_codes"])
        return lasted, shut == 1, np.isfinite(lasted) & np.isfinite(shut)
    if not (spec["start"] and spec["end"]):
        raise Refusal("missing_key", "start", spec["start"], Text("start 与 end 两列，或 duration 一列", "start and end, or duration"),
                      Text("给出起止时间的列", "Name the columns of when cases begin and end"))  # fmt: skip
    start = known_moments(table, spec["start"], spec["dates"])
    end = moments(table, spec["end"], spec["dates"], spec["missing_codes"])
    if spec["until"]:
        return _until(start, end, day_of("until", spec["until"], spec["dates"]), UNITS[spec["unit"]])
    if np.isnan(end).any():
        raise Refusal("missing_key", "until", "", Text("统计截止日", "the day of the count"),
                      Text("有未完结的个案，需要 until", "Some cases are open: give until"))  # fmt: skip
    every = np.ones(len(table), bool)
    return (end - start) * UNITS[spec["unit"]], every, every


def _until(start: c.Values, end: c.Values, until: float, unit: float) -> tuple[c.Values, c.Mask, c.Mask]:
    """As things stood on the day ``until``: what ended later was open, what began later is in no figure."""
    whole_day = until == np.floor(until)
    closed: c.Mask = (np.floor(end) if whole_day else end) <= until
    used: c.Mask = (np.floor(start) if whole_day else start) <= until
    return np.where(closed, end - start, np.maximum(until - start, 0)) * unit, closed, used


def _timely_row(name: str, found: Timeliness, lasted: c.Values, closed: c.Mask) -> Row:
    times = lasted[closed & (lasted >= 0)]
    share, ends = found.share, found.survival.median_ends
    return {
        "group": name, "n": found.n, "closed": found.closed, "open": found.n - found.closed, "in_time": found.in_time,
        "late": found.late, "late_open": found.late_open, "undecided": found.undecided,
        "share": share.estimate if share else None, **c.interval_keys(share.interval if share else None),
        "lowest": found.lowest, "highest": found.highest, "median": found.survival.median, "median_lower": ends[0],
        "median_upper": ends[1], "still_open_at_limit": found.survival.at(found.limit)[0],
        "mean_closed": float(times.mean()) if len(times) else None,
        "p90_closed": float(np.quantile(times, 0.9)) if len(times) else None,
        "longest_closed": float(times.max()) if len(times) else None,
    }  # fmt: skip


TIMELINESS = Method(
    name="timeliness",
    version="1",
    title=Text("及时率", "Timeliness"),
    keys=(
        SpecKey("limit", "number", Text("时限", "the limit, in `unit`; a case that takes exactly as long is in time")),
        SpecKey("start", "text", Text("开始时间的列", "column of when a case begins"), ""),
        SpecKey("end", "text", Text("完结时间的列", "column of when it ends; blank: still open"), ""),
        SpecKey("until", "text", Text("统计截止时间", "the day or time of the count, for cases still open"), ""),
        SpecKey("unit", "text", Text("时间单位", "unit of the limit and of every time told"), "days", tuple(UNITS)),
        SpecKey("duration", "text", Text("时长的列", "column of durations in `unit`, instead of `start` and `end`"), ""),
        SpecKey("closed", "text", Text("是否完结的列", "with `duration`: column that says which cases are closed; all where absent"), ""),
        c.YES,
        c.BY,
        DATES,
        c.LEVEL,
        c.MISSING,
    ),
    gives={
        "overall": Text("总体", "`n`, `closed`, `open`, `in_time`, `late` (with `late_open`), `undecided`; `share` in time of those decided, `lower`, `upper` (Wilson); `lowest` and `highest` it can become; `median` time with its interval and `still_open_at_limit`, both Kaplan–Meier; `mean_closed`, `p90_closed`, `longest_closed` of closed cases"),
        "rows": Text("各组", "the same for each `group`"),
        "negative": Text("结束早于开始的行", "rows (as a spreadsheet counts) of cases that end before they begin, left out"),
    },
    run=_run_timeliness,
)  # fmt: skip


def _run_pareto(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    names = c.words(table, spec["category"], spec["missing_codes"])
    weights = amounts(table, spec["weight"]) if spec["weight"] else None
    cases = amounts(table, spec["count"]) if spec["count"] else np.ones(len(table))
    if (cases != np.floor(cases)).any():
        raise Refusal("bad_counts", "count", spec["count"], Text("整数", "whole numbers"),
                      Text("金额请写在 weight", "Name amounts in weight"))  # fmt: skip
    counts: dict[str, int] = {}
    weighed: dict[str, float] = {}
    for row, name in enumerate(names):
        if name is not None:
            counts[name] = counts.get(name, 0) + int(cases[row])
            weighed[name] = weighed.get(name, 0.0) + (float(weights[row]) if weights is not None else 0.0)
    if not counts:
        raise Refusal("all_missing", spec["category"], 0, Text("至少一个类别", "a category"),
                      Text("该列全部为空", "The column is empty"))  # fmt: skip
    found = pareto(counts, weighed if weights is not None else None, part=spec["part"], level=spec["level"])
    missing = sum(name is None for name in names)
    values = {"rows": [_cause_row(cause) for cause in found], "vital": sum(cause.vital for cause in found),
              "total": sum(cause.weight for cause in found)}  # fmt: skip
    return Answer(values, sum(counts.values()), (*c.left_out(missing), *cautions(found)))


def _cause_row(cause: Cause) -> Row:
    return {"category": cause.name, "count": cause.count, "weight": cause.weight, "share": cause.share,
            **c.interval_keys(cause.interval), "cumulated": cause.cumulated, "vital": cause.vital}  # fmt: skip


PARETO = Method(
    name="pareto",
    version="1",
    title=Text("排列图", "Pareto analysis"),
    keys=(
        SpecKey("category", "text", Text("类别的列", "column of categories")),
        SpecKey("count", "text", Text("件数的列", "column of cases a row stands for; one where absent"), ""),
        SpecKey("weight", "text", Text("金额或严重度的列", "column of cost or severity to go by, instead of the number of cases"), ""),
        SpecKey("part", "number", Text("关键少数所占的部分", "the part of the whole that the vital few make"), 0.8),
        c.LEVEL,
        c.MISSING,
    ),
    gives={
        "rows": Text("由多到少的各类", "from the heaviest on: `category`, `count`, `weight`, `share` with `lower` and `upper` (of counts only), `cumulated`, `vital`"),
        "vital": Text("关键少数的个数", "how many categories make the part asked for"),
        "total": Text("合计", "the whole: cases, or the sum of the weights"),
    },
    run=_run_pareto,
)  # fmt: skip

CASES: tuple[Method, ...] = (TIMELINESS, PARETO)
