"""Alpha, omega, ordinal care and drivers against R on real scales."""

from __future__ import annotations

import numpy as np
import pytest
from tests.measure.data import expected, measure, shared
from tests.measure.models.cases import columns
from tests.measure.verification import verified

from manyi.measure.correlations import adequacy, kendall_matrix, polychoric_matrix, rank_correlations
from manyi.measure.drivers import drivers

PSYCH, LAVAAN, RELAIMPO = "psych 2.2.9, R 4.2.2", "lavaan 0.6-14, R 4.2.2", "relaimpo 2.2-7, R 4.2.2"
TURNED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
SCALES = {
    name: [f"{name[0].upper()}{k}" for k in range(1, 6)]
    for name in ("agree", "conscientious", "extraversion", "neuroticism", "openness")
}
BFI, UNIVER = "psych_bfi/bfi.csv", "univer_satisfaction_ordinal/univer.csv"


def scale_spec(name: str) -> dict[str, object]:
    return {"items": SCALES[name], "reversed": [i for i in SCALES[name] if i in TURNED]}


def values(table: dict[str, dict[str, float]]) -> np.ndarray:
    return np.array([list(row.values()) for row in table.values()])


@pytest.mark.parametrize("name", SCALES)
def test_alpha_agrees_with_psych(name: str) -> None:
    told, want = measure("alpha", shared(BFI), scale_spec(name)), expected("psych_bfi/expected_R_psych_lavaan.json")
    scale = want["scales"][name]
    for ours, theirs in (
        ("alpha", "raw_alpha"),
        ("standardised_alpha", "std_alpha"),
        ("guttman_6", "G6"),
        ("average_r", "average_r"),
    ):
        verified(f"alpha: {ours}, {name}", "psych_bfi", PSYCH, scale[theirs], told[ours])
    for ours, theirs in (("alpha_if_dropped", "alpha_drop"), ("item_total", "r_drop")):
        verified(
            f"alpha: {ours}, {name}",
            "psych_bfi",
            PSYCH,
            list(scale[theirs].values()),
            [told[ours][i] for i in scale[theirs]],
        )
    assert told["lower"] < told["alpha"] < told["upper"]
    assert told["n"] == 2800


def test_the_headline_alphas_stand_here() -> None:
    # psych 2.2.9; the package's own documentation prints .70 .73 .76 .81 .60
    want = {"agree": 0.70301844606, "conscientious": 0.72673497293, "extraversion": 0.7617328203,
            "neuroticism": 0.81396294992, "openness": 0.60017251482}  # fmt: skip
    for name, alpha in want.items():
        assert measure("alpha", shared(BFI), scale_spec(name))["alpha"] == pytest.approx(alpha, rel=1e-9)


def test_a_forgotten_reversal_is_seen() -> None:
    told = measure("alpha", shared(BFI), {"items": SCALES["agree"]})
    about = {w["code"]: w["about"] for w in told["warnings"]}
    assert about["negative_item"] == "A1 -0.308"
    assert told["alpha"] < 0.44
    right = measure("alpha", shared(BFI), scale_spec("agree"))
    assert "negative_item" not in {w["code"] for w in right["warnings"]}
    assert "low_alpha" in {w["code"] for w in measure("alpha", shared(BFI), scale_spec("openness"))["warnings"]}


def test_complete_rows_give_the_listwise_alphas() -> None:
    every = [item for items in SCALES.values() for item in items]
    data = columns(BFI, every)
    whole = data[~np.isnan(data).any(axis=1)]
    want = expected("psych_bfi/expected_R_psych_lavaan.json")
    assert len(whole) == want["listwise_n"] == 2436
    csv = "\n".join([",".join(every), *(",".join(f"{v:g}" for v in row) for row in whole)])
    for name, alpha in want["scales_listwise_alpha"].items():
        verified(
            f"alpha: alpha, {name}, complete rows",
            "psych_bfi",
            PSYCH,
            alpha,
            measure("alpha", csv, scale_spec(name))["alpha"],
        )


@pytest.mark.parametrize("name", SCALES)
def test_omega_agrees_with_lavaan(name: str) -> None:
    told = measure("omega", shared(BFI), scale_spec(name))
    want = expected("psych_bfi/expected_R_psych_lavaan.json")["scales"][name]["cfa_omega"]
    assert told["n"] == want["n"]
    verified(f"omega: omega, {name}", "psych_bfi", LAVAAN, want["omega_total_unidim"], told["omega"], rel=1e-4)
    verified(f"omega: AVE, {name}", "psych_bfi", LAVAAN, want["AVE_unstd"], told["ave"], rel=1e-4)
    verified(f"omega: loadings, {name}", "psych_bfi", LAVAAN, list(want["std_loadings"].values()),
             [told["standardised_loadings"][i] for i in want["std_loadings"]], rel=1e-4)  # fmt: skip
    fit = want["fit"]
    verified(f"omega: χ², CFI, RMSEA, SRMR, {name}", "psych_bfi", LAVAAN, [fit[k] for k in ("chisq", "cfi", "rmsea", "srmr")],
             [told[k] for k in ("chi_square", "cfi", "rmsea", "srmr")], rel=1e-4)  # fmt: skip
    assert told["df"] == fit["df"]
    assert told["lower"] < told["omega"] < told["upper"]


def test_one_factor_fits_the_neurotic_items_poorly() -> None:
    told = measure("omega", shared(BFI), scale_spec("neuroticism"))
    assert {w["code"]: w["about"] for w in told["warnings"]}["poor_fit"] == "RMSEA 0.163, CFI 0.925"


def test_the_students_answers_agree() -> None:
    want = expected("univer_satisfaction_ordinal/expected_R.json")
    items = list(want["polychoric"])
    told = measure("alpha", shared(UNIVER), {"items": items, "ordinal": True})
    verified("alpha: alpha", "univer_satisfaction_ordinal", PSYCH, want["alpha"]["raw_alpha"], told["alpha"])
    verified(
        "alpha: ordinal_alpha",
        "univer_satisfaction_ordinal",
        PSYCH,
        want["ordinal_alpha"],
        told["ordinal_alpha"],
        rel=1e-4,
    )
    verified("alpha: alpha_if_dropped", "univer_satisfaction_ordinal", PSYCH, list(want["alpha"]["alpha_drop"].values()),
             [told["alpha_if_dropped"][i] for i in items])  # fmt: skip
    counts = {row["item"]: row["counts"] for row in told["items"]}
    assert counts == {item: row["counts"] for item, row in want["item_stats"].items()}
    factor = measure("omega", shared(UNIVER), {"items": items})
    verified(
        "omega: omega",
        "univer_satisfaction_ordinal",
        LAVAAN,
        want["one_factor"]["omega_total_unidim"],
        factor["omega"],
        rel=1e-4,
    )


def test_correlations_of_ordinal_items_agree() -> None:
    want = expected("univer_satisfaction_ordinal/expected_R.json")
    data = columns(UNIVER, list(want["polychoric"]))
    ours = {"polychoric": (polychoric_matrix(data), 1e-4), "pearson": (np.corrcoef(data, rowvar=False), 1e-6),
            "spearman": (rank_correlations(data), 1e-6), "kendall_tau_b": (kendall_matrix(data), 1e-6)}  # fmt: skip
    for name, (found, tolerance) in ours.items():
        verified(
            f"correlations: {name}",
            "univer_satisfaction_ordinal",
            PSYCH,
            values(want[name]).ravel(),
            found.ravel(),
            rel=tolerance,
        )


def test_polychoric_correlations_of_the_agreeable_items_agree() -> None:
    want = expected("psych_bfi/expected_R_psych_lavaan.json")["polychoric_agree"]
    told = measure("alpha", shared(BFI), {**scale_spec("agree"), "ordinal": True})
    verified("alpha: ordinal_alpha, agree", "psych_bfi", PSYCH, want["ordinal_alpha"], told["ordinal_alpha"], rel=1e-4)
    data = columns(BFI, SCALES["agree"])
    data[:, 0] *= -1
    verified(
        "correlations: polychoric, agree",
        "psych_bfi",
        PSYCH,
        values(want["rho"]).ravel(),
        polychoric_matrix(data).ravel(),
        rel=1e-4,
    )


def test_all_items_are_fit_for_factors() -> None:
    want = expected("psych_bfi/expected_R_psych_lavaan.json")
    data = columns(BFI, list(want["KMO"]["items"]))
    data = data[~np.isnan(data).any(axis=1)]
    found = adequacy(np.corrcoef(data, rowvar=False), len(data))
    verified("correlations: KMO", "psych_bfi", PSYCH, want["KMO"]["overall"], found.kmo)
    verified("correlations: KMO by item", "psych_bfi", PSYCH, list(want["KMO"]["items"].values()), found.items)
    verified("correlations: Bartlett", "psych_bfi", PSYCH, want["bartlett"]["chisq"], found.bartlett)
    assert found.df == want["bartlett"]["df"] == 300


def test_the_drivers_of_fertility_agree_with_relaimpo() -> None:
    want = expected("relaimpo_swiss/expected_R_relaimpo.json")
    told = measure(
        "drivers", shared("relaimpo_swiss/swiss.csv"), {"outcome": "Fertility", "predictors": list(want["lmg"])}
    )
    rows = {row["predictor"]: row for row in told["rows"]}
    assert told["n"] == 47
    verified("drivers: r_squared", "relaimpo_swiss", RELAIMPO, want["R2"], told["r_squared"])
    verified(
        "drivers: lmg", "relaimpo_swiss", RELAIMPO, list(want["lmg"].values()), [told["lmg"][p] for p in want["lmg"]]
    )
    verified("drivers: johnson", "relaimpo_swiss", "Johnson 2000, in R 4.2.2", list(want["johnson_relative_weights_raw"].values()),
             [told["johnson"][p] for p in want["lmg"]])  # fmt: skip
    for ours, theirs in (
        ("share", "lmg_normalised"),
        ("first", "first"),
        ("last", "last"),
        ("pratt", "pratt"),
        ("vif", "vif"),
    ):
        verified(
            f"drivers: {ours}",
            "relaimpo_swiss",
            RELAIMPO,
            list(want[theirs].values()),
            [rows[p][ours] for p in want[theirs]],
        )
    assert [rows[p]["beta"] ** 2 for p in want["betasq"]] == pytest.approx(list(want["betasq"].values()), rel=1e-9)
    # Grömping 2006, JSS 17(1)
    assert told["lmg"]["Education"] == pytest.approx(0.26013468, abs=1e-8)
    codes = {w["code"] for w in told["warnings"]}
    assert codes >= {"few_per_predictor", "small_sample", "suppressor"}
    assert all(row["lmg_lower"] < row["lmg"] < row["lmg_upper"] for row in told["rows"])


def test_the_drivers_of_mileage_are_those_printed_by_rwa() -> None:
    predictors = ["cyl", "disp", "hp", "gear"]
    told = measure("drivers", shared("relaimpo_swiss/mtcars.csv"), {"outcome": "mpg", "predictors": predictors})
    # README of R package rwa: raw weights and rescaled per cent
    verified("drivers: johnson", "mtcars", "rwa, printed", [0.2284797, 0.2221469, 0.2321744, 0.0963886],
             [told["johnson"][p] for p in predictors], rel=5e-7)  # fmt: skip
    verified("drivers: johnson, per cent", "mtcars", "rwa, printed", [29.32274, 28.50999, 29.79691, 12.37037],
             [100 * told["johnson"][p] / told["r_squared"] for p in predictors], rel=5e-7)  # fmt: skip
    assert told["r_squared"] == pytest.approx(0.7791896, abs=5e-8)
    assert "high_vif" in {w["code"] for w in told["warnings"]}


def test_drawn_orders_come_close_to_all_orders() -> None:
    random = np.random.default_rng(5)
    data = random.normal(size=(300, 17)) + random.normal(size=(300, 1))
    drawn, exact = drivers(data, tuple("abcdefghijklmnopq")), drivers(data[:, :9], tuple("abcdefghi"))
    assert not drawn.exact
    assert exact.exact
    assert drawn.lmg.sum() == pytest.approx(drawn.r_squared, rel=1e-9)
    assert 0 < drawn.lmg_se.max() < 0.002
    assert drawn.lmg == pytest.approx(drawn.johnson, abs=0.02)
