"""The same cases asked twice: means by paired t, shares by McNemar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.tables import Row, column_of, difference_row, with_margin
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.comparison import paired, verdict
from manyi.measure.proportions import ChanceTest, mcnemar, mcnemar_exact, paired_difference
from manyi.measure.results import Warned

FEW_CHANGED = 25
"""So few who changed their answer are tested exactly unless the spec says otherwise."""


def paired_rows(table: DataTable, spec: Mapping[str, Any]) -> tuple[list[Row], ChanceTest | None, int, list[Warned]]:
    """One row: later − earlier."""
    if spec["kind"] not in ("mean", "proportion"):
        raise Refusal("wrong_value", "kind", spec["kind"], Text("mean 或 proportion", "mean or proportion"),
                      Text("配对的等级请作为均值或比例比较", "Compare paired grades as means or as proportions"))  # fmt: skip
    earlier, later, names, lost = _by_id(table, spec) if spec["pair"] is not None else _side_by_side(table, spec)
    there = np.isfinite(earlier) & np.isfinite(later)
    notes = [Warned("pairs_left_out", str(lost + int((~there).sum())))] if lost or not there.all() else []
    if spec["kind"] == "proportion":
        times = _frequency(table, spec)[there]
        return [_shares(earlier[there], later[there], times, names, spec)], None, int(times.sum()), notes
    found = paired(later[there], earlier[there], level=spec["level"])
    row = with_margin(difference_row(names[1], names[0], found), found, spec)
    return [row], None, int(there.sum()), [*notes, *c.sized([(c.ALL, int(there.sum()))])]


def _side_by_side(table: DataTable, spec: Mapping[str, Any]) -> tuple[c.Values, c.Values, tuple[str, str], int]:
    heads = spec["before"], spec["after"]
    if None in heads:
        raise Refusal("missing_key", "before" if heads[0] is None else "after", None, Text("before 和 after", "before and after"),
                      Text("请同时给出两列", "Give both columns"))  # fmt: skip
    earlier, later = (_values(table, head, spec) for head in heads)
    return earlier, later, (str(heads[0]), str(heads[1])), 0


def _values(table: DataTable, head: str, spec: Mapping[str, Any]) -> c.Values:
    if spec["kind"] == "proportion":
        return c.agreed(table, head, spec["yes"], spec["missing_codes"])
    return table.numbers(head, spec["missing_codes"])


def _by_id(table: DataTable, spec: Mapping[str, Any]) -> tuple[c.Values, c.Values, tuple[str, str], int]:
    ids, values = c.filled(table, spec["pair"]), _values(table, column_of(spec), spec)
    parts = {name: mask for name, _, mask in c.groups(table, spec["by"], spec["missing_codes"])}
    names = [c.plain(name) for name in spec["groups"]] if spec["groups"] else list(parts)
    if len(names) != 2 or not set(names) <= set(parts) or spec["by"] is None:
        raise Refusal("bad_groups", "by", ", ".join(parts)[:60], Text("恰好两组", "exactly two groups"),
                      Text("用 groups 指明先后两期", "Name the earlier and the later one in groups"))  # fmt: skip
    sides: list[dict[str, float]] = []
    for name in names:
        side: dict[str, float] = {}
        for row in np.flatnonzero(parts[name]):
            if ids[row] in side:
                raise Faults([table.fault("duplicate", spec["pair"], int(row), ids[row])])
            side[ids[row]] = float(values[row])
        sides.append(side)
    both = sorted(sides[0].keys() & sides[1].keys())
    lost = len(sides[0]) + len(sides[1]) - 2 * len(both)
    return np.array([sides[0][i] for i in both]), np.array([sides[1][i] for i in both]), (names[0], names[1]), lost


def _frequency(table: DataTable, spec: Mapping[str, Any]) -> c.Values:
    if spec["frequency"] is None:
        return np.ones(len(table))
    values = c.whole(table, spec["frequency"])
    faults = [table.fault("negative", spec["frequency"], int(row), values[row]) for row in np.flatnonzero(values < 0)]
    if faults or spec["pair"] is not None:
        raise Faults(faults[:100] or [table.fault("negative", spec["frequency"], None, "frequency, pair")])
    return values


def _shares(
    earlier: c.Values, later: c.Values, times: c.Values, names: tuple[str, str], spec: Mapping[str, Any]
) -> Row:
    def cell(now: float, then: float) -> float:
        return float(times[(later == now) & (earlier == then)].sum())

    both, gained, lost, neither = cell(1, 1), cell(1, 0), cell(0, 1), cell(0, 0)
    n = both + gained + lost + neither
    if not n:
        raise Refusal("no_answers", "pairs", 0, Text("至少一对回答", "a pair of answers or more"), Text("没有可用的配对", "There are no pairs to use"))  # fmt: skip
    interval = paired_difference(both, gained, lost, neither, level=spec["level"])
    test = _mcnemar(gained, lost, spec)
    return {
        "a": names[1], "b": names[0], "estimate": (gained - lost) / n, **c.interval_keys(interval), "method": interval.method,
        "share_a": (both + gained) / n, "share_b": (both + lost) / n, "n_a": n, "n_b": n, "statistic": test.statistic,
        "df": 1, "test": test.name, "p": test.p, "p_adjusted": None, "verdict": verdict(interval.lower, interval.upper),
    }  # fmt: skip


def _mcnemar(gained: float, lost: float, spec: Mapping[str, Any]) -> ChanceTest:
    few = gained + lost < FEW_CHANGED and not spec["correct"] and not (gained % 1 or lost % 1)
    if spec["mcnemar"] == "exact" or (spec["mcnemar"] == "auto" and few):
        return mcnemar_exact(gained, lost)
    return mcnemar(gained, lost, correct=spec["correct"])
