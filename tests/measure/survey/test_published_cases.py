"""Intervals, tests, rates, allocations and ratings against published tables and reference packages."""

from __future__ import annotations

from typing import Any

import pytest
from tests.measure.data import expected, measure, shared
from tests.measure.verification import verified

from manyi.measure.allocation import sample_size
from manyi.measure.comparison import from_se
from manyi.measure.dispositions import outcome_rates
from manyi.measure.multiplicity import adjust
from manyi.measure.proportions import difference, fisher, mcnemar, paired_difference, proportion
from manyi.measure.ratings import net_promoter

NEWCOMBE = "Newcombe 1998, tables"


@pytest.mark.parametrize(
    ("yes", "n", "method", "lower", "upper"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I
        (81, 263, "wilson", 0.2553, 0.3662), (15, 148, "wilson", 0.0624, 0.1605), (0, 20, "wilson", 0.0, 0.1611), (1, 29, "wilson", 0.0061, 0.1718),
        (81, 263, "clopper_pearson", 0.2527, 0.3676), (15, 148, "clopper_pearson", 0.0578, 0.1617), (0, 20, "clopper_pearson", 0.0, 0.1684), (1, 29, "clopper_pearson", 0.0009, 0.1776),
        (81, 263, "wald", 0.2522, 0.3638), (15, 148, "wald", 0.0527, 0.1500),
    ],
)  # fmt: skip
def test_intervals_of_a_share(yes: int, n: int, method: str, lower: float, upper: float) -> None:
    found = proportion(yes, n, method=method).interval
    verified(
        f"proportion: {method}",
        f"{yes} of {n}",
        NEWCOMBE,
        [lower, upper],
        [found.lower, found.upper],
        rel=0,
        abs=5.1e-5,
    )


@pytest.mark.parametrize(
    ("a", "b", "lower", "upper"),
    [
        # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((6, 7), (2, 7), 0.0582, 0.8062), ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775), ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)  # fmt: skip
def test_intervals_of_a_difference(a: tuple[int, int], b: tuple[int, int], lower: float, upper: float) -> None:
    found = difference(a, b)
    verified(
        "difference: Newcombe's method 10",
        f"{a[0]}/{a[1]} − {b[0]}/{b[1]}",
        NEWCOMBE,
        [lower, upper],
        [found.lower, found.upper],
        rel=0,
        abs=5.1e-5,
    )


def test_the_interval_of_a_paired_difference() -> None:
    found = paired_difference(36, 12, 2, 0)  # Newcombe 1998, Statistics in Medicine 17:2635, method 10
    verified(
        "difference: pairs", "36, 12, 2, 0", NEWCOMBE, [0.0569, 0.3404], [found.lower, found.upper], rel=0, abs=5.1e-5
    )


def test_tests_of_r_help_pages() -> None:
    folder, source = "proportion_tests_R_docs", "R 4.2.2"
    want = expected(f"{folder}/expected_R.json")
    smokers = {"kind": "proportion", "count": "smokers", "size": "patients", "by": "group", "correct": True}
    found = measure("difference", shared(f"{folder}/smokers.csv"), smokers)
    test = want["smokers_prop.test"]
    verified(
        "difference: equal shares",
        "smokers",
        source,
        [test["X2"], test["df"], test["p"]],
        [found["test"][k] for k in ("statistic", "df", "p")],
    )
    holm = want["smokers_pairwise_prop_test_holm"]
    verified(
        "difference: pairs of shares, Holm",
        "smokers",
        source,
        [holm[row["b"]][row["a"]] for row in found["rows"]],
        [row["p_adjusted"] for row in found["rows"]],
    )
    found = measure("difference", shared(f"{folder}/smokers.csv"), {**smokers, "test": "trend"})
    verified(
        "difference: trend of shares",
        "smokers",
        source,
        [want["trend"]["X2"], want["trend"]["p"]],
        [found["test"]["statistic"], found["test"]["p"]],
    )
    for correct, key in ((True, "with_cc"), (False, "without_cc")):
        spec = {
            "kind": "proportion",
            "before": "first",
            "after": "second",
            "frequency": "Freq",
            "yes": ["Approve"],
            "correct": correct,
        }
        row = measure("difference", shared(f"{folder}/approval_two_surveys.csv"), spec)["rows"][0]
        verified(
            "difference: McNemar",
            f"approval, {key}",
            source,
            [want["mcnemar_approval"][key][k] for k in ("X2", "p")],
            [row["statistic"], row["p"]],
        )
    verified(
        "difference: Fisher's exact test", "tea", source, want["fisher_tea"]["p"], fisher(3, 1, 1, 3, side="greater")
    )
    row = measure("difference", shared(f"{folder}/sleep.csv"), {"of": "extra", "by": "group"})["rows"][0]
    test = want["sleep_welch"]
    verified(
        "difference: Welch",
        "sleep",
        source,
        [test["t"], test["df"], test["p"], *test["ci"]],
        [row[k] for k in ("statistic", "df", "p", "lower", "upper")],
    )
    row = measure(
        "difference", shared(f"{folder}/sleep.csv"), {"of": "extra", "by": "group", "groups": ["2", "1"], "pair": "ID"}
    )["rows"][0]
    test = want["sleep_paired"]
    verified(
        "difference: paired t",
        "sleep",
        source,
        [test["t"], test["df"], test["p"], *test["ci"]],
        [row[k] for k in ("statistic", "df", "p", "lower", "upper")],
    )
    rows = measure(
        "difference", shared(f"{folder}/airquality.csv"), {"of": "Ozone", "by": "Month", "method": "pooled"}
    )["rows"]
    holm = want["airquality_pairwise_t_holm_pooledSD"]
    verified(
        "difference: pairs of means, pooled variance, Holm",
        "airquality",
        source,
        [holm[row["b"]][row["a"]] for row in rows],
        [row["p_adjusted"] for row in rows],
    )


def test_adjusted_p_values() -> None:
    p = [0.01, 0.02, 0.03, 0.04, 0.05]
    # R 4.2.2: p.adjust(c(.01,.02,.03,.04,.05), method)
    verified("multiplicity: holm", "five p values", "R p.adjust", [0.05, 0.08, 0.09, 0.09, 0.09], list(adjust(p)))
    verified("multiplicity: bh", "five p values", "R p.adjust", [0.05] * 5, list(adjust(p, "bh")))
    verified("multiplicity: hochberg", "five p values", "R p.adjust", [0.05] * 5, list(adjust(p, "hochberg")))


def test_dispositions_of_the_middle_earth() -> None:
    folder = "aapor_middleearth"
    want, data = expected(f"{folder}/expected_R_outcomerate.json"), shared(f"{folder}/middleearth.csv")
    assert {k: v for k, v in measure("aapor", data)["counts"].items() if v} == want["disposition_counts"]
    for spec, key in (({"e": 0.8}, "all_rates_e_0.8"), ({}, "all_rates_e_casro")):
        found = measure("aapor", data, spec)["rates"]
        verified(
            f"aapor: all rates, {key[10:]}",
            "middleearth",
            "outcomerate 1.0.1",
            list(want[key].values()),
            [found[name] for name in want[key]],
        )
    assert want["all_rates_no_e"].items() <= {k: pytest.approx(v, rel=1e-9) for k, v in found.items()}.items()
    verified(
        "aapor: e", "middleearth", "outcomerate 1.0.1", want["eligibility_rate_CASRO_e"], measure("aapor", data)["e"]
    )


def test_the_published_mini_case() -> None:
    found = outcome_rates({"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}).rates
    published = {"RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667, "COOP1": 0.5, "COOP2": 0.75, "COOP3": 0.571, "COOP4": 0.857,
                 "REF1": 0.091, "REF2": 0.093, "REF3": 0.111, "CON1": 0.727, "CON2": 0.741, "CON3": 0.889, "LOC1": 0.818, "LOC2": 0.833}  # fmt: skip
    verified(
        "aapor: all rates",
        "mini case",
        "outcomerate README",
        list(published.values()),
        [found[name] or 0 for name in published],
        rel=0,
        abs=5.1e-4,
    )


def test_weighted_rates_by_group() -> None:
    data = shared("aapor_middleearth/middleearth.csv")
    found = measure("aapor", data, {"weights": "svywt", "by": "race"})
    total = sum(group["counts"]["I"] for group in found["groups"])
    assert total == pytest.approx(found["counts"]["I"])
    assert found["rates"]["RR1"] == pytest.approx(
        found["counts"]["I"] / (sum(found["counts"].values()) - found["counts"]["NE"])
    )


def test_the_net_promoter_score_by_every_interval() -> None:
    folder, source = "nps_mobi", "R NPS 1.1"
    want = expected(f"{folder}/expected_R_NPS.json")
    for method, key in (("wald", "ci95_wald"), ("score", "score_interval_Tango")):
        row = measure(
            "nps", shared(f"{folder}/mobi_recommend.csv"), {"of": "recommend_1_10", "scale": [1, 10], "method": method}
        )["rows"][0]
        verified(
            f"nps: {method}",
            "mobi recommend",
            source,
            [want["nps"], want["se_wald"], *want[key]],
            [row[k] for k in ("nps", "se", "lower", "upper")],
        )
        assert [row["detractors"], row["passives"], row["promoters"], row["n"]] == list(want["counts"].values())
    adjusted = net_promoter(60, 95, 95).interval
    verified(
        "nps: adjusted Wald",
        "mobi recommend",
        "Rocks 2016",
        want["ci95_adjusted_wald_rocks_0.75_1.5_0.75"]["ci"],
        [adjusted.lower, adjusted.upper],
    )
    t = net_promoter(60, 95, 95, method="t").interval
    verified("nps: t of −1, 0, 1", "mobi recommend", "R 4.2.2", want["trinomial_mean_t"]["ci"], [t.lower, t.upper])


def test_satisfaction_of_a_company_of_266_customers() -> None:
    folder = "abc_b2b_annual_survey"
    want, data = expected(f"{folder}/expected_R_descriptives.json"), shared(f"{folder}/ABC2.csv")
    for item, figures in want["items"].items():
        row = measure("nps", data, {"of": item, "kind": "csat"})["rows"][0]
        verified(f"nps: csat of {item}", "ABC", "R 4.2.2", [figures["mean"], *figures["ci95_t"], figures["top2_pct"], *figures["top2_wilson95"]],
                 [row[k] for k in ("mean", "lower", "upper", "top", "top_lower", "top_upper")])  # fmt: skip
        assert row["counts"] == figures["counts"]
        for share, answers in (("top5", ["5"]), ("bot12", ["1", "2"])):
            row = measure("proportion", data, {"of": item, "yes": answers})["rows"][0]
            verified(f"proportion: {share} of {item}", "ABC", "R 4.2.2", [figures[f"{share}_pct"], *figures[f"{share}_wilson95"]],
                     [row[k] for k in ("estimate", "lower", "upper")])  # fmt: skip
    found = measure("difference", data, {"of": "Satisfaction", "by": "country", "kind": "ordinal"})["test"]
    test = want["kruskal_satisfaction_by_country"]
    verified(
        "difference: Kruskal–Wallis",
        "ABC by country",
        "R 4.2.2",
        [test["H"], test["df"], test["p"]],
        [found[k] for k in ("statistic", "df", "p")],
    )


def test_grades_of_two_thousand_students() -> None:
    folder = "univer_satisfaction_ordinal"
    want, data = expected(f"{folder}/expected_R.json"), shared(f"{folder}/univer.csv")
    for item, figures in want["item_stats"].items():
        row = measure("difference", data, {"of": item, "by": "gender", "kind": "ordinal"})["rows"][0]
        verified(
            f"difference: Mann–Whitney of {item}",
            "univer by gender",
            "R 4.2.2",
            [figures["mann_whitney_by_gender_W"], figures["p"]],
            [row["w"], row["p"]],
        )
        row = measure("nps", data, {"of": item, "kind": "csat", "scale": [1, 7]})["rows"][0]
        verified(
            f"nps: csat of {item}",
            "univer",
            "R 4.2.2",
            [figures["mean"], figures["median"], figures["top2box"]],
            [row[k] for k in ("mean", "median", "top")],
        )
    test = measure("difference", data, {"of": "global", "by": "faculty", "kind": "ordinal"})["test"]
    found = want["kruskal_global_by_faculty"]
    # far in the tail the last digits of H move p
    verified(
        "difference: Kruskal–Wallis",
        "univer by faculty",
        "R 4.2.2",
        [found["H"], found["df"], found["p"]],
        [test[k] for k in ("statistic", "df", "p")],
        rel=1e-6,
    )


CITIES, BANKS, DEBTORS = [21.28, 40.08, 85.2], [135.299805083, 261.5148179358, 505.4700556149], [200, 1000, 5000]


@pytest.mark.parametrize(
    ("name", "file", "spec"),
    [
        ("uscities_cumrootf_L4_neyman_n100", "UScities", {"boundaries": CITIES, "n": 100, "method": "neyman"}),
        ("uscities_given_bh_proportional_n100", "UScities", {"boundaries": CITIES, "n": 100, "method": "power", "powers": [0.5, 0.5, 0]}),
        ("uscities_given_bh_neyman_n600_takeall_forced_by_adjust", "UScities", {"boundaries": CITIES, "n": 600, "method": "neyman"}),
        ("usbanks_geo_L4_CV1pct_power", "USbanks", {"boundaries": BANKS, "cv": 0.01, "method": "power"}),
        ("usbanks_bh_no_adjust", "USbanks", {"boundaries": BANKS, "cv": 0.01, "method": "power", "repair": False}),
        ("debtors_neyman_takeall1", "Debtors", {"boundaries": DEBTORS, "n": 250, "method": "neyman", "take_all": ["4"]}),
    ],
)  # fmt: skip
def test_allocations_with_strata_taken_whole(name: str, file: str, spec: dict[str, Any]) -> None:
    folder, source = "stratified_allocation_uscities_usbanks", "stratification 2.2.7"
    want = expected(f"{folder}/expected_R_stratification.json")[name]
    found = measure("allocate", shared(f"{folder}/{file}.csv"), {"of": "x", **spec})
    rows = found["rows"]
    verified("allocate: before rounding", name, source, want["nhnonint"], [row["exact"] for row in rows])
    assert [row["allocated"] for row in rows] == want["nh"]
    assert [row["population"] for row in rows] == want["Nh"]
    verified(
        "allocate: means and variances",
        name,
        source,
        [*want["meanh"], *want["varh"]],
        [*(r["mean"] for r in rows), *(r["spread"] ** 2 for r in rows)],
    )
    if want["RRMSE"] is not None:
        verified("allocate: coefficient of variation", name, source, want["RRMSE"], found["cv"])


def test_the_sample_size_of_krejcie_and_morgan() -> None:
    verified(
        "allocate: sample size",
        "N = 1000, p = 0.5, e = 0.05",
        "Krejcie & Morgan 1970",
        278,
        sample_size(0.05, population=1000).n,
    )


def test_satisfied_passengers_and_zeros_that_mean_not_applicable() -> None:
    folder = "airline_satisfaction_129k"
    want, data = (
        expected(f"{folder}/expected_descriptives.json"),
        shared(f"{folder}/airline_passenger_satisfaction.csv.gz"),
    )
    row = measure("proportion", data, {"of": "Satisfaction", "yes": ["Satisfied"]})["rows"][0]
    verified("proportion: satisfied", "airline", "expected_descriptives.json", want["satisfied_rate"], row["estimate"])
    item = "In-flight Wifi Service"
    row = measure("nps", data, {"of": item, "kind": "csat", "missing_codes": [0]})
    verified(
        "nps: mean without zeros",
        "airline",
        "expected_descriptives.json",
        want["mean_excluding_zero"][item],
        row["rows"][0]["mean"],
    )
    assert [w["about"] for w in row["warnings"] if w["code"] == "missing_left_out"] == [
        str(want["zeros_mean_not_applicable"][item])
    ]


def test_mcnemar_refuses_where_nobody_changed_and_from_se_where_nothing_varies() -> None:
    for refused in (lambda: mcnemar(0, 0), lambda: from_se(0.0, 0.0, 3)):
        with pytest.raises(Exception, match=r"no_change|constant"):
            refused()
