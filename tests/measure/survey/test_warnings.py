"""The warnings a reader needs, on the real data that deserve them, and the figures that are left empty with a reason."""

from __future__ import annotations

from typing import Any

from tests.measure.data import measure, refused, shared

SHEETS = "customer,tier,there,score,w\n" + "".join(
    f"{i},{'AB'[i % 2]},{12 if i % 2 else 40},{i % 5 + 1},{1 + 9 * (i % 6 == 0)}\n" for i in range(24)
)


def codes(told: dict[str, Any]) -> dict[str, str]:
    return {warning["code"]: warning["about"] for warning in told["warnings"]}


def test_small_countries_are_not_ranked_and_blanks_are_counted() -> None:
    found = measure(
        "nps", shared("abc_b2b_annual_survey/ABC2.csv"), {"of": "Satisfaction", "kind": "csat", "by": "country"}
    )
    assert [w["about"] for w in found["warnings"] if w["code"] == "small_sample"] == [
        "Benelux: n = 25",
        "France: n = 14",
        "Israel: n = 23",
    ]
    assert codes(found)["missing_left_out"] == "4"


def test_another_scale_is_no_standard_net_promoter_score() -> None:
    found = measure("nps", shared("nps_mobi/mobi_recommend.csv"), {"of": "recommend_1_10", "scale": [1, 10]})
    assert codes(found) == {"scale_not_standard": "1–10"}


def test_skewed_grades_are_not_told_by_their_mean_alone() -> None:
    found = measure(
        "nps", shared("univer_satisfaction_ordinal/univer.csv"), {"of": "global", "kind": "csat", "scale": [1, 7]}
    )
    assert "skewed" in codes(found)
    assert "skewed" not in codes(measure("nps", SHEETS, {"of": "score", "kind": "csat"}))


def test_zeros_that_mean_not_applicable_are_refused_until_named() -> None:
    data = shared("abc_b2b_annual_survey/ABC.csv")
    assert refused("nps", data, {"of": "q10", "kind": "csat"})[0]["code"] == "outside_scale"
    assert measure("nps", data, {"of": "q10", "kind": "csat", "missing_codes": [0]})["rows"][0]["n"] == 70


def test_a_census_has_no_sampling_error_but_is_told_so() -> None:
    found = measure("estimate", SHEETS, {"of": "score", "strata": "tier", "fpc": "there"})
    assert codes(found)["all_taken"] == "there"
    found = measure("estimate", SHEETS.replace(",40,", ",12,"), {"of": "score", "strata": "tier", "fpc": "there"})
    assert found["rows"][0]["se"] == 0
    assert found["rows"][0]["deff"] is None
    assert "deff_undefined" in codes(found)


def test_answers_that_are_all_alike_have_no_interval() -> None:
    found = measure("estimate", "y,g\n5,a\n5,a\n5,a\n4,b\n3,b\n", {"of": "y", "by": "g"})
    assert (found["rows"][0]["lower"], found["rows"][0]["upper"]) == (None, None)
    assert codes(found)["no_interval"] == "a y"
    share = measure("estimate", "y\n1\n1\n1\n", {"of": "y", "kind": "proportion"})["rows"][0]
    assert (share["estimate"], share["lower"]) == (1, None)


def test_a_lone_unit_is_adjusted_only_when_asked_for() -> None:
    lone = "y,h\n1,a\n2,a\n4,a\n9,b\n"
    found = measure("estimate", lone, {"of": "y", "strata": "h", "lonely": "adjust"})
    assert codes(found)["lonely_unit_adjusted"] == "adjust"
    assert (
        found["rows"][0]["se"]
        > measure("estimate", lone, {"of": "y", "strata": "h", "lonely": "certainty"})["rows"][0]["se"]
    )


def test_many_tests_and_small_expected_counts_are_told() -> None:
    found = measure(
        "difference",
        shared("proportion_tests_R_docs/smokers.csv"),
        {"kind": "proportion", "count": "smokers", "size": "patients", "by": "group"},
    )
    assert codes(found)["many_tests"] == "6, holm"
    found = measure("difference", "g,y,n\na,1,9\nb,3,8\n", {"kind": "proportion", "count": "y", "size": "n", "by": "g"})
    assert codes(found)["small_expected_counts"] == "1.88"


def test_unequal_weights_and_thin_classes_are_told() -> None:
    assert "unequal_weights" in codes(
        measure("rake", SHEETS, {"weights": "w", "margins": {"tier": {"A": 30, "B": 30}}})
    )
    found = measure("rake", "id,there,c\n1,1,a\n2,0,a\n3,0,a\n4,0,a\n5,1,b\n", {"responded": "there", "classes": "c"})
    assert codes(found)["merge_classes"] == "a, b"
    assert [row["factor"] for row in found["classes"]] == [4, 1]


def test_rates_without_a_denominator_are_null() -> None:
    found = measure("aapor", "code\nUO\nUO\n")
    assert found["e"] is None
    assert found["rates"]["RR1"] == 0
    assert found["rates"]["RR3"] is None
    assert "RR3" in codes(found)["rate_undefined"]


def test_units_that_must_be_in_may_exceed_the_size() -> None:
    found = measure("draw", "id,must\na,1\nb,1\nc,0\n", {"id": "id", "seed": 1, "n": 1, "certain": "must"})
    assert sorted(row["id"] for row in found["rows"]) == ["a", "b"]
    assert codes(found)["certain_exceed_size"] == "all"
