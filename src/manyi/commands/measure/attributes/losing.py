"""What ``loss`` does with one row a customer: rates and survival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.loss.rates import LossRate, loss_rate
from manyi.measure.results import Warned
from manyi.measure.survival import Survival, kaplan_meier

Row = dict[str, Any]


def needed(spec: Mapping[str, Any], *keys: str) -> list[str]:
    """The columns named under ``keys``; refuses where one is not given."""
    for key in keys:
        if not spec[key]:
            raise Refusal("missing_key", key, "", Text("一列", "a column"),
                          Text(f"kind = {spec['kind']} 需要 {key}", f"kind = {spec['kind']} needs {key}"))  # fmt: skip
    return [spec[key] for key in keys]


def amounts(table: DataTable, head: str) -> c.Values:
    """A column of numbers of 0 or more, without blanks."""
    values = c.whole(table, head)
    faults = [table.fault("negative", head, int(r), table.column(head)[r]) for r in np.flatnonzero(values < 0)]
    if faults:
        raise Faults(faults[:100])
    return values


def _lost(table: DataTable, spec: Mapping[str, Any]) -> c.Values:
    if spec["customer"]:
        c.unique(table, spec["customer"])
    lost = c.agreed(table, needed(spec, "lost")[0], spec["yes"], spec["missing_codes"])
    if not np.isfinite(lost).any():
        raise Refusal("all_missing", spec["lost"], 0, Text("至少一个已知去留的客户", "a customer known to be lost or kept"),
                      Text("请核对列名和缺失代码", "Check the column and the codes that mean missing"))  # fmt: skip
    return lost


def rates(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """Loss rates over all and by group."""
    lost = _lost(table, spec)
    before, now = (amounts(table, spec[key]) if spec[key] else None for key in ("before", "now"))
    if now is not None and before is None:
        needed(spec, "before")
    known = np.isfinite(lost)

    def among(mask: c.Mask) -> LossRate:
        at = mask & known
        return loss_rate(lost[at] == 1, None if before is None else before[at], None if now is None else now[at],
                         level=spec["level"])  # fmt: skip

    parts = c.groups(table, spec["by"], spec["missing_codes"]) if spec["by"] else []
    overall = among(np.ones(len(table), bool))
    groups = [(name, among(mask)) for name, _, mask in parts if (mask & known).any()]
    warnings = [*c.left_out(len(table) - overall.n), *c.sized([(c.ALL, overall.n), *((g, f.n) for g, f in groups)])]
    if before is not None and overall.sales_lost is None:
        warnings.append(Warned("no_sales", spec["before"]))
    values = {"overall": _rate_row(overall), "rows": [{"group": name, **_rate_row(found)} for name, found in groups]}
    return Answer(values, overall.n, tuple(warnings))


def _rate_row(found: LossRate) -> Row:
    return {"n": found.n, "lost": found.lost, "rate": found.rate.estimate, **c.interval_keys(found.rate.interval),
            "sales_lost": found.sales_lost, "kept": found.kept}  # fmt: skip


def survival(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """Kaplan–Meier curves over all and by group."""
    lost, times = _lost(table, spec), table.numbers(needed(spec, "time")[0], spec["missing_codes"])
    faults = [table.fault("negative", spec["time"], int(r), times[r]) for r in np.flatnonzero(times < 0)]
    if faults:
        raise Faults(faults[:100])
    known = np.isfinite(lost) & np.isfinite(times)
    if not all(isinstance(t, (int, float)) for t in spec["at"]):
        raise Refusal("wrong_value", "at", list(spec["at"]), Text("若干数字", "numbers"),
                      Text("例如 at = [12, 24]", "Write at = [12, 24], for example"))  # fmt: skip
    curves = [
        (name, kaplan_meier(times[mask & known], lost[mask & known] == 1, level=spec["level"]))
        for name, _, mask in [
            (c.ALL, {}, np.ones(len(table), bool)),
            *(c.groups(table, spec["by"]) if spec["by"] else []),
        ]
        if (mask & known).any() or name == c.ALL
    ]
    rows = [_curve(name, found, spec["at"]) for name, found in curves]
    n = curves[0][1].n
    warnings = [*c.left_out(len(table) - n), *c.sized((name, found.n) for name, found in curves)]
    warnings += [Warned("median_not_reached", name) for name, found in curves if found.median is None]
    warnings += [Warned("all_lost", name) for name, found in curves if found.survival.size and found.survival[-1] == 0]
    return Answer({"overall": rows[0], "rows": rows[1:]}, n, tuple(warnings))


def _curve(name: str, found: Survival, at: Sequence[float]) -> Row:
    ends = found.median_ends
    points = []
    for time in at or found.times.tolist():
        share, se, interval = found.at(time)
        points.append({"time": time, "at_risk": found.at_risk_at(time), "survival": share,
                       "se": se if np.isfinite(se) else None, **c.interval_keys(interval)})  # fmt: skip
    return {"group": name, "n": found.n, "lost": int(found.ended.sum()), "median": found.median,
            "median_lower": ends[0], "median_upper": ends[1], "curve": points}  # fmt: skip
