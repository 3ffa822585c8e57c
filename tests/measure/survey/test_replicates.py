"""Replicate weights against the linearised variance, which they must meet where an estimate is linear."""

from __future__ import annotations

import numpy as np
import pytest
from tests.measure.data import measure, refused

from manyi.measure.designs import design
from manyi.measure.estimation import mean, total
from manyi.measure.replicates import by_replicates, given, replicate

CHANCE = np.random.default_rng(11)
STRATA = np.repeat(np.arange(10), 2)
Y = CHANCE.uniform(1, 5, 20)
PAIRS = design(20, weights=np.repeat(CHANCE.uniform(1, 9, 10), 2), strata=[STRATA])


def total_of(weights: np.ndarray) -> float:
    return float(weights @ Y)


@pytest.mark.parametrize(("kind", "rho"), [("BRR", 0.0), ("Fay", 0.4), ("JKn", 0.0)])
def test_a_total_has_the_variance_of_the_design(kind: str, rho: float) -> None:
    found = by_replicates(total_of, PAIRS.weights, replicate(PAIRS, kind, rho=rho), 20)
    exact = total(Y, PAIRS)
    assert (found.estimate, found.se, found.df) == (pytest.approx(exact.estimate), pytest.approx(exact.se), exact.df)


def test_the_bootstrap_comes_near_it_and_is_its_seeds() -> None:
    units = design(60, strata=[np.repeat([0, 1, 2], 20)], fpc=[np.repeat([40.0, 60, 200], 20)])
    y = CHANCE.normal(size=60)
    by = {
        seed: by_replicates(
            lambda w: float(w @ y / w.sum()), units.weights, replicate(units, "bootstrap", draws=1500, seed=seed), 60
        )
        for seed in (1, 2)
    }
    assert by[1].se == pytest.approx(mean(y, units).se, rel=0.1)
    assert by[1].se != by[2].se
    again = by_replicates(
        lambda w: float(w @ y / w.sum()), units.weights, replicate(units, "bootstrap", draws=1500, seed=1), 60
    )
    assert again == by[1]


def test_weights_that_came_with_the_data_give_what_made_them() -> None:
    made = replicate(PAIRS, "JKn")
    found = given(made.weights, scale=None, rscales=made.rscales, kind="JKn")
    one, two = (by_replicates(total_of, PAIRS.weights, r, 20) for r in (made, found))
    assert one.se == pytest.approx(two.se)
    halves = replicate(PAIRS, "BRR")
    assert by_replicates(
        total_of, PAIRS.weights, given(halves.weights, scale=None, rscales=None, kind="BRR"), 20
    ).se == pytest.approx(one.se)


def test_the_command_takes_columns_of_weights() -> None:
    rows = "y,w,r1,r2,r3\n1,1,0,1.5,1.5\n2,1,1.5,0,1.5\n6,1,1.5,1.5,0\n"
    spec = {"of": "y", "weights": "w", "replicates": "JK1", "replicate_weights": ["r1", "r2", "r3"]}
    assert measure("estimate", rows, spec)["rows"][0]["se"] == pytest.approx(np.std([1, 2, 6], ddof=1) / np.sqrt(3))
    assert refused("estimate", rows, {**spec, "replicates": "JKn"})[0]["code"] == "missing_key"
    assert refused("estimate", rows, {**spec, "rscales": [1, 2]})[0]["code"] == "bad_rscales"
    assert refused("estimate", rows, {**spec, "kind": "quantile"})[0]["code"] == "not_with_replicates"
    assert (
        refused("estimate", "y,w\n1,1\n2,1\n", {"of": "y", "replicates": "bootstrap", "draws": 1})[0]["code"]
        == "bad_draws"
    )


def test_effort_is_rated_by_its_own_end_of_the_scale() -> None:
    rows = "y\n1\n2\n3\n7\n"
    easy = measure("nps", rows, {"of": "y", "kind": "ces", "best": "low"})["rows"][0]
    assert (easy["top"], easy["index"]) == (0.75, pytest.approx(100 * (7 - 13 / 4) / 6))
    assert measure("nps", rows, {"of": "y", "kind": "ces"})["rows"][0]["top"] == 0.25
