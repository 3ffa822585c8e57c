"""Charts: one description each, drawn in the bundled face, loaded only where they are drawn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from defusedxml import ElementTree

from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.charts import FONT, chart_specs
from manyi.papers.drawing import png, svg

Told = tuple[WaveRules, WaveResult]
ALL = ["coverage", "products", "dimensions", "items", "grades", "comparison"]


def test_a_full_wave_has_every_chart(told: Told) -> None:
    assert list(chart_specs(*told, "zh")) == ALL


def test_a_wave_without_products_has_only_what_it_has_figures_for(wave_of: Callable[..., Told]) -> None:
    rules, result = wave_of("airline", ["x"])
    assert list(chart_specs(rules, result, "en")) == ["coverage", "items", "grades", "comparison"]


def test_bars_are_the_exact_scores(told: Told) -> None:
    rows = chart_specs(*told, "en")["items"]["data"]["values"]
    assert [row["value"] for row in rows] == [
        float(told[1].items[key].value) for key in told[0].questionnaire.item_keys
    ]


def test_limits_and_yardsticks_are_marked(told: Told) -> None:
    charts = chart_specs(*told, "en")
    assert [row.get("limit") for row in charts["coverage"]["data"]["values"]] == [90.0, None, 78.0, 60.0]
    marks = {
        mark["mark"] for layer in charts["comparison"]["layer"] for mark in layer.get("data", {}).get("values", ())
    }
    assert marks == {"Target", "Previous"}


def test_names_that_look_alike_when_cut_stay_apart(wave_of: Callable[..., Told]) -> None:
    names = ["valve " * 20 + str(n) for n in range(4)]
    rows = chart_specs(*wave_of("P12", names), "en")["products"]["data"]["values"]
    assert len({row["what"] for row in rows}) == 4


def test_a_drawn_chart_keeps_its_words_as_text_and_fetches_nothing(told: Told) -> None:
    drawn = svg(chart_specs(*told, "zh")["coverage"])
    tree = ElementTree.fromstring(drawn)
    assert "重点顾客" in "".join(tree.itertext())
    assert FONT in drawn
    assert not [a for node in tree.iter() for a in node.attrib if a.endswith("href")]
    assert png(drawn).startswith(b"\x89PNG")


@pytest.mark.parametrize("engine", ["vl_convert", "docx", "typst", "xlsxwriter"])
def test_describing_a_chart_loads_no_engine(engine: str) -> None:
    code = f"import sys, manyi.papers.charts, manyi.papers.report; sys.exit({engine!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
