"""Every bad table and every bad spec is refused with a code and a hint, never by a traceback and never by a number."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from tests.measure.data import refused

TWO = {"paths": [["A", "B"]], "blocks": {"A": ["x1", "x2"], "B": ["y1"]}, "bootstrap": 10}
FINE = "x1,x2,y1\n1,2,1\n2,1,2\n3,4,2\n4,3,5\n5,5,4\n2,3,3\n"
SPECS: dict[str, dict[str, Any]] = {
    "plspm": TWO,
    "index": {**TWO, "scale": [1, 5]},
    "alpha": {"items": ["x1", "x2", "y1"]},
    "omega": {"items": ["x1", "x2", "y1"]},
    "drivers": {"outcome": "y1", "predictors": ["x1", "x2"]},
}
TABLES = {
    "no_rows": "x1,x2,y1\n",
    "too_few_cases": "x1,x2,y1\n1,2,1\n",
    "constant_column": "x1,x2,y1\n1,2,1\n1,1,2\n1,4,2\n1,3,5\n1,5,4\n",
    "not_a_number": FINE.replace("4,3,5", "4,three,5"),
    "all_missing": "x1,x2,y1\n1,,1\n2,,2\n3,NA,2\n4,,5\n5,,4\n",
    "no_column": FINE.replace("x2", "x3"),
    "too_large": FINE.replace("4,3,5", "4,1e200,5"),
}


@pytest.mark.parametrize("method", SPECS)
@pytest.mark.parametrize("code", TABLES)
def test_a_bad_table_is_refused(method: str, code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        faults = refused(method, TABLES[code], SPECS[method])
    assert {fault["code"] for fault in faults} & {code, "outside_scale" if code == "too_large" else code}


@pytest.mark.parametrize("method", SPECS)
def test_an_infinity_and_two_rows_are_refused(method: str) -> None:
    assert refused(method, FINE.replace("4,3,5", "4,inf,5"), SPECS[method])[0]["code"] == "not_a_number"
    assert refused(method, "x1,x2,y1\n1,2,1\n2,1,2\n", SPECS[method])[0]["code"] == "too_few_cases"


@pytest.mark.parametrize("method", SPECS)
@pytest.mark.parametrize(
    ("change", "code"), [({"level": 1}, "bad_level"), ({"unheard": 1}, "unknown_key"), ({"level": "x"}, "wrong_value")]
)
def test_a_bad_spec_is_refused(method: str, change: dict[str, Any], code: str) -> None:
    assert code in {fault["code"] for fault in refused(method, FINE, {**SPECS[method], **change})}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"paths": [["A", "B"], ["B", "A"]]}, "cyclic_paths"),
        ({"paths": [["A", "A"], ["A", "B"]]}, "cyclic_paths"),
        ({"paths": [["A", "C"]]}, "unknown_construct"),
        ({"paths": []}, "no_paths"),
        ({"paths": [["A", "B"], ["A", "B"]]}, "path_twice"),
        ({"paths": [["A"]]}, "wrong_value"),
        ({"blocks": {"A": ["x1"], "B": []}}, "empty_block"),
        ({"blocks": {"A": ["x1"], "B": ["y1"], "C": ["x2"]}}, "construct_without_path"),
        ({"blocks": {"A": ["x1", "x2"], "B": ["x1"]}}, "item_twice"),
        ({"modes": {"A": "C"}}, "unknown_mode"),
        ({"modes": {"Z": "A"}}, "unknown_construct"),
        ({"scheme": "median"}, "wrong_value"),
        ({"missing": "zero"}, "wrong_value"),
        ({"bootstrap": -1}, "bad_bootstrap"),
        ({"bootstrap": 1}, "bad_bootstrap"),
        ({"seed": -1}, "bad_seed"),
        ({"tolerance": 0}, "bad_tolerance"),
        ({"max_iterations": 0}, "bad_iterations"),
        ({"scale": [5, 1]}, "bad_scale"),
        ({"scale": [1]}, "bad_scale"),
        ({"scale": [1, 4]}, "outside_scale"),
        ({"scales": {"Z": [1, 5]}}, "unknown_construct"),
        ({"template": "unheard"}, "wrong_value"),
    ],
)
def test_what_makes_no_path_model_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused("plspm", FINE, {**TWO, **change})[0]["code"] == code


def test_paths_and_blocks_or_a_template_are_needed() -> None:
    assert refused("plspm", FINE)[0]["code"] == "no_paths"
    assert refused("plspm", FINE, {"paths": [["A", "B"]]})[0]["code"] == "no_blocks"
    assert refused("plspm", FINE, {"template": "ecsi", "columns": {"unheard": "x1"}})[0]["code"] == "unknown_item"
    assert refused("plspm", FINE, {"template": "ecsi"})[0]["code"] == "no_column"
    assert refused("index", FINE, {**SPECS["index"], "target": "C"})[0]["code"] == "unknown_construct"


TWINS = "x1,x2,x3,y1\n" + "\n".join(f"{a},{a},{2 * a},{b}" for a, b in [(1, 2), (2, 1), (3, 5), (4, 3), (5, 5), (6, 4)])


def test_singular_matrices_are_refused() -> None:
    assert refused("drivers", TWINS, {"outcome": "y1", "predictors": ["x1", "x2"]})[0]["code"] == "singular"
    assert refused("omega", TWINS, {"items": ["x1", "x2", "x3"]})[0]["code"] == "singular"
    formative = {"paths": [["A", "B"]], "blocks": {"A": ["x1", "x2"], "B": ["y1"]}, "modes": {"A": "B"}}
    assert refused("plspm", TWINS, formative)[0]["code"] == "singular"
    same = {"paths": [["A", "C"], ["B", "C"]], "blocks": {"A": ["x1"], "B": ["x2"], "C": ["y1"]}}
    assert refused("plspm", TWINS, same)[0]["code"] == "singular"


def test_fewer_cases_than_items_are_refused() -> None:
    wide = (
        ",".join(f"q{k}" for k in range(6))
        + "\n"
        + "\n".join(["1,2,3,4,5,1", "2,3,1,5,4,2", "3,1,2,1,2,5", "5,4,3,2,1,4"])
    )
    items = [f"q{k}" for k in range(6)]
    assert refused("alpha", wide)[0]["code"] == "too_few_cases"
    assert refused("omega", wide)[0]["code"] == "too_few_cases"
    assert refused("drivers", wide, {"outcome": "q0"})[0]["code"] == "too_few_cases"
    spec = {"paths": [["A", "B"]], "blocks": {"A": items[:3], "B": items[3:]}}
    assert refused("plspm", wide, spec)[0]["code"] == "too_few_cases"


@pytest.mark.parametrize(
    ("method", "spec", "code"),
    [
        ("alpha", {"items": ["x1"]}, "too_few_items"),
        ("alpha", {"items": ["x1", "x1"]}, "column_twice"),
        ("alpha", {"items": []}, "no_columns"),
        ("alpha", {"items": ["x1", "x2"], "reversed": ["y1"]}, "unknown_item"),
        ("omega", {"items": ["x1", "x2"]}, "too_few_items"),
        ("drivers", {"outcome": "y1", "predictors": ["y1"]}, "bad_predictors"),
        ("drivers", {"outcome": "y1", "predictors": []}, "bad_predictors"),
        ("drivers", {"predictors": ["x1"]}, "missing_key"),
        ("drivers", {"outcome": "y9"}, "no_column"),
    ],
)
def test_scales_and_drivers_need_their_columns(method: str, spec: dict[str, Any], code: str) -> None:
    assert refused(method, FINE, spec)[0]["code"] == code


def test_a_text_in_a_column_of_numbers_is_not_left_out_in_silence() -> None:
    assert refused("alpha", FINE.replace("4,3,5", "4,three,5"))[0]["code"] == "not_a_number"


def test_opposite_items_without_a_varying_sum_are_refused() -> None:
    assert refused("alpha", "a,b\n1,5\n2,4\n3,3\n4,2\n")[0]["code"] == "constant_total"
    assert refused("alpha", "a,b\n1,\n2,\n3,\n,1\n,2\n,3\n")[0]["code"] == "no_pairs"


def test_measurements_have_no_ordinal_alpha() -> None:
    many = "a,b\n" + "\n".join(f"{k},{k * k % 29}" for k in range(29))
    assert refused("alpha", many, {"ordinal": True})[0]["code"] == "not_ordinal"
