"""``nps``: the net promoter score, and its kin: the share of satisfied (CSAT) and customer effort (CES)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.proportions import INTERVALS
from manyi.measure.ratings import NET_INTERVALS, in_bands, net_promoter, rate
from manyi.measure.results import Warned

SCALES: Mapping[str, tuple[float, float]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
TOP = {"csat": 2, "ces": 3}
"""How many of the best grades count as satisfied, or as easy, unless the spec says otherwise."""
CROWDED = 1.0
"""The skewness from which the mean alone misleads."""


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every group."""
    low, high = scale_of(spec)
    values = table.numbers(spec["of"], spec["missing_codes"])
    there = np.isfinite(values)
    outside = there & ((values < low) | (values > high))
    if outside.any():
        cells = table.column(spec["of"])
        raise Faults(
            [table.fault("outside_scale", spec["of"], int(r), cells[r]) for r in np.flatnonzero(outside)[:100]]
        )
    if spec["kind"] == "nps":
        c.whole_grades(table, spec["of"], values)
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    grouped = np.logical_or.reduce([mask for _, _, mask in parts])
    used = there & grouped
    warned = [*c.left_out(int((~used).sum()))]
    if not used.any():
        raise Refusal("no_answers", "of", 0, Text("至少一个回答", "an answer or more"), Text("该列没有可用的回答", "The column has no answers to use"))  # fmt: skip
    if spec["kind"] == "nps" and (low, high) != SCALES["nps"]:
        warned.append(Warned("scale_not_standard", f"{low:g}–{high:g}"))
    broken = np.flatnonzero(there & (values % 1 != 0))
    if broken.size:
        warned.append(Warned("grades_not_whole", f"{broken.size}, {table.name}:{broken[0] + table.first_row}"))
    rows = []
    for name, _, mask in parts:
        if not (mask & there).any():
            warned.append(Warned("no_answers", name))
            continue
        rows.append(
            _net(name, values[mask & there], spec)
            if spec["kind"] == "nps"
            else _rated(name, values[mask & there], spec)
        )
        warned += _noted(rows[-1], spec)
    sizes = [(row["group"], row["n"]) for row in rows]
    return Answer(
        {"kind": spec["kind"], "scale": [low, high], "rows": rows}, int(used.sum()), (*warned, *c.sized(sizes))
    )


def scale_of(spec: Mapping[str, Any]) -> tuple[float, float]:
    """The lowest and highest grade of the scale."""
    given = spec["scale"]
    if given is None:
        return SCALES[spec["kind"]]
    try:
        low, high = (float(value) for value in given)
    except ValueError:
        low = high = 0.0
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise Refusal("bad_scale", "scale", str(given), Text("最低分和最高分", "the lowest and the highest grade"), Text("例如 scale = [1, 5]", "Write scale = [1, 5], for example"))  # fmt: skip
    return low, high


def bands_of(spec: Mapping[str, Any]) -> tuple[float, float]:
    """Up to where detractors and from where promoters stand; both have to be on the scale."""
    low, high = scale_of(spec)
    bands = float(spec["detractors_to"]), float(spec["promoters_from"])
    if not (low <= bands[0] < bands[1] <= high):
        raise Refusal("bad_bands", "promoters_from", list(bands), Text(f"{low:g} 到 {high:g} 之间，贬损者在下", f"both on the scale of {low:g} to {high:g}, detractors below"),
                      Text("请按量表给出 detractors_to 和 promoters_from", "Give detractors_to and promoters_from for this scale"))  # fmt: skip
    return bands


def _net(name: str, values: c.Values, spec: Mapping[str, Any]) -> dict[str, Any]:
    method = spec["method"] or "adjusted_wald"
    _known(method, tuple(NET_INTERVALS), spec)
    found = net_promoter(*in_bands(values, *bands_of(spec)), level=spec["level"], method=method)
    return {"group": name, "nps": found.estimate, "se": found.se, **c.interval_keys(found.interval), "method": method,
            "detractors": found.detractors, "passives": found.passives, "promoters": found.promoters, "n": found.n}  # fmt: skip


def _rated(name: str, values: c.Values, spec: Mapping[str, Any]) -> dict[str, Any]:
    method = spec["method"] or "wilson"
    _known(method, tuple(INTERVALS), spec)
    low, high = scale_of(spec)
    scale = (low, high) if spec["best"] == "high" else (high, low)
    step = 1.0 if spec["best"] == "high" else -1.0
    top: Sequence[float] = (
        [scale[1] - step * k for k in range(TOP[spec["kind"]])]
        if spec["top"] is None
        else [float(v) for v in spec["top"]]
    )
    found = rate(values, scale, top, level=spec["level"], method=method)
    return {
        "group": name, "mean": found.mean, **c.interval_keys(found.interval), "index": found.index,
        "top": found.top.estimate, "top_lower": found.top.interval.lower, "top_upper": found.top.interval.upper,
        "median": float(np.median(values)), "counts": {c.plain(grade): n for grade, n in found.counts.items()},
        "method": method, "n": len(values),
    }  # fmt: skip


def _known(method: str, choices: tuple[str, ...], spec: Mapping[str, Any]) -> None:
    top = spec["top"] or []
    if method not in choices:
        raise Refusal("wrong_value", "method", method, Text("、".join(choices), ", ".join(choices)), Text("请改用其中之一", "Take one of these"))  # fmt: skip
    if any(isinstance(value, str) for value in top):
        raise Refusal("wrong_value", "top", str(top)[:60], Text("分值的列表", "a list of grades"), Text("例如 top = [4, 5]", "Write top = [4, 5], for example"))  # fmt: skip


def _noted(row: Mapping[str, Any], spec: Mapping[str, Any]) -> list[Warned]:
    if spec["kind"] == "nps":
        return []
    notes = [] if row["lower"] is not None else [Warned("no_interval", row["group"])]
    skew = _skewness(row["counts"])
    return (
        [*notes, Warned("skewed", f"{row['group']}: {skew:.2f}")]
        if abs(skew) >= CROWDED and row["n"] >= c.FEW
        else notes
    )


def _skewness(counts: Mapping[str, int]) -> float:
    """The third standardised moment of the answers; 0 where all are alike."""
    grades, n = np.array([float(grade) for grade in counts]), np.array(list(counts.values()), float)
    apart = grades - (grades @ n) / n.sum()
    spread = float((apart**2 @ n) / n.sum())
    return float((apart**3 @ n) / n.sum()) / spread**1.5 if spread > 0 else 0.0


NPS = Method(
    name="nps",
    version="1",
    title=Text("净推荐值、满意比例与费力度", "Net promoter score, CSAT and CES"),
    keys=(
        SpecKey("of", "text", Text("评分一列", "column of ratings")),
        SpecKey(
            "kind",
            "text",
            Text("净推荐值、满意比例或费力度", "net promoter score, share of satisfied, or effort"),
            "nps",
            tuple(SCALES),
        ),
        SpecKey(
            "scale",
            "texts",
            Text("最低分和最高分；缺省为 0–10、1–5、1–7", "lowest and highest grade; 0–10, 1–5, 1–7 where absent"),
            None,
        ),
        SpecKey("detractors_to", "number", Text("贬损者的最高分", "the highest grade of detractors"), 6),
        SpecKey("promoters_from", "number", Text("推荐者的最低分", "the lowest grade of promoters"), 9),
        SpecKey(
            "top",
            "texts",
            Text(
                "csat、ces：算作满意的分值；缺省为最好的 2 档、3 档",
                "csat and ces: grades that count; the best 2 and the best 3 where absent",
            ),
            None,
        ),
        SpecKey(
            "best",
            "text",
            Text("csat、ces：哪一端最好", "csat and ces: which end of the scale is best"),
            "high",
            ("high", "low"),
        ),
        SpecKey(
            "method",
            "text",
            Text(
                "区间方法",
                "interval: for nps `adjusted_wald` (default), `wald`, `score`, `t`; for the share of top grades as for `proportion`",
            ),
            None,
        ),
        c.BY,
        c.MISSING,
        c.LEVEL,
    ),
    gives={
        "kind": Text("种类", "what was computed"),
        "scale": Text("最低分和最高分", "lowest and highest grade"),
        "rows": Text(
            "每组一行：nps 为 group、nps、se、lower、upper、method、detractors、passives、promoters、n；csat 和 ces 为 group、mean、lower、upper、index、top、top_lower、top_upper、median、counts、method、n",
            "one for every group; nps: `group`, `nps` (−1 to 1), `se` (Wald), `lower`, `upper`, `method`, `detractors`, `passives`, `promoters`, `n`; "
            "csat and ces: `group`, `mean`, `lower`, `upper` (t interval of the mean), `index` (0–100), `top` with `top_lower`, `top_upper` "
            "(share of the top grades), `median`, `counts`, `method`, `n`",
        ),
    },
    run=run,
)
