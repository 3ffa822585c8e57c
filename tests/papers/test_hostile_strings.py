"""Names that break programs go through every paper and stay text (small form of the reliability bar for strings)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random
from zipfile import ZipFile

import pytest
from defusedxml import ElementTree
from python_calamine import CalamineWorkbook

from manyi.core.waves import WaveResult, WaveRules
from manyi.papers.plain import LOST, plain
from manyi.papers.write import make_papers

PIECES = [
    *(chr(n) for n in range(0xA1)), "\ufffe", "\uffff", "\ud800", "\udfff", "\ufeff", "\u202e", "\u2066", "\u200b",
    "<&>\"'", "#[]$\\`*_=-~@", "#import \"x\"", "$x^2$", "]]>", "<!--", "%s{}", "=cmd()|' /C calc'!A0", "+1", "@SUM(A1)",
    "😀", "👩‍👩‍👧", "مرحبا", "שלום", "ไทย", "한국어", "e" + "\u0301" * 200, "长" * 400, "W" * 1000, "_x0041_", "\r\n", "球阀",
    "http://example.com", "𝔘", "\U0010ffff", "ﷺ",
]  # fmt: skip


SEEN = ['#import "x"', "$x^2$", "=cmd()|' /C calc'!A0", "<&>\"'", "😀", "مرحبا", "#[]$\\`*_"]
"""Names short enough to stand whole in the documents."""


def strings(n: int) -> list[str]:
    random = Random(2426)  # noqa: S311
    made = PIECES + ["".join(random.choices(PIECES, k=random.randint(2, 5))) for _ in range(n)]
    return list(dict.fromkeys(made))[:n]


def test_what_xml_cannot_hold_is_replaced_and_nothing_else() -> None:
    for text in strings(500):
        held = plain(text)
        assert len(held) == len(text)
        assert all(a == b or b == LOST for a, b in zip(text, held, strict=True))
        assert plain(held) == held
        ElementTree.fromstring(
            "<?xml version='1.0'?><a>" + held.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</a>"
        )
    assert plain("\ud83d") == LOST


@pytest.fixture(scope="module")
def papers(wave_of: Callable[..., tuple[WaveRules, WaveResult]]) -> dict[str, bytes]:
    names = strings(500)
    return make_papers(*wave_of("P12", [*names[::20], *SEEN], customers=names), "zh")


def test_the_workbook_holds_every_name_as_text(papers: dict[str, bytes]) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(papers["figures.xlsx"]))
    held = {str(row[1]) for row in book.get_sheet_by_name("清单").to_python()}
    wanted = {plain(name) for name in strings(500)} - {"_x0041_"}  # the reader turns this one into the letter it means
    assert {
        name for name in wanted if name not in held and name.replace("\r\n", "\n").replace("\r", "\n") not in held
    } == set()
    with ZipFile(BytesIO(papers["figures.xlsx"])) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(parts.read(name))
        assert not any(b"<f" in parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def test_the_word_file_is_sound_and_shows_them(papers: dict[str, bytes]) -> None:
    with ZipFile(BytesIO(papers["report.docx"])) as parts:
        trees = {name: ElementTree.fromstring(parts.read(name)) for name in parts.namelist() if name.endswith(".xml")}
    text = "".join(trees["word/document.xml"].itertext())
    assert [name for name in SEEN if name not in text] == []


def test_the_pdf_is_made(papers: dict[str, bytes]) -> None:
    assert papers["report.pdf"].startswith(b"%PDF-")
    assert papers["report.pdf"].rstrip().endswith(b"%%EOF")


def test_markup_stays_text(wave_of: Callable[..., tuple[WaveRules, WaveResult]]) -> None:
    names = ["#panic()", "*x*", "$", "]", "`", "<label>", "@ref", "\\", "//", "/*", "= head", "- item", "{{", "~"]
    made = make_papers(*wave_of("P12", names), "en")
    assert b"<pdfaid:part>2</pdfaid:part>" in made["report.pdf"]
