"""The PDF report: archivable, in the bundled faces, and never set with a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from manyi.core.figures import shown
from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules
from manyi.library import FONTS
from manyi.papers import pdf
from manyi.papers.blocks import Report

Papers = Callable[[Lang], dict[str, bytes]]
EMPTY = Report("zh", "报告", "", "", (), (), ())


def sets(text: str) -> None:
    """Set ``text`` in the bundled faces alone as PDF/A, which refuses a sign without a shape."""
    source = f'#set text(font: "Manyi Sans", fallback: false)\n{text} *{text[:1]}*'.encode()
    typst.compile(source, font_paths=[str(FONTS)], ignore_system_fonts=True, format="pdf", pdf_standards="a-2b")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_made_for_the_archive(lang: Lang, papers_of: Papers) -> None:
    made = papers_of(lang)["report.pdf"]
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in made


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")
def test_its_words_can_be_read_back(told: tuple[WaveRules, WaveResult], papers_of: Papers, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(papers_of("zh")["report.pdf"])
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    assert told[1].overall is not None
    assert str(shown(told[1].overall.value)) in text
    assert "需要关注的事项" in text
    assert re.search(r"第\s*1\s*页", text)


def test_the_faces_have_the_signs_of_names_and_figures() -> None:
    sets("顾客满意度 喆镕龘 Ω é ≥≤−×÷Σ·—…“”、。\uff0c\uff08\uff09 0123456789 %‰ €¥")
    with pytest.raises(typst.TypstError):
        sets("\U0001f600")


def test_a_warning_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    planted = tmp_path / "planted.typ"
    planted.write_text('#set text(font: "No Such Face")\nwords', encoding="utf-8")
    monkeypatch.setattr(pdf, "_SETTING", planted)
    with pytest.raises(pdf.NotSet, match="no such face"):
        pdf.as_pdf(EMPTY, {})


def test_long_words_may_break_anywhere() -> None:
    assert pdf._clean(["x" * 40]) == ["x" * 18 + "\u200b" + "x" * 18 + "\u200b" + "xxxx"]
