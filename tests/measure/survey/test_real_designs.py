"""Estimates from the California school samples against R survey 4.1.1 (expected_R_survey.json and its vignette)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.measure.data import expected, measure, shared
from tests.measure.verification import verified

from manyi.measure.association import slopes
from manyi.measure.designs import design

R = "R survey 4.1.1"
FOLDER = "survey_api"
STYPE = {"E": 4421, "H": 755, "M": 1018}
WIDE = {"No": 1072, "Yes": 5122}
DESIGNS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "srs_with_fpc": ("apisrs", {"weights": "pw", "fpc": "fpc"}),
    "srs_without_fpc": ("apisrs", {"weights": "pw"}),
    "stratified_with_fpc": ("apistrat", {"weights": "pw", "strata": "stype", "fpc": "fpc"}),
    "stratified_without_fpc": ("apistrat", {"weights": "pw", "strata": "stype"}),
    "cluster1_with_fpc": ("apiclus1", {"weights": "pw", "psu": "dnum", "fpc": "fpc"}),
    "cluster2_two_stage_fpc": ("apiclus2", {"psu": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}),
    "cluster2_with_replacement": ("apiclus2", {"weights": "pw", "psu": ["dnum", "snum"]}),
}
STRAT, CLUS = DESIGNS["stratified_with_fpc"], DESIGNS["cluster1_with_fpc"]


def rows_of(design: tuple[str, dict[str, Any]], **spec: Any) -> list[dict[str, Any]]:
    data, keys = design
    return measure("estimate", shared(f"{FOLDER}/{data}.csv"), {**keys, **spec})["rows"]


def reference() -> dict[str, Any]:
    return expected(f"{FOLDER}/expected_R_survey.json")


def hold(what: str, data: str, want: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    verified(f"estimate: {what}", data, R, [want["est"], want["se"]], [row["estimate"], row["se"]])
    if "ci95_normal" in want:
        verified(f"estimate: {what}, normal interval", data, R, want["ci95_normal"], [row["lower"], row["upper"]])


@pytest.mark.parametrize("name", DESIGNS)
def test_means_totals_ratios_and_design_effects(name: str) -> None:
    design, want = DESIGNS[name], reference()[name]
    data = f"{design[0]} ({name})"
    for column, of in (("api00", "mean_api00"), ("api99", "mean_api99")):
        row = rows_of(design, of=column, interval="normal")[0]
        hold(f"mean of {column}", data, want[of][column], row)
    assert rows_of(design, of="api00")[0]["deff"] == pytest.approx(want["deff_mean_api00"], rel=1e-6)
    total = rows_of(design, of="enroll", kind="total", interval="normal")[0]
    hold("total of enroll", data, want["total_enroll"]["enroll"], total)
    ratio = rows_of(design, of=["api.stu", "enroll"], kind="ratio")[0]
    hold("ratio api.stu / enroll", data, want["ratio_api.stu_enroll"], ratio)
    verified("estimate: degrees of freedom", data, R, want["degf"], rows_of(design, of="api00")[0]["df"])
    for row in rows_of(design, of="stype", kind="count", interval="normal"):
        hold(f"schools of type {row['level']}", data, want["total_stype"][f"stype{row['level']}"], row)


def test_the_vignettes_own_figures() -> None:
    mean = rows_of(CLUS, of="api00")[0]
    verified(
        "estimate: mean of api00",
        "apiclus1",
        "survey vignette",
        [644.17, 23.542],
        [mean["estimate"], mean["se"]],
        rel=2e-5,
    )
    total = rows_of(CLUS, of="enroll", kind="total")[0]
    verified(
        "estimate: total of enroll", "apiclus1", "survey vignette", [3404940, 932235], [total["estimate"], total["se"]]
    )
    raked = rows_of(CLUS, of="enroll", kind="total", margins={"stype": STYPE, "sch.wide": WIDE})[0]
    verified(
        "estimate: total of enroll, raked",
        "apiclus1",
        "survey rakecheck",
        [3647280, 400603],
        [raked["estimate"], raked["se"]],
        rel=2e-6,
    )


@pytest.mark.parametrize(
    ("name", "design", "spec"),
    [
        ("clus1_with_fpc_raked_stype_schwide", CLUS, {"margins": {"stype": STYPE, "sch.wide": WIDE}}),
        ("clus1_raked_stype_schwide", ("apiclus1", {"weights": "pw", "psu": "dnum"}), {"margins": {"stype": STYPE, "sch.wide": WIDE}}),
        ("clus1_poststratified_stype", CLUS, {"margins": {"stype": STYPE}}),
        ("clus1_calibrated_api99_only", CLUS, {"auxiliaries": {"api99": 3914069}, "population": 6194}),
        ("clus1_calibrated_linear_stype_api99", CLUS, {"auxiliaries": {"api99": 3914069}, "margins": {"stype": STYPE}}),
    ],
)  # fmt: skip
def test_calibration_lowers_the_variance_by_what_it_explains(name: str, design: Any, spec: dict[str, Any]) -> None:
    want = reference()[name]
    for of, kind, key in (("api00", "mean", "mean_api00"), ("enroll", "total", "total_enroll")):
        row = rows_of(design, of=of, kind=kind, interval="normal", **spec)[0]
        hold(f"{kind} of {of}, calibrated", f"apiclus1 ({name})", want[key][of], row)


def test_domains_keep_the_design_of_the_whole() -> None:
    want = reference()
    for by, key in (("stype", "strat_by_stype_mean_api00"), ("sch.wide", "strat_domain_schwide_mean_api00")):
        for row in rows_of(STRAT, of="api00", by=by):
            hold(f"mean of api00 where {by} is {row['group']}", "apistrat", want[key][row["group"]], row)
    yes = next(
        row
        for row in rows_of(STRAT, of="enroll", kind="total", by="sch.wide", interval="normal")
        if row["group"] == "Yes"
    )
    hold(
        "total of enroll where sch.wide is Yes",
        "apistrat",
        want["strat_subset_schwide_yes_total_enroll"]["enroll"],
        yes,
    )


def test_proportions_by_every_interval() -> None:
    want = reference()
    for row in rows_of(STRAT, of="sch.wide", kind="proportion", method="mean", interval="normal"):
        hold(
            f"share of sch.wide {row['level']}", "apistrat", want["strat_prop_schwide"][f"sch.wide{row['level']}"], row
        )
    for method in ("logit", "beta", "likelihood", "mean", "asin"):
        row = rows_of(STRAT, of="sch.wide", kind="proportion", yes=["Yes"], method=method)[0]
        # R reads the likelihood limits off a spline through some points of the profile
        verified(f"estimate: interval of a share, {method}", "apistrat", R, want["strat_svyciprop_schwide_yes"][method]["ci"],
                 [row["lower"], row["upper"]], rel=5e-6 if method == "likelihood" else 1e-6)  # fmt: skip


def test_quantiles_by_woodruff() -> None:
    for p, want in zip((0.25, 0.5, 0.75), reference()["clus1_quantiles_api00"], strict=True):
        row = rows_of(CLUS, of="api00", kind="quantile", quantile=p)[0]
        got = [row[key] for key in ("estimate", "lower", "upper", "se")]
        verified(f"estimate: quantile {p} of api00", "apiclus1", R, want, got)


@pytest.mark.parametrize(
    ("name", "design", "kind"), [("strat_replicate_JKn", STRAT, "JKn"), ("clus1_replicate_JK1", CLUS, "JK1")]
)
def test_jackknife_replicates(name: str, design: Any, kind: str) -> None:
    want = reference()[name]
    for of, what, key in (("api00", "mean", "mean_api00"), ("enroll", "total", "total_enroll")):
        row = rows_of(design, of=of, kind=what, replicates=kind, interval="normal")[0]
        hold(f"{what} of {of} by {kind}", design[0], want[key][of], row)


def test_contrasts_of_domains_and_changes_of_the_same_cases() -> None:
    want, data = reference(), shared(f"{FOLDER}/apistrat.csv")
    test = want["strat_svyttest_api00_by_schwide"]
    row = measure("difference", data, {**STRAT[1], "of": "api00", "by": "sch.wide", "groups": ["Yes", "No"]})["rows"][0]
    verified("difference: two domains", "apistrat", R, [test["est"], test["t"], test["df"], test["p"], *test["ci"]],
             [row[key] for key in ("estimate", "statistic", "df", "p", "lower", "upper")])  # fmt: skip
    test = want["strat_paired_change_api00_minus_api99"]
    row = measure("difference", data, {**STRAT[1], "before": "api99", "after": "api00"})["rows"][0]
    # R takes one degree of freedom off for the mean that is tested; units less strata is 197
    verified(
        "difference: change of the same schools",
        "apistrat",
        R,
        [test["est"], test["t"]],
        [row["estimate"], row["statistic"]],
    )
    assert row["df"] == 197
    row = measure("difference", data, {**STRAT[1], "of": "api00", "by": "stype", "groups": ["E", "H"]})["rows"][0]
    hold("contrast of two strata", "apistrat", want["strat_contrast_E_minus_H"], row)


def test_raked_and_post_stratified_weights() -> None:
    want, data = reference(), shared(f"{FOLDER}/apiclus1.csv")
    raked = measure("rake", data, {"weights": "pw", "id": "snum", "margins": {"stype": STYPE, "sch.wide": WIDE}})
    by_id = {row["id"]: row["weight"] for row in raked["weights"]}
    lines = shared(f"{FOLDER}/apiclus1_calibrated_weights.csv").read_text().splitlines()[1:]
    cells = [line.split(",") for line in lines]
    verified(
        "rake: weights of all units",
        "apiclus1",
        R,
        [float(cell[2]) for cell in cells],
        [by_id[cell[1]] for cell in cells],
    )
    assert raked["error"] < 1e-10
    assert all(row["after"] == pytest.approx(row["total"], rel=1e-9) for row in raked["margins"])
    post = measure("rake", data, {"weights": "pw", "id": "snum", "margins": {"stype": STYPE}})
    verified("rake: post-stratified weights", "apiclus1", R, want["clus1_poststratified_stype"]["weights_first10"],
             [row["weight"] for row in post["weights"][:10]])  # fmt: skip


def test_the_truth_lies_in_nine_intervals_of_ten_or_more() -> None:
    truth = reference()["population_truth"]["mean_api00"]
    inside = [rows_of(design, of="api00")[0] for design in DESIGNS.values()]
    assert all(row["lower"] < truth < row["upper"] for row in inside)


def test_independence_of_two_gradings_and_slopes() -> None:
    want, data = reference(), shared(f"{FOLDER}/apistrat.csv")
    spec = {**STRAT[1], "kind": "proportion", "of": "sch.wide", "by": "stype"}
    found, test = measure("difference", data, spec)["test"], want["strat_svychisq_RaoScott_F_schwide_stype"]
    verified(
        "difference: Rao–Scott",
        "apistrat",
        R,
        [test[k] for k in ("F", "ndf", "ddf", "p")],
        [found[k] for k in ("statistic", "df", "df2", "p")],
    )
    columns = columns_of(data, "api00", "ell", "meals", "mobility", "pw", "fpc")
    strata = [row["stype"] for row in csv.DictReader(io.StringIO(data.read_text()))]
    sample = design(len(strata), weights=columns[4], strata=[strata], fpc=[columns[5]])
    fit, test = slopes(columns[0], np.column_stack(columns[1:4]), sample), want["strat_svyglm_api00_ell_meals_mobility"]
    for column, got in (("Estimate", fit.estimates), ("Std. Error", fit.se), ("Pr(>|t|)", fit.p)):
        verified(
            f"slopes: {column.partition('(')[0]}", "apistrat", R, [row[column] for row in test.values()], list(got)
        )


def columns_of(data: Path, *heads: str) -> list[np.ndarray]:
    rows = list(csv.DictReader(io.StringIO(data.read_text())))
    return [np.array([float(row[head]) for row in rows]) for head in heads]
