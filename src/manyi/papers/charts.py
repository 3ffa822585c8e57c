"""The charts of a wave, each described once as Vega-Lite; drawing them is the business of ``drawing``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from manyi.core.forms import BLANK
from manyi.core.limits import Limit
from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.blocks import Spec
from manyi.papers.insight import NONE, Insight
from manyi.papers.maps import priorities_chart
from manyi.papers.plain import cut
from manyi.papers.words import LABEL_LENGTH, Wave, compared, limit, points, share

FONT = "Manyi Sans"
WIDTH, TALLEST = 640, 800
MOST_BARS, MOST_ITEMS = 20, 60
"""More bars than this are not read; tables and the workbook hold the rest."""

BLUE, PALE, INK, GREY, RED, SAND = "#2f5d8a", "#a9c1d9", "#1f2933", "#7b8794", "#a4262c", "#c8871e"
GRADE_COLOURS = ("#a4480f", "#e39a5b", "#e9e4da", "#8fb5d6", "#245a8c")
Row = dict[str, Any]


def chart_specs(rules: WaveRules, result: WaveResult, lang: Lang, insight: Insight = NONE) -> dict[str, Spec]:
    """Every chart the wave has figures for, by key, in the order of the report."""
    wave = Wave(rules, result, lang, insight)
    found = {
        "coverage": coverage_chart(wave),
        "products": products_chart(wave),
        "dimensions": scores_chart(wave, "dimension"),
        "items": scores_chart(wave, "item"),
        "priorities": priorities_chart(wave),
        "grades": grades_chart(wave),
        "comparison": comparison_chart(wave),
    }
    return {key: spec for key, spec in found.items() if spec is not None}


def coverage_chart(wave: Wave) -> Spec | None:
    """Coverage of every tier and the return rate as bars, each with its limit as a line across."""
    rows: list[Row] = []
    returns = wave.result.returns
    judged: list[tuple[str, int | None, int | None, Fraction | None, Limit | None, bool | None]] = []
    judged += [(wave.tier(c.tier), c.asked, c.population, c.share, c.limit, c.met) for c in wave.result.coverage]
    judged.append(
        (wave.say("回收率", "Return rate"), returns.returned, returns.asked, returns.share, returns.limit, returns.met)
    )
    for title, part, whole, reached, held_to, met in judged:
        if reached is None:
            continue
        words = wave.say(f"{share(reached)}({part}/{whole})", f"{share(reached)} ({part} of {whole})")
        if held_to is not None:
            words += f"  {limit(held_to)} {wave.verdict(met).text}"
        rows.append({"what": title, "share": min(float(reached), 1) * 100, "words": words, "bad": met is False}
                    | ({"limit": float(held_to.value) * 100} if held_to else {}))  # fmt: skip
    if not rows:
        return None
    _tell_apart(rows)
    y = _names(rows)
    colour = {"condition": {"test": "datum.bad", "value": RED}, "value": BLUE}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": "#eceff3", "height": 16}, "encoding": {"x": {"datum": 100}, "y": y}},
        {"mark": {"type": "bar", "height": 16}, "encoding": {"x": _x("share", 165, "%"), "y": y, "color": colour}},
        {"transform": [{"filter": "isValid(datum.limit)"}],
         "mark": {"type": "tick", "thickness": 2.5, "size": 24, "color": INK},
         "encoding": {"x": _x("limit", 165, "%"), "y": y}},
        {"mark": {"type": "text", "align": "left", "dx": 8, "color": INK},
         "encoding": {"x": {"datum": 100}, "y": y, "text": {"field": "words"}}},
    ]  # fmt: skip
    told = wave.say("调查率与回收率，竖线为规定的限值", "Coverage and return rate; the line across is the limit set")
    return _chart(told, rows, layers, step=32)


def products_chart(wave: Wave) -> Spec | None:
    """Every product's score and, beside it, its share of the year's sales."""
    result = wave.result
    score_word, share_word = wave.say("满意度(分)", "Score"), wave.say("销售额占比(%)", "Share of sales (%)")
    total = sum((result.data.sales or {}).values(), Fraction(0))
    bars: list[tuple[str, Fraction | None, Fraction | None]] = [
        (p.product, p.score.value, p.sales_share) for p in result.products
    ]
    if total > 0 and result.data.sales:
        bars += [(p, None, result.data.sales[p] / total) for p in result.unmeasured_products]
    bars.sort(key=lambda bar: (-(bar[2] or 0), bar[0]))
    if not bars:
        return None
    rows = _product_rows(wave, bars[:MOST_BARS], score_word, share_word)
    y, offset = _names(rows), {"field": "of", "sort": [score_word, share_word]}
    colour = {
        "field": "of",
        "scale": {"domain": [score_word, share_word], "range": [BLUE, SAND]},
        "legend": _legend([score_word, share_word]),
    }
    layers: list[Spec] = [
        {"mark": {"type": "bar"}, "encoding": {"x": _x("value"), "y": y, "yOffset": offset, "color": colour}},
        {"mark": {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11},
         "encoding": {"x": _x("value"), "y": y, "yOffset": offset, "text": {"field": "words"}}},
    ]  # fmt: skip
    told = wave.say("各产品的满意度和销售额占比", "Satisfaction and share of sales by product")
    if len(bars) > MOST_BARS:
        told += wave.say(f"(销售额最大的 {MOST_BARS} 种)", f" (the {MOST_BARS} with most sales)")
    both = any(row["of"] == share_word for row in rows)
    return _chart(told, rows, layers, step=16 if both else 24, step_for="offset")


def _product_rows(
    wave: Wave, bars: Sequence[tuple[str, Fraction | None, Fraction | None]], score_word: str, share_word: str
) -> list[Row]:
    rows: list[Row] = []
    for label, (_, score, part) in zip(_labels([name for name, _, _ in bars]), bars, strict=True):
        words = wave.say("无调查表", "no sheets") if score is None else points(score)
        rows.append({"what": label, "of": score_word, "value": float(score or 0), "words": words})
        if part is not None:
            rows.append({"what": label, "of": share_word, "value": float(part) * 100, "words": share(part)})
    return rows


def scores_chart(wave: Wave, of: str) -> Spec | None:
    """The scores of all items or dimensions as bars, with target and previous value where these are known."""
    scores = wave.result.items if of == "item" else wave.result.dimensions
    form = wave.rules.questionnaire
    keys = [part.key for part in (form.items if of == "item" else form.dimensions) if part.key in scores][:MOST_ITEMS]
    if not keys:
        return None
    names = dict(zip(keys, _labels([wave.subject(of, key) for key in keys]), strict=True))
    rows: list[Row] = [
        {"what": names[k], "value": float(scores[k].value), "words": points(scores[k].value)} for k in keys
    ]
    marks = [mark for row in compared(wave) if row.of == of and not row.product and row.key in names
             for mark in _marks(wave, names[row.key], row.target, row.previous)]  # fmt: skip
    y = _names(rows)
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": BLUE, "height": {"band": 0.62}}, "encoding": {"x": _x("value"), "y": y}},
        {"mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
         "encoding": {"x": {"datum": 100}, "y": y, "text": {"field": "words"}}},
    ]  # fmt: skip
    if marks:
        layers.append(_mark_layer(wave, marks, y))
    told = wave.say("各小项得分", "Scores by item") if of == "item" else wave.say("各维度得分", "Scores by dimension")
    return _chart(told, rows, layers, step=23)


def grades_chart(wave: Wave) -> Spec | None:
    """How the answers of every item are spread over the grades; blanks are a grade of their own."""
    grades = _grades(wave)
    rows: list[Row] = []
    items = [item for item in wave.rules.questionnaire.items if sum(wave.result.grades.get(item.key, {}).values())][
        :MOST_ITEMS
    ]
    for label, item in zip(_labels([wave.item(i.key) for i in items]), items, strict=True):
        counts = wave.result.grades[item.key]
        total, before = sum(counts.values()), 0
        for key, title, _, dark in grades:
            n = counts.get(key, 0)
            if n:
                part = Fraction(n, total)
                middle = Fraction(2 * before + n, 2 * total) * 100
                words = share(part)[:-1] if part >= Fraction(6, 100) else ""
                ends = {"from": before * 100 / total, "to": (before + n) * 100 / total, "middle": float(middle)}
                rows.append({"what": label, "grade": title, "dark": dark, "words": words} | ends)
            before += n
    if not rows:
        return None
    titles = [title for _, title, _, _ in grades if any(row["grade"] == title for row in rows)]
    colours = [colour for _, title, colour, _ in grades if title in titles]
    colour = {"field": "grade", "scale": {"domain": titles, "range": colours}, "legend": _legend(titles)}
    y = _names(rows)
    ink = {"condition": {"test": "datum.dark", "value": "white"}, "value": INK}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": {"band": 0.72}, "stroke": "white", "strokeWidth": 0.6},
         "encoding": {"x": _x("from", 102, "%"), "x2": {"field": "to"}, "y": y, "color": colour}},
        {"mark": {"type": "text", "fontSize": 10.5},
         "encoding": {"x": _x("middle", 102, "%"), "y": y, "text": {"field": "words"}, "color": ink}},
    ]  # fmt: skip
    told = wave.say("各小项的等级分布(%)", "How the answers are spread over the grades, by item (%)")
    return _chart(told, rows, layers, step=23)


def comparison_chart(wave: Wave) -> Spec | None:
    """Every compared figure now, with its target and its previous value on one line."""
    known = [row for row in compared(wave) if row.now is not None][:MOST_BARS]
    if not known:
        return None
    names = _labels([wave.subject(row.of, row.key, row.product) for row in known])
    rows: list[Row] = []
    for label, row in zip(names, known, strict=True):
        rows.append({"what": label, "value": float(row.now or 0), "words": points(row.now)})
    marks = [m for label, row in zip(names, known, strict=True) for m in _marks(wave, label, row.target, row.previous)]
    y = _names(rows)
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": BLUE, "height": {"band": 0.5}}, "encoding": {"x": _x("value"), "y": y}},
        {"mark": {"type": "text", "align": "left", "dx": 5, "color": INK},
         "encoding": {"x": {"datum": 100}, "y": y, "text": {"field": "words"}}},
        _mark_layer(wave, marks, y),
    ]  # fmt: skip
    told = wave.say("本次结果(横条)与目标值、上次结果", "This wave (bars) beside the target and the previous result")
    return _chart(told, rows, layers, step=30)


# ---- what the charts share ---------------------------------------------------------------------


def _marks(wave: Wave, label: str, target: Fraction | None, previous: Fraction | None) -> Iterable[Row]:
    for word, value in ((_target(wave), target), (_previous(wave), previous)):
        if value is not None:
            yield {"what": label, "mark": word, "value": float(value)}


def _mark_layer(wave: Wave, marks: Sequence[Row], y: Spec) -> Spec:
    domain = [word for word in (_target(wave), _previous(wave)) if any(m["mark"] == word for m in marks)]
    shape = {"domain": domain, "range": ["M0,-1V1" if word == _target(wave) else "diamond" for word in domain]}
    colour = {"domain": domain, "range": [RED if word == _target(wave) else SAND for word in domain]}
    return {
        "data": {"values": list(marks)},
        "mark": {"type": "point", "filled": False, "size": 130, "strokeWidth": 2.6},
        "encoding": {
            "x": _x("value"), "y": y,
            "shape": {"field": "mark", "scale": shape, "legend": _legend(domain)},
            "color": {"field": "mark", "scale": colour, "legend": _legend(domain)},
        },
    }  # fmt: skip


def _target(wave: Wave) -> str:
    return wave.say("目标值", "Target")


def _previous(wave: Wave) -> str:
    return wave.say("上次", "Previous")


def _grades(wave: Wave) -> list[tuple[str, str, str, bool]]:
    """Key, title, colour and whether the colour is dark — best grade first, then blanks, then *not applicable*."""
    scale = wave.rules.questionnaire.scale
    best_first = sorted(scale.grades, key=lambda grade: -grade.score)
    found = []
    for place, grade in enumerate(best_first):
        colour = _colour(1 - place / max(len(best_first) - 1, 1))
        found.append((grade.key, wave.text(grade.title), colour, _is_dark(colour)))
    found.append((BLANK, wave.say("未填写", "No answer"), "#d3d7dd", False))
    found += [(key, wave.say("不适用", "Not applicable"), "#eceef1", False) for key in sorted(scale.missing)]
    return found


def _colour(place: float) -> str:
    """A colour between bad (0, brown) and good (1, blue); readable by people who cannot tell red from green."""
    at = min(max(place, 0.0), 1.0) * (len(GRADE_COLOURS) - 1)
    low = min(int(at), len(GRADE_COLOURS) - 2)
    first, second = (bytes.fromhex(GRADE_COLOURS[i][1:]) for i in (low, low + 1))
    return "#" + bytes(round(a + (b - a) * (at - low)) for a, b in zip(first, second, strict=True)).hex()


def _is_dark(colour: str) -> bool:
    red, green, blue = bytes.fromhex(colour[1:])
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _x(field: str, end: float = 112, unit: str = "") -> Spec:
    axis: Spec = {"values": [0, 20, 40, 60, 80, 100], "title": None, "grid": True, "gridColor": "#e4e7eb",
                  "domain": False, "ticks": False, "labelColor": GREY}  # fmt: skip
    if unit:
        axis["labelExpr"] = f"datum.label + '{unit}'"
    return {
        "field": field,
        "type": "quantitative",
        "stack": None,
        "scale": {"domain": [0, end], "nice": False},
        "axis": axis,
    }


def _names(rows: Sequence[Row]) -> Spec:
    axis = {"title": None, "labelLimit": 220, "labelFontSize": 12, "labelColor": INK, "ticks": False, "domain": False}
    return {"field": "what", "type": "nominal", "sort": list(dict.fromkeys(row["what"] for row in rows)), "axis": axis}


def _legend(titles: Sequence[str]) -> Spec:
    """Above the chart, in as many lines as its words need."""
    widths = [34 + sum(12 if ord(char) > 0x2E80 else 7 for char in title) for title in titles]
    lines = -(-sum(widths) // (WIDTH - 150))
    return {"title": None, "orient": "top", "direction": "horizontal", "labelFontSize": 12, "labelLimit": 200,
            "columns": -(-len(titles) // lines), "offset": 6}  # fmt: skip


def _labels(names: Sequence[str]) -> list[str]:
    """Names short enough for an axis, none twice."""
    rows: list[Row] = [{"what": name} for name in names]
    _tell_apart(rows)
    return [row["what"] for row in rows]


def _tell_apart(rows: Sequence[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        label = cut(row["what"], LABEL_LENGTH) or "—"
        seen[label] = seen.get(label, 0) + 1
        row["what"] = label if seen[label] == 1 else f"{label} ({seen[label]})"


def _chart(told: str, rows: Sequence[Row], layers: Sequence[Spec], *, step: int, step_for: str = "position") -> Spec:
    step = min(step, max(TALLEST // len({row["what"] for row in rows}), 8))
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": told,
        "width": WIDTH,
        "height": {"step": step, "for": step_for},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 4,
        "background": "white",
        "data": {"values": list(rows)},
        "layer": list(layers),
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 11}, "text": {"fontSize": 12}},
    }
