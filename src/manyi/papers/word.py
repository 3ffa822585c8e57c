"""The report as a Word document: real headings, repeated table heads, page numbers, faces for both scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from manyi.papers.blocks import Block, Cell, Chart, Column, Heading, Paragraph, Report, Table, Tiles
from manyi.papers.numbering import HEADS, numbered
from manyi.papers.plain import plain
from manyi.papers.wordtables import add_table, set_cells

LATIN, HAN = "Arial", "微软雅黑"
GREY, INK = RGBColor(0x5F, 0x6B, 0x78), RGBColor(0x1F, 0x29, 0x33)
TEXT_WIDTH = Mm(166)
LONG_TITLE = 24
_SIZES = {"Normal": 9.5, "Heading 1": 13, "Heading 2": 10.5, "Title": 20, "Caption": 8.5, "List Bullet": 9.5}


def as_word(report: Report, drawn: Mapping[str, bytes]) -> bytes:
    """The whole document; ``drawn`` holds every chart as PNG by its key."""
    report = numbered(report)
    document = Document()
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    _styles(document)
    _page(document, report)
    _title(document, report)
    for number, section in enumerate(report.sections, start=1):
        document.add_heading(plain(f"{number}  {section.title}"), level=1)
        below = 0
        for block in section.blocks:
            if isinstance(block, Heading):
                below += 1
                document.add_heading(plain(f"{number}.{below}  {block.text}"), level=2)
            else:
                _SETTERS[type(block)](document, block, drawn)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


# ---- the page ----------------------------------------------------------------------------------


def _styles(document: Any) -> None:
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), LATIN
        style.font.color.rgb = GREY if name == "Caption" else INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", HAN), ("cs", LATIN)):
            fonts.set(qn(f"w:{script}"), face)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(6), 1.15
        style.font.bold = name.startswith("Heading") or name == "Title"
    for name, before, after in (("Heading 1", 16, 6), ("Heading 2", 10, 4), ("Caption", 6, 3)):
        form = document.styles[name].paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.keep_with_next = True
    borders = document.styles["Title"].element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)


def _page(document: Any, report: Report) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(22)
    page.top_margin, page.bottom_margin = Mm(26), Mm(22)
    page.header_distance = page.footer_distance = Mm(11)
    head = page.header.paragraphs[0]
    document.styles["Header"].paragraph_format.tab_stops.clear_all()
    head.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _small(head, f"{report.mark}\t{report.head}")
    _rule_below(head)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words = ("第 ", " 页 共 ", " 页") if report.lang == "zh" else ("Page ", " of ", "")
    _small(foot, words[0])
    _field(foot, "PAGE")
    _small(foot, words[1])
    _field(foot, "NUMPAGES")
    _small(foot, words[2])
    properties = document.core_properties
    properties.title, properties.subject = plain(report.title)[:255], plain(report.subtitle)[:255]
    properties.author, properties.comments = "Manyi", ""
    properties.language = "zh-CN" if report.lang == "zh" else "en"


def _small(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(plain(text))
    run.font.size, run.font.color.rgb = Pt(8), GREY
    return run


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = _small(paragraph, "1" if kind == "text" else "")
        if kind == "text":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = f" {text} "
        run._r.append(part)


def _rule_below(paragraph: Any) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "4"), ("space", "4"), ("color", "C4CCD5")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _title(document: Any, report: Report) -> None:
    title = document.add_paragraph(plain(report.title), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if len(report.title) > LONG_TITLE:
        title.runs[0].font.size = Pt(15)
    under = document.add_paragraph()
    under.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = under.add_run(plain(report.subtitle))
    run.font.size, run.font.color.rgb = Pt(11), GREY
    facts = [*report.facts] + ([("", "")] if len(report.facts) % 2 else [])
    rows = [
        (Cell(a[0], strong=True), a[1], Cell(b[0], strong=True), b[1])
        for a, b in zip(facts[::2], facts[1::2], strict=True)
    ]
    set_cells(document, (1.2, 2.2, 1.2, 2.2), rows, shaded=(0, 2), boxed=True)
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    heads = tuple(Cell(head, strong=True) for head in HEADS[report.lang])
    lines = [heads, *((Cell(line, strong=True), name, "", day) for line, name, day in report.signatures)]
    set_cells(document, (1.4, 2, 2, 1.6), lines, shaded=(0,), boxed=True, heads=1, height=Mm(8))


# ---- the blocks --------------------------------------------------------------------------------


def _paragraph(document: Any, block: Paragraph, _drawn: Mapping[str, bytes]) -> None:
    if block.kind == "point":
        document.add_paragraph(plain(block.text), style="List Bullet").paragraph_format.space_after = Pt(3)
        return
    paragraph = document.add_paragraph()
    run = paragraph.add_run(plain(block.text))
    if block.kind == "note":
        run.font.size, run.font.color.rgb = Pt(8), GREY
    if block.kind == "formula":
        run.font.bold = True
        paragraph.paragraph_format.left_indent = Mm(8)


def _table(document: Any, block: Table, _drawn: Mapping[str, bytes]) -> None:
    document.add_paragraph(plain(block.caption), style="Caption")
    add_table(document, block)


def _chart(document: Any, block: Chart, drawn: Mapping[str, bytes]) -> None:
    picture = document.add_paragraph()
    picture.paragraph_format.keep_with_next = True
    picture.paragraph_format.space_before = Pt(8)
    picture.paragraph_format.space_after = Pt(0)
    shape = picture.add_run().add_picture(BytesIO(drawn[block.key]), width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", plain(block.caption))
    caption = document.add_paragraph(plain(block.caption), style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = False
    caption.paragraph_format.space_after = Pt(10)


def _tiles(document: Any, block: Tiles, _drawn: Mapping[str, bytes]) -> None:
    columns = tuple(Column("", 1) for _ in block.tiles)
    rows = [
        tuple(Cell(tile.label) for tile in block.tiles),
        tuple(Cell(tile.figure, tile.tone, strong=True) for tile in block.tiles),
        tuple(Cell(tile.remark) for tile in block.tiles),
    ]
    set_cells(document, tuple(c.width for c in columns), rows, shaded=tuple(range(len(columns))), sizes=(8, 16, 8))


_Setter = Callable[[Any, Any, Mapping[str, bytes]], None]
_SETTERS: dict[type[Block], _Setter] = {Paragraph: _paragraph, Table: _table, Chart: _chart, Tiles: _tiles}
