"""Grades between grades, counts of many cases, exact tests of the few who changed, answers without an order."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.data import expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.association import independence
from manyi.measure.proportions import equality, mcnemar, mcnemar_exact

CFPB = "cfpb_complaints_sample"


def codes(told: dict[str, Any]) -> dict[str, str]:
    return {warning["code"]: warning["about"] for warning in told["warnings"]}


def test_averages_are_no_grades_of_a_net_promoter_score() -> None:
    faults = refused("nps", "y\n8\n8.5\n10\n6.5\n", {"of": "y"})
    assert [(f["code"], f["row"], f["column"]) for f in faults] == [("not_whole", 3, "y"), ("not_whole", 5, "y")]
    by = {"of": "y", "by": "g", "kind": "nps"}
    assert refused("difference", "y,g\n8,a\n8.5,a\n10,b\n6,b\n", by)[0]["code"] == "not_whole"
    found = measure("nps", "y\n4\n4.5\n5\n2\n", {"of": "y", "kind": "csat"})
    assert codes(found)["grades_not_whole"] == "1, data.csv:3"
    assert "grades_not_whole" not in codes(measure("nps", "y\n4\n5\n5\n2\n", {"of": "y", "kind": "csat"}))


def test_the_cases_behind_counts_are_counted() -> None:
    assert measure("proportion", "x,n\n5,10\n30,90\n", {"count": "x", "size": "n"})["n"] == 100


def pairs(gained: int, lost: int, same: int = 5) -> str:
    return f"p,q,k\n0,1,{gained}\n1,0,{lost}\n1,1,{same}\n0,0,{same}\n"


PAIRED = {"kind": "proportion", "before": "p", "after": "q", "frequency": "k"}


@pytest.mark.parametrize(
    ("keys", "gained", "lost", "name"),
    [
        ({}, 9, 1, "mcnemar_exact"),
        ({}, 14, 10, "mcnemar_exact"),
        ({}, 15, 10, "mcnemar"),
        ({"correct": True}, 9, 1, "mcnemar"),
        ({"mcnemar": "chi2"}, 9, 1, "mcnemar"),
        ({"mcnemar": "exact"}, 150, 86, "mcnemar_exact"),
    ],
)
def test_the_few_who_changed_are_tested_exactly(keys: dict[str, Any], gained: int, lost: int, name: str) -> None:
    row = measure("difference", pairs(gained, lost), PAIRED | keys)["rows"][0]
    assert row["test"] == name
    n, least = gained + lost, min(gained, lost)
    exact = min(1.0, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n)
    plain = mcnemar(gained, lost, correct=bool(keys.get("correct"))).p
    assert row["p"] == pytest.approx(exact if name == "mcnemar_exact" else plain, rel=1e-12)
    assert abs(exact - plain) > 1e-4 * exact


def test_parts_of_cases_have_no_exact_test() -> None:
    parts = "p,q,k\n0,1,2.5\n1,0,1\n1,1,4\n"
    assert measure("difference", parts, PAIRED)["rows"][0]["test"] == "mcnemar"
    assert refused("difference", parts, PAIRED | {"mcnemar": "exact"})[0]["code"] == "not_whole"


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_exact_test_knows_no_direction(first: int, second: int) -> None:
    if first + second:
        assert mcnemar_exact(first, second).p == mcnemar_exact(second, first).p
        assert 0 < mcnemar_exact(first, second).p <= 1


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "category", "of": "Timely response?", "by": "Product"},
        {"kind": "category", "of": "Product", "by": "Timely response?"},
        {"kind": "proportion", "of": "Timely response?", "by": "Product"},
    ],
)
def test_products_differ_in_timely_answers(spec: dict[str, Any]) -> None:
    told = expected(f"{CFPB}/expected_R.json")["chisq_product_by_timely"]
    found = measure("difference", shared(f"{CFPB}/consumer_complaints.csv"), spec)
    test = found["test"]
    verified(
        f"difference: χ², df, p of product × timely, {spec['kind']} by {spec['by']}",
        CFPB,
        "R 4.2.2",
        [told["X2"], told["df"], told["p"]],
        [test["statistic"], test["df"], test["p"]],
        rel=1e-9,
    )
    assert codes(found)["small_expected_counts"] == f"{told['min_expected']:.3g}" == "0.117"


def test_pairs_of_groups_by_category() -> None:
    rows = "g,y\n" + "a,x\n" * 10 + "a,z\n" * 20 + "b,x\n" * 20 + "b,z\n" * 10 + "c,x\n" * 9 + "c,w\n" * 9
    found = measure("difference", rows, {"kind": "category", "of": "y", "by": "g"})
    first = found["rows"][0]
    assert (first["a"], first["b"], first["df"], first["n_a"], first["least_expected"]) == ("a", "b", 1, 30, 15)
    assert first["statistic"] == pytest.approx(20 / 3)
    assert first["estimate"] == pytest.approx(1 / 3)
    assert found["test"]["df"] == 4
    assert all(row["p_adjusted"] >= row["p"] for row in found["rows"])
    assert (
        refused("difference", "g,y\na,x\nb,x\n", {"kind": "category", "of": "y", "by": "g"})[0]["code"] == "all_alike"
    )
    alike = measure("difference", "g,y\na,x\nb,x\nc,z\n", {"kind": "category", "of": "y", "by": "g"})["rows"][0]
    assert (alike["estimate"], alike["p"]) == (0, None)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=6), st.randoms())
def test_two_answers_are_the_test_of_equal_shares_in_any_order(table: list[tuple[int, int]], random: Any) -> None:
    found = independence(np.array(table, float))
    same = equality([yes for yes, _ in table], [yes + no for yes, no in table])
    assert found.statistic == pytest.approx(same.statistic, rel=1e-9, abs=1e-9)
    assert 0 <= found.v <= 1 + 1e-12
    random.shuffle(table)
    assert independence(np.array(table, float)).statistic == pytest.approx(found.statistic, rel=1e-9, abs=1e-9)
