"""The importance map: how much an item weighs against how well it is done, with the lines that part it in four."""

from __future__ import annotations

from manyi.papers.blocks import Spec
from manyi.papers.insight import QUADRANTS, Priorities
from manyi.papers.plain import cut
from manyi.papers.words import LABEL_LENGTH, Wave

FONT = "Manyi Sans"
SIDE, BLUE, GREY, RED = 420, "#2f5d8a", "#7b8794", "#a4262c"


def priorities_chart(wave: Wave) -> Spec | None:
    """Every item as a dot: score across, weight upwards; what is undecided is pale, what comes first is red."""
    found = wave.insight.priorities
    if found is None:
        return None
    rows = [
        {
            "item": cut(wave.item(one.item), LABEL_LENGTH), "score": one.performance, "weight": one.importance * 100,
            "low": one.lower * 100, "high": one.upper * 100,
            "kind": "open" if one.undecided else "first" if one.quadrant == "concentrate" else "other",
        }
        for one in found.drivers
    ]  # fmt: skip
    layers = _layers(wave, found)
    first = QUADRANTS["concentrate"].in_(wave.lang)
    told = wave.say(
        f"各小项的比重与得分；左上角为“{first}”，竖线为 95% 区间，灰色为未定",
        f"Weight and score of the items; top left is “{first}”, upright lines are 95 % intervals, grey is undecided",
    )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": told,
        "width": SIDE + 160,
        "height": SIDE,
        "padding": 4,
        "background": "white",
        "data": {"values": rows},
        "layer": layers,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 11}, "text": {"fontSize": 11}},
    }


def _layers(wave: Wave, found: Priorities) -> list[Spec]:
    """The lines at the means, the intervals, the dots and their names."""
    x = {
        "field": "score", "type": "quantitative", "scale": {"zero": False, "nice": True, "padding": 24},
        "title": wave.say("得分", "Score"), "axis": {"grid": False},
    }  # fmt: skip
    y = {
        "field": "weight", "type": "quantitative", "scale": {"zero": True, "nice": True},
        "title": wave.say("在差别中的比重（%）", "Weight in the difference (%)"), "axis": {"grid": False},
    }  # fmt: skip
    colours = {"domain": ["first", "other", "open"], "range": [RED, BLUE, GREY]}
    colour = {"field": "kind", "type": "nominal", "scale": colours, "legend": None}
    line = {"type": "rule", "color": GREY, "strokeDash": [4, 4]}
    return [
        {"mark": line, "encoding": {"x": {"datum": found.performance}}},
        {"mark": line, "encoding": {"y": {"datum": found.importance * 100}}},
        {"mark": {"type": "rule", "opacity": 0.35},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "text", "align": "left", "dx": 7, "dy": -6},
         "encoding": {"x": x, "y": y, "text": {"field": "item"}, "color": colour}},
    ]  # fmt: skip
