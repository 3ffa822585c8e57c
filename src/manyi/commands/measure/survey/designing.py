"""The keys that say how a sample was drawn, and the design made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.survey.columns import Values, filled, listed, weights, whole
from manyi.commands.measure.survey.totals import margins_of, numbers_by_name
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.designs import LONELY, Design, calibrated, design
from manyi.measure.results import Warned
from manyi.measure.weighting import calibrate, indicators, rake

DESIGN: tuple[SpecKey, ...] = (
    SpecKey(
        "weights",
        "text",
        Text("权重列；缺省时由 fpc 得出，或为 1", "column of weights; from fpc, or 1, where absent"),
        None,
    ),
    SpecKey(
        "strata", "columns", Text("层；若干列时每阶段一列", "column of the strata; a list gives one per stage"), None
    ),
    SpecKey(
        "psu",
        "columns",
        Text("初级单位；若干列时每阶段一列", "column of the primary units; a list gives one per stage"),
        None,
    ),
    SpecKey("nest", "yes", Text("单位编号在各层重复使用", "names of units are used anew in every stratum"), False),
    SpecKey(
        "fpc",
        "columns",
        Text(
            "每行所在层的总体单位数或抽样比；若干列时每阶段一列",
            "column of the units in the population of the row's stratum, or the share drawn; a list gives one per stage",
        ),
        None,
    ),
    SpecKey(
        "lonely",
        "text",
        Text(
            "只有一个单位的层：拒绝、不计方差或以总均值为中心",
            "a stratum with one unit: refused, without variance, or centred at the grand mean",
        ),
        "refuse",
        LONELY,
    ),
)

CALIBRATION: tuple[SpecKey, ...] = (
    SpecKey("margins", "map", Text("校准到已知总数：变量到各类别总数", "calibrate to known totals: column to the total of every level"), None),
    SpecKey("auxiliaries", "map", Text("线性校准的数值变量总数（与 margins 并用）", "totals of numeric columns for linear calibration, beside margins or the key population"), None),
    SpecKey("population", "number", Text("总体单位数（线性校准）", "units in the population, for linear calibration on auxiliaries alone"), None),
)  # fmt: skip


def design_of(table: DataTable, spec: Mapping[str, Any]) -> tuple[Design, tuple[Warned, ...]]:
    """The design the spec describes, calibrated where it says so."""
    stages = max(1, len(listed(spec["psu"])), len(listed(spec["fpc"])))
    if len(listed(spec["strata"])) > stages:
        raise Refusal("too_many_strata", "strata", len(listed(spec["strata"])), Text("每阶段一列", "one column per stage"),
                      Text("多个分层变量请先合并为一列", "Join several stratifying columns into one first"))  # fmt: skip
    found = design(
        len(table),
        weights=None if spec["weights"] is None else weights(table, spec["weights"]),
        strata=[np.array(filled(table, head)) for head in listed(spec["strata"])],
        psu=[np.array(filled(table, head)) for head in listed(spec["psu"])],
        fpc=[whole(table, head) for head in listed(spec["fpc"])],
        nest=spec["nest"],
        lonely=spec["lonely"],
    )
    first = found.stages[0]
    warned = []
    if (first.drawn >= first.population * (1 - 1e-9)).any():
        warned.append(Warned("all_taken", spec["fpc"] if isinstance(spec["fpc"], str) else ", ".join(spec["fpc"])))
    if spec["lonely"] != "refuse" and (first.drawn == 1).any():
        warned.append(Warned("lonely_unit_adjusted", spec["lonely"]))
    if spec.get("margins") or spec.get("auxiliaries"):
        found, more = _calibrated(table, spec, found)
        warned += more
    return found, tuple(warned)


def _calibrated(table: DataTable, spec: Mapping[str, Any], found: Design) -> tuple[Design, list[Warned]]:
    margins = margins_of(table, spec["margins"] or {}, "margins")
    if not spec["auxiliaries"]:
        return calibrated(found, rake(found.weights, margins).weights, indicators(margins)), []
    numeric = numbers_by_name(spec["auxiliaries"], "auxiliaries")
    columns: list[Values] = [whole(table, head) for head in numeric]
    totals = list(numeric.values())
    if spec["population"] is not None:
        columns.insert(0, np.ones(len(table)))
        totals.insert(0, float(spec["population"]))
    for number, margin in enumerate(margins):
        # every margin adds up to the same; with an intercept or a margin before it, the first level says nothing new
        names = list(margin.totals)[1 if number or spec["population"] is not None else 0 :]
        columns += [(np.asarray(margin.levels) == name).astype(float) for name in names]
        totals += [margin.totals[name] for name in names]
    matrix = np.column_stack(columns)
    weighted = calibrate(found.weights, matrix, np.array(totals))
    negative = int((weighted.weights < 0).sum())
    return calibrated(found, weighted.weights, matrix), [Warned("negative_weights", str(negative))] if negative else []
