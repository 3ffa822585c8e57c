"""``draw``: who is asked, by stratum and seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.strata import FLOORS, frame_strata
from manyi.commands.measure.survey.totals import numbers_by_name
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.allocation import Stratum, allocate, cover, least
from manyi.measure.draws import ALGORITHM, Unit, draw
from manyi.measure.results import Warned

NO_FRAME = {"of": None, "boundaries": None, "population": None, "mean": None, "spread": None}


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """The drawn units, and how far each stratum is covered."""
    ids = c.unique(table, spec["id"])
    labels = (
        [c.plain(cell) for cell in c.filled(table, spec["strata"])]
        if spec["strata"] is not None
        else [c.ALL] * len(ids)
    )
    certain = _certain(table, ids, spec)
    strata, _ = frame_strata(table, {**spec, **NO_FRAME})
    sizes = _sizes(strata, spec)
    taken = draw([Unit(i, h) for i, h in zip(ids, labels, strict=True)], sizes, spec["seed"], certain=certain)
    drawn = {s.name: sum(t.unit.stratum == s.name for t in taken) for s in strata}
    over = [name for name, n in drawn.items() if n > sizes[name]]
    rows = [
        {"id": t.unit.id, "stratum": t.unit.stratum, "order": t.order, "chance": t.chance, "weight": t.weight, "certain": t.certain}
        for t in taken
    ]  # fmt: skip
    covered = [
        {"stratum": s.name, "population": s.population, "floor": s.population if s.take_all else s.floor, "drawn": drawn[s.name], "share": drawn[s.name] / s.population}
        for s in strata
    ]  # fmt: skip
    given = {"rows": rows, "strata": covered, "drawn": len(rows), "algorithm": ALGORITHM, "seed": spec["seed"]}
    return Answer(given, len(table), tuple(Warned("certain_exceed_size", name) for name in over))


def _certain(table: DataTable, ids: tuple[str, ...], spec: Mapping[str, Any]) -> frozenset[str]:
    if spec["certain"] is None:
        return frozenset()
    marked = c.agreed(table, spec["certain"], None)
    return frozenset(i for i, mark in zip(ids, np.nan_to_num(marked), strict=True) if mark)


def _sizes(strata: list[Stratum], spec: Mapping[str, Any]) -> dict[str, int]:
    if spec["sizes"] is not None:
        given = numbers_by_name(spec["sizes"], "sizes")
        if spec["n"] is not None or any(value != int(value) for value in given.values()):
            raise Refusal("wrong_value", "sizes", str(spec["sizes"])[:60], Text("整数，且不与 n 并用", "whole numbers, and not together with n"), Text("例如 {A = 20}", "Write {A = 20}, for example"))  # fmt: skip
        floors = {s.name: s.population if s.take_all else s.floor for s in strata}
        short = [name for name, value in given.items() if value < floors.get(name, 0)]
        if short or sum(given.values()) < least(spec["overall"], sum(s.population for s in strata)):
            raise Refusal("bad_n", "sizes", ", ".join(short)[:60] or sum(given.values()), Text("不低于各层和总体的下限", "at least the floors of the strata and of the whole"), Text("请提高样本量，或去掉下限", "Raise the sizes, or leave out the floors"))  # fmt: skip
        return {name: int(value) for name, value in given.items()}
    if spec["n"] is None:
        found = cover(strata, spec["overall"])
    else:
        if spec["n"] < least(spec["overall"], sum(s.population for s in strata)):
            raise Refusal("bad_n", "n", spec["n"], Text("不低于总体的下限", "at least the floor of the whole"), Text("请提高 n", "Raise n"))  # fmt: skip
        found = allocate(strata, spec["n"])
    if not found.n:
        raise Refusal("missing_key", "n", None, Text("n、sizes 或 floors、floor、overall", "n, sizes, or floors, floor or overall"), Text("说明抽取多少", "Say how many to draw"))  # fmt: skip
    return {share.stratum.name: share.allocated for share in found.shares}


DRAW = Method(
    name="draw",
    version="1",
    title=Text("按层抽样", "A draw by stratum"),
    keys=(
        SpecKey("id", "text", Text("编号一列", "column of ids")),
        SpecKey("seed", "whole", Text("种子", "the seed; the same one gives the same draw for ever")),
        SpecKey("strata", "text", Text("层一列", "column of the strata"), None),
        SpecKey(
            "n", "whole", Text("总样本量，按比例分配", "how many to draw of all, in proportion to the strata"), None
        ),
        SpecKey("sizes", "map", Text("各层样本量", "how many to draw of each stratum"), None),
        *FLOORS,
        SpecKey(
            "certain",
            "text",
            Text("标明必选单位的列（1 或 0）", "column that marks units that must be in, by 1 and 0"),
            None,
        ),
    ),
    gives={
        "rows": Text(
            "每个抽中的单位一行：id、stratum、order、chance、weight、certain",
            "one for every drawn unit: `id`, `stratum`, `order` within it, `chance` of being drawn, `weight` (1/chance), `certain`",
        ),
        "strata": Text(
            "每层一行：stratum、population、floor、drawn、share",
            "one for every stratum: `stratum`, `population`, `floor`, `drawn`, `share`",
        ),
        "drawn": Text("抽中的单位数", "how many were drawn"),
        "algorithm": Text("抽取算法的名称", "the name of the algorithm"),
        "seed": Text("种子", "the seed"),
    },
    run=run,
)
