"""``manyi score`` agrees to the last digit with an independent calculation, on random companies."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.score.reference import DIMENSIONS, POINTS, RAW, expected

from manyi.cli import main

ZH_ITEMS = dict(
    zip(
        POINTS,
        [
            "主要质量指标",
            "产品维修性",
            "使用便捷程度",
            "质量稳定性",
            "产品安全性",
            "服务的及时性",
            "服务的有效性",
            "服务人员的态度",
            "性价比",
            "交付及时性",
            "交付可靠性",
            "与竞争对手的比较",
        ],
        strict=True,
    )
)
ZH_GRADES = {
    "satisfied": "满意",
    "fairly_satisfied": "比较满意",
    "neutral": "一般",
    "rather_dissatisfied": "不太满意",
    "dissatisfied": "不满意",
    "": "",
}
YEAR = 2026
DAY = date(YEAR, 12, 20)


@st.composite
def companies(draw: st.DrawFn, most_customers: int = 30) -> dict:
    products = draw(
        st.lists(st.sampled_from(["球阀", "蝶阀", "Gate valve", "泵(大)"]), min_size=1, max_size=4, unique=True)
    )
    customers = [f"C{n:02}" for n in range(draw(st.integers(1, most_customers)))]
    # few different amounts: many ties, at place 20 among others; amounts at the border of 5,000,000; nothing sold
    amounts = st.sampled_from([Fraction(a) for a in ("100", "100", "100", "5000000", "5000000.01", "12345.67", "0")])
    pairs = [(c, p) for c in customers for p in products]
    sold = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=2 * most_customers))
    sales = [(c, p, draw(st.sampled_from([YEAR, YEAR, YEAR - 1])), draw(amounts)) for c, p in sold]
    known = {p for _, p, _, _ in sales}
    askable = [pair for pair in pairs if pair[1] in known]
    sent = st.sampled_from([date(YEAR, 12, 3), date(YEAR, 11, 30), date(YEAR, 10, 31), date(YEAR - 1, 12, 3)])
    ledger = [(c, p, draw(sent)) for c, p in draw(st.lists(st.sampled_from(askable), max_size=most_customers))]
    back = draw(st.lists(st.sampled_from(askable), min_size=1, max_size=12, unique=True))
    returned = st.dates(date(YEAR, 12, 1), date(YEAR + 1, 1, 10)) | st.just(date(YEAR - 1, 12, 31))
    grades = st.sampled_from(list(RAW))
    sheets = [(f"S{n}", c, p, draw(returned), {i: draw(grades) for i in POINTS}) for n, (c, p) in enumerate(back)]
    return {
        "customers": customers, "sales": sales, "ledger": ledger, "sheets": sheets,
        "previous": draw(yardsticks(sorted(known))), "targets": draw(yardsticks(sorted(known))),
    }  # fmt: skip


@st.composite
def yardsticks(draw: st.DrawFn, products: list[str]) -> list[tuple[str, str, str, Fraction]]:
    wanted = draw(st.lists(st.sampled_from(
        [("overall", "", "")] + [("product", p, "") for p in products]
        + [(of, key, p) for p in ["", *products] for of, keys in (("item", POINTS), ("dimension", DIMENSIONS)) for key in keys]
    ), max_size=6, unique=True))  # fmt: skip
    return [(*which, Fraction(draw(st.integers(2000, 10_000)), 100)) for which in wanted]


TITLES = {
    "customer_id": "客户编号", "name": "名称", "product": "产品", "year": "年份", "amount": "金额", "channel": "渠道",
    "sent_on": "发放日期", "sheet_no": "表号", "returned_on": "收回日期", "comment": "意见", "of": "对象", "key": "代码",
    "score": "分值", **ZH_ITEMS,
}  # fmt: skip
NAMES = {
    "customers": "客户", "sales": "销售", "dispatch": "发放台账", "sheets": "调查表", "previous": "上次", "targets": "目标",
}  # fmt: skip
OF = {"overall": "总体", "product": "产品", "dimension": "项目", "item": "小项"}


def tables(company: dict, zh: bool) -> dict[str, list[list[str]]]:
    def head(*names: str) -> list[str]:
        return [TITLES[n] if zh else n for n in names]

    def number(value: Fraction) -> str:
        return f"{float(value):.2f}"

    def held(rows: list) -> list[list[str]]:
        return [[OF[of] if zh else of, ZH_ITEMS.get(key, key) if zh else key, p, number(v)] for of, key, p, v in rows]

    content = {
        "customers": [head("customer_id", "name"), *([c, f"{c} 公司"] for c in company["customers"])],
        "sales": [head("customer_id", "product", "year", "amount"), *([c, p, str(y), number(a)] for c, p, y, a in company["sales"])],
        "dispatch": [head("customer_id", "product", "channel", "sent_on"), *([c, p, "mail", d.isoformat()] for c, p, d in company["ledger"])],
        "sheets": [
            head("sheet_no", "customer_id", "product", "returned_on", *POINTS, "comment"),
            *([no, c, p, d.isoformat(), *(ZH_GRADES[a[i]] if zh else a[i] for i in POINTS), ("太慢" if zh else "too slow,\nand dear") if no == "S0" else ""]
              for no, c, p, d, a in company["sheets"]),
        ],
        "previous": [head("of", "key", "product", "score"), *held(company["previous"])],
        "targets": [head("of", "key", "product", "score"), *held(company["targets"])],
    }  # fmt: skip
    return {NAMES[k] if zh else k: rows for k, rows in content.items()}


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
        if kind == "parquet":
            columns = [pa.array([row[n] or None for row in rows[1:]], pa.string()) for n in range(len(rows[0]))]
            pq.write_table(pa.table(columns, names=rows[0]), path / f"{name}.parquet")
        elif kind == "csv.gz":
            with gzip.open(path / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(rows)
        else:
            with (path / f"{name}.csv").open("w", encoding=kind, newline="") as out:
                csv.writer(out).writerows(rows)
    return path


def score(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    code = main(["score", str(path), "--procedure", "P12", "--json", *more])
    told = json.loads(capsys.readouterr().out)
    return {**told, "exit": code}


KINDS = ["xlsx", "utf-8-sig", "gb18030", "parquet", "csv.gz"]
RARE = {
    "deadline": None,
    # shrinking a workbook takes longer than reading the failing one
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
}


@settings(max_examples=20, **RARE)
@given(company=companies(), zh=st.booleans(), kind=st.sampled_from(KINDS))
def test_every_figure_agrees_to_the_last_digit(
    company: dict, zh: bool, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    agrees(company, zh, kind, capsys)


@pytest.mark.slow
@settings(max_examples=1000, **RARE)
@given(company=companies(most_customers=60), zh=st.booleans(), kind=st.sampled_from(KINDS))
def test_every_figure_agrees_on_many_companies(
    company: dict, zh: bool, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    agrees(company, zh, kind, capsys)


def agrees(company: dict, zh: bool, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as folder:
        told = score(write(Path(folder), tables(company, zh), kind), capsys, "--wave", str(YEAR))
    want = expected(company, YEAR)
    assert told["exit"] == 0, told
    scores_agree(told, want)
    comparisons_agree(told, want)
    coverage_agrees(told, want["coverage"])
    assert told["focus"]["written_dissatisfaction"] == ["S0"]
    assert (told["returns"]["returned"], told["returns"]["asked"]) == (want["returned"], want["asked"])
    share = Fraction(want["returned"], want["asked"]) if want["asked"] else None
    assert told["returns"]["met"] == (None if share is None else share >= Fraction(60, 100))
    for named in ("late", "not_in_ledger", "before_wave"):
        assert told[named] == want[named]


def scores_agree(told: dict, want: dict) -> None:
    assert (told["overall"]["exact"], told["overall"]["method"]) == want["overall"]
    assert told["overall"]["score"] == half_up(told["overall"]["exact"])
    assert told["overall"]["measured_share_exact"] == want["measured_share"]
    assert {p["product"]: p["exact"] for p in told["products"]} == want["products"]
    assert {p["product"]: p["sales_share_exact"] for p in told["products"]} == want["sales_shares"]
    assert told["unmeasured_products"] == want["unmeasured"]
    assert {i["item"]: i["exact"] for i in told["items"]} == want["items"]
    assert {i["item"]: i["unanswered"] for i in told["items"]} == want["blanks"]
    assert {(i["product"], i["item"]): i["exact"] for i in told["product_items"]} == want["product_items"]
    assert {d["dimension"]: d["exact"] for d in told["dimensions"]} == want["dimensions"]
    for rows, key in (("products", "product"), ("items", "item"), ("dimensions", "dimension")):
        assert [row[key] for row in told[rows]] == sorted(row[key] for row in told[rows])
        assert all(row["score"] == half_up(row["exact"]) for row in told[rows])


def half_up(exact: str) -> float:
    n, d = (int(part) for part in exact.split("/"))
    return (200 * n + d) // (2 * d) / 100


def comparisons_agree(told: dict, want: dict) -> None:
    focus = told["focus"]
    assert focus["lowest_item_per_product"] == want["lowest_items"]
    assert focus["lowest_product"] == want["lowest_products"]
    assert [(d["of"], d["key"], d["product"], d["previous_exact"], d["now_exact"]) for d in focus["declined"]] == want[
        "declined"
    ]

    def found(kind: str) -> list:
        return sorted((f["limit_exact"], f["value_exact"]) for f in told["findings"] if f["kind"] == kind)

    assert found("below_target") == want["below_target"]
    assert found("below_previous") == want["below_previous"]


def coverage_agrees(told: dict, want: dict) -> None:
    rows = {
        r["tier"]: (r["population"], r["asked"], r["share_exact"], r["met"], r["missing"]) for r in told["coverage"]
    }
    assert rows | {"outside": told["outside_frame"]} == want
    assert [(r["tier"], r["required_exact"]) for r in told["coverage"]] == [
        ("key_accounts", "9/10"), ("others", None), ("all", "39/50"),
    ]  # fmt: skip
    short = {r["tier"]: r["met"] for r in told["coverage"]}
    found = {f["subject"] for f in told["findings"] if f["kind"] == "coverage_below_floor"}
    assert found == {tier for tier, met in short.items() if met is False}


@pytest.mark.accepts("D9-21", "D9-22", "D9-23", "D9-24")
def test_the_formulas_of_the_procedure_hold_on_a_sheet_worked_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best, worst = dict.fromkeys(POINTS, "satisfied"), dict.fromkeys(POINTS, "dissatisfied")
    company = {
        "customers": ["A", "B"],
        "sales": [("A", "球阀", YEAR, Fraction(300)), ("B", "蝶阀", YEAR, Fraction(100))],
        "ledger": [("A", "球阀", date(YEAR, 12, 3)), ("B", "蝶阀", date(YEAR, 12, 3))],
        "sheets": [("1", "A", "球阀", DAY, {**best, "stability": ""}), ("2", "B", "蝶阀", DAY, worst)],
        "previous": [],
        "targets": [],
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
        "sheets": [("1", "A", "球阀", DAY, dict.fromkeys(POINTS, ""))],
        "previous": [],
        "targets": [],
    }
    told = score(write(tmp_path, tables(company, zh=False), "utf-8"), capsys)
    assert {i["exact"] for i in told["items"]} == {"80/1"}
    assert {i["unanswered"] for i in told["items"]} == {1}
    assert {i["answered_only"] for i in told["items"]} == {None}
