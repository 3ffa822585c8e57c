"""Every fault is listed with table, row, column and what to do; nothing is half-written; ``--skip-bad`` goes on."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from tests.score.reference import POINTS

from manyi.cli import main

HEAD = ["sheet_no", "customer_id", "product", "returned_on", *POINTS, "comment"]
GOOD = ["S1", "C1", "Valve", "2026-12-20", *["satisfied"] * 12, ""]
SECOND = ["S2", "C2", "Valve", "2026-12-21", *["neutral"] * 12, ""]
TABLES = {
    "customers": [["customer_id", "name"], ["C1", "One"], ["C2", "Two"]],
    "sales": [
        ["customer_id", "product", "year", "amount"],
        ["C1", "Valve", "2026", "10"],
        ["C2", "Pump", "2026", "1,000.50"],
    ],
    "dispatch": [["customer_id", "product", "channel", "sent_on"], ["C1", "Valve", "mail", "2026-12-03"]],
    "sheets": [HEAD, GOOD, SECOND],
}


def folder(tmp_path: Path, **changed: list[list[str]]) -> Path:
    for name, rows in {**TABLES, **changed}.items():
        text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict]:
    code = main(["score", str(path), "--procedure", "P12", "--json", *more])
    return code, json.loads(capsys.readouterr().out)


def places(told: dict) -> list[tuple[str, str, int | None, str]]:
    return [(f["code"], f["table"], f["row"], f["column"]) for f in told["faults"]]


def sheet(**changes: str) -> list[str]:
    return [changes.get(name, value) for name, value in zip(HEAD, SECOND, strict=True)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"sheets": [HEAD, GOOD, sheet(customer_id="C9")]}, ("unknown_customer", "sheets", 3, "customer_id")),
        ({"sheets": [HEAD, GOOD, sheet(product="Tap")]}, ("unknown_product", "sheets", 3, "product")),
        ({"sheets": [HEAD, GOOD, sheet(stability="excellent")]}, ("not_a_grade", "sheets", 3, "stability")),
        ({"sheets": [HEAD, GOOD, sheet(sheet_no="S1")]}, ("duplicate_sheet", "sheets", 3, "sheet_no")),
        ({"sheets": [HEAD, GOOD, sheet(customer_id="C1")]}, ("duplicate_respondent", "sheets", 3, "customer_id")),
        ({"sheets": [HEAD, GOOD, sheet(returned_on="soon")]}, ("not_a_date", "sheets", 3, "returned_on")),
        ({"sheets": [HEAD, GOOD, sheet(sheet_no="")]}, ("missing_value", "sheets", 3, "sheet_no")),
        ({"sheets": [[h for h in HEAD if h != "safety"], GOOD[:-1]]}, ("missing_column", "sheets", 1, "safety")),
        ({"sheets": [HEAD]}, ("empty_table", "sheets", None, "")),
        ({"sheets": [HEAD, GOOD, sheet(returned_on="2024-12-21")]}, ("two_years", "sheets", None, "returned_on")),
        ({"sales": [TABLES["sales"][0], ["C1", "Valve", "2026", "ten"], TABLES["sales"][2]]}, ("not_a_number", "sales", 2, "amount")),
        ({"sales": [TABLES["sales"][0], ["C7", "Valve", "2026", "10"]]}, ("unknown_customer", "sales", 2, "customer_id")),
        ({"dispatch": [TABLES["dispatch"][0], ["C1", "Valve", "mail", "32 Dec"]]}, ("not_a_date", "dispatch", 2, "sent_on")),
        ({"customers": [*TABLES["customers"], ["C1", "Again"]]}, ("duplicate_customer", "customers", 4, "customer_id")),
        ({"targets": [["of", "key", "score"], ["item", "nonsense", "80"]]}, ("unknown_figure", "targets", 2, "key")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_fault_is_named_with_its_place(
    changed: dict, expected: tuple, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(folder(tmp_path, **changed), capsys)
    assert code == 2
    assert expected in places(told)
    assert all(f["message"] and f["hint"] for f in told["faults"])


def test_all_faults_are_listed_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(
        folder(tmp_path, sheets=[HEAD, GOOD, sheet(safety="x", customer_id="C8"), sheet(sheet_no="S1")]), capsys
    )
    assert code == 2
    assert {f["code"] for f in told["faults"]} == {
        "not_a_grade",
        "unknown_customer",
        "duplicate_sheet",
    }


def test_skip_bad_goes_on_and_reports_what_was_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path, sheets=[HEAD, GOOD, sheet(safety="x"), sheet(sheet_no="S3", customer_id="C9")])
    code, told = run(path, capsys, "--skip-bad")
    assert (code, told["sheets"], told["overall"]["exact"]) == (0, 1, "100/1")
    assert [(f["code"], f["row"]) for f in told["left_out"]] == [("not_a_grade", 3), ("unknown_customer", 4)]


def test_skip_bad_keeps_the_first_of_doubled_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(folder(tmp_path, sheets=[HEAD, GOOD, sheet(sheet_no="S1")]), capsys, "--skip-bad")
    assert (code, told["sheets"], told["overall"]["exact"]) == (0, 1, "100/1")


def zipped(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def test_a_renamed_xls_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert run(path, capsys)[1]["faults"][0]["code"] == "old_excel"


def test_a_cell_of_300_mb_is_refused_before_it_is_unpacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b"x" * 1024**2)
    assert run(path, capsys)[1]["faults"][0]["code"] == "too_big"


def test_a_cell_in_the_farthest_corner_does_not_hang(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet_ = book.add_worksheet("调查表")
        sheet_.write_row(0, 0, HEAD)
        sheet_.write(1_048_575, 16_383, "x")
    assert run(path, capsys)[1]["faults"][0]["code"] == "too_big"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00\x01\x02"], ids=["empty", "broken zip", "noise"])
def test_what_is_no_workbook_is_a_fault(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert run(tmp_path / "x.xlsx", capsys)[0] == 2


def test_text_in_neither_encoding_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path)
    (path / "sheets.csv").write_bytes("表号".encode() + b"\xff\xfe\x81")
    assert run(path, capsys)[1]["faults"][0]["code"] == "encoding"


@pytest.mark.parametrize("name", ["absent.xlsx", "notes.txt"])
def test_a_file_that_is_not_there_or_no_table_is_a_fault(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    assert run(tmp_path / name, capsys)[0] == 2


def test_hostile_text_is_only_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nasty = "'); DROP TABLE sheet; --"
    code, told = run(folder(tmp_path, sheets=[HEAD, GOOD, sheet(safety=nasty, customer_id=nasty)]), capsys)
    assert code == 2
    assert {f["code"] for f in told["faults"]} == {"not_a_grade", "unknown_customer"}


def test_the_column_is_named_as_the_file_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sales = [["客户编号", "产品", "年份", "金额"], ["C1", "Valve", "2026", "ten"]]
    assert ("not_a_number", "sales", 2, "金额") in places(run(folder(tmp_path, sales=sales), capsys)[1])
