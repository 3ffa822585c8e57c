"""A cell that leaves is never a formula, and comes back as it was."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from manyi.web.exports import as_csv, as_xlsx, marked, unmarked

pytestmark = pytest.mark.usefixtures("sample_product")

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\t=1",
    "\r=1",
    "\nx",
    "﹦1",
    "'=1",
]
HARMLESS = ["C-1", "球阀", "", "'quoted'", "a=b", "1.5", "😀"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_might_be_read_as_a_formula_gets_its_mark(text):
    assert marked(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_cannot_stays_as_it_is(text):
    assert marked(text) == text


@given(st.text(alphabet=st.sampled_from("'=＝+-@ \t\u200bab中1")) | st.text())
def test_export_and_import_give_the_same(text):
    assert unmarked(marked(text)) == text


def read_csv(content):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_marks_heads_and_cells_and_keeps_numbers():
    content = as_csv(
        ["=head", "n"], [["=cmd|' /C calc'!A0", -5], ['a"b;,\r\nc', Decimal("1.50")], [None, date(2026, 12, 5)]]
    )
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [
        ["'=head", "n"], ["'=cmd|' /C calc'!A0", "-5"], ["a\"b;,\r\nc", "1.50"], ["", "2026-12-05"],
    ]  # fmt: skip


def test_csv_takes_any_text():
    at = datetime(2026, 12, 5, 16, 30, tzinfo=UTC)
    assert read_csv(as_csv(["a"], [["x\ud800\x00"], [at]])) == [["a"], ["x?\ufffd"], ["2026-12-06 00:30"]]


def test_a_workbook_holds_text_as_text_and_no_formula_or_link():
    rows = [[text, 7, Decimal("81.25"), date(2026, 12, 5)] for text in [*FORMULAS, "https://x.example", "00123"]]
    content = as_xlsx(["=名称", "n", "得分", "日期"], rows)
    back = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert back[0] == ["=名称", "n", "得分", "日期"]
    assert [row[0] for row in back[1:]][-1] == "00123"
    assert back[1] == ["=1+1", 7.0, 81.25, date(2026, 12, 5)]
    sheet = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_a_workbook_loses_no_digit_and_no_row_to_a_bad_cell():
    content = as_xlsx(["a", "b"], [["x\x0b\ud800", Decimal("12345678901234567890")], ["长" * 40_000, None], ["", 1]])
    back = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert back[1][1] == "12345678901234567890"
    assert len(back[2][0]) == 32_767
    assert back[2][0].endswith("…")
    assert len(back) == 4


def test_a_download_is_kept_and_not_shown(signed_in, cast):
    response = signed_in(cast.li).get("/export/")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8F%B0%E8%B4%A6")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert read_csv(response.content)[1] == ["'=1+1"]
