"""``allocate``: how many to ask, of each stratum: by coverage floors, for a given number, a precision or an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.strata import FLOORS, FRAME, frame_strata
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.allocation import (
    METHODS,
    Allocation,
    SampleSize,
    Stratum,
    allocate,
    allocate_for_cv,
    cover,
    least,
    sample_size,
)
from manyi.measure.results import Warned


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every stratum."""
    asked = [key for key in ("n", "cv", "error") if spec[key] is not None]
    if len(asked) > 1:
        raise Refusal("wrong_value", asked[1], spec[asked[1]], Text("n、cv、error 只用一个", "one of n, cv and error"), Text("请去掉多余的", "Leave out the others"))  # fmt: skip
    strata, missing = frame_strata(table, spec)
    size = _size(strata, spec)
    found = _allocated(strata, size, spec)
    notes = [*c.left_out(missing)]
    if found.cv is None:
        notes.append(Warned("cv_unknown"))
    elif spec["cv"] is not None and found.cv > spec["cv"] * (1 + 1e-9):
        notes.append(Warned("cv_missed", f"{found.cv:.4g}"))
    rows = [
        {
            "stratum": share.stratum.name, "population": share.stratum.population,
            "mean": _finite(share.stratum.mean), "spread": _finite(share.stratum.spread), "floor": share.stratum.floor,
            "exact": share.exact, "allocated": share.allocated, "share": share.allocated / share.stratum.population,
            "take_all": share.all_taken,
        }
        for share in found.shares
    ]  # fmt: skip
    given = {
        "rows": rows, "allocated": found.n, "population": sum(s.population for s in strata), "cv": found.cv,
        "sample_size": None if size is None else {"infinite": size.infinite, "exact": size.exact, "n": size.n, "to_send": size.to_send},
    }  # fmt: skip
    return Answer(given, len(table), tuple(notes))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _size(strata: list[Stratum], spec: Mapping[str, Any]) -> SampleSize | None:
    if spec["error"] is None:
        return None
    there = sum(s.population for s in strata)
    return sample_size(float(spec["error"]), spread=spec["spread_of_all"], share=float(spec["share"]), population=there,
                       level=spec["level"], response=float(spec["response"]))  # fmt: skip


def _allocated(strata: list[Stratum], size: SampleSize | None, spec: Mapping[str, Any]) -> Allocation:
    powers = _powers(spec)
    overall = least(spec["overall"], sum(s.population for s in strata))
    if spec["cv"] is not None:
        return allocate_for_cv(
            strata, float(spec["cv"]), method=spec["method"] or "neyman", powers=powers, repair=spec["repair"]
        )
    if spec["n"] is None and size is None:
        return cover(strata, spec["overall"])
    n = spec["n"] if size is None else min(size.to_send, sum(s.population for s in strata))
    if size is not None:
        n = max(n, overall, sum(s.population if s.take_all else s.floor for s in strata))
    if n < overall:
        raise Refusal("bad_n", "n", n, Text(f"至少 {overall}", f"at least {overall}"), Text("n 低于总的覆盖要求", "n is below the floor of the whole"))  # fmt: skip
    return allocate(strata, n, method=spec["method"] or "proportional", powers=powers)


def _powers(spec: Mapping[str, Any]) -> tuple[float, float, float] | None:
    if spec["powers"] is None:
        return None
    try:
        q1, q2, q3 = (float(value) for value in spec["powers"])
    except ValueError:
        q1 = q2 = q3 = math.nan
    if not all(math.isfinite(q) and 0 <= q <= 2 for q in (q1, q2, q3)):
        raise Refusal("wrong_value", "powers", str(spec["powers"])[:60], Text("0 到 2 之间的三个数", "three numbers from 0 to 2"), Text("例如 [0.35, 0.35, 0]", "Write [0.35, 0.35, 0], for example"))  # fmt: skip
    return q1, q2, q3


ALLOCATE = Method(
    name="allocate",
    version="1",
    title=Text("样本量及其在各层的分配", "Sample sizes and their allocation to strata"),
    keys=(
        *FRAME,
        *FLOORS,
        SpecKey("n", "whole", Text("总样本量", "how many to take of all"), None),
        SpecKey(
            "cv", "number", Text("要求的变异系数", "the coefficient of variation of the mean that is asked for"), None
        ),
        SpecKey(
            "error", "number", Text("要求的误差（区间半宽）", "the half-width of the interval that is asked for"), None
        ),
        SpecKey(
            "share", "number", Text("error：预计的比例", "error: the share expected; a half is the worst case"), 0.5
        ),
        SpecKey(
            "spread_of_all",
            "number",
            Text("error：均值时的标准差", "error: the standard deviation, where a mean is wanted"),
            None,
        ),
        SpecKey("response", "number", Text("error：预计的回收率", "error: the share expected to answer"), 1.0),
        SpecKey(
            "method",
            "text",
            Text(
                "分配方法；缺省时 n 用 proportional，cv 用 neyman",
                "allocation; proportional for n and neyman for cv where absent",
            ),
            None,
            METHODS,
        ),
        SpecKey(
            "powers",
            "texts",
            Text(
                "power：N、均值、标准差的指数 q1、q2、q3",
                "power: the exponents q1, q2, q3 of N, mean and spread (each doubled)",
            ),
            None,
        ),
        SpecKey(
            "repair",
            "yes",
            Text(
                "cv：超过该层总数时全取并重新分配",
                "cv: a stratum that would get more than it has is taken whole and the rest allocated anew",
            ),
            True,
        ),
        c.MISSING,
        c.LEVEL,
    ),
    gives={
        "rows": Text(
            "每层一行：stratum、population、mean、spread、floor、exact、allocated、share、take_all",
            "one for every stratum: `stratum`, `population`, `mean`, `spread` (null where not known), `floor`, `exact` (before rounding), `allocated`, `share`, `take_all`",
        ),
        "allocated": Text("总样本量", "the units to take of all strata"),
        "population": Text("总体单位数", "the units of all strata"),
        "cv": Text(
            "估计均值的变异系数；不知均值和标准差时为 null",
            "coefficient of variation of the estimated mean size; null where mean or spread are not known",
        ),
        "sample_size": Text(
            "error：infinite、exact、n、to_send；否则为 null",
            "with `error`: `infinite` (n₀), `exact`, `n` and `to_send` (n over the response); else null",
        ),
    },
    run=run,
)
