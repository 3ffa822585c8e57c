"""The Word report, read back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from manyi.core.figures import shown
from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.blocks import Chart, Table
from manyi.papers.report import build_report

Told = tuple[WaveRules, WaveResult]
Papers = Callable[[Lang], dict[str, bytes]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_table_and_chart_is_in_it(lang: Lang, told: Told, papers_of: Papers) -> None:
    document, report = Document(BytesIO(papers_of(lang)["report.docx"])), build_report(*told, lang)
    heads = [
        p.text.split("  ", 1)[1] for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"
    ]
    assert heads == [section.title for section in report.sections]
    blocks = [block for section in report.sections for block in section.blocks]
    assert len(document.inline_shapes) == sum(isinstance(b, Chart) for b in blocks)
    assert len(document.tables) == sum(isinstance(b, Table) for b in blocks) + 3  # facts, signatures, tiles


def test_the_overall_figure_is_in_it(told: Told, papers_of: Papers) -> None:
    document = Document(BytesIO(papers_of("zh")["report.docx"]))
    assert told[1].overall is not None
    cells = {cell.text for table in document.tables for cell in table._cells}
    assert str(shown(told[1].overall.value)) in cells


def test_table_heads_repeat_and_rows_do_not_split(papers_of: Papers) -> None:
    document = Document(BytesIO(papers_of("zh")["report.docx"]))
    captions = [
        p for p in document.paragraphs if p.style is not None and p.style.name == "Caption" and p.text.startswith("表")
    ]
    for caption in captions:
        first = caption._p.getnext().find(qn("w:tr"))
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert first.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None
    assert len(captions) > 8


def test_styles_name_a_face_for_chinese_and_pages_are_numbered(papers_of: Papers) -> None:
    with ZipFile(BytesIO(papers_of("zh")["report.docx"])) as parts:
        styles = parts.read("word/styles.xml").decode()
        footers = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("word/footer"))
        headers = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("word/header"))
    assert 'w:eastAsia="微软雅黑"' in styles
    assert " PAGE " in footers
    assert " NUMPAGES " in footers
    assert "QP-CS-12 · A/0" in headers
