"""Tables of a Word document, written as elements at once: cell by cell through the library takes minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from manyi.papers.blocks import Cell, Table, as_cell
from manyi.papers.plain import plain

_WIDTH = 9411
"""The text width in twentieths of a point: 166 mm."""
_SHADE, _LINE, _INK = "EDF1F5", "C4CCD5", "1F2933"
_TONES = {"good": "1D6B3A", "bad": "A4262C", "": _INK}


def add_table(document: Any, table: Table) -> None:
    """A table of the report: heads repeated on every page, rows never split, figures set to the right."""
    heads = tuple(Cell(column.title, strong=True) for column in table.columns)
    sides = tuple("right" if c.figures else "center" if c.centred else "" for c in table.columns)
    widths = tuple(column.width for column in table.columns)
    set_cells(
        document, widths, [heads, *table.rows], sides=sides, heads=1, sizes=(8.5,), part=0.62 if table.narrow else 1
    )


def set_cells(
    document: Any, widths: Sequence[float], rows: Sequence[Sequence[Cell | str]], *,
    sides: Sequence[str] = (), shaded: Sequence[int] = (), heads: int = 0, boxed: bool = False,
    sizes: Sequence[float] = (9,), height: int = 0, part: float = 1,
) -> None:  # fmt: skip
    """Rows of cells over the whole text width; ``sizes`` are the type sizes of the first rows, the last one stays."""
    share = _WIDTH * part / sum(widths)
    twips = [round(width * share) for width in widths]
    made = _new("w:tbl")
    made.append(_properties(sum(twips), boxed))
    grid = _new("w:tblGrid")
    grid.extend(_new("w:gridCol", w=str(width)) for width in twips)
    made.append(grid)
    for number, row in enumerate(rows):
        line = _new("w:tr")
        line.append(_row_properties(number < heads, height))
        size = sizes[min(number, len(sizes) - 1)]
        last = number == len(rows) - 1
        keep = not last and (number <= heads or number == len(rows) - 2 or len(rows) <= _KEPT_WHOLE)
        for place, cell in enumerate(row):
            shade = number < heads or place in shaded
            line.append(_cell(as_cell(cell), twips[place], size, shade, sides[place] if sides else "", keep))
        made.append(line)
    document.element.body.insert(len(document.element.body) - 1, made)
    spacer = document.add_paragraph()
    spacer.paragraph_format.space_after = 0
    spacer.paragraph_format.line_spacing = 0.6


_KEPT_WHOLE = 9
"""Tables of so few rows are not torn apart by the end of a page."""


def _properties(width: int, boxed: bool) -> Any:
    made = _new("w:tblPr")
    made.append(_new("w:tblW", w=str(width), type="dxa"))
    borders = _new("w:tblBorders")
    outer = {"sz": "4", "color": _LINE} if boxed else {"sz": "8", "color": _INK}
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        upright = side in ("left", "right", "insideV")
        if upright and not boxed:
            continue
        look = {"sz": "4", "color": _LINE} if side.startswith("inside") else outer
        borders.append(_new(f"w:{side}", val="single", space="0", **look))
    made.append(borders)
    made.append(_new("w:tblLayout", type="fixed"))
    margins = _new("w:tblCellMar")
    for side, inner in (("top", "45"), ("left", "90"), ("bottom", "45"), ("right", "90")):
        margins.append(_new(f"w:{side}", w=inner, type="dxa"))
    made.append(margins)
    return made


def _row_properties(head: bool, height: int) -> Any:
    made = _new("w:trPr")
    made.append(_new("w:cantSplit"))
    if height:
        made.append(_new("w:trHeight", val=str(round(height / 635)), hRule="atLeast"))
    if head:
        made.append(_new("w:tblHeader"))
    return made


def _cell(cell: Cell, width: int, size: float, shade: bool, side: str, keep: bool) -> Any:
    made, form = _new("w:tc"), _new("w:tcPr")
    form.append(_new("w:tcW", w=str(width), type="dxa"))
    if shade:
        form.append(_new("w:shd", val="clear", color="auto", fill=_SHADE))
    form.append(_new("w:vAlign", val="center"))
    made.append(form)
    paragraph, look = _new("w:p"), _new("w:pPr")
    if keep:
        look.append(_new("w:keepNext"))
    look.append(_new("w:spacing", before="0", after="0", line="240", lineRule="auto"))
    if side:
        look.append(_new("w:jc", val=side))
    paragraph.append(look)
    if cell.text:
        paragraph.append(_run(cell, size))
    made.append(paragraph)
    return made


def _run(cell: Cell, size: float) -> Any:
    made, look, words = _new("w:r"), _new("w:rPr"), _new("w:t")
    if cell.strong:
        look.append(_new("w:b"))
    look.append(_new("w:color", val=_TONES[cell.tone]))
    look.append(_new("w:sz", val=str(round(size * 2))))
    words.text = plain(cell.text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(look)
    made.append(words)
    return made


def _new(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
