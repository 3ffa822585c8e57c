"""The papers of a wave written into a folder: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.blocks import Chart
from manyi.papers.drawing import png, svg
from manyi.papers.insight import NONE, Insight
from manyi.papers.pdf import as_pdf
from manyi.papers.report import Signed, build_report
from manyi.papers.word import as_word
from manyi.papers.words import Wave
from manyi.papers.workbook import as_workbook


def write_report(
    rules: WaveRules,
    result: WaveResult,
    folder: Path,
    lang: Lang,
    signed: Signed | None = None,
    insight: Insight = NONE,
) -> list[Path]:
    """``report.docx``, ``report.pdf`` and ``figures.xlsx`` in ``folder``, which is made where it is missing.

    All three are made before the first is written, and written under another name before the first is renamed:
    a failure leaves what stood there before.
    """
    return put(make_papers(rules, result, lang, signed, insight), folder)


def make_papers(
    rules: WaveRules, result: WaveResult, lang: Lang, signed: Signed | None = None, insight: Insight = NONE
) -> dict[str, bytes]:
    """The papers by file name. Every chart is drawn once and set in both documents."""
    report = build_report(rules, result, lang, signed, insight)
    charts = {block.key: block.spec for part in report.sections for block in part.blocks if isinstance(block, Chart)}
    drawn = {key: svg(spec) for key, spec in charts.items()}
    return {
        "report.docx": as_word(report, {key: png(picture) for key, picture in drawn.items()}),
        "report.pdf": as_pdf(report, drawn),
        "figures.xlsx": as_workbook(Wave(rules, result, lang, insight)),
    }


def put(papers: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Every paper under its name in ``folder``; a failure leaves no half of one behind."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / name: folder / f".{name}.part" for name in papers}
    try:
        for path, part in parts.items():
            part.write_bytes(papers[path.name])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(parts)
