"""Answers nobody here wrote. Golden figures: R 4.2.2 (ABC survey) and the data sets' own descriptives."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from manyi.cli import main

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def run(file: str, procedure: str, capsys: pytest.CaptureFixture[str]) -> dict:
    path = DATA / file
    if not path.exists():
        pytest.skip(f"{file} is not here")
    assert main(["score", str(path), "--procedure", procedure, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    return told | {"items": {item["item"]: item for item in told["items"]}}


def on_scale(item: dict, low: int, high: int) -> float:
    return float(low + Fraction(item["exact"]) * (high - low) / 100)


# ABC annual survey (Kenett & Salini 2011), expected_R_descriptives.json, R 4.2.2: n, missing, mean
ABC = {
    "satisfaction": (262, 4, 3.5610687023),
    "recommendation": (261, 5, 3.7164750958),
}


def test_the_business_survey_agrees_with_r(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("abc_b2b_annual_survey/ABC2.csv", "b2b_annual", capsys)
    assert told["sheets"] == 266
    for item, (n, missing, mean) in ABC.items():
        row = told["items"][item]
        assert (row["n"] - row["unanswered"], row["unanswered"]) == (n, missing)
        assert on_scale(row, 1, 5) == pytest.approx(mean, abs=1e-9)


def test_every_item_of_the_business_survey_agrees_with_the_reference_beside_the_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = run("abc_b2b_annual_survey/ABC2.csv", "b2b_annual", capsys)
    reference = json.loads((DATA / "abc_b2b_annual_survey/expected_R_descriptives.json").read_text())["items"]
    columns = {
        "satisfaction": "Satisfaction", "recommendation": "Recommendation", "repurchase": "Repurchase",
        "equipment": "Equipment", "sales_support": "SalesSup", "technical_support": "TechnicalSup",
        "suppliers": "Suppliers", "administrative_support": "AdministrativeSup", "terms_and_prices": "TermsCondPrices",
    }  # fmt: skip
    for item, column in columns.items():
        want, row = reference[column], told["items"][item]
        assert row["unanswered"] == want["missing"]
        assert on_scale(row, 1, 5) == pytest.approx(want["mean"], abs=1e-9)
        assert {k: v for k, v in told["grades"][item].items() if k} == want["counts"]


def test_the_index_survey_agrees_with_its_own_columns(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("mobi_ecsi/mobi.csv", "mobile_index", capsys)
    with (DATA / "mobi_ecsi/mobi.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert (told["sheets"], len(told["items"])) == (250, 24)
    assert Fraction(told["items"]["satisfaction_1"]["exact"]) == Fraction(
        sum(int(r["CUSA1"]) - 1 for r in rows) * 100, 9 * 250
    )
    # the plain mean of the three satisfaction items on 0–100, published as 71.97 beside the data
    [satisfaction] = [d for d in told["dimensions"] if d["dimension"] == "satisfaction"]
    assert satisfaction["score"] == pytest.approx(71.97, abs=0.005)


# Airline data: zeros mean "not applicable"; mean_excluding_zero and counts from expected_descriptives.json
AIRLINE = {
    "time_convenience": (6681, 3.2234109043092882),
    "online_booking": (5682, 2.883001336575468),
    "baggage": (0, None),
    "wifi": (3916, 2.813526086818456),
}


def test_the_airline_survey_keeps_not_applicable_out_of_the_means(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("airline_satisfaction_129k/airline_passenger_satisfaction.csv.gz", "airline", capsys)
    assert told["sheets"] == 129_880
    for item, (zeros, mean) in AIRLINE.items():
        row = told["items"][item]
        assert (row["not_applicable"], row["unanswered"]) == (zeros, 0)
        if mean is not None:
            assert on_scale(row, 1, 5) == pytest.approx(mean, rel=1e-12)
