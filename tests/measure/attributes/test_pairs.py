"""Kano, gaps and importance–performance on the kiosk survey, and what bad questions lead to."""

import csv
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.measure.data import expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.kano import CATEGORIES, STANDARD, TABLES, kano

KIOSK = "kiosk_servqual_kano_ipa"
SOURCE = "R 4.2.2"


@pytest.fixture(scope="module")
def reference():
    return expected(f"{KIOSK}/expected_R_lavaan_psych.json")


@pytest.fixture(scope="module")
def data():
    return shared(f"{KIOSK}/kiosk.csv")


def features(of):
    return [
        {"name": str(n), "functional": f"kano{n}_functional", "dysfunctional": f"kano{n}_dysfunctional"} for n in of
    ]


def test_kano_of_the_kiosk_survey(reference, data):
    found = measure("kano", data, {"features": features(r["item"] for r in reference["kano"])})
    for row, told in zip(found["features"], reference["kano"], strict=True):
        assert row["counts"] == told["counts"]
        tied = sorted(told["counts"].values())[-1] == sorted(told["counts"].values())[-2]
        assert row["category"] == told["mode"] or tied
    for key, name in (("cs_plus", "CS_plus"), ("cs_minus", "CS_minus")):
        verified(
            f"kano: {key} of 29 features", KIOSK, SOURCE,
            [r[name] for r in reference["kano"]], [r[key] for r in found["features"]],
        )  # fmt: skip


def test_the_table_is_that_of_the_reference(reference):
    assert [list(row) for row in STANDARD] == reference["kano_table_rows_functional_cols_dysfunctional"]


def servqual(of):
    return [{"name": f"x{n}", "expected": f"sq{n}_expect", "perceived": f"sq{n}_perceive"} for n in of]


def test_gaps_of_the_kiosk_survey(reference, data):
    told = reference["servqual_item_gaps"]
    groups = {k: [f"x{n}" for n in v] for k, v in reference["dimension_items_final_model"].items()}
    found = measure("gap", data, {"items": servqual(r["item"] for r in told), "dimensions": groups})
    pairs = {"expected": "mean_expect", "perceived": "mean_perceive", "gap": "gap", "sd": "sd_gap", "t": "t", "p": "p",
             "p_holm": "p_holm"}  # fmt: skip
    for ours, theirs in pairs.items():
        verified(
            f"gap: {ours} of 24 items", KIOSK, SOURCE, [r[theirs] for r in told], [r[ours] for r in found["items"]]
        )
    ends = [r[end] for r in found["items"] for end in ("lower", "upper")]
    verified("gap: 95 % intervals of 24 items", KIOSK, SOURCE, [v for r in told for v in r["ci95"]], ends)
    for row, item in zip(found["items"], told, strict=True):
        above = row["outcomes"]["above"] + row["outcomes"]["well_above"]
        assert (row["outcomes"]["below"], row["outcomes"]["equal"], above) == (
            item["below"],
            item["equal"],
            item["above"],
        )
    four = reference["four_outcome_counts_item_level_threshold1"]
    assert found["outcomes"] == {key: four[key] for key in ("below", "equal", "above", "well_above")}
    verified("gap: overall", KIOSK, SOURCE, reference["servqual_overall_gap_mean"], found["overall"])
    alphas = reference["alpha_perceive"]
    for row in found["dimensions"]:
        dimension = reference["servqual_dimension_gaps"][row["name"]]
        verified(f"gap: {row['name']}", KIOSK, SOURCE, dimension["gap"], row["gap"], abs=1e-9)
        verified(
            f"gap: α of {row['name']} perceived",
            KIOSK,
            SOURCE,
            alphas[row["name"]]["raw_alpha"],
            row["alpha_perceived"],
        )


@pytest.mark.accepts("D2-01", "D2-02")
def test_satisfaction_is_perceived_minus_expected_in_four_outcomes():
    rows = "e,p\n" + "\n".join(f"4,{p}" for p in (3, 4, 5, 6, 7))
    found = measure("gap", rows, {"items": [{"name": "x", "expected": "e", "perceived": "p"}]})
    assert found["items"][0]["gap"] == 1
    assert found["items"][0]["outcomes"] == {"below": 1, "equal": 1, "above": 1, "well_above": 2}


def test_a_low_expectation_is_warned_about_and_weights_weigh():
    rows = "e,p,f,q\n" + "\n".join("1,3,6,6" for _ in range(39)) + "\n7,7,7,6"
    spec = {"items": [{"name": "a", "expected": "e", "perceived": "p"}, {"name": "b", "expected": "f", "perceived": "q"}],
            "dimensions": {"A": ["a"], "B": ["b"]}, "weights": {"A": 75, "B": 25}}  # fmt: skip
    found = measure("gap", rows, spec)
    assert "low_expectation" in {w["code"] for w in found["warnings"]}
    assert found["weighted"] == pytest.approx(0.75 * 78 / 40 - 0.25 / 40)


def test_importance_and_performance_of_the_kiosk_survey(reference, data):
    told = reference["ipa"]
    items = [{"name": str(r["item"]), "importance": f"ipa{r['item']}_importance", "performance": f"ipa{r['item']}_satisfaction"}
             for r in told["items"]]  # fmt: skip
    found = measure("ipa", data, {"items": items})
    cross = found["crosshair"]
    verified("ipa: crosshair", KIOSK, SOURCE, [told["grand_mean_importance"], told["grand_mean_satisfaction"]],
             [cross["importance"], cross["performance"]])  # fmt: skip
    theirs = {
        "keep up": "keep up",
        "low priority": "low priority",
        "concentrate here": "concentrate",
        "possible overkill": "overkill",
    }
    for row, item in zip(found["items"], told["items"], strict=True):
        assert row["quadrant"] == theirs.get(item["quadrant"], item["quadrant"])
    verified("ipa: importance of 24 items", KIOSK, SOURCE, [r["importance"] for r in told["items"]],
             [r["importance"] for r in found["items"]])  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60), st.randoms())
def test_kano_counts_every_pair_once_whatever_their_order(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)
    for table in TABLES:
        one, two = kano("x", pairs, table), kano("x", mixed, table)
        assert sum(one.counts.values()) == len(pairs)
        assert (one.counts, one.category, one.cs_plus) == (two.counts, two.category, two.cs_plus)
        assert set(one.counts) == set(CATEGORIES)
        assert one.cs_plus is None or 0 <= one.cs_plus <= 1
        assert one.cs_minus is None or -1 <= one.cs_minus <= 0


KANO = {"features": [{"name": "x", "functional": "f", "dysfunctional": "d"}]}


@pytest.mark.parametrize(
    ("method", "rows", "spec", "code"),
    [
        ("kano", "f,d\n", KANO, "no_rows"),
        ("kano", "f,d\n1,9\n", KANO, "not_an_answer"),
        ("kano", "f,d\n,\n,1\n", KANO, "all_missing"),
        ("kano", "f,e\n1,1\n", KANO, "no_column"),
        ("kano", "f,d\n1,1\n", {"features": []}, "wrong_value"),
        ("kano", "f,d\n1,1\n", {**KANO, "answers": ["1", "2"]}, "wrong_value"),
        ("kano", "f,d\n1,1\n", {**KANO, "table": "own"}, "wrong_value"),
        ("kano", "f,d\n1,1\n", "", "missing_key"),
        ("gap", "e,p\n1,x\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}]}, "not_a_number"),
        ("gap", "e,p\n1,inf\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}]}, "not_a_number"),
        ("gap", "e,p\n,1\n2,\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}]}, "all_missing"),
        ("gap", "e,p\n1,2\n", {"items": [{"name": "x", "expected": "e"}]}, "wrong_value"),
        ("gap", "e,p\n1,2\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}], "dimensions": {"D": ["y"]}}, "unknown_item"),
        ("gap", "e,p\n1,2\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}], "dimensions": {"D": ["x"]}, "weights": {"D": 0}}, "bad_weight"),
        ("ipa", "i,p\n1,2\n", {"items": [{"name": "x", "importance": "i", "performance": "p"}], "crosshair": "target"}, "wrong_value"),
        ("ipa", "i,p\n1,2\n", {"items": [{"name": "x", "importance": "i", "performance": "z"}]}, "no_column"),
        ("ipa", "i,p\n1,\n", {"items": [{"name": "x", "importance": "i", "performance": "p"}]}, "all_missing"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_by_code(method, rows, spec, code):
    assert refused(method, rows, spec)[0]["code"] == code


def test_answers_may_be_words_and_missing_ones_are_counted():
    rows = "f,d\nlike,dislike\nlike,dislike\n-9,dislike\n"
    spec = {**KANO, "answers": ["like", "expect", "neutral", "live with", "dislike"], "missing_codes": ["-9"]}
    found = measure("kano", rows, spec)
    assert (found["features"][0]["category"], found["features"][0]["n"]) == ("O", 2)
    assert {"missing_left_out", "small_sample"} <= {w["code"] for w in found["warnings"]}


def test_one_answer_gives_means_and_no_test():
    (row,) = measure("gap", "e,p\n1,2\n", {"items": [{"name": "x", "expected": "e", "perceived": "p"}]})["items"]
    assert (row["gap"], row["t"], row["p"], row["lower"]) == (1, None, None, None)


def test_derived_importance_takes_the_place_of_the_stated_one(data):
    items = [{"name": n, "performance": f"ipa{n}_satisfaction"} for n in ("1", "2", "3")]
    found = measure("ipa", data, {"items": items, "derived": {"1": 0.5, "2": 0.3, "3": 0.2}})
    assert [row["importance"] for row in found["items"]] == [0.5, 0.3, 0.2]
    assert math.isclose(found["crosshair"]["importance"], 1 / 3)
    assert len(list(csv.reader(data.open(encoding="utf-8")))) == found["n"] + 1
