"""Timeliness and Pareto on real complaints, and what bad questions lead to."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.data import expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.pareto import pareto
from manyi.measure.timeliness import timeliness

CFPB = "cfpb_complaints_sample"
SENT = {"start": "Date received", "end": "Date sent to company", "dates": "%m/%d/%Y", "limit": 5}


def told():
    return expected(f"{CFPB}/expected_R.json")


def test_days_until_a_complaint_is_passed_on():
    found = measure("timeliness", shared(f"{CFPB}/consumer_complaints.csv"), SENT)
    lag, row = told()["lag_days_received_to_sent"], found["overall"]
    assert len(found["negative"]) == lag["negative"]
    assert row["n"] + lag["negative"] == told()["n"]
    assert {w["code"] for w in found["warnings"]} == {"negative_lag"}
    # the reference counts the six negative lags; with them the mean is the same
    verified("timeliness: median, 90 % quantile, longest", CFPB, "R 4.2.2", [lag["median"], lag["p90"], lag["max"]],
             [row["median"], row["p90_closed"], row["longest_closed"]])  # fmt: skip
    assert lag["mean"] * told()["n"] < row["mean_closed"] * row["n"]
    assert row["mean_closed"] == pytest.approx(lag["mean"], rel=0.01)


def test_categories_of_complaints():
    found = measure("pareto", shared(f"{CFPB}/consumer_complaints.csv"), {"category": "Product"})
    counts = told()["product_counts"]
    verified(
        "pareto: complaints by product", CFPB, "R 4.2.2", list(counts.values()), [r["count"] for r in found["rows"]]
    )
    assert [r["category"] for r in found["rows"]] == list(counts)
    assert found["vital"] == 4
    assert found["rows"][-1]["cumulated"] == pytest.approx(1)


CASES = "id,from,to\n1,2026-03-01 08:00,2026-03-01 15:00\n2,2026-03-01 08:00,2026-03-01 17:00\n3,2026-03-01 08:00,\n4,2026-03-02 07:00,\n5,2026-03-01 09:00,2026-03-03 09:00\n6,2026-03-04,\n7,2026-03-01 08:00,2026-02-28 08:00\n"


def test_open_cases_are_never_dropped():
    spec = {"start": "from", "end": "to", "until": "2026-03-02 10:00", "unit": "hours", "limit": 8}
    found = measure("timeliness", CASES, spec)
    row = found["overall"]
    # case 5 was still open on the day of the count and case 6 had not begun
    assert [row[k] for k in ("n", "closed", "open", "in_time", "late", "late_open", "undecided")] == [
        5,
        2,
        3,
        1,
        3,
        2,
        1,
    ]
    assert (row["share"], row["lowest"], row["highest"]) == (0.25, 0.2, 0.4)
    assert found["negative"] == [8]
    assert {"many_open", "negative_lag", "small_sample", "missing_left_out"} == {w["code"] for w in found["warnings"]}


def test_durations_and_groups():
    rows = "g,h,shut\n" + "".join(f"{g},{h},1\n" for g in "ab" for h in (1, 5, 9)) + "b,3,0\n"
    found = measure("timeliness", rows, {"duration": "h", "closed": "shut", "limit": 5, "by": "g"})
    assert [(r["group"], r["share"], r["undecided"]) for r in found["rows"]] == [
        ("a", pytest.approx(2 / 3), 0),
        ("b", pytest.approx(2 / 3), 1),
    ]
    assert found["overall"]["median"] == 5


def test_cost_changes_the_order():
    rows = "why,cost\nlate,1\nlate,1\nlate,1\nbroken,90\nrude,0\n"
    found = measure("pareto", rows, {"category": "why", "weight": "cost"})
    assert [(r["category"], r["count"], r["vital"]) for r in found["rows"]] == [
        ("broken", 1, True),
        ("late", 3, False),
        ("rude", 1, False),
    ]
    assert found["rows"][0]["lower"] is None


def test_a_flat_picture_has_no_vital_few():
    rows = "why\n" + "\n".join("abcd" * 10)
    assert {w["code"] for w in measure("pareto", rows, {"category": "why"})["warnings"]} == {"no_vital_few"}


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40), st.integers(0, 40))
def test_every_case_is_in_time_late_or_undecided(cases, limit):
    found = timeliness(np.array([c[0] for c in cases], float), np.array([c[1] for c in cases], bool), limit)
    assert found.in_time + found.late + found.undecided == found.n == len(cases)
    assert found.lowest <= found.highest
    if found.share is not None:
        assert found.share.interval.lower <= found.share.estimate <= found.share.interval.upper


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 30), min_size=1, max_size=8).filter(
        lambda d: sum(d.values())
    )
)
def test_shares_fall_and_add_up(counts):
    found = pareto(counts)
    assert sum(c.share for c in found) == pytest.approx(1)
    assert all(a.count >= b.count for a, b in pairwise(found))
    assert sum(c.weight for c in found if c.vital) >= 0.8 * sum(counts.values()) - 1e-9


DAYS = {"start": "a", "end": "b", "limit": 2}


@pytest.mark.parametrize(
    ("method", "rows", "spec", "code"),
    [
        ("timeliness", "a,b\n", DAYS, "no_rows"),
        ("timeliness", "a,b\n2026-01-01,x\n", DAYS, "not_a_date"),
        ("timeliness", "a,b\n,2026-01-01\n", DAYS, "empty_cell"),
        ("timeliness", "a,b\n2026-01-01,\n", DAYS, "missing_key"),
        ("timeliness", "a,b\n2026-01-02,2026-01-01\n", DAYS, "all_missing"),
        ("timeliness", "a,b\n2026-01-02,2026-01-04\n", DAYS | {"limit": -1}, "wrong_value"),
        ("timeliness", "a,b\n2026-01-02,2026-01-04\n", DAYS | {"unit": "weeks"}, "wrong_value"),
        ("timeliness", "a,b\n2026-01-02,2026-01-04\n", {"limit": 1}, "missing_key"),
        ("timeliness", "a,b\n2026-01-02,2026-01-04\n", {"start": "a", "end": "b"}, "missing_key"),
        ("timeliness", "h\nlong\n", {"duration": "h", "limit": 1}, "not_a_number"),
        ("timeliness", "a,b\n13/13/2026,1/1/2026\n", DAYS | {"dates": "%m/%d/%Y"}, "not_a_date"),
        ("pareto", "x\n\n", {"category": "x"}, "no_rows"),
        ("pareto", "x,y\n,1\n", {"category": "x"}, "all_missing"),
        ("pareto", "x,y\na,-1\n", {"category": "x", "weight": "y"}, "negative"),
        ("pareto", "x,y\na,0\n", {"category": "x", "weight": "y"}, "nothing_to_share"),
        ("pareto", "x,y\na,0.5\n", {"category": "x", "count": "y"}, "bad_counts"),
        ("pareto", "x\na\n", {"category": "x", "part": 0}, "wrong_value"),
        ("pareto", "x\na\n", {}, "missing_key"),
        ("pareto", "x\na\n", {"category": "z"}, "no_column"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_by_code(method, rows, spec, code):
    assert refused(method, rows, spec)[0]["code"] == code
