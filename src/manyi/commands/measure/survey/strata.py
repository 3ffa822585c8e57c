"""The strata of a frame, from a table of units or a table of strata, with their floors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.totals import numbers_by_name
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.allocation import Stratum, least

FRAME = (
    SpecKey("strata", "text", Text("层一列", "column of the strata"), None),
    SpecKey(
        "of", "text", Text("规模一列（每行一个单位）", "column of the size of the units, where a row is a unit"), None
    ),
    SpecKey(
        "boundaries",
        "texts",
        Text(
            "按规模分层的界值，界值归上一层",
            "boundaries of size strata, in place of `strata`; a unit at a boundary belongs above",
        ),
        None,
    ),
    SpecKey(
        "population",
        "text",
        Text("各层单位数一列（每行一层）", "column of the units of each stratum, where a row is a stratum"),
        None,
    ),
    SpecKey(
        "mean",
        "text",
        Text("各层均值一列（每行一层）", "column of the mean of each stratum, where a row is a stratum"),
        None,
    ),
    SpecKey(
        "spread",
        "text",
        Text(
            "各层标准差一列（每行一层）", "column of the standard deviation of each stratum, where a row is a stratum"
        ),
        None,
    ),
)
FLOORS = (
    SpecKey("floors", "map", Text("各层应抽取的最低比例", "the least share of each stratum"), None),
    SpecKey("floor", "number", Text("其余各层的最低比例", "the least share of the strata not named in floors"), 0),
    SpecKey("minimum", "whole", Text("每层至少的个数", "the least number of every stratum, or all it has"), 0),
    SpecKey("take_all", "texts", Text("全部抽取的层", "strata to take whole"), ()),
    SpecKey("overall", "number", Text("总体的最低比例", "the least share of the whole frame"), 0),
)


def frame_strata(table: DataTable, spec: Mapping[str, Any]) -> tuple[list[Stratum], int]:
    """The strata in their natural order, and the units left out because their size is missing."""
    if spec["population"] is not None:
        return _floored(_given(table, spec), spec), 0
    if spec["mean"] is not None or spec["spread"] is not None:
        raise Refusal("missing_key", "population", None, Text("各层单位数一列", "the column of the units of each stratum"),
                      Text("每行一层时请给出 population", "Give population where a row is a stratum"))  # fmt: skip
    size = table.numbers(spec["of"], spec["missing_codes"]) if spec["of"] is not None else np.full(len(table), math.nan)
    there = np.isfinite(size) if spec["of"] is not None else np.ones(len(table), bool)
    if not there.any():
        raise Refusal("no_answers", "of", 0, Text("至少一个单位有规模", "a unit with a size"), Text("该列全部为空", "The column is empty"))  # fmt: skip
    if spec["boundaries"] is not None:
        parts = _sized(size, spec)
    elif spec["strata"] is not None:
        c.filled(table, spec["strata"])
        parts = [(name, mask) for name, _, mask in c.groups(table, spec["strata"])]
    else:
        parts = [(c.ALL, np.ones(len(table), bool))]
    found = []
    for name, mask in parts:
        own = size[mask & there]
        if len(own):
            known = spec["of"] is not None
            found.append(
                Stratum(
                    name, len(own), float(own.mean()) if known else math.nan, float(own.std()) if known else math.nan
                )
            )
    return _floored(found, spec), int((~there).sum())


def _given(table: DataTable, spec: Mapping[str, Any]) -> list[Stratum]:
    if spec["of"] is not None or spec["boundaries"] is not None:
        raise Refusal("wrong_value", "of", spec["of"], Text("每行一层时不用 of 和 boundaries", "no size of units where a row is a stratum"),
                      Text("请去掉 of、boundaries 或 population", "Leave out of and boundaries, or population"))  # fmt: skip
    names = (
        c.unique(table, spec["strata"]) if spec["strata"] is not None else tuple(str(n + 1) for n in range(len(table)))
    )
    sizes = c.whole(table, spec["population"])
    wrong = [
        table.fault("not_positive", spec["population"], int(r), sizes[r])
        for r in np.flatnonzero((sizes < 1) | (sizes != np.floor(sizes)))
    ]
    columns = {}
    for key in ("mean", "spread"):
        columns[key] = c.whole(table, spec[key]) if spec[key] is not None else np.full(len(table), math.nan)
    wrong += [
        table.fault("negative", spec["spread"], int(r), columns["spread"][r])
        for r in np.flatnonzero(columns["spread"] < 0)
    ]
    if wrong:
        raise Faults(wrong[:100])
    return [
        Stratum(c.plain(n), int(s), float(m), float(d))
        for n, s, m, d in zip(names, sizes, columns["mean"], columns["spread"], strict=True)
    ]


def _sized(size: c.Values, spec: Mapping[str, Any]) -> list[tuple[str, c.Mask]]:
    try:
        bounds = [float(value) for value in spec["boundaries"]]
    except ValueError:
        bounds = []
    if not bounds or spec["of"] is None or not np.isfinite(bounds).all() or sorted(set(bounds)) != bounds:
        raise Refusal("wrong_value", "boundaries", str(spec["boundaries"])[:60], Text("由小到大的数，并给出 of", "rising numbers, and the column of sizes in of"),
                      Text("例如 boundaries = [10, 50]", "Write boundaries = [10, 50], for example"))  # fmt: skip
    place = np.digitize(size, bounds)
    return [(str(h + 1), place == h) for h in range(len(bounds) + 1)]


def _floored(strata: list[Stratum], spec: Mapping[str, Any]) -> list[Stratum]:
    shares = numbers_by_name(spec["floors"], "floors") if spec["floors"] else {}
    whole = {c.plain(name) for name in spec["take_all"]}
    strange = sorted((set(shares) | whole) - {s.name for s in strata})
    if strange or spec["minimum"] < 0:
        raise Refusal("unknown_stratum", "floors" if strange else "minimum", ", ".join(strange)[:60] or spec["minimum"], Text("总体中的层，个数不小于 0", "strata of the frame, numbers of 0 or more"),
                      Text(f"现有：{'、'.join(s.name for s in strata[:8])}", f"There are: {', '.join(s.name for s in strata[:8])}"))  # fmt: skip
    return [
        Stratum(s.name, s.population, s.mean, s.spread,
                least(shares.get(s.name, spec["floor"]), s.population, spec["minimum"]), s.name in whole)
        for s in strata
    ]  # fmt: skip
