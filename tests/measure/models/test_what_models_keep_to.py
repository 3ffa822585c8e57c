"""What holds whatever the data: sums, seeds, orders, scales; and what is said when something is missing or not settled."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measure.data import call, measure
from tests.measure.models.cases import by_path, made

from manyi.commands.measure.models.template import TEMPLATES, read_template
from manyi.measure.linear import solve_symmetric
from manyi.measure.pls.model import path_model
from manyi.measure.pls.structure import total_effects
from manyi.measure.reliability import alpha_of
from manyi.measure.resampling import bca_interval, left_out_moments, percentile_interval, resampled_moments

THREE = {
    "paths": [["a", "b"], ["a", "c"], ["b", "c"]],
    "blocks": {"a": ["a1", "a2", "a3"], "b": ["b1", "b2"], "c": ["c1", "c2", "c3"]},
    "scale": [1, 7], "bootstrap": 50,
}  # fmt: skip
DATA = made(1, 120, {"a": 3, "b": 2, "c": 3})


def turned(csv: str, seed: int) -> str:
    head, *rows = csv.strip().split("\n")
    return "\n".join([head, *np.random.default_rng(seed).permutation(rows).tolist()])


def close(found: Any, want: Any) -> None:
    if isinstance(want, dict):
        assert found.keys() == want.keys()
        for key in want:
            close(found[key], want[key])
    elif isinstance(want, list):
        assert len(found) == len(want)
        for one, other in zip(found, want, strict=True):
            close(one, other)
    elif isinstance(want, float):
        assert found == pytest.approx(want, rel=1e-7, abs=1e-9)
    else:
        assert found == want


@pytest.mark.parametrize(
    ("method", "spec"),
    [("plspm", THREE), ("index", THREE), ("alpha", {"items": ["a1", "a2", "a3"]}), ("omega", {"items": ["c1", "c2", "c3"]}),
     ("drivers", {"outcome": "c1", "bootstrap": 50})],
)  # fmt: skip
def test_the_order_of_rows_changes_nothing_not_even_intervals(method: str, spec: dict[str, Any]) -> None:
    one, other = measure(method, DATA, spec), measure(method, turned(DATA, 3), spec)
    for told in (one, other):
        told.pop("data")
        told.pop("iterations", None)
    close(other, one)


def test_a_seed_is_its_resamples() -> None:
    one, again, other = (measure("plspm", DATA, {**THREE, "seed": seed})["paths"] for seed in (1, 1, 2))
    assert one == again
    assert by_path(one, "se") != by_path(other, "se")
    assert by_path(one) == by_path(other)


def test_a_quoted_whole_or_decimal_cell_is_the_same_number() -> None:
    head, *rows = DATA.strip().split("\n")
    quoted = "\n".join([head, *(",".join(f'"{cell}.0"' for cell in row.split(",")) for row in rows)])
    assert measure("plspm", quoted, THREE)["paths"] == measure("plspm", DATA, THREE)["paths"]


def test_another_unit_leaves_the_standardised_model_as_it_is() -> None:
    head, *rows = DATA.strip().split("\n")
    stretched = "\n".join([head, *(",".join(str(10 * int(cell) - 10) for cell in row.split(",")) for row in rows)])
    one, other = measure("plspm", DATA, THREE), measure("plspm", stretched, {**THREE, "scale": [0, 60]})
    close(by_path(other["paths"]), by_path(one["paths"]))
    close(other["index"], one["index"])


def test_a_reversed_scale_turns_the_index_over() -> None:
    head, *rows = DATA.strip().split("\n")
    over = "\n".join([head, *(",".join(str(8 - int(cell)) for cell in row.split(",")) for row in rows)])
    one, other = measure("index", DATA, THREE), measure("index", over, THREE)
    assert [100 - row["index"] for row in other["rows"]] == pytest.approx([row["index"] for row in one["rows"]])
    close(other["weights"], one["weights"])


def test_weights_of_an_index_add_up_and_the_index_stays_on_its_scale() -> None:
    told = measure("index", DATA, THREE)
    for items in THREE["blocks"].values():  # type: ignore[attr-defined]
        assert sum(told["weights"][item] for item in items) == pytest.approx(1)
    assert all(0 <= row["lower"] <= row["index"] <= row["upper"] <= 100 for row in told["rows"])
    # a single-item construct moves point for point with itself: the path a → b in index units
    assert {row["target"] for row in told["importance_performance"]} == {"b", "c"}


def test_without_a_scale_the_observed_one_stands_in_and_is_named() -> None:
    bare = {key: value for key, value in THREE.items() if key != "scale"}
    told = measure("plspm", DATA, bare)
    assert {w["code"]: w["about"] for w in told["warnings"]}["scale_observed"] == "1–7"
    assert told["index"] == pytest.approx(measure("plspm", DATA, THREE)["index"])


def test_missing_answers_are_filled_or_left_out_and_counted() -> None:
    gaps = DATA.replace("\n", "\n", 1)
    head, first, second, *rows = gaps.strip().split("\n")
    holed = "\n".join([head, "-9" + first[1:], second[:-1] + "", *rows])
    filled = measure("plspm", holed, {**THREE, "missing_codes": [-9]})
    dropped = measure("plspm", holed, {**THREE, "missing_codes": ["-9"], "missing": "listwise"})
    assert (filled["n"], dropped["n"]) == (120, 118)
    assert {w["code"]: w["about"] for w in filled["warnings"]}["missing_filled"] == "a1 1, c3 1"
    assert {w["code"]: w["about"] for w in dropped["warnings"]}["missing_left_out"] == "2 / 120"
    assert dropped["paths"] == measure("plspm", "\n".join([head, *rows]), THREE)["paths"]
    scale = measure("alpha", holed, {"items": ["a1", "a2", "a3"], "missing_codes": [-9]})
    assert {w["code"]: w["about"] for w in scale["warnings"]}["pairwise_missing"] == "119–120"
    assert measure("omega", holed, {"items": ["a1", "a2", "a3"], "missing_codes": [-9]})["n"] == 119


def test_what_has_not_converged_says_so() -> None:
    told = measure("plspm", DATA, {**THREE, "max_iterations": 1})
    assert (told["converged"], told["iterations"]) == (False, 1)
    assert "not_converged" in {w["code"] for w in told["warnings"]}
    assert measure("plspm", DATA, THREE)["converged"]


def test_without_resampling_errors_are_empty_and_a_warning_says_why() -> None:
    told = measure("plspm", DATA, {**THREE, "bootstrap": 0})
    assert {row["se"] for row in told["paths"]} == {None}
    assert "no_interval" in {w["code"] for w in told["warnings"]}
    assert measure("drivers", DATA, {"outcome": "c1", "bootstrap": 0})["rows"][0]["lmg_lower"] is None


def test_a_block_of_negative_items_is_turned_and_named() -> None:
    head, *rows = DATA.strip().split("\n")
    cells = [row.split(",") for row in rows]
    over = "\n".join([head, *(",".join(c[:3] + [str(8 - int(v)) for v in c[3:5]] + c[5:]) for c in cells)])
    told, plain = measure("plspm", over, THREE), measure("plspm", DATA, THREE)
    assert told["loadings"]["b1"] > 0
    assert by_path(told["paths"])["a -> b"] == pytest.approx(-by_path(plain["paths"])["a -> b"])
    mixed = "\n".join([head, *(",".join([str(8 - int(c[0])), *c[1:]]) for c in cells)])
    assert "negative_loading" in {w["code"] for w in measure("plspm", mixed, THREE)["warnings"]}


def test_only_resamples_with_an_answer_are_used() -> None:
    rare = "x,y\n" + "\n".join(["1,1", *["0,2"] * 5, *["0,3"] * 5])
    spec = {"paths": [["X", "Y"]], "blocks": {"X": ["x"], "Y": ["y"]}, "bootstrap": 200}
    told = measure("plspm", rare, spec)
    lost = next(w["about"] for w in told["warnings"] if w["code"] == "replicates_lost")
    assert told["replicates"] + int(lost.split(" / ")[0]) == 200
    assert told["paths"][0]["se"] > 0


def test_single_items_give_plain_regression() -> None:
    spec = {"paths": [["x", "y"], ["z", "y"]], "blocks": {"x": ["a1"], "y": ["c1"], "z": ["b1"]}, "bootstrap": 0}
    told = measure("plspm", DATA, spec)
    table = np.array([row.split(",") for row in DATA.strip().split("\n")[1:]], float)
    scaled = (table - table.mean(axis=0)) / table.std(axis=0)
    slopes = np.linalg.lstsq(scaled[:, [0, 3]], scaled[:, 5], rcond=None)[0]
    assert [row["estimate"] for row in told["paths"]] == pytest.approx(slopes.tolist())
    assert told["gof"] is None
    assert "no_gof" in {w["code"] for w in told["warnings"]}
    assert set(told["alpha"].values()) == {1.0}


def test_the_templates_are_models_and_run_with_columns_named() -> None:
    assert len(TEMPLATES) == 3
    for key in TEMPLATES:
        template = read_template(key)
        items = [item for block in template.items.values() for item in block]
        model = path_model(template.paths, template.items)
        assert template.target in model.constructs
        assert set(template.titles) == set(template.items)
        words = [text for block in template.items.values() for text in block.values()]
        assert all(text.zh and text.en for text in (*words, *template.titles.values(), template.title))
        csv = made(2, 80, {"q": len(items)}, grades=10)
        columns = {item: f"q{k}" for k, item in enumerate(items, start=1)}
        told = measure("index", csv, {"template": key, "columns": columns, "bootstrap": 20})
        assert {row["target"] for row in told["importance_performance"]} == {template.target}
        named = csv.replace(csv.split("\n", 1)[0], ",".join(items), 1)
        assert measure("index", named, {"template": key, "bootstrap": 20})["rows"] == told["rows"]


def test_identical_items_and_two_items_are_named() -> None:
    told = measure("alpha", "a,b\n1,1\n2,2\n3,3\n4,4\n")
    codes = {w["code"]: w["about"] for w in told["warnings"]}
    assert told["alpha"] == pytest.approx(1)
    assert told["alpha_if_dropped"] == {"a": None, "b": None}
    assert codes["identical_items"] == "b = a"
    assert "alpha_if_dropped" in codes["not_estimable"]


def test_columns_of_words_are_left_out_by_name() -> None:
    told = measure("alpha", "who,a,b,c\nx,1,2,2\ny,2,3,1\nz,3,3,3\nw,5,4,4\n")
    assert {w["code"]: w["about"] for w in told["warnings"]}["columns_left_out"] == "who"
    assert set(told["item_total"]) == {"a", "b", "c"}


def test_alpha_of_parallel_items_is_spearman_brown() -> None:
    for size in (2, 3, 8):
        matrix = np.full((size, size), 0.4) + 0.6 * np.eye(size)
        assert alpha_of(matrix) == pytest.approx(size * 0.4 / (1 + (size - 1) * 0.4))


def test_total_effects_are_the_sum_over_all_ways() -> None:
    paths = np.zeros((1, 3, 3))
    paths[0, 0, 1], paths[0, 1, 2], paths[0, 0, 2] = 0.5, 0.4, 0.3
    assert total_effects(paths)[0, 0, 2] == pytest.approx(0.3 + 0.5 * 0.4)


def test_moments_of_resamples_are_moments_of_the_rows_drawn() -> None:
    data = np.random.default_rng(2).normal(size=(9, 3))
    [(means, covariances)] = left_out_moments(data)
    for k in range(9):
        rest = np.delete(data, k, axis=0)
        assert means[k] == pytest.approx(rest.mean(axis=0))
        assert covariances[k] == pytest.approx(np.cov(rest, rowvar=False))
    [(means, covariances)] = resampled_moments(data, 4000, 1)
    assert means.mean(axis=0) == pytest.approx(data.mean(axis=0), abs=0.02)
    assert covariances.mean(axis=0) == pytest.approx(np.cov(data, rowvar=False) * 8 / 9, abs=0.05)


def test_bca_of_a_symmetric_statistic_is_the_percentile_interval() -> None:
    data = np.concatenate([np.linspace(-1, 1, 41)])[:, None]
    values = np.concatenate([m for m, _ in resampled_moments(data, 20_000, 1)])
    left = np.concatenate([m for m, _ in left_out_moments(data)])
    bca, plain = bca_interval(values, np.zeros(1), left, 0.9), percentile_interval(values, 0.9)
    assert bca[0] == pytest.approx(plain[0], abs=0.01)
    assert bca[1] == pytest.approx(plain[1], abs=0.01)


@given(st.integers(0, 10_000), st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_a_batch_of_systems_is_solved_as_one_by_one(seed: int, size: int) -> None:
    made = np.random.default_rng(seed).normal(size=(3, size + 2, size))
    matrices = np.swapaxes(made, 1, 2) @ made
    right = made[:, :1].swapaxes(1, 2)
    found, sound = solve_symmetric(matrices, right)
    for k in np.flatnonzero(sound):
        assert matrices[k] @ found[k] == pytest.approx(right[k], abs=1e-6)
    _, none = solve_symmetric(np.ones((1, 2, 2)), np.ones((1, 2, 1)))
    assert not none[0]


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(15, 60))
@settings(max_examples=15, deadline=None)
def test_shares_of_drivers_add_up_to_what_is_explained(seed: int, drivers: int, rows: int) -> None:
    told = measure("drivers", made(seed, rows, {"q": drivers + 1}), {"outcome": "q1", "bootstrap": 0})
    for shares in (told["lmg"], told["johnson"]):
        assert sum(shares.values()) == pytest.approx(told["r_squared"], abs=1e-9)
        assert min(shares.values()) >= -1e-12


CELL = st.sampled_from(["1", "2", "3", "4", "5", "2.5", "", "NA", "-9", "1e5", "x"])
GOOD = st.sampled_from(["1", "2", "3", "4", "5"])


@given(st.data(), st.integers(0, 25), st.booleans())
@settings(max_examples=10, deadline=None)
def test_junk_is_answered_or_refused_and_never_ends_in_an_exception(data: st.DataObject, rows: int, tame: bool) -> None:
    cell = GOOD if tame else st.one_of(GOOD, GOOD, GOOD, CELL)
    body = data.draw(st.lists(st.tuples(cell, cell, cell, cell), min_size=rows, max_size=rows))
    csv = "\n".join(["x,y,z,w", *map(",".join, body)])
    kinds = {
        "plspm": {"paths": [["A", "B"]], "blocks": {"A": ["x", "y"], "B": ["z", "w"]}, "bootstrap": 5,
                  "scheme": data.draw(st.sampled_from(["centroid", "factorial", "path"])),
                  "scaled": data.draw(st.booleans()), "modes": {"A": data.draw(st.sampled_from("AB"))}},
        "alpha": {"items": ["x", "y", "z"], "ordinal": data.draw(st.booleans())},
        "omega": {"items": ["x", "y", "z", "w"]},
        "drivers": {"outcome": "x", "bootstrap": 5},
    }  # fmt: skip
    for method, spec in kinds.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            code, told = call(method, csv, spec)
        assert code in (0, 2)
        if code == 0 and method == "alpha":
            assert told["lower"] <= told["alpha"] <= told["upper"]
