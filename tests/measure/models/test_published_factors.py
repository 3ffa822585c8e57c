"""Confirmatory factors, paths between factors and factors looked for, against lavaan, psych and the published figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tests.measure.data import expected
from tests.measure.models.cases import ECSI, MOBI, columns
from tests.measure.verification import verified

from manyi.core.errors import Refusal
from manyi.measure.exploratory import factors, varimax
from manyi.measure.pls.model import loose_blocks, path_model
from manyi.measure.structural import Scaling, Structural, structural

LAVAAN, PSYCH = "lavaan 0.6-14, R 4.2.2", "psych 2.2.9, R 4.2.2"
TALK = "Kim, Kim, Jeong & Yoon, KSQM 2019"
KIOSK = "kiosk_servqual_kano_ipa"
DIMENSIONS = {"tangibles": (4, 5, 6, 22), "security": (19, 20, 21), "economy": (10, 11, 18),
              "convenience": (13, 14, 15, 16, 17), "reliability": (1, 2, 3), "control": (7, 8)}  # fmt: skip
OUTCOMES = {"R1": ["overall1", "overall2"], "R2": ["overall3", "overall4"]}
MEDIATED = [*([name, "R1"] for name in DIMENSIONS), ["R1", "R2"]]
FIGURES = ("chi_square", "df", "p", "cfi", "tli", "rmsea", "srmr", "log_likelihood", "aic", "bic")
THEIRS = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr", "logl", "aic", "bic")


def kiosk(
    column: str, outcomes: bool = False, paths: Sequence[Sequence[str]] = (), scaling: Scaling = "marker"
) -> Structural:
    blocks = {name: [column.format(k) for k in items] for name, items in DIMENSIONS.items()}
    blocks |= OUTCOMES if outcomes else {}
    model = path_model(paths, blocks) if paths else loose_blocks(blocks)
    return structural(columns(f"{KIOSK}/kiosk.csv", model.items), model, scaling)


CASES: dict[str, dict[str, Any]] = {
    "cfa_6f_perceive": {"column": "sq{}_perceive"},
    "cfa_6f_ipa_satisfaction": {"column": "ipa{}_satisfaction"},
    "cfa_6f_plus_R1R2_ipa_satisfaction": {"column": "ipa{}_satisfaction", "outcomes": True},
    "sem_mediating_ipa_satisfaction": {"column": "ipa{}_satisfaction", "outcomes": True, "paths": MEDIATED},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_models_of_the_kiosk_survey_agree_with_lavaan(name: str) -> None:
    want = expected(f"{KIOSK}/expected_R_lavaan_psych.json")[name]
    told, other = kiosk(**CASES[name]), kiosk(**CASES[name], scaling="variance")
    figures, kind = f"structural: {{}}, {name}", KIOSK
    assert told.converged
    assert told.improper == ()
    # lavaan's search rests at a slope of 1e-6 or so, which moves the sixth digit of SRMR
    verified(figures.format("χ², df, p, CFI, TLI, RMSEA, SRMR, log-likelihood, AIC, BIC"), kind, LAVAAN,
             [want["fit"][key] for key in THEIRS], [getattr(told.fit, key) for key in FIGURES], rel=5e-6)  # fmt: skip
    assert other.fit.chi_square == pytest.approx(told.fit.chi_square, rel=1e-9)
    assert other.standardised_se == pytest.approx(told.standardised_se, rel=1e-6)
    ends = told.fit.rmsea_interval
    assert ends is not None
    verified(figures.format("RMSEA, 90 % limits"), kind, LAVAAN,
             [want["fit"]["rmsea.ci.lower"], want["fit"]["rmsea.ci.upper"]], [ends.lower, ends.upper])  # fmt: skip
    verified(figures.format("standardised loadings and paths"), kind, LAVAAN, [row["std"] for row in want["std"]],
             [*told.standardised, *told.standardised_paths], abs=2e-5, rel=1e-5)  # fmt: skip
    verified(figures.format("their standard errors"), kind, LAVAAN, [row["se"] for row in want["std"]],
             [*told.standardised_se, *told.standardised_paths_se], abs=2e-6, rel=1e-5)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_models_of_the_kiosk_survey_are_those_of_the_talk(name: str) -> None:
    want = expected(f"{KIOSK}/expected_published.json")[name]
    told = kiosk(**CASES[name])
    verified(f"structural: χ², {name}, printed", KIOSK, TALK, want["chisq"], told.fit.chi_square, abs=5.1e-4, rel=0)
    verified(f"structural: CFI, RMSEA, {name}, printed", KIOSK, TALK, [want["cfi"], want["rmsea"]],
             [told.fit.cfi, told.fit.rmsea], abs=5.1e-4, rel=0)  # fmt: skip
    assert told.fit.df == want["df"]
    if paths := want.get("std_paths"):
        verified("structural: standardised paths, printed", KIOSK, TALK, list(paths.values()), told.standardised_paths,
                 abs=5.1e-4, rel=0)  # fmt: skip


def test_the_headline_fit_of_the_kiosk_survey_stands_here() -> None:
    # χ² 302.55 with 155 degrees of freedom, CFI 0.898, RMSEA 0.070 (KSQM 2019); satisfaction to coming again 0.810
    fit, mediated = kiosk("sq{}_perceive").fit, kiosk(**CASES["sem_mediating_ipa_satisfaction"])
    assert (round(fit.chi_square, 2), fit.df, round(fit.cfi, 3), round(fit.rmsea, 3)) == (302.55, 155, 0.898, 0.07)
    assert round(float(mediated.standardised_paths[-1]), 3) == 0.81
    assert mediated.r_squared[-1] == pytest.approx(float(mediated.standardised_paths[-1]) ** 2, rel=1e-9)
    assert np.isnan(mediated.r_squared[:-2]).all()


def test_image_and_satisfaction_with_a_mobile_provider_agree_with_lavaan() -> None:
    want = expected("mobi_ecsi/expected_R_lavaan_cbsem_small.json")
    blocks: Any = {"Image": ECSI["blocks"]["Image"], "Sat": ECSI["blocks"]["Satisfaction"]}  # type: ignore[index]
    model = path_model([["Image", "Sat"]], blocks)
    told = structural(columns(MOBI, model.items), model)
    # χ² 41.600, df 19, CFI 0.963, TLI 0.945, RMSEA 0.069
    assert (round(told.fit.chi_square, 1), told.fit.df, round(told.fit.rmsea, 3)) == (41.6, 19, 0.069)
    verified("structural: χ², df, p, CFI, TLI, RMSEA, SRMR, log-likelihood, AIC, BIC", "mobi_ecsi", LAVAAN,
             [want["fit"][key] for key in THEIRS], [getattr(told.fit, key) for key in FIGURES])  # fmt: skip
    rows = {kind: [row for row in want["est"] if row["op"] == kind] for kind in ("=~", "~", "~~")}
    own = rows["~~"][: len(model.items)]
    for figure, key, kinds in (
        ("estimates", "est", (told.loadings, told.paths, told.errors)),
        ("standard errors", "se", (told.loadings_se, told.paths_se, told.errors_se)),
    ):
        theirs = [row[key] for row in (*rows["=~"], *rows["~"], *own)]
        verified(f"structural: {figure}", "mobi_ecsi", LAVAAN, theirs, np.concatenate(kinds), rel=1e-5)
    verified("structural: standardised", "mobi_ecsi", LAVAAN, [row["std"] for row in (*rows["=~"], *rows["~"])],
             [*told.standardised, *told.standardised_paths], rel=1e-5)  # fmt: skip
    unexplained = rows["~~"][-1]["std"]
    verified("structural: R² of satisfaction", "mobi_ecsi", LAVAAN, 1 - unexplained, told.r_squared[1], rel=1e-5)


def test_five_factors_of_personality_agree_with_psych() -> None:
    want = expected("psych_bfi/expected_R_psych_lavaan.json")["fa_minres_varimax_5_listwise"]
    data = columns("psych_bfi/bfi.csv", list(want["communality"]))
    data = data[~np.isnan(data).any(axis=1)]
    told = factors(np.corrcoef(data, rowvar=False), 5, len(data))
    verified("exploratory: communalities, five factors", "psych_bfi", PSYCH, list(want["communality"].values()),
             told.communalities, rel=1e-5)  # fmt: skip
    verified("exploratory: TLI, RMSEA, five factors", "psych_bfi", PSYCH, [want["TLI"], want["RMSEA"]],
             [told.tli, told.rmsea])  # fmt: skip
    # R's varimax rests once its criterion grows by less than 1e-5, some turns before the maximum
    verified("exploratory: sums of squared loadings, varimax", "psych_bfi", PSYCH, list(want["SS_loadings"].values()),
             told.explained, rel=2e-3)  # fmt: skip
    assert (told.loadings**2).sum(axis=1) == pytest.approx(told.communalities, rel=1e-12)
    scales = [np.argmax(np.abs(told.loadings[k : k + 5]).sum(axis=0)) for k in range(0, 25, 5)]
    assert sorted(scales) == [0, 1, 2, 3, 4]


def made_items(seed: int = 4, n: int = 300) -> np.ndarray:
    random = np.random.default_rng(seed)
    first = random.normal(size=n)
    second = 0.6 * first + 0.8 * random.normal(size=n)
    return np.column_stack([f + 0.7 * random.normal(size=n) for f in (first, first, first, second, second, second)])


TWO = {"A": ["a1", "a2", "a3"], "B": ["b1", "b2", "b3"]}


def test_units_change_nothing_that_is_standardised() -> None:
    data, units = made_items(), np.array([1, 1000, 0.01, -1, 5, 20.0])
    for model in (loose_blocks(TWO), path_model([["A", "B"]], TWO)):
        plain, scaled = structural(data, model), structural(data * units, model, "variance")
        assert scaled.fit.chi_square == pytest.approx(plain.fit.chi_square, rel=1e-7)
        assert np.abs(scaled.standardised) == pytest.approx(np.abs(plain.standardised), rel=1e-6)
        assert scaled.standardised_se == pytest.approx(plain.standardised_se, rel=1e-6)
    assert np.abs(scaled.standardised_paths) == pytest.approx(np.abs(plain.standardised_paths), rel=1e-6)


def test_a_wrong_factor_is_seen_in_the_fit() -> None:
    data = made_items()
    right = structural(data, loose_blocks(TWO)).fit
    wrong = structural(data[:, [0, 3, 1, 4, 2, 5]], loose_blocks(TWO)).fit
    assert right.p is not None
    assert right.p > 0.01
    assert right.cfi > 0.98
    assert wrong.chi_square > right.chi_square + 50
    assert wrong.cfi < 0.95


def test_three_items_of_one_factor_fit_by_construction() -> None:
    told = structural(made_items()[:, :3], loose_blocks({"A": ["a1", "a2", "a3"]}))
    among = np.corrcoef(made_items()[:, :3], rowvar=False)
    assert (told.fit.df, told.fit.p, told.fit.rmsea_interval) == (0, None, None)
    assert told.fit.chi_square == pytest.approx(0, abs=1e-8)
    # three correlations settle three loadings: λ₁² = r₁₂ r₁₃ ÷ r₂₃
    assert told.standardised[0] ** 2 == pytest.approx(among[0, 1] * among[0, 2] / among[1, 2], rel=1e-7)


def test_varimax_finds_a_simple_structure_again() -> None:
    simple = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.9], [0, 0.5], [0, 0]])
    turn = np.array([[np.cos(0.6), -np.sin(0.6)], [np.sin(0.6), np.cos(0.6)]])
    found = varimax(simple @ turn)
    assert np.sort(np.abs(found), axis=1) == pytest.approx(np.sort(simple, axis=1), abs=1e-6)


@pytest.mark.parametrize(
    ("model", "places", "code"),
    [
        (loose_blocks({"A": ["a1"], "B": ["b1", "b2"]}), [0, 3, 4], "too_few_items"),
        (path_model([["A", "B"]], TWO, {"A": "B"}), range(6), "formative_block"),
        (loose_blocks({"A": ["a1", "a2"]}), [0, 1], "not_identified"),
        (loose_blocks(TWO), [0, 1, 2, 3, 4, 0], "singular"),
    ],
)
def test_what_cannot_be_settled_is_refused(model: Any, places: Sequence[int], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        structural(made_items()[:, list(places)], model)
    assert refused.value.code == code


@pytest.mark.parametrize(("count", "code"), [(0, "bad_factor_count"), (4, "bad_factor_count")])
def test_more_factors_than_the_items_settle_are_refused(count: int, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        factors(np.corrcoef(made_items(), rowvar=False), count, 300)
    assert refused.value.code == code
