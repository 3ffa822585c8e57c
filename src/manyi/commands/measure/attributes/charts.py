"""The method ``chart``: control charts of counts, shares, rates, values and rare events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.charts.limits import COUNTS, SIZED, Flags, Limits, Values, shewhart, subgroup_means
from manyi.measure.charts.runs import RULES, Runs, beyond, runs_about, zone_signals
from manyi.measure.charts.shifts import Cusum, cusum, ewma
from manyi.measure.results import Warned

KINDS = ("c", "np", "p", "u", "pp", "up", "i", "g", "t", "xbar", "ewma", "cusum", "run")
SHORT = 20
OVERDISPERSED, UNDERDISPERSED = 1.2, 0.8


def _run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    counts, sizes, members = _columns(table, spec)
    n = len(members) if members is not None else len(counts)
    parts = _parts(spec["parts"], n)
    base = _base(spec, n)
    drawn = [_limits(spec, counts[part], None if sizes is None else sizes[part],
                     None if members is None else members[part], base[part]) for part in parts]  # fmt: skip
    limits = _joined(drawn)
    sums = _sums(spec, drawn)
    if spec["kind"] == "ewma":
        limits = _joined([ewma(part, spec["lambda"], spec["sigmas"]) for part in drawn])
    if sums is not None:
        return Answer(_cusum_values(limits, sums), n, tuple(_warnings(spec, base, limits, counts)))
    return Answer(_values(spec, limits, parts), n, tuple(_warnings(spec, base, limits, counts)))


def _columns(table: DataTable, spec: Mapping[str, Any]) -> tuple[Values, Values | None, Values | None]:
    """The counts or values per point, their sizes, and subgroups as (points, members) where there are any."""
    kind = spec["kind"]
    if spec["group"] or spec["values"]:
        members = _members(table, spec)
        return members.mean(axis=1), None, members
    if not spec["count"]:
        raise Refusal("missing_key", "count", "", Text("一列", "a column"), Text("给出 count", "Give count"))
    if kind == "xbar":
        raise Refusal("missing_key", "group", "", Text("分组的列", "a column that names the subgroups"),
                      Text("给出 group 或 values", "Give group, or values"))  # fmt: skip
    counts = _complete(table, spec["count"])
    if kind in SIZED and not spec["size"]:
        raise Refusal("missing_key", "size", "", Text("每点基数的列", "the column with the size of every point"),
                      Text("给出 size", "Give size"))  # fmt: skip
    return counts, _complete(table, spec["size"]) if spec["size"] else None, None


def _complete(table: DataTable, column: str) -> Values:
    values = table.numbers(column)
    empty = [table.fault("empty_cell", column, int(i)) for i in np.flatnonzero(~np.isfinite(values))]
    if empty:
        raise Faults(empty[:100])
    return values


def _members(table: DataTable, spec: Mapping[str, Any]) -> Values:
    if spec["values"]:
        return np.column_stack([_complete(table, column) for column in spec["values"]])
    values, groups = _complete(table, spec["count"]), table.column(spec["group"])
    order = list(dict.fromkeys(groups))
    rows = [values[[g == name for g in groups]] for name in order]
    if len({len(row) for row in rows}) > 1:
        raise Refusal("unequal_groups", "group", spec["group"], Text("各组一样大", "subgroups of one size"),
                      Text("请补齐各组，或改用 i 图", "Complete the subgroups, or take an i chart"))  # fmt: skip
    return np.array(rows)


def _parts(ends: Sequence[Any], n: int) -> list[slice]:
    """Phases: each number is the last point of a phase."""
    borders = [0, *ends, n]
    if any(not isinstance(end, int) for end in ends) or any(b <= a for a, b in pairwise(borders)):
        raise Refusal("wrong_value", "parts", list(ends), Text(f"由小到大、小于 {n} 的点号", f"point numbers below {n}, ascending"),
                      Text("每个数是一个阶段的最后一点", "Each number is the last point of a phase"))  # fmt: skip
    return [slice(a, b) for a, b in pairwise(borders)]


def _base(spec: Mapping[str, Any], n: int) -> Flags:
    """Which points set the limits: the first ``baseline`` of each phase (0: all), those left out excepted."""
    base = np.ones(n, dtype=bool)
    if not 0 <= spec["baseline"] <= n:
        raise Refusal("wrong_value", "baseline", spec["baseline"], Text(f"0 到 {n}", f"from 0 to {n}"),
                      Text("0 表示全部点", "0 means all points"))  # fmt: skip
    if spec["baseline"]:
        base[spec["baseline"] :] = False
        for part in _parts(spec["parts"], n)[1:]:
            base[part.start : part.start + spec["baseline"]] = True
    for number in spec["exclude"]:
        if not isinstance(number, int) or not 1 <= number <= n:
            raise Refusal("wrong_value", "exclude", number, Text(f"1 到 {n} 的点号", f"point numbers from 1 to {n}"),
                          Text("点号从 1 起", "Points count from 1"))  # fmt: skip
        base[number - 1] = False
    return base


def _limits(
    spec: Mapping[str, Any], counts: Values, sizes: Values | None, members: Values | None, base: Flags
) -> Limits:
    kind = spec["kind"]
    if kind == "run":
        points = counts if sizes is None else counts / sizes
        centre = np.full_like(points, float(np.median(points[base])) if base.any() else 0.0)
        nothing = np.full_like(points, math.inf)
        return _scaled(Limits(points, centre, -nothing, nothing, np.zeros_like(points), None), spec["per"])
    if members is not None:
        return _scaled(subgroup_means(members, base), spec["per"])
    return _scaled(shewhart("i" if kind in ("ewma", "cusum") else kind, counts, sizes, base), spec["per"])


def _scaled(limits: Limits, per: float) -> Limits:
    return Limits(limits.points * per, limits.centre * per, limits.lower * per, limits.upper * per, limits.sigma * per,
                  limits.sigma_z)  # fmt: skip


def _joined(parts: Sequence[Limits]) -> Limits:
    points, centre, lower, upper, sigma = (
        np.concatenate([getattr(part, column) for part in parts])
        for column in ("points", "centre", "lower", "upper", "sigma")
    )
    return Limits(points, centre, lower, upper, sigma, parts[-1].sigma_z)


def _sums(spec: Mapping[str, Any], parts: Sequence[Limits]) -> Cusum | None:
    if spec["kind"] != "cusum":
        return None
    found = [cusum(part, spec["k"], spec["h"]) for part in parts]
    above, below = np.concatenate([c.above for c in found]), np.concatenate([c.below for c in found])
    signals = tuple(int(i) + 1 for i in np.flatnonzero((above > spec["h"]) | (below > spec["h"])))
    return Cusum(above, below, spec["h"], signals)


def _finite(values: Values) -> list[float | None]:
    return [float(v) if math.isfinite(v) else None for v in values]


def _values(spec: Mapping[str, Any], limits: Limits, parts: Sequence[slice]) -> dict[str, Any]:
    about = [runs_about(limits.points[part], limits.centre[part]) for part in parts]
    return {
        "points": limits.points.tolist(), "centre": float(limits.centre[-1]), "centres": limits.centre.tolist(),
        "lower": _finite(limits.lower), "upper": _finite(limits.upper), "beyond": beyond(limits),
        "runs": _runs(about[-1]), "sigma_z": limits.sigma_z,
        "phases": [{"from": part.start + 1, "to": part.stop, "centre": float(limits.centre[part][0]), "runs": _runs(run)}
                   for part, run in zip(parts, about, strict=True)],
        "zones": {rule: zone_signals(limits, rule) for rule in spec["rules"]}, "above": None, "below": None,
    }  # fmt: skip


def _cusum_values(limits: Limits, sums: Cusum) -> dict[str, Any]:
    return {
        "points": limits.points.tolist(), "centre": float(limits.centre[-1]), "centres": limits.centre.tolist(),
        "lower": [-sums.h] * len(limits.points), "upper": [sums.h] * len(limits.points), "beyond": list(sums.signals),
        "runs": _runs(runs_about(limits.points, limits.centre)), "sigma_z": None, "phases": [], "zones": {},
        "above": sums.above.tolist(), "below": sums.below.tolist(),
    }  # fmt: skip


def _runs(runs: Runs) -> dict[str, Any]:
    return {"useful": runs.useful, "longest": runs.longest, "longest_allowed": runs.longest_allowed,
            "crossings": runs.crossings, "crossings_needed": runs.crossings_needed, "signal": runs.signal}  # fmt: skip


def _warnings(spec: Mapping[str, Any], base: Flags, limits: Limits, counts: Values) -> list[Warned]:
    found = []
    kind, ratio = spec["kind"], limits.sigma_z
    if base.sum() < SHORT and kind != "run":
        found.append(Warned("short_baseline", f"n = {int(base.sum())}"))
    if kind in ("p", "u") and ratio is not None and ratio > OVERDISPERSED:
        found.append(Warned("overdispersed", f"σz = {ratio:.2f}"))
    if kind in ("p", "u", "pp", "up") and ratio is not None and ratio < UNDERDISPERSED:
        found.append(Warned("underdispersed", f"σz = {ratio:.2f}"))
    if kind in COUNTS and counts.mean() < 5:
        found.append(Warned("low_counts", f"{counts.mean():.2f}"))
    if spec["rules"]:
        found.append(Warned("rules_added", ", ".join(map(str, spec["rules"]))))
    return found


def _checked_run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    for rule in spec["rules"]:
        if rule not in RULES:
            raise Refusal("wrong_value", "rules", rule, Text("、".join(RULES), ", ".join(RULES)),
                          Text("请使用列出的规则", "Use the rules listed"))  # fmt: skip
    if not spec["per"] > 0:
        raise Refusal("wrong_value", "per", spec["per"], Text("大于 0 的数", "a number above 0"),
                      Text("例如 1000", "Write 1000, for example"))  # fmt: skip
    return _run(table, spec)


CHART = Method(
    name="chart",
    version="1",
    title=Text("控制图", "Control charts"),
    keys=(
        SpecKey("kind", "text", Text("图的种类", "kind of chart"), choices=KINDS),
        SpecKey("count", "text", Text("个数（或数值）的列", "column of events per point; of values for `i`, `t`, `g`, `ewma`, `cusum`, `run`"), ""),
        SpecKey("size", "text", Text("每点基数的列", "column of cases or exposure per point, for `p`, `np`, `u`, `pp`, `up`"), ""),
        SpecKey("per", "number", Text("每多少基数表示", "rates are told per so many"), 1),
        SpecKey("baseline", "whole", Text("用前多少点（每个阶段）定界限，0 为全部", "the first so many points of each phase set the limits; 0 means all"), 0),
        SpecKey("exclude", "texts", Text("不参与定界限的点号", "numbers (from 1) of points that set no limits"), []),
        SpecKey("parts", "texts", Text("各阶段最后一点的点号", "the last point of each phase but the last"), []),
        SpecKey("group", "text", Text("分组的列（每行一个值）", "column that names the subgroup of each row, for `xbar`, `ewma`, `cusum`"), ""),
        SpecKey("values", "texts", Text("一组的各列", "columns of one subgroup, instead of `group`"), []),
        SpecKey("rules", "texts", Text("附加规则", "zone rules to add: we2 we3 we4 nelson2 … nelson8"), []),
        SpecKey("lambda", "number", Text("EWMA 的权", "weight of EWMA"), 0.2),
        SpecKey("sigmas", "number", Text("EWMA 的界限倍数", "width of EWMA's limits in σ"), 3),
        SpecKey("k", "number", Text("CUSUM 的参考值", "reference value of CUSUM, in σ"), 0.5),
        SpecKey("h", "number", Text("CUSUM 的判定值", "decision interval of CUSUM, in σ"), 5),
    ),
    gives={
        "points": Text("所画的点", "the points drawn"),
        "centre": Text("中心线（最后阶段）", "the centre line of the last phase"),
        "centres": Text("每点的中心线", "the centre per point"),
        "lower": Text("每点的下限", "lower limit per point; null where there is none"),
        "upper": Text("每点的上限", "upper limit per point; null where there is none"),
        "beyond": Text("超出界限的点号", "numbers (from 1) of points outside the limits"),
        "runs": Text("链与穿越（Anhøj）", "of the last phase: `useful` points, `longest` run and `longest_allowed`, `crossings` and `crossings_needed`, `signal`"),
        "sigma_z": Text("Laney 的 σz", "Laney's ratio for p and u charts: 1 where the points vary as the law says; null otherwise"),
        "phases": Text("各阶段", "for each phase: `from`, `to`, `centre`, `runs`"),
        "zones": Text("附加规则的信号", "points at which each added rule strikes"),
        "above": Text("CUSUM 上侧和", "upper sums of CUSUM; null for other kinds"),
        "below": Text("CUSUM 下侧和", "lower sums of CUSUM; null for other kinds"),
    },
    run=_checked_run,
)  # fmt: skip

CHARTS: tuple[Method, ...] = (CHART,)
