"""Control charts on Montgomery's tables, R's qcc and qicharts2, and what bad questions lead to."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.data import expected, measure, refused, shared
from tests.measure.verification import verified

from manyi.measure.charts.limits import shewhart
from manyi.measure.charts.runs import RULES

MONTGOMERY, QCC, RARE = "spc_montgomery_tables", "spc_qcc", "spc_qicharts2_rare_events"
REFERENCE = {
    MONTGOMERY: "expected_qicharts2_references.json",
    QCC: "expected_R_qcc.json",
    RARE: "expected_R_qicharts2.json",
}
LONG = "x,n\n" + "\n".join(f"{x},100" for x in (4, 6, 3, 5, 7, 4, 5, 6, 2, 5, 4, 6, 5, 3, 7, 5, 4, 6, 5, 30, 5))


def told(name):
    return expected(f"{name}/{REFERENCE[name]}")


CASES = [
    (MONTGOMERY, "ex_6.5_3", "tbl_06.07", {"kind": "i", "count": "cost", "baseline": 20}),
    (MONTGOMERY, "tbl_7.4_1", "tbl_07.04", {"kind": "p", "count": "count", "size": "size"}),
    (MONTGOMERY, "ex_7.1_5", "tbl_07.03", {"kind": "p", "count": "count", "size": "size", "exclude": [15, 23], "parts": [30]}),
    (MONTGOMERY, "ex_7.3_3", "tbl_07.08", {"kind": "c", "count": "count", "exclude": [6, 20], "baseline": 26}),
    (MONTGOMERY, "ex_7.4_1", "tbl_07.10", {"kind": "u", "count": "count", "size": "size"}),
    (MONTGOMERY, "ex_7.5_1", "tbl_07.11", {"kind": "u", "count": "count", "size": "meters", "per": 50}),
    (MONTGOMERY, "ex_7.6_1", "tbl_07.14", {"kind": "t", "count": "hours"}),
    (RARE, "gtt_u_harms_per_1000_days", "gtt_monthly", {"kind": "u", "count": "harms", "size": "days", "per": 1000}),
    (RARE, "gtt_run_chart_harms_per_1000_days", "gtt_monthly", {"kind": "run", "count": "harms", "size": "days", "per": 1000}),
    (RARE, "nhs_p", "nhs_accidents", {"kind": "p", "count": "r", "size": "n"}),
    (RARE, "nhs_pp_laney", "nhs_accidents", {"kind": "pp", "count": "r", "size": "n"}),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "key", "table", "spec"), CASES, ids=[case[1] for case in CASES])
def test_a_chart_of_the_textbook(folder, key, table, spec):
    reference = told(folder)[key]
    found = measure("chart", shared(f"{folder}/{table}.csv"), spec)
    hold(key, folder, found, reference)


def hold(key, folder, found, reference):
    verified(f"chart: {key}, centre", folder, "qicharts2 0.8.1", reference["cl"], found["centres"])
    for ours, theirs in (("lower", "lcl"), ("upper", "ucl")):
        pairs = [(a, b) for a, b in zip(reference[theirs], found[ours], strict=True) if a is not None]
        if pairs:
            verified(f"chart: {key}, {ours}", folder, "qicharts2 0.8.1", [a for a, _ in pairs], [b for _, b in pairs],
                     abs=1e-9)  # fmt: skip
    if "longest_run" in reference:
        runs = found["runs"]
        keys = ("longest", "longest_allowed", "crossings", "crossings_needed")
        names = ("longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
        assert [runs[k] for k in keys] == [reference[n] for n in names]
        assert len(found["beyond"]) == reference["n_sigma_signals"]


@pytest.mark.parametrize(
    ("key", "kind"), [("cabg_g_operations_between_deaths", "g"), ("cabg_t_days_between_deaths", "t")]
)
def test_rare_events(key, kind):
    reference = told(RARE)[key]
    rows = "y\n" + "\n".join(str(y) for y in reference["y"])
    hold(key, RARE, measure("chart", rows, {"kind": kind, "count": "y"}), reference)


def test_a_laney_chart_calms_what_an_ordinary_one_cries_about():
    path = shared(f"{RARE}/nhs_accidents.csv")
    ordinary = measure("chart", path, {"kind": "p", "count": "r", "size": "n"})
    laney = measure("chart", path, {"kind": "pp", "count": "r", "size": "n"})
    assert len(ordinary["beyond"]) > 15
    assert laney["beyond"] == []
    assert "overdispersed" in {w["code"] for w in ordinary["warnings"]}
    assert "overdispersed" not in {w["code"] for w in laney["warnings"]}


ORANGE = {"count": "D", "size": "size", "baseline": 30}


@pytest.mark.parametrize(
    ("key", "kind", "more"),
    [("orangejuice_p_trial", "p", {}), ("orangejuice_p_without_15_23", "p", {"exclude": [15, 23]}), ("orangejuice_np_trial", "np", {})],
)  # fmt: skip
def test_charts_of_qcc(key, kind, more):
    reference = told(QCC)[key]
    found = measure("chart", shared(f"{QCC}/orangejuice.csv"), {**ORANGE, "kind": kind, **more})
    verified(f"chart: {key}, centre", QCC, "qcc 2.7", reference["center"], found["centre"])
    for ours, theirs in (("lower", "LCL"), ("upper", "UCL")):
        one = np.atleast_1d(reference[theirs])[0]
        verified(f"chart: {key}, {ours}", QCC, "qcc 2.7", one, found[ours][0])
    if key.endswith("trial"):
        assert [p for p in found["beyond"] if p <= 30] == reference["beyond"]


def test_piston_rings_by_mean_ewma_and_cusum():
    reference, path = told(QCC), shared(f"{QCC}/pistonrings.csv")
    means = measure("chart", path, {"kind": "xbar", "count": "diameter", "group": "sample", "baseline": 25})
    first = reference["pistonrings_xbar_first25"]
    verified("chart: x̄, centre and limits", QCC, "qcc 2.7", [first["center"], first["LCL"], first["UCL"]],
             [means["centre"], means["lower"][0], means["upper"][0]])  # fmt: skip
    smooth = reference["pistonrings_ewma_lambda.2_3sigma"]
    found = measure("chart", path, {"kind": "ewma", "count": "diameter", "group": "sample", "baseline": 25})
    verified("chart: EWMA, 40 points", QCC, "qcc 2.7", smooth["ewma"], found["points"])
    assert found["beyond"] == [37, 38, 39, 40]
    sums = reference["pistonrings_cusum_h5_k0.5"]
    found = measure("chart", path, {"kind": "cusum", "count": "diameter", "group": "sample", "baseline": 25})
    verified("chart: CUSUM, upper sums", QCC, "qcc 2.7", sums["pos"], found["above"], abs=1e-9)
    assert found["beyond"] == [37, 38, 39, 40]


def test_phases_zones_and_warnings():
    found = measure("chart", LONG, {"kind": "c", "count": "x", "parts": [12], "rules": ["nelson2", "we2"]})
    assert [(p["from"], p["to"]) for p in found["phases"]] == [(1, 12), (13, 21)]
    assert found["beyond"] == [20]
    assert set(found["zones"]) == {"nelson2", "we2"}
    assert {"rules_added"} <= {w["code"] for w in found["warnings"]}


def test_each_zone_rule_strikes_on_its_pattern():
    flat = [5.0, -5.0] * 10
    patterns = {
        "we2": [*flat, 11, 11], "we3": [*flat, 6, 6, 6, 6], "we4": [*flat, *[4] * 8], "nelson2": [*flat, *[4] * 9],
        "nelson3": [*flat, 1, 2, 3, 4, 5, 6], "nelson4": flat, "nelson5": [*flat, 11, 11], "nelson6": [*flat, 6, 6, 6, 6],
        "nelson7": [0.5, -0.5] * 10, "nelson8": [6, -6] * 6,
    }  # fmt: skip
    from manyi.measure.charts.limits import Limits
    from manyi.measure.charts.runs import zone_signals

    assert set(patterns) == set(RULES)
    for rule, values in patterns.items():
        y = np.array(values, float)
        limits = Limits(y, np.zeros_like(y), y - 15, y + 15, np.full_like(y, 5.0), None)
        assert zone_signals(limits, rule), rule
    quiet = np.array([1.0, 2, -1, -2, 1, 2, -1, -2])
    calm = Limits(quiet, np.zeros(8), quiet - 15, quiet + 15, np.full(8, 5.0), None)
    assert not any(zone_signals(calm, rule) for rule in RULES)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=40))
def test_limits_hold_their_centre_and_stay_in_range(counts):
    y = np.array(counts, float)
    sizes = np.full_like(y, 50.0)
    base = np.ones(len(y), bool)
    for kind, top in (("c", np.inf), ("p", 1.0), ("u", np.inf), ("np", 50.0)):
        limits = shewhart(kind, y, sizes if kind != "c" else None, base)
        assert (limits.lower <= limits.centre + 1e-12).all()
        assert (limits.centre <= limits.upper + 1e-12).all()
        assert (limits.lower >= 0).all()
        assert (limits.upper <= top).all()


@pytest.mark.parametrize(
    ("rows", "spec", "code"),
    [
        ("x\n", {"kind": "c", "count": "x"}, "no_rows"),
        ("x\n5\n", {"kind": "c", "count": "x"}, "few_points"),
        ("x\n5\n5\n5\n", {"kind": "i", "count": "x"}, "constant"),
        ("x\n5\nmany\n", {"kind": "c", "count": "x"}, "not_a_number"),
        ("x,y\n5,1\n,2\n6,1\n", {"kind": "c", "count": "x"}, "empty_cell"),
        ("x\n5\ninf\n", {"kind": "c", "count": "x"}, "not_a_number"),
        ("x\n5\n-1\n", {"kind": "c", "count": "x"}, "negative_count"),
        ("x,n\n5,4\n1,4\n", {"kind": "p", "count": "x", "size": "n"}, "bad_counts"),
        ("x,n\n5,0\n1,4\n", {"kind": "u", "count": "x", "size": "n"}, "bad_size"),
        ("x\n5\n6\n", {"kind": "p", "count": "x"}, "missing_key"),
        ("x\n5\n6\n", {"kind": "xbar", "count": "x"}, "missing_key"),
        ("x\n5\n6\n", {"kind": "z", "count": "x"}, "wrong_value"),
        ("x\n5\n6\n", {"kind": "c"}, "missing_key"),
        ("x\n5\n6\n", {"kind": "c", "count": "y"}, "no_column"),
        ("x\n5\n6\n", {"kind": "c", "count": "x", "baseline": 3}, "wrong_value"),
        ("x\n5\n6\n", {"kind": "c", "count": "x", "exclude": [3]}, "wrong_value"),
        ("x\n5\n6\n", {"kind": "c", "count": "x", "parts": [2]}, "wrong_value"),
        ("x\n5\n6\n7\n", {"kind": "c", "count": "x", "rules": ["own"]}, "wrong_value"),
        ("x\n5\n6\n7\n", {"kind": "c", "count": "x", "per": 0}, "wrong_value"),
        ("x,g\n5,a\n6,a\n7,b\n", {"kind": "xbar", "count": "x", "group": "g"}, "unequal_groups"),
        ("x\n5\n6\n7\n", {"kind": "ewma", "count": "x", "lambda": 2}, "bad_weight"),
        ("x\n5\n6\n7\n", {"kind": "cusum", "count": "x", "h": 0}, "bad_shift"),
    ],
)  # fmt: skip
def test_bad_questions_are_refused_by_code(rows, spec, code):
    assert refused("chart", rows, spec)[0]["code"] == code
