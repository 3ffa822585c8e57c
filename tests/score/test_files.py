"""Files as people send them: encodings, line breaks, blank rows, heads, workbooks with dates and broken formulas."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.score.reference import POINTS
from tests.score.test_bad_input import GOOD, HEAD, SECOND, TABLES, folder, places, run, sheet

from manyi.cli import main
from manyi.tables.source import open_source
from manyi.tables.workbook import LONGEST_CELL

Capture = pytest.CaptureFixture[str]
LINE, LINE_2 = ",".join(GOOD), ",".join(SECOND)


def sheets_only(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def book(path: Path, fill: Callable, name: str = "sheets") -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        page = made.add_worksheet(name)
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, GOOD)
        fill(made, page)
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_ends_and_delimiters_are_recognised(end: str, delimiter: str, tmp_path: Path, capsys: Capture) -> None:
    text = end.join(delimiter.join(row) for row in (HEAD, GOOD, SECOND)) + end
    code, told = run(sheets_only(tmp_path, text), capsys)
    assert (code, told["sheets"]) == (0, 2)


def test_a_line_break_inside_a_comment_is_part_of_it(tmp_path: Path, capsys: Capture) -> None:
    text = f'{",".join(HEAD)}\n{LINE}"slow\nand ""dear"""\n\n{LINE_2}\n'
    code, told = run(sheets_only(tmp_path, text), capsys)
    assert (code, told["sheets"], told["focus"]["written_dissatisfaction"]) == (0, 2, ["S1"])


def test_rows_are_counted_as_a_spreadsheet_shows_them(tmp_path: Path, capsys: Capture) -> None:
    bad = ",".join(sheet(safety="x"))
    text = f'{",".join(HEAD)}\n\n{LINE}"two\nlines"\n,,,\n\n{bad}\n'
    code, told = run(sheets_only(tmp_path, text), capsys)
    # head 1, blank 2, the sheet with two lines 3, a row of commas 4, blank 5
    assert (code, places(told)) == (2, [("not_a_grade", "sheets", 6, "safety")])


def test_a_row_with_too_many_cells_is_named_and_can_be_left_out(tmp_path: Path, capsys: Capture) -> None:
    path = sheets_only(tmp_path, f"{','.join(HEAD)}\n{LINE}\n{LINE_2},one,too many\n")
    code, told = run(path, capsys)
    assert (code, places(told)) == (2, [("broken_row", "sheets", 3, "")])
    code, told = run(path, capsys, "--skip-bad")
    assert (code, told["sheets"], [f["row"] for f in told["left_out"]]) == (0, 1, [3])


def test_a_quote_that_never_ends_is_named(tmp_path: Path, capsys: Capture) -> None:
    code, told = run(sheets_only(tmp_path, f'{",".join(HEAD)}\n{LINE}\n"S2,C2\n{LINE_2}\n'), capsys)
    assert code == 2
    assert ("broken_row", "sheets", 3, "") in places(told)


def test_spaces_at_the_ends_do_not_make_another_product(tmp_path: Path, capsys: Capture) -> None:
    rows = [HEAD, GOOD, sheet(product="\u3000Valve\u00a0"), sheet(sheet_no="S3", product=" Valve ", customer_id="C3")]
    customers = [*TABLES["customers"], ["C3", "Three"]]
    code, told = run(folder(tmp_path, sheets=rows, customers=customers), capsys)
    assert (code, [(p["product"], p["n"]) for p in told["products"]]) == (0, [("Valve", 3)])


def test_a_double_that_differs_in_spaces_only_is_a_double(tmp_path: Path, capsys: Capture) -> None:
    code, told = run(folder(tmp_path, sheets=[HEAD, GOOD, sheet(sheet_no="S1 ")]), capsys)
    assert (code, places(told)) == (2, [("duplicate_sheet", "sheets", 3, "sheet_no")])


def test_five_sheets_of_one_number_are_four_faults(tmp_path: Path, capsys: Capture) -> None:
    rows = [GOOD, *(sheet(customer_id=f"C{n}") for n in range(2, 6))]
    rows = [["S1", *row[1:]] for row in rows]
    customers = [["customer_id"], *([f"C{n}"] for n in range(1, 6))]
    _code, told = run(folder(tmp_path, sheets=[HEAD, *rows], customers=customers), capsys)
    assert places(told) == [("duplicate_sheet", "sheets", n, "sheet_no") for n in (3, 4, 5, 6)]


def test_heads_may_be_titles_of_either_language_in_any_width_and_order(tmp_path: Path, capsys: Capture) -> None:
    heads = [
        "Ｓｈｅｅｔ＿ｎｏ",
        "客户编号",
        " Product ",
        "收回日期",
        *["Main quality indicators", "产品维修性"],
        *list(POINTS)[2:],
        "意见",
    ]
    rows = [[*row, "ours"] for row in (GOOD, SECOND)]
    rows = [list(reversed([*heads, "our own note"])), *(list(reversed(row)) for row in rows)]
    code, told = run(folder(tmp_path, sheets=rows), capsys)
    assert (code, told["sheets"], len(told["items"])) == (0, 2, 12)


def test_a_head_that_stands_twice_is_a_fault(tmp_path: Path, capsys: Capture) -> None:
    _code, told = run(folder(tmp_path, sheets=[[*HEAD, "产品安全性"], [*GOOD, "neutral"]]), capsys)
    assert ("duplicate_column", "sheets", 1, "产品安全性") in places(told)


def test_a_table_that_comes_in_two_files_is_a_fault(tmp_path: Path, capsys: Capture) -> None:
    path = folder(tmp_path)
    duckdb.sql(f"COPY (SELECT 'C1' AS customer_id) TO '{path}/customers.parquet' (FORMAT parquet)")
    assert run(path, capsys)[1]["faults"][0]["code"] == "duplicate_table"


def test_a_file_name_is_only_a_name(tmp_path: Path, capsys: Capture) -> None:
    path = sheets_only(tmp_path, f"{','.join(HEAD)}\n{LINE}\n").rename(tmp_path / "it's [1] * {x}?.csv")
    assert run(path, capsys)[0] == 0


@pytest.mark.parametrize("amount", ["1.234,50", "1,00", "1_000", "ten", "NaN", "1e999", "5万", ""])
def test_an_amount_that_could_be_misread_is_not_read(amount: str, tmp_path: Path, capsys: Capture) -> None:
    code, told = run(folder(tmp_path, sales=[TABLES["sales"][0], ["C1", "Valve", "2026", amount]]), capsys)
    assert ("not_a_number", "sales", 2, "amount") in places(told)
    assert code == 2


@pytest.mark.parametrize("amount", ["1,234.50", "１２３４．５", "1234.5", "1.2345e3", " 1234.50 "])
def test_an_amount_is_read_exactly(amount: str, tmp_path: Path, capsys: Capture) -> None:
    sales = [TABLES["sales"][0], ["C1", "Valve", "2026", amount], ["C2", "Valve", "2026", "0.1"]]
    assert run(folder(tmp_path, sales=sales), capsys)[1]["products"][0]["sales"] == 1234.6


@pytest.mark.parametrize(
    "day", ["2026/12/5", "2026年12月5日", "2026-12-05 13:04:05", "2026-12-05T13:04:05.5+08:00", "46361", "46361.5"]
)
def test_a_day_is_read_as_people_and_programs_write_it(day: str, tmp_path: Path, capsys: Capture) -> None:
    code, told = run(folder(tmp_path, sheets=[HEAD, sheet(returned_on=day)]), capsys)
    assert (code, told.get("wave")) == (0, 2026)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "5.12.2026", "999999"])
def test_a_day_that_cannot_be_is_a_fault(day: str, tmp_path: Path, capsys: Capture) -> None:
    dispatch = [TABLES["dispatch"][0], ["C1", "Valve", "mail", day]]
    code, told = run(folder(tmp_path, sheets=[HEAD, sheet(returned_on=day)], dispatch=dispatch), capsys)
    assert (code, places(told)) == (
        2,
        [("not_a_date", "dispatch", 2, "sent_on"), ("not_a_date", "sheets", 2, "returned_on")],
    )


def test_a_workbook_brings_dates_and_numbers_in_its_own_way(tmp_path: Path, capsys: Capture) -> None:
    def fill(made: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet) -> None:
        page.write_row(3, 0, SECOND)
        page.write(3, 0, 7)
        page.write_datetime(
            3,
            3,
            datetime(2026, 12, 24, 9, 30, tzinfo=UTC).replace(tzinfo=None),
            made.add_format({"num_format": "yyyy/m/d"}),
        )
        page.write(3, len(HEAD) - 1, "slow\nand dear")

    code, told = run(book(tmp_path / "b.xlsx", fill), capsys)
    assert (code, told["sheets"], told["focus"]["written_dissatisfaction"]) == (0, 2, ["7"])


def test_a_failed_formula_is_no_blank_answer(tmp_path: Path, capsys: Capture) -> None:
    def fill(made: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet) -> None:
        page.write_row(3, 0, SECOND)
        page.write_formula(3, HEAD.index("safety"), "=1/0", None, "#DIV/0!")
        page.write_formula(3, HEAD.index("stability"), '="neu"&"tral"', None, "neutral")

    code, told = run(book(tmp_path / "b.xlsx", fill), capsys)
    assert (code, places(told)) == (2, [("not_a_grade", "sheets", 4, "safety")])
    assert "#DIV/0!" in told["faults"][0]["message"]


def test_a_cell_longer_than_a_spreadsheet_allows_is_too_big(tmp_path: Path, capsys: Capture) -> None:
    long = "x" * (LONGEST_CELL + 1)
    path = sheets_only(tmp_path, f'{",".join(HEAD)}\n{LINE}"{long}\nx"\n{LINE_2}\n')
    assert places(run(path, capsys)[1]) == [("too_big", "sheets", 2, "")]


def test_more_than_a_thousand_faults_are_counted_not_listed(tmp_path: Path, capsys: Capture) -> None:
    rows = [sheet(sheet_no=f"S{n}", customer_id=f"X{n}") for n in range(2500)]
    told = run(folder(tmp_path, sheets=[HEAD, *rows]), capsys)[1]
    assert len(told["faults"]) == 1000
    assert told["faults"][-1]["code"] == "more"
    assert "1501" in told["faults"][-1]["message"]


def test_when_nothing_good_is_left_it_says_so(tmp_path: Path, capsys: Capture) -> None:
    code, told = run(folder(tmp_path, sheets=[HEAD, sheet(safety="x")]), capsys, "--skip-bad")
    assert (code, [f["code"] for f in told["faults"]]) == (2, ["nothing_left", "not_a_grade"])


@pytest.mark.parametrize("careful", [False, True])
def test_both_ways_of_reading_give_the_same_rows(careful: bool, tmp_path: Path) -> None:
    path = sheets_only(tmp_path, f"{','.join(HEAD)}\n{LINE}\n{LINE_2}\n")
    with open_source(path, careful=careful) as source:
        rows = list(source.rows(source.tables["sheets"], {head: n for n, head in enumerate(HEAD)}))
    assert rows == [(2, dict(zip(HEAD, GOOD, strict=True))), (3, dict(zip(HEAD, SECOND, strict=True)))]


def told_without_a_traceback(name: str, content: bytes) -> None:
    out = io.StringIO()
    with TemporaryDirectory() as place:
        (Path(place) / name).write_bytes(content)
        with redirect_stdout(out):
            code = main(["score", str(Path(place) / name), "--procedure", "P12", "--json"])
    assert code == 2
    for fault in json.loads(out.getvalue())["faults"]:
        assert fault["code"]
        assert fault["table"]
        assert fault["message"]
        assert fault["hint"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.binary(max_size=400), kind=st.sampled_from(["csv", "csv.gz", "parquet", "xls"]))
def test_noise_is_a_fault_and_never_a_traceback(content: bytes, kind: str) -> None:
    told_without_a_traceback(f"noise.{kind}", content)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
def test_a_damaged_file_is_a_fault_and_never_a_traceback(kind: str, tmp_path: Path) -> None:
    good = damageable(tmp_path, kind)
    chance = random.Random(12)  # noqa: S311 — damage has to be the same every time
    for n in range(6 if kind == "xlsx" else 20):
        damaged = bytearray(good)
        if n % 2:
            damaged = damaged[: chance.randrange(len(damaged))]
        for _ in range(20):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with TemporaryDirectory() as place, redirect_stdout(io.StringIO()) as out:
            (Path(place) / f"x.{kind}").write_bytes(damaged)
            assert main(["score", f"{place}/x.{kind}", "--procedure", "P12", "--json"]) in (0, 2)
        assert json.loads(out.getvalue())


def damageable(tmp_path: Path, kind: str) -> bytes:
    path = tmp_path / f"good.{kind}"
    if kind == "xlsx":
        book(path, lambda made, page: page.write_row(2, 0, SECOND))
    else:
        csv = sheets_only(tmp_path, f"{','.join(HEAD)}\n{LINE}\n{LINE_2}\n")
        if kind == "csv":
            return csv.read_bytes()
        duckdb.sql(f"COPY (FROM read_csv('{csv}', all_varchar=true)) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()
