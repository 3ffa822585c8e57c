"""Loss rates, survival, falling usage and silence on known figures, and what bad questions lead to."""

import csv
from math import comb, factorial, gamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.data import expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.loss.usage import usage
from manyi.measure.survival import kaplan_meier

TELCO, CDNOW = "telco_churn", "cdnow"
TIES, SPLIT = 4707, 3084
"""Pairs of a customer that came back and one that did not whose last orders lie equally far back: in days, in weeks."""


@pytest.mark.parametrize("column", ["Contract", "InternetService"])
def test_loss_rates_of_the_telephone_company(column):
    told = expected(f"{TELCO}/expected_descriptives.json")
    spec = {"kind": "rates", "customer": "customerID", "lost": "Churn", "by": column}
    found = measure("loss", shared(f"{TELCO}/Telco-Customer-Churn.csv"), spec)
    groups = told[f"churn_rate_by_{column}"]
    assert (found["overall"]["lost"], found["n"]) == (told["churn_yes"], told["n"])
    verified("loss: rate", TELCO, "given with the data", told["churn_rate"], found["overall"]["rate"])
    rates = {row["group"]: row["rate"] for row in found["rows"]}
    verified(
        f"loss: rates by {column}", TELCO, "given with the data", list(groups.values()), [rates[g] for g in groups]
    )


def test_survival_of_the_telephone_company():
    told = expected(f"{TELCO}/expected_descriptives.json")["kaplan_meier_survival_at_tenure_months"]
    spec = {"kind": "survival", "lost": "Churn", "time": "tenure", "at": [int(t) for t in told]}
    found = measure("loss", shared(f"{TELCO}/Telco-Customer-Churn.csv"), spec)
    curve = found["overall"]["curve"]
    # the reference prints six decimals
    verified(
        "loss: survival S(t)",
        TELCO,
        "given with the data",
        [v["S"] for v in told.values()],
        [p["survival"] for p in curve],
        abs=5e-7,
    )
    verified("loss: survival, Greenwood", TELCO, "given with the data", [v["se_greenwood"] for v in told.values()],
             [p["se"] for p in curve], abs=5e-7)  # fmt: skip
    assert found["overall"]["median"] is None
    assert [w["code"] for w in found["warnings"]] == ["median_not_reached"]


def test_silence_on_the_record_of_a_music_shop():
    spec = {"kind": "silence", "customer": "sampleid", "date": "date", "sales": "sales", "until": "19980630"}
    found = measure("loss", shared(f"{CDNOW}/cdnowElog.csv"), spec)
    assert found["overall"]["customers"] == 2357
    assert sum(found["overall"]["statuses"].values()) == 2357
    assert {w["code"] for w in found["warnings"]} == {"class_limit"}
    for row in found["rows"]:
        beyond = "lost" if row["silent"] > 2 * row["limit"] else "silent" if row["silent"] > row["limit"] else ""
        assert row["status"] == beyond or (not beyond and row["status"] in ("active", "won_back"))


def test_time_since_the_last_order_foretells_as_well_as_the_reference_says():
    told = expected(f"{CDNOW}/expected_R_BTYD.json")["holdout_39_weeks"]["AUC"]["naive_recency_weeks_since_last"]
    head, *lines = shared(f"{CDNOW}/cdnowElog.csv").read_text(encoding="utf-8").splitlines()
    first_half = "\n".join([head, *(line for line in lines if line.split(",")[2] <= "19970930")])
    found = measure(
        "loss", first_half, {"kind": "silence", "customer": "sampleid", "date": "date", "until": "19970930"}
    )
    summary = list(csv.DictReader(shared(f"{CDNOW}/cdnow_summary.csv").read_text(encoding="utf-8").splitlines()))
    later = {row["cust"]: float(row["x.star"]) > 0 for row in summary}
    again = np.array([later[row["customer"]] for row in found["rows"]])
    days = np.array([row["silent"] for row in found["rows"]])
    # the reference takes weeks, T.cal − t.x, whose binary fractions divide some customers of one and the same day
    line = {row["cust"]: row for row in summary}
    weeks = np.array([float(line[r["customer"]]["T.cal"]) - float(line[r["customer"]]["t.x"]) for r in found["rows"]])
    assert np.abs(weeks * 7 - days).max() < 1e-9
    verified(
        "loss: silence, AUC of coming back, weeks as the reference has them", CDNOW, "R 4.2.2", told, _auc(weeks, again)
    )
    within, split = _ties(days, again), _ties(weeks, again)
    assert (within, split) == (TIES, SPLIT)
    verified(
        f"loss: silence, AUC of coming back, days: {within} pairs tie; as binary weeks {within - split} of them do not",
        CDNOW,
        "R 4.2.2",
        told,
        _auc(days, again),
        rel=2e-4,
    )


def _auc(silent, again):
    apart = silent[again][:, None] - silent[~again][None, :]
    return float((apart < 0).mean() + (apart == 0).mean() / 2)


def _ties(silent, again):
    return int((silent[again][:, None] == silent[~again][None, :]).sum())


ORDERS = "who,day,sum\n" + "\n".join(
    [*(f"a,2026-01-{d:02},10" for d in (1, 4, 7, 10, 13, 16)), *(f"b,2026-0{m}-01,5" for m in (1, 2, 3, 4, 5, 6)),
     "c,2026-05-30,7", *(f"d,2026-01-{d:02},1" for d in (1, 3, 5, 7, 9, 11)), "d,2026-06-09,1"]
)  # fmt: skip


def test_each_customer_is_held_against_its_own_past():
    spec = {"kind": "silence", "customer": "who", "date": "day", "sales": "sum", "until": "2026-06-10"}
    rows = {row["customer"]: row for row in measure("loss", ORDERS, spec)["rows"]}
    assert [rows[name]["status"] for name in "abd"] == ["lost", "active", "won_back"]
    assert (rows["a"]["limit"], rows["a"]["silent"], rows["a"]["at_risk"]) == (3, 145, 60)
    assert not rows["c"]["own_limit"]


USAGE = "who,half,kind,value\n" + "\n".join(
    f"{name},{half},{kind},{value}"
    for name, kind, values in [
        ("a", "x", (100, 80, 110, 90, 105, 85, 40)), ("b", "x", (50, 60, 50, 60, 50, 60, 55)), ("c", "y", (10, 12, 8))
    ]
    for half, value in zip(("2023H1", "2023H2", "2024H1", "2024H2", "2025H1", "2025H2", "2026H1")[-len(values):], values, strict=True)
)  # fmt: skip


def test_falling_usage_by_hand():
    found = measure("loss", USAGE, {"kind": "usage", "customer": "who", "period": "half", "value": "value"})
    first = found["rows"][0]
    assert first["customer"] == "a"
    assert first["by_year"] == pytest.approx(40 / 105)
    assert first["by_mean"] == pytest.approx(40 / 97.5)
    assert first["at_risk"] == pytest.approx(125 * (1 - 40 / 105))
    logs = np.log([100, 80, 110, 90, 105, 85])
    t = (logs.mean() - np.log(40)) / (logs.std(ddof=1) * np.sqrt(7 / 6))
    # p of Student's t with 5 degrees of freedom, from the closed form of its distribution
    angle = np.arctan(t / np.sqrt(5))
    p = 0.5 - (angle + np.sin(angle) * (np.cos(angle) + 2 / 3 * np.cos(angle) ** 3)) / np.pi
    assert first["p"] == pytest.approx(p, rel=1e-9)
    assert found["overall"]["declined"] == 1
    assert found["overall"]["confirmed"] == 1
    assert {row["customer"]: row["p"] is None for row in found["rows"]}["c"]
    assert {w["code"] for w in found["warnings"]} == {"usage_untested"}


def test_the_class_a_customer_belongs_to_is_taken_out():
    spec = {"kind": "usage", "customer": "who", "period": "half", "value": "value", "class": "kind"}
    found = measure("loss", USAGE, spec)
    index = found["overall"]["class_index"]
    assert index["x"] == pytest.approx(95 / 155)
    by = {row["customer"]: row for row in found["rows"]}
    assert by["a"]["ratio"] == pytest.approx(40 / 105 / index["x"])
    assert by["c"]["ratio"] == pytest.approx(1)


def test_a_count_is_tested_as_a_poisson_ratio():
    found = usage(np.array([10.0, 10, 10, 10, 3]), kind="count")
    # P(X ≤ 3) of a binomial of 43 and 1/5, added up term by term
    p = sum(
        float(np.prod(np.arange(43, 43 - k, -1)) / np.prod(np.arange(1, k + 1))) * 0.2**k * 0.8 ** (43 - k)
        for k in range(4)
    )
    assert found.p == pytest.approx(p, rel=1e-9)
    assert (found.test, found.dispersion) == ("poisson", None)
    assert usage(np.array([0.0, 0, 0]), kind="count").p is None


UNEVEN = [30.0, 2, 25, 1, 40, 3, 22, 4]


def test_counts_that_vary_by_more_than_chance_are_taken_as_negative_binomial():
    found = usage(np.array([*UNEVEN, 2]), kind="count")
    before = np.array(UNEVEN)
    assert found.test == "negative_binomial"
    assert found.dispersion == pytest.approx(before.var(ddof=1) / before.mean())
    r = before.mean() ** 2 / (before.var(ddof=1) - before.mean())
    # the last four and the current one, 71 in all, as negative binomials of size r: every way to divide the sum
    one = [gamma(r + k) / (gamma(r) * factorial(k)) for k in range(72)]
    four = [gamma(4 * r + k) / (gamma(4 * r) * factorial(k)) for k in range(72)]
    ways = [one[k] * four[71 - k] for k in range(72)]
    assert found.p == pytest.approx(sum(ways[:3]) / sum(ways), rel=1e-9)
    # taken as Poisson the same fall would look much surer
    assert found.p > 100 * float(np.sum([comb(71, k) * 0.2**k * 0.8 ** (71 - k) for k in range(3)]))


@pytest.mark.parametrize("before", [[10, 12, 9, 11, 10, 8], [30, 2, 25, 1], [0, 0, 0, 0, 0, 0], [5, 5, 5, 5, 5]])
def test_even_counts_and_short_series_stay_poisson(before):
    assert usage(np.array([*before, 3.0], float), kind="count").test == "poisson"


def test_huge_uneven_counts_are_told_in_step_with_what_is_summed(monkeypatch):
    huge = np.array([*(v * 1000 for v in UNEVEN), 5000])
    summed = usage(huge, kind="count").p
    monkeypatch.setattr("manyi.measure.loss.usage.MOST_SUMMED", 1000)
    assert usage(huge, kind="count").p == pytest.approx(summed, rel=1e-3)


def test_the_command_tells_which_test_it_took():
    rows = "w,p,v\n" + "".join(f"a,{i},{v:g}\n" for i, v in enumerate([*UNEVEN, 2]))
    rows += "".join(f"b,{i},{v}\n" for i, v in enumerate([10, 12, 9, 11, 10, 8, 9, 10, 3]))
    found = {row["customer"]: row for row in measure("loss", rows, USE | {"measure": "count"})["rows"]}
    assert (found["a"]["test"], found["b"]["test"]) == ("negative_binomial", "poisson")
    assert found["a"]["dispersion"] > 1 > found["b"]["dispersion"]


def test_a_lasting_shift_is_dated():
    steady = [100, 104, 98, 101, 97, 103, 99, 102, 100, 98]
    assert usage(np.array([*steady, 101, 99.0])).change is None
    assert usage(np.array([*steady, 60.0, 55, 58, 57])).change == 11


def test_sales_lost_and_kept():
    rows = "id,gone,before,now\n1,yes,100,0\n2,no,50,80\n3,no,50,40\n"
    found = measure("loss", rows, {"kind": "rates", "lost": "gone", "before": "before", "now": "now"})["overall"]
    assert (found["rate"], found["sales_lost"], found["kept"]) == (pytest.approx(1 / 3), 0.5, 0.6)


def test_where_all_are_lost_there_is_no_standard_error():
    found = measure("loss", "x,t\n1,5\n1,7\n", {"kind": "survival", "lost": "x", "time": "t"})
    assert found["overall"]["curve"][-1]["se"] is None
    assert "all_lost" in {w["code"] for w in found["warnings"]}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_a_curve_falls_within_its_limits_and_knows_no_order(cases, random):
    curve = kaplan_meier(np.array([c[0] for c in cases], float), np.array([c[1] for c in cases], bool))
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert (curve.lower <= curve.survival + 1e-12).all()
    assert (curve.survival <= curve.upper + 1e-12).all()
    random.shuffle(cases)
    again = kaplan_meier(np.array([c[0] for c in cases], float), np.array([c[1] for c in cases], bool))
    assert again.survival.tolist() == curve.survival.tolist()


USE = {"kind": "usage", "customer": "w", "period": "p", "value": "v"}


@pytest.mark.parametrize(
    ("rows", "spec", "code"),
    [
        ("x\n", {"kind": "rates", "lost": "x"}, "no_rows"),
        ("x\n1\n", {"kind": "rates"}, "missing_key"),
        ("x\n1\n", {}, "missing_key"),
        ("x\n1\n", {"kind": "guess"}, "wrong_value"),
        ("x\nmaybe\n", {"kind": "rates", "lost": "x"}, "which_is_yes"),
        ("x,y\n,1\nNA,1\n", {"kind": "rates", "lost": "x", "yes": ["1"]}, "no_such_answer"),
        ("x,y\n,1\nNA,1\n", {"kind": "rates", "lost": "x"}, "all_missing"),
        ("x,s\n1,-3\n", {"kind": "rates", "lost": "x", "before": "s"}, "negative"),
        ("x,s\n1,3\n", {"kind": "rates", "lost": "x", "now": "s"}, "missing_key"),
        ("x,id\n1,7\n0,7\n", {"kind": "rates", "lost": "x", "customer": "id"}, "duplicate"),
        ("x,t\n1,inf\n", {"kind": "survival", "lost": "x", "time": "t"}, "not_a_number"),
        ("x,t\n1,-2\n", {"kind": "survival", "lost": "x", "time": "t"}, "negative"),
        ("x,t\n1,2\n", {"kind": "survival", "lost": "x", "time": "t", "at": ["soon"]}, "wrong_value"),
        ("x,t\n1,\n", {"kind": "survival", "lost": "x", "time": "t"}, "bad_duration"),
        ("w,p,v\na,1,2\n", USE, "one_period"),
        ("w,p,v\na,1,2\na,1,3\na,2,3\n", USE, "duplicate"),
        ("w,p,v\na,1,2\na,2,x\n", USE, "not_a_number"),
        ("w,p,v\na,1,2\na,2,-1\n", USE, "negative"),
        ("w,p,v\na,1,2\na,2,1.5\n", USE | {"measure": "count"}, "bad_usage"),
        ("w,p,v\na,1,2\na,2,1\n", USE | {"season": 0}, "bad_usage"),
        ("w,d\na,someday\n", {"kind": "silence", "customer": "w", "date": "d"}, "not_a_date"),
        ("w,d\na,\n", {"kind": "silence", "customer": "w", "date": "d"}, "empty_cell"),
        ("w,d\na,2026-01-02\n", {"kind": "silence", "customer": "w", "date": "d", "until": "2026-01-01"}, "after_until"),
        ("w,d\na,2026-01-02\n", {"kind": "silence", "customer": "w", "date": "d", "until": "soon"}, "not_a_date"),
        ("w,d\na,2026-01-02\n", {"kind": "silence", "customer": "w", "date": "d", "quantile": 1}, "wrong_value"),
        ("w,d\na,2026-01-02\n", {"kind": "silence", "customer": "w", "date": "e"}, "no_column"),
        ("w,d\na,2026-01-02\n", {"kind": "silence", "customer": "w", "date": "d", "unit": 1}, "unknown_key"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_by_code(rows, spec, code):
    assert refused("loss", rows, spec)[0]["code"] == code
