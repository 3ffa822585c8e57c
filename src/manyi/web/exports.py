"""Tables that leave as files. A cell is never a formula, whatever a customer wrote into it."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from manyi.papers.plain import plain

Cell = str | int | Decimal | date | None
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "'"
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
LONGEST_CELL, DIGITS = 32_767, 15
"""What a cell of Excel holds: characters, and digits of a number before it changes them."""


def marked(text: str) -> str:
    """``text`` as a cell that no spreadsheet program reads as a formula: with an apostrophe before it where one might.

    >>> marked("=1+1"), marked(" ＝1"), marked("C-1"), unmarked(marked("=1+1"))
    ("'=1+1", "' ＝1", 'C-1', '=1+1')
    """
    return MARK + text if _looks_like_formula(text) else text


def unmarked(text: str) -> str:
    """The text that was ``marked``: export and import again give the same."""
    return text[1:] if text.startswith(MARK) and _looks_like_formula(text[1:]) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV that Excel opens by a double click (UTF-8 with its mark, every text quoted)."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([marked(name) for name in head])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = "Manyi") -> bytes:
    """A table as a workbook of one sheet: text stays text, numbers and days are what they are."""
    out = BytesIO()
    with Workbook(out, SAFE) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(head):
            sheet.write_string(0, column, plain(name), bold)
            sheet.set_column(column, column, min(max(2 * len(name), 12), 40))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, day)
    return out.getvalue()


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file for the person to keep; never shown in the place of a page, never run."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def _looks_like_formula(text: str) -> bool:
    """Whether the first sign that is seen, however wide it is written, begins a formula in some program."""
    shown = text.lstrip(MARK)
    for char in shown:
        if char in "\t\r\n":
            return True
        if unicodedata.category(char)[0] not in "ZC":
            return unicodedata.normalize("NFKC", char)[0] in "=+-@"
    return False


def _csv_cell(cell: Cell) -> str | int | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return marked(cell.replace("\x00", "\ufffd"))
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else cell


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, day: object) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        sheet.write_string(row, column, timezone.localtime(cell).strftime("%Y-%m-%d %H:%M"))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        text = plain(cell)
        sheet.write_string(row, column, text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…")
    elif len(Decimal(cell).as_tuple().digits) > DIGITS:
        sheet.write_string(row, column, str(cell))
    else:
        sheet.write_number(row, column, cell)
