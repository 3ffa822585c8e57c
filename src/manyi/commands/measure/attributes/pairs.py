"""Methods on pairs of questions: ``kano``, ``gap``, ``ipa``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.table import BLANK, DataTable
from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Text
from manyi.measure.gaps import DimensionGap, Gap, dimension_gap, item_gaps, weighted_score
from manyi.measure.importance import Placed, importance_map
from manyi.measure.kano import kano
from manyi.measure.results import Interval, Warned

MISSING = SpecKey(
    "missing_codes", "texts", Text("表示没有回答的代码", "codes that mean *no answer*, beside blank and NA"), []
)
LEVEL = SpecKey("level", "number", Text("置信水平", "confidence level"), 0.95)
LOW_EXPECTATION = 0.5
"""A mean expectation below this share of the range of the answers makes a positive gap cheap."""


def _tables(spec: Mapping[str, Any], key: str, wanted: Sequence[str]) -> list[dict[str, str]]:
    """The ``[[key]]`` tables of a spec, each with exactly the texts wanted, names used once."""
    found: list[dict[str, str]] = []
    for place, table in enumerate(spec[key], start=1):
        if set(table) != set(wanted) or not all(isinstance(table[w], str) for w in wanted):
            got = ", ".join(map(str, table))
            raise Refusal(
                "wrong_value", f"{key}[{place}]", got, Text("、".join(wanted), ", ".join(wanted)),
                Text(f"每个 [[{key}]] 写明：{'、'.join(wanted)}", f"Every [[{key}]] states {', '.join(wanted)}"),
            )  # fmt: skip
        found.append({w: table[w] for w in wanted})
    names = [t["name"] for t in found]
    if not found:
        raise Refusal("wrong_value", key, [], Text(f"至少一个 [[{key}]]", f"at least one [[{key}]]"),
                      Text(f"用 [[{key}]] 逐个写明", f"State each in a [[{key}]]"))  # fmt: skip
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refusal("wrong_value", f"{key}.name", twice[0], Text("每个名称只出现一次", "every name once"),
                      Text(f"有两个 [[{key}]] 都叫“{twice[0]}”，请改名或删去其一", f"Two [[{key}]] are called “{twice[0]}”: rename or remove one"))  # fmt: skip
    return found


def _codes(table: DataTable, column: str, answers: Sequence[str], missing: frozenset[str]) -> list[int | None]:
    """The answers of a column by their place in ``answers``; ``None`` for none; raises ``Faults`` for any other."""
    codes = {str(code): place for place, code in enumerate(answers)}
    found: list[int | None] = []
    faults: list[Fault] = []
    for index, word in enumerate(table.column(column)):
        plain = word[:-2] if word.endswith(".0") and word[:-2] in codes else word
        if plain not in codes and plain not in missing:
            known = ", ".join(codes)
            faults.append(
                Fault("not_an_answer", Text(f"“{word}”不是回答", f"“{word}” is no answer"),
                      Text(f"可用：{known}；缺失代码写入 missing_codes", f"Use one of: {known}; name codes that mean missing in missing_codes"),
                      table.name, index + table.first_row, column)
            )  # fmt: skip
        found.append(codes.get(plain))
    if faults:
        raise Faults(faults[:100])
    return found


def _run_kano(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    answers = [str(code) for code in spec["answers"]]
    if len(set(answers)) != 5:
        raise Refusal(
            "wrong_value", "answers", answers, Text("五个不同的代码", "five different codes"),
            Text("依次为：喜欢、理应如此、无所谓、能忍受、不喜欢", "In order: like, expect, neutral, live with, dislike"),
        )  # fmt: skip
    missing = BLANK | {str(code) for code in spec["missing_codes"]}
    rows: list[dict[str, Any]] = []
    warnings: list[Warned] = []
    most = 0
    for feature in _tables(spec, "features", ("name", "functional", "dysfunctional")):
        with_it = _codes(table, feature["functional"], answers, missing)
        without = _codes(table, feature["dysfunctional"], answers, missing)
        pairs = [(a, b) for a, b in zip(with_it, without, strict=True) if a is not None and b is not None]
        found = kano(feature["name"], pairs, spec["table"])
        warnings += found.warnings
        if found.n < len(table):
            warnings.append(Warned("missing_left_out", f"{found.name}: {len(table) - found.n}"))
        most = max(most, found.n)
        rows.append(
            {"name": found.name, "n": found.n, "counts": dict(found.counts), "category": found.category,
             "by_rule": found.by_rule, "mixed": found.mixed, "cs_plus": found.cs_plus, "cs_minus": found.cs_minus}
        )  # fmt: skip
    return Answer({"features": rows}, most, tuple(warnings))


KANO = Method(
    name="kano",
    version="1",
    title=Text("卡诺分类", "Kano classification"),
    keys=(
        SpecKey("table", "text", Text("判定表", "evaluation table"), "standard", ("standard", "pouliot")),
        SpecKey("answers", "texts", Text("五个回答的代码，从喜欢到不喜欢", "codes of the five answers: like, expect, neutral, live with, dislike"),
                ["1", "2", "3", "4", "5"]),
        SpecKey("features", "tables", Text("每个功能的名称和两列", "one table a feature: `name`, `functional` and `dysfunctional` (columns)")),
        MISSING,
    ),
    gives={
        "features": Text("每个功能：n、counts、category、by_rule、mixed、cs_plus、cs_minus",
                         "for each feature: `name`, `n`, `counts` of A O M I R Q, `category` (most frequent), `by_rule` ((O+A+M) against (I+R+Q)), `mixed` (Fong), `cs_plus`, `cs_minus`"),
    },
    run=_run_kano,
)  # fmt: skip


def _run_gap(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    items = _tables(spec, "items", ("name", "expected", "perceived"))
    names = [item["name"] for item in items]
    expected = table.matrix([item["expected"] for item in items], spec["missing_codes"])
    perceived = table.matrix([item["perceived"] for item in items], spec["missing_codes"])
    gaps = item_gaps(names, expected, perceived, spec["well_above"], spec["level"])
    dimensions = [
        dimension_gap(name, members, expected[:, places], perceived[:, places])
        for name, members in spec["dimensions"].items()
        for places in [[_place(names, name, member) for member in members]]
    ]
    values: dict[str, Any] = {
        "items": [_gap_row(gap) for gap in gaps],
        "dimensions": [_dimension_row(found) for found in dimensions],
        "overall": float(np.mean([gap.gap for gap in gaps])),
        "outcomes": {key: sum(gap.outcomes[key] for gap in gaps) for key in gaps[0].outcomes},
        "weighted": weighted_score({d.name: d.gap for d in dimensions}, spec["weights"]) if spec["weights"] else None,
    }
    return Answer(values, max(gap.n for gap in gaps), tuple(_gap_warnings(gaps, dimensions, expected, len(table))))


def _place(names: Sequence[str], dimension: str, member: str) -> int:
    if member in names:
        return names.index(member)
    known = ", ".join(names[:12])
    raise Refusal("unknown_item", f"dimensions.{dimension}", member, Text(f"项目之一：{known}", f"one of the items: {known}"),
                  Text("使用 [[items]] 中的名称", "Use the names of [[items]]"))  # fmt: skip


def _gap_row(gap: Gap) -> dict[str, Any]:
    ends = _ends(gap.interval)
    return {
        "name": gap.name, "n": gap.n, "expected": gap.expected, "perceived": gap.perceived, "gap": gap.gap,
        "sd": gap.sd, "t": gap.t, "df": gap.df, "p": gap.p, "p_holm": gap.p_holm, **ends, "outcomes": dict(gap.outcomes),
    }  # fmt: skip


def _ends(interval: Interval | None) -> dict[str, float | None]:
    return {"lower": interval.lower if interval else None, "upper": interval.upper if interval else None}


def _dimension_row(found: DimensionGap) -> dict[str, Any]:
    return {
        "name": found.name, "items": list(found.items), "expected": found.expected, "perceived": found.perceived,
        "gap": found.gap, "alpha_expected": found.alpha_expected, "alpha_perceived": found.alpha_perceived,
        "reliability": found.reliability,
    }  # fmt: skip


def _gap_warnings(
    gaps: Sequence[Gap], dimensions: Sequence[DimensionGap], expected: NDArray[np.float64], rows: int
) -> list[Warned]:
    low, high = float(np.nanmin(expected)), float(np.nanmax(expected))
    found = [Warned("small_sample", f"{g.name}: n = {g.n}") for g in gaps if g.n < 30][:1]
    found += [Warned("missing_left_out", f"{g.name}: {rows - g.n}") for g in gaps if g.n < rows]
    found += [Warned("gap_untested", g.name) for g in gaps if g.p is None]
    cheap = [g.name for g in gaps if g.gap > 0 and high > low and (g.expected - low) / (high - low) < LOW_EXPECTATION]
    found += [Warned("low_expectation", ", ".join(cheap))] if cheap else []
    weak = [d.name for d in dimensions if d.reliability is not None and d.reliability < 0.7]
    return [*found, Warned("gap_unreliable", ", ".join(weak))] if weak else found


GAP = Method(
    name="gap",
    version="1",
    title=Text("期望与感受的差距", "Gaps between expectation and perception"),
    keys=(
        SpecKey("items", "tables", Text("每个项目的名称、期望列、感受列", "one table an item: `name`, `expected` and `perceived` (columns)")),
        SpecKey("dimensions", "groups", Text("维度到项目名称的表", "dimensions as lists of item names"), {}),
        SpecKey("weights", "map", Text("各维度的权重", "a weight for each dimension, for `weighted`"), {}),
        SpecKey("well_above", "number", Text("从多大的差距起算“远高于期望”", "the gap from which on it is *far above* expectation"), 2),
        LEVEL,
        MISSING,
    ),
    gives={
        "items": Text("每个项目的均值、差距、检验和四种结果", "for each item: `expected`, `perceived`, `gap`, `sd`, paired `t`, `df`, `p`, `p_holm`, `lower`, `upper`, `outcomes` (below, equal, above, well_above)"),
        "dimensions": Text("每个维度的均值、差距和信度", "for each dimension: means, `gap`, `alpha_expected`, `alpha_perceived`, `reliability` of the difference"),
        "overall": Text("各项目差距的均值", "the mean of the items' gaps"),
        "outcomes": Text("全部回答的四种结果", "the four outcomes over all answers"),
        "weighted": Text("按权重加权的差距", "Σ weight × gap ÷ Σ weight over the dimensions; null without weights"),
    },
    run=_run_gap,
)  # fmt: skip


def _run_ipa(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    keys = ("name", "performance") if spec["derived"] else ("name", "importance", "performance")
    items = _tables(spec, "items", keys)
    names = [item["name"] for item in items]
    performance = table.matrix([item["performance"] for item in items], spec["missing_codes"])
    derived = [_derived(spec["derived"], name) for name in names] if spec["derived"] else None
    importance = performance if derived else table.matrix([item["importance"] for item in items], spec["missing_codes"])
    found = importance_map(names, importance, performance, _crosshair(spec), derived)
    values = {
        "crosshair": {"importance": found.crosshair[0], "performance": found.crosshair[1], "rule": spec["crosshair"]},
        "items": [_placed_row(item) for item in found.items],
    }
    return Answer(values, max(item.n for item in found.items), tuple(_ipa_warnings(found.items, len(table))))


def _derived(weights: Mapping[str, Any], name: str) -> float:
    value = weights.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    raise Refusal("wrong_value", f"derived.{name}", value, Text("一个数字", "a number"),
                  Text("每个项目给出导出的重要度", "Give every item its derived importance"))  # fmt: skip


def _crosshair(spec: Mapping[str, Any]) -> tuple[float, float] | None:
    if spec["crosshair"] == "means":
        return None
    if len(spec["at"]) == 2 and all(isinstance(v, (int, float)) for v in spec["at"]):
        return float(spec["at"][0]), float(spec["at"][1])
    raise Refusal("wrong_value", "at", spec["at"], Text("两个数字：重要度、表现", "two numbers: importance, performance"),
                  Text("例如 at = [4, 4]", "Write at = [4, 4], for example"))  # fmt: skip


def _placed_row(item: Placed) -> dict[str, Any]:
    return {
        "name": item.name, "n": item.n, "importance": item.importance, "performance": item.performance,
        "se_importance": item.se_importance, "se_performance": item.se_performance, "gap": item.gap,
        "quadrant": item.quadrant, "undecided": item.undecided,
    }  # fmt: skip


def _ipa_warnings(items: Sequence[Placed], rows: int) -> list[Warned]:
    found = [Warned("small_sample", f"n = {min(i.n for i in items)}")] if min(i.n for i in items) < 30 else []
    if any(item.n < rows for item in items):
        found.append(Warned("missing_left_out", ", ".join(i.name for i in items if i.n < rows)))
    undecided = [item.name for item in items if item.undecided]
    if undecided:
        found.append(Warned("ipa_undecided", ", ".join(undecided)))
    weights = [item.importance for item in items]
    if len(items) > 1 and max(weights) - min(weights) <= 2 * max(item.se_importance for item in items):
        found.append(Warned("importance_uniform", f"{min(weights):g}–{max(weights):g}"))
    return found


IPA = Method(
    name="ipa",
    version="1",
    title=Text("重要度与表现", "Importance–performance analysis"),
    keys=(
        SpecKey("items", "tables", Text("每个项目的名称、重要度列、表现列", "one table an item: `name`, `importance` and `performance` (columns; no `importance` with `derived`)")),
        SpecKey("crosshair", "text", Text("分界线的位置", "where the lines stand"), "means", ("means", "midpoint", "target")),
        SpecKey("at", "texts", Text("分界线：重要度、表现", "the lines for `midpoint` and `target`: [importance, performance]"), []),
        SpecKey("derived", "map", Text("导出的重要度", "importance from outside, by item, such as its share of R²"), {}),
        MISSING,
    ),
    gives={
        "crosshair": Text("分界线及其规则", "`importance`, `performance` and the `rule`"),
        "items": Text("每个项目的位置与象限", "for each item: means with standard errors, `gap` = performance − importance, `quadrant` (concentrate, keep up, low priority, overkill), `undecided`"),
    },
    run=_run_ipa,
)  # fmt: skip

PAIRS: tuple[Method, ...] = (KANO, GAP, IPA)
