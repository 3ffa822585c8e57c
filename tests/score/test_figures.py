"""``manyi score`` agrees to the last digit with an independent calculation, on random companies."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.score.reference import POINTS, RAW, expected

from manyi.cli import main

ZH_ITEMS = dict(
    zip(
        POINTS,
        "主要质量指标 产品维修性 使用便捷程度 质量稳定性 产品安全性 服务的及时性 服务的有效性 服务人员的态度 性价比 交付及时性 交付可靠性 与竞争对手的比较".split(),
        strict=True,
    )
)  # noqa: SIM905
ZH_GRADES = {
    "satisfied": "满意",
    "fairly_satisfied": "比较满意",
    "neutral": "一般",
    "rather_dissatisfied": "不太满意",
    "dissatisfied": "不满意",
    "": "",
}
YEAR = 2026


@st.composite
def companies(draw: st.DrawFn) -> dict:
    products = draw(st.lists(st.sampled_from("球阀 蝶阀 Gate 泵".split()), min_size=1, max_size=4, unique=True))  # noqa: SIM905
    customers = [f"C{n:02}" for n in range(draw(st.integers(1, 30)))]
    amounts = st.sampled_from(
        [Fraction(100), Fraction(100), Fraction(5_000_000), Fraction("5000000.01"), Fraction("12345.67")]
    )
    pairs = [(c, p) for c in customers for p in products]
    sold = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=60))
    sales = [(c, p, draw(st.sampled_from([YEAR, YEAR, YEAR - 1])), draw(amounts)) for c, p in sold]
    known = {p for _, p, _, _ in sales}
    askable = [pair for pair in pairs if pair[1] in known]
    ledger = draw(st.lists(st.sampled_from(askable), max_size=30, unique=True))
    back = draw(st.lists(st.sampled_from(askable), min_size=1, max_size=12, unique=True))
    grades = st.sampled_from(list(RAW))
    sheets = [(f"S{n}", c, p, {i: draw(grades) for i in POINTS}) for n, (c, p) in enumerate(back)]
    return {"customers": customers, "sales": sales, "ledger": ledger, "sheets": sheets}


def tables(company: dict, zh: bool) -> dict[str, list[list[str]]]:
    def head(*names: str) -> list[str]:
        titles = {"customer_id": "客户编号", "name": "名称", "product": "产品", "year": "年份", "amount": "金额", "channel": "渠道",
                  "sent_on": "发放日期", "sheet_no": "表号", "returned_on": "收回日期", "comment": "意见", **ZH_ITEMS}  # fmt: skip
        return [titles[n] if zh else n for n in names]

    def number(value: Fraction) -> str:
        return f"{float(value):.2f}"

    names = dict(customers="客户", sales="销售", dispatch="发放台账", sheets="调查表") if zh else {}
    content = {
        "customers": [head("customer_id", "name"), *([c, f"{c} 公司"] for c in company["customers"])],
        "sales": [head("customer_id", "product", "year", "amount"), *([c, p, str(y), number(a)] for c, p, y, a in company["sales"])],
        "dispatch": [head("customer_id", "product", "channel", "sent_on"), *([c, p, "mail", "2026-12-03"] for c, p in company["ledger"])],
        "sheets": [
            head("sheet_no", "customer_id", "product", "returned_on", *POINTS, "comment"),
            *([no, c, p, "2026-12-20", *(ZH_GRADES[a[i]] if zh else a[i] for i in POINTS), "太慢" if no == "S0" else ""]
              for no, c, p, a in company["sheets"]),
        ],
    }  # fmt: skip
    return {names.get(k, k): rows for k, rows in content.items()}


def write(folder: Path, content: dict[str, list[list[str]]], kind: str) -> Path:
    if kind == "xlsx":
        path = folder / "input.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": True}) as book:
            for name, rows in content.items():
                sheet = book.add_worksheet(name)
                for n, row in enumerate(rows):
                    sheet.write_row(n, 0, row)
        return path
    path = folder / "tables"
    path.mkdir()
    for name, rows in content.items():
        with (path / f"{name}.csv").open("w", encoding=kind, newline="") as out:
            csv.writer(out).writerows(rows)
    return path


def score(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    code = main(["score", str(path), "--procedure", "P12", "--json", *more])
    told = json.loads(capsys.readouterr().out)
    return {**told, "exit": code}


@settings(
    max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(company=companies(), zh=st.booleans(), kind=st.sampled_from(["xlsx", "utf-8-sig", "gb18030"]))
def test_every_figure_agrees_to_the_last_digit(
    company: dict, zh: bool, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with TemporaryDirectory() as folder:
        told = score(write(Path(folder), tables(company, zh), kind), capsys)
    want = expected(company, YEAR)
    assert told["exit"] == 0
    assert (told["overall"]["exact"], told["overall"]["method"]) == want["overall"]
    assert {p["product"]: p["exact"] for p in told["products"]} == want["products"]
    assert told["unmeasured_products"] == want["unmeasured"]
    assert {i["item"]: i["exact"] for i in told["items"]} == want["items"]
    assert {i["item"]: i["unanswered"] for i in told["items"]} == want["blanks"]
    assert {(i["product"], i["item"]): i["exact"] for i in told["product_items"]} == want["product_items"]
    assert {d["dimension"]: d["exact"] for d in told["dimensions"]} == want["dimensions"]
    assert told["focus"]["lowest_item_per_product"] == want["lowest_items"]
    assert told["focus"]["lowest_product"] == want["lowest_products"]
    assert told["focus"]["written_dissatisfaction"] == ["S0"]
    assert told["returns"]["returned"] == want["returned"]
    assert told["returns"]["asked"] == len(company["ledger"])
    if told["coverage"]:
        rows = {
            r["tier"]: (r["population"], r["asked"], r["share_exact"], r["met"], r["missing"]) for r in told["coverage"]
        }
        assert rows == want["coverage"]


@pytest.mark.accepts("D9-21", "D9-22", "D9-23", "D9-24")
def test_the_formulas_of_the_procedure_hold_on_a_sheet_worked_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best, worst = dict.fromkeys(POINTS, "satisfied"), dict.fromkeys(POINTS, "dissatisfied")
    company = {
        "customers": ["A", "B"],
        "sales": [("A", "球阀", YEAR, Fraction(300)), ("B", "蝶阀", YEAR, Fraction(100))],
        "ledger": [("A", "球阀"), ("B", "蝶阀")],
        "sheets": [("1", "A", "球阀", {**best, "stability": ""}), ("2", "B", "蝶阀", worst)],
    }
    told = score(write(tmp_path, tables(company, zh=True), "xlsx"), capsys)
    # the first sheet: 95 points at 100 and 5 at 80 (left empty: fairly satisfied) = 99; the second: 20
    assert [p["exact"] for p in told["products"]] == ["99/1", "20/1"]
    assert (told["overall"]["score"], told["overall"]["exact"]) == (79.25, "317/4")
    assert told["sheets"] == 2


@pytest.mark.accepts("D9-20")
def test_an_item_left_empty_counts_as_fairly_satisfied_and_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = {
        "customers": ["A"],
        "sales": [("A", "球阀", YEAR, Fraction(1))],
        "ledger": [],
        "sheets": [("1", "A", "球阀", dict.fromkeys(POINTS, ""))],
    }
    told = score(write(tmp_path, tables(company, zh=False), "utf-8"), capsys)
    assert {i["exact"] for i in told["items"]} == {"80/1"}
    assert {i["unanswered"] for i in told["items"]} == {1}
    assert {i["answered_only"] for i in told["items"]} == {None}
