"""Answers nobody here wrote. The golden figures stand here, the data beside the project."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest

from manyi.cli import main

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def run(file: str, procedure: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict:
    path = DATA / file
    if not path.exists():
        pytest.skip(f"{file} is not here")
    assert main(["score", str(path), "--procedure", procedure, "--json", *more]) == 0
    told = json.loads(capsys.readouterr().out)
    return told | {"items": {item["item"]: item for item in told["items"]}}


def on_scale(item: dict, low: int, high: int) -> float:
    return float(low + Fraction(item["exact"]) * (high - low) / 100)


# ABC annual survey (Kenett & Salini 2011), expected_R_descriptives.json, R 4.2.2: missing, mean, how often 1 … 5
ABC = {
    "satisfaction": (4, 3.5610687023, [11, 25, 70, 118, 38]),
    "recommendation": (5, 3.7164750958, [13, 23, 60, 94, 71]),
    "repurchase": (4, 3.7786259542, [13, 26, 53, 84, 86]),
    "equipment": (9, 3.5719844358, [6, 18, 73, 143, 17]),
    "sales_support": (18, 3.2903225806, [22, 40, 69, 78, 39]),
    "technical_support": (2, 3.7462121212, [13, 32, 38, 107, 74]),
    "suppliers": (14, 3.4087301587, [3, 19, 111, 110, 9]),
    "administrative_support": (23, 3.3909465021, [9, 33, 75, 106, 20]),
    "terms_and_prices": (13, 3.0632411067, [18, 43, 108, 73, 11]),
}


def test_every_item_of_the_business_survey_agrees_with_r(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("abc_b2b_annual_survey/ABC2.csv", "b2b_annual", capsys)
    assert told["sheets"] == 266
    assert told["items"].keys() == ABC.keys()
    for item, (missing, mean, counts) in ABC.items():
        row = told["items"][item]
        assert (row["n"], row["unanswered"], sum(counts) + missing) == (266, missing, 266)
        assert on_scale(row, 1, 5) == pytest.approx(mean, abs=1e-9)
        grades = {grade: n for grade, n in told["grades"][item].items() if grade}
        assert grades == {str(grade): n for grade, n in enumerate(counts, start=1) if n}


def test_the_report_on_the_business_survey_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if find_spec("manyi.papers.write") is None:
        pytest.skip("there is no report yet")
    run("abc_b2b_annual_survey/ABC2.csv", "b2b_annual", capsys, "--out", str(tmp_path / "out"))
    written = {path.suffix: path.stat().st_size for path in (tmp_path / "out").iterdir()}
    assert written.keys() >= {".docx", ".pdf", ".xlsx"}
    assert min(written.values()) > 1000


# mobi (ECSI, semPLS 1.0-10): how much the 250 answers of each item add up to, summed by an independent reading of the
# columns with Python's csv module
MOBI = {
    "image_1": 1910,
    "image_2": 1945,
    "image_3": 1686,
    "image_4": 1897,
    "image_5": 1983,
    "expectation_1": 1895,
    "expectation_2": 1883,
    "expectation_3": 1856,
    "quality_1": 1986,
    "quality_2": 1798,
    "quality_3": 1925,
    "quality_4": 1979,
    "quality_5": 1968,
    "quality_6": 1944,
    "quality_7": 1898,
    "value_1": 1539,
    "value_2": 1729,
    "satisfaction_1": 1997,
    "satisfaction_2": 1782,
    "satisfaction_3": 1829,
    "complaints_handling": 1767,
    "loyalty_1": 1863,
    "loyalty_2": 1247,
    "loyalty_3": 1917,
}


def test_every_item_of_the_index_survey_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("mobi_ecsi/mobi.csv", "mobile_index", capsys)
    assert (told["sheets"], told["items"].keys()) == (250, MOBI.keys())
    for item, total in MOBI.items():
        row = told["items"][item]
        assert (row["n"], row["unanswered"]) == (250, 0)
        assert Fraction(row["exact"]) == (Fraction(total, 250) - 1) * 100 / 9
    # the plain mean of the three satisfaction items on 0–100, published as 71.97 beside the data
    [satisfaction] = [d for d in told["dimensions"] if d["dimension"] == "satisfaction"]
    assert satisfaction["score"] == 71.97


# Airline data, expected_descriptives.json: zeros, which mean "not applicable", and the mean without them
AIRLINE = {
    "time_convenience": (6681, 3.2234109043092882),
    "online_booking": (5682, 2.883001336575468),
    "check_in": (1, 3.3062927802031123),
    "online_boarding": (3080, 3.331640378548896),
    "gate_location": (1, 2.976947774467004),
    "on_board_service": (5, 3.3831530317613088),
    "seat_comfort": (1, 3.441387753216455),
    "leg_room": (598, 3.366377376587615),
    "cleanliness": (14, 3.286680116427702),
    "food_and_drink": (132, 3.2080340352067083),
    "in_flight_service": (5, 3.642333012512031),
    "wifi": (3916, 2.813526086818456),
    "entertainment": (18, 3.3585421447382604),
    "baggage": (0, 3.632114259316292),
}


def test_the_airline_survey_keeps_not_applicable_out_of_the_means(capsys: pytest.CaptureFixture[str]) -> None:
    told = run("airline_satisfaction_129k/airline_passenger_satisfaction.csv.gz", "airline", capsys)
    assert (told["sheets"], told["items"].keys()) == (129_880, AIRLINE.keys())
    for item, (zeros, mean) in AIRLINE.items():
        row = told["items"][item]
        assert (row["n"], row["not_applicable"], row["unanswered"]) == (129_880, zeros, 0)
        assert on_scale(row, 1, 5) == pytest.approx(mean, rel=1e-12)
        assert told["grades"][item].get("0", 0) == zeros
