"""The charts of a wave as SVG files, for pages; word and print have their own."""

from __future__ import annotations

from pathlib import Path

from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.charts import FONT, chart_specs
from manyi.papers.drawing import svg
from manyi.papers.insight import NONE, Insight


def write_pictures(
    rules: WaveRules, result: WaveResult, folder: Path, lang: Lang, insight: Insight = NONE
) -> list[Path]:
    """One file a chart, named by its key. A page has not our face, so another without serifs may stand in for it."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, spec in chart_specs(rules, result, lang, insight).items():
        path = folder / f"{name}.svg"
        path.write_text(svg(spec).replace(f'"{FONT}"', f'"{FONT}, sans-serif"'), encoding="utf-8")
        written.append(path)
    return written
