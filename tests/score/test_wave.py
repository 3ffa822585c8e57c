"""The borders of P12's wave: tiers and floors, returns, the year, sales of nothing. Expected figures are worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from tests.score.reference import POINTS
from tests.score.test_figures import score, tables, write

SENT, BACK = date(2026, 12, 3), date(2026, 12, 20)
ANSWERS = dict.fromkeys(POINTS, "satisfied")


def company(**changes: list) -> dict:
    values = {
        "customers": ["A", "B"],
        "sales": [("A", "Valve", 2026, Fraction(300)), ("B", "Valve", 2026, Fraction(100))],
        "ledger": [("A", "Valve", SENT), ("B", "Valve", SENT)],
        "sheets": [("1", "A", "Valve", BACK, ANSWERS)],
        "previous": [],
        "targets": [],
    }
    return {**values, **changes}


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def run(*more: str, **changes: list) -> dict:
        (tmp_path / "x").mkdir()
        return score(write(tmp_path / "x", tables(company(**changes), zh=False), "utf-8"), capsys, *more)

    return run


def tier(told: dict, key: str) -> dict:
    return next(row for row in told["coverage"] if row["tier"] == key)


@pytest.mark.accepts("D9-15")
def test_a_tie_at_place_20_is_inside_and_the_next_place_is_not(told) -> None:
    amounts = [*range(100, 81, -1), 50, 50, 10]  # 19 different amounts, two equal at place 20, then place 22
    names = [f"C{n:02}" for n in range(len(amounts))]
    result = told(
        customers=names,
        sales=[(c, "Valve", 2026, Fraction(a)) for c, a in zip(names, amounts, strict=True)],
        ledger=[(c, "Valve", SENT) for c in names[:19]],
        sheets=[("1", "C00", "Valve", BACK, ANSWERS)],
    )
    row = tier(result, "key_accounts")
    assert (row["population"], row["asked"], row["missing"]) == (21, 19, ["C19", "C20"])
    assert (row["share_exact"], row["required_exact"], row["met"]) == ("19/21", "9/10", True)
    assert tier(result, "others")["missing"] == ["C21"]


@pytest.mark.accepts("D9-15")
def test_annual_sales_above_five_million_make_a_key_account_and_five_million_do_not(told) -> None:
    # 20 larger buyers of the same product keep both out of the places
    names = [f"C{n:02}" for n in range(20)]
    sales = [(c, "Valve", 2026, Fraction(6_000_000)) for c in names]
    sales += [("X", "Valve", 2026, Fraction(5_000_000)), ("Y", "Valve", 2026, Fraction("5000000.01"))]
    result = told(customers=[*names, "X", "Y"], sales=sales, ledger=[], sheets=[("1", "X", "Valve", BACK, ANSWERS)])
    assert tier(result, "key_accounts")["missing"] == [*names, "Y"]
    assert tier(result, "others")["missing"] == ["X"]


@pytest.mark.accepts("D9-14")
@pytest.mark.parametrize(("asked", "met"), [(39, True), (38, False)])
def test_78_per_cent_of_all_customers_have_to_be_asked(asked: int, met: bool, told) -> None:
    names = [f"C{n:02}" for n in range(50)]
    result = told(
        customers=names,
        sales=[(c, "Valve", 2026, Fraction(1)) for c in names],
        ledger=[(c, "Valve", SENT) for c in names[:asked]],
        sheets=[("1", "C00", "Valve", BACK, ANSWERS)],
    )
    row = tier(result, "all")
    assert (row["population"], row["asked"], row["required_exact"], row["met"]) == (50, asked, "39/50", met)
    found = [f for f in result["findings"] if f["kind"] == "coverage_below_floor" and f["subject"] == "all"]
    assert [f["clause"] for f in found] == ([] if met else ["5.3.1"])


@pytest.mark.accepts("D9-18")
@pytest.mark.parametrize(("back", "met"), [(3, True), (2, False)])
def test_60_per_cent_have_to_come_back(back: int, met: bool, told) -> None:
    names = [f"C{n}" for n in range(5)]
    result = told(
        customers=names,
        sales=[(c, "Valve", 2026, Fraction(1)) for c in names],
        ledger=[(c, "Valve", SENT) for c in names],
        sheets=[(f"{n}", names[n], "Valve", BACK, ANSWERS) for n in range(back)],
    )
    assert result["returns"] == {
        "asked": 5, "returned": back, "share": back / 5, "share_exact": f"{back}/5",
        "required": 0.6, "required_exact": "3/5", "met": met,
    }  # fmt: skip
    assert [f["clause"] for f in result["findings"] if f["kind"] == "return_below_floor"] == ([] if met else ["5.3.2"])


@pytest.mark.accepts("D9-18")
@pytest.mark.parametrize(
    ("sent", "last"),
    [(SENT, date(2027, 1, 3)), (date(2026, 1, 31), date(2026, 2, 28)), (date(2026, 12, 31), date(2027, 1, 31))],
)
def test_a_sheet_after_one_month_counts_and_is_called_late(sent: date, last: date, told) -> None:
    after = date.fromordinal(last.toordinal() + 1)
    result = told(
        "--wave", "2026",
        ledger=[("A", "Valve", sent), ("B", "Valve", sent)],
        sheets=[("1", "A", "Valve", last, ANSWERS), ("2", "B", "Valve", after, ANSWERS)],
    )  # fmt: skip
    assert (result["late"], result["sheets"], result["returns"]["returned"]) == (["2"], 2, 2)


def test_only_the_ledger_of_the_wave_counts(told) -> None:
    result = told(ledger=[("A", "Valve", date(2025, 12, 3)), ("B", "Valve", SENT), ("B", "Valve", SENT)])
    assert (result["returns"]["asked"], result["returns"]["returned"]) == (2, 0)
    assert (result["not_in_ledger"], result["sheets"]) == (["1"], 1)


def test_a_customer_asked_without_sales_in_the_year_is_outside_the_frame(told) -> None:
    result = told(sales=[("A", "Valve", 2026, Fraction(300)), ("B", "Valve", 2025, Fraction(100))])
    assert (result["outside_frame"], tier(result, "all")["population"]) == (["B"], 1)


@pytest.mark.parametrize("sales", [
    [("A", "Valve", 2025, Fraction(300))],
    [("A", "Valve", 2026, Fraction(0)), ("B", "Pump", 2026, Fraction(9))],
], ids=["no sales in the year", "the measured product sold nothing"])  # fmt: skip
def test_without_measured_sales_the_mean_of_sheets_stands_in_and_is_a_finding(sales: list, told) -> None:
    result = told(sales=sales, ledger=[])
    assert (result["overall"]["method"], result["overall"]["exact"]) == ("mean_of_sheets", "100/1")
    found = [f for f in result["findings"] if f["kind"] == "unmeasured_product" and not f["subject"]]
    assert [f["clause"] for f in found] == ["5.4.2"]


def test_every_tier_has_its_row_where_nobody_bought(told) -> None:
    result = told(sales=[("A", "Valve", 2025, Fraction(300))])
    assert [(r["tier"], r["population"], r["share"], r["met"]) for r in result["coverage"]] == [
        ("key_accounts", 0, None, None), ("others", 0, None, None), ("all", 0, None, None),
    ]  # fmt: skip
    assert result["outside_frame"] == ["A", "B"]


@pytest.mark.accepts("D9-25")
@pytest.mark.parametrize(("target", "found"), [("99.00", []), ("99.01", ["5.5.1"])])
def test_a_result_below_the_target_is_a_finding_and_one_that_meets_it_is_not(target: str, found: list, told) -> None:
    result = told(
        sheets=[("1", "A", "Valve", BACK, {**ANSWERS, "stability": "fairly_satisfied"})],
        targets=[("overall", "", "", Fraction(target))],
    )
    assert result["overall"]["exact"] == "99/1"
    assert [f["clause"] for f in result["findings"] if f["kind"] == "below_target"] == found


@pytest.mark.accepts("D9-26", "D9-28")
def test_what_fell_since_last_time_is_named(told) -> None:
    result = told(
        sheets=[("1", "A", "Valve", BACK, {**ANSWERS, "stability": "neutral"})],
        previous=[("overall", "", "", Fraction(99)), ("item", "stability", "", Fraction(61)),
                  ("item", "safety", "Valve", Fraction(100)), ("dimension", "product_quality", "", Fraction(97))],
    )  # fmt: skip
    # 95 points at 100 and 5 at 60: 98; of the 50 points of product quality 45 at 100 and 5 at 60: 96
    assert [(f["clause"], f["value_exact"], f["limit_exact"]) for f in result["findings"] if f["kind"] == "below_previous"] == [
        ("5.5.2", "98/1", "99/1")
    ]  # fmt: skip
    assert [(d["of"], d["key"], d["previous"], d["now"]) for d in result["focus"]["declined"]] == [
        ("dimension", "product_quality", 97.0, 96.0), ("item", "stability", 61.0, 60.0),
    ]  # fmt: skip
    assert result["focus"]["lowest_item_per_product"] == {"Valve": ["stability"]}
    assert {f["kind"] for f in result["findings"] if f["clause"] == "5.6.3"} >= {
        "lowest_item",
        "lowest_product",
        "declined",
    }


@pytest.mark.accepts("D9-28")
def test_written_dissatisfaction_is_listed_by_sheet(told) -> None:
    result = told(sheets=[("S1", "B", "Valve", BACK, ANSWERS), ("S0", "A", "Valve", BACK, ANSWERS)])
    assert result["focus"]["written_dissatisfaction"] == ["S0"]
    [finding] = [f for f in result["findings"] if f["kind"] == "written_dissatisfaction"]
    assert (finding["clause"], finding["value"]) == ("5.6.3", 1)
