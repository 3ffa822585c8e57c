"""Tables as people and programs save them: row names, undeclared codes, other separators, dates in a spec."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.measure.data import call, measure, refused

from manyi.commands.measure import run as command
from manyi.commands.measure.method import Answer
from manyi.commands.measure.methods import METHODS

GRADES = [(1 + i % 5, 1 + (i + i // 7) % 5, 1 + (i * 3 + i // 5) % 5) for i in range(40)]
HEAD = ["a", "b", "c"]


def sheet(rows: list[tuple[Any, ...]], head: list[str], sep: str = ",", end: str = "\n") -> str:
    return end.join(sep.join(map(str, row)) for row in [head, *rows]) + end


PLAIN = sheet(GRADES, HEAD)


def codes(told: dict[str, Any]) -> dict[str, str]:
    return {warning["code"]: warning["about"] for warning in told["warnings"]}


@pytest.mark.parametrize("head", ['""', "id", "ID", "rowname", "RowNames", "row.names", "编号"])
def test_a_column_that_names_the_rows_is_no_item(head: str) -> None:
    named = sheet([(1000 + i, *row) for i, row in enumerate(GRADES)], [head, *HEAD])
    found = measure("alpha", named)
    assert found["alpha"] == measure("alpha", PLAIN)["alpha"]
    assert codes(found)["row_names_left_out"] == head
    assert [item["item"] for item in found["items"]] == HEAD


def test_row_names_of_letters_and_drivers_without_predictors() -> None:
    quoted = sheet([(f'"r{i}"', *row) for i, row in enumerate(GRADES)], ['""', '"a"', '"b"', '"c"'])
    assert codes(measure("alpha", quoted))["row_names_left_out"] == '""'
    found = measure("drivers", sheet([(i, *row) for i, row in enumerate(GRADES)], ["id", *HEAD]), {"outcome": "a"})
    assert codes(found)["row_names_left_out"] == "id"


def test_an_item_that_happens_to_be_called_id_stays_one() -> None:
    found = measure("alpha", sheet(GRADES, ["id", "b", "c"]))
    assert "row_names_left_out" not in codes(found)
    assert [item["item"] for item in found["items"]] == ["id", "b", "c"]


@pytest.mark.parametrize("code", [-99, -9, 99, 999, 9999])
def test_a_code_nobody_declared_is_told_and_changes_nothing(code: int) -> None:
    rows = [*GRADES[:-1], (GRADES[-1][0], code, GRADES[-1][2])]
    found = measure("alpha", sheet(rows, HEAD))
    assert codes(found)["likely_missing_code"] == f"b: {code} × 1"
    assert next(item for item in found["items"] if item["item"] == "b")["n"] == 40
    declared = measure("alpha", sheet(rows, HEAD), {"missing_codes": [code]})
    assert "likely_missing_code" not in codes(declared)
    one = measure("estimate", sheet(rows, HEAD), {"of": "b"})
    assert codes(one)["likely_missing_code"] == f"b: {code} × 1"
    assert "likely_missing_code" not in codes(measure("estimate", sheet(rows, HEAD), {"of": "a"}))


@pytest.mark.parametrize(
    "values", [list(range(0, 101, 3)), [97, 98, 99, 100, 96], [8.5, 99, 7.5, 9.5], [1, 2, 9, 3], [99, 99, 99, 5]]
)
def test_a_number_among_its_like_is_no_code(values: list[float]) -> None:
    assert "likely_missing_code" not in codes(measure("estimate", sheet([(v,) for v in values], ["y"]), {"of": "y"}))


@pytest.mark.parametrize("sep", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_semicolons_and_tabs_are_told_by_the_head(sep: str, end: str) -> None:
    assert measure("alpha", sheet(GRADES, HEAD, sep, end))["alpha"] == measure("alpha", PLAIN)["alpha"]


def test_a_comma_in_the_head_or_a_quoted_sign_decides_for_the_comma() -> None:
    assert measure("estimate", '"fast; and well",y\n1,2\n2,4\n3,5\n', {"of": "y"})["n"] == 3
    assert measure("estimate", '"fast; and well"\n1\n2\n4\n', {"of": "fast; and well"})["n"] == 3


def test_a_comma_for_the_decimal_point_is_named_with_its_cell() -> None:
    fault = refused("estimate", "x;y\n1;2,5\n2;3,5\n", {"of": "y"})[0]
    assert (fault["code"], fault["row"], fault["column"]) == ("not_a_number", 2, "y")


@pytest.mark.parametrize(
    ("spec", "english", "chinese"),
    [
        ("features = []\n", "features is []; expected at least one [[features]]", "features 为 []，应为至少一个 [[features]]"),
        (
            '[[features]]\nname="f"\nfunctional="a"\ndysfunctional="b"\n' * 2,
            "features.name is 'f'; expected every name once",
            "features.name 为 'f'，应为每个名称只出现一次",
        ),
    ],
)  # fmt: skip
def test_a_list_that_is_empty_or_repeats_itself_says_which(
    spec: str, english: str, chinese: str, tmp_path: Any, capsys: Any
) -> None:
    spec = f'answers = ["1", "2", "3", "4", "5"]\n{spec}'
    fault = refused("kano", PLAIN, spec)[0]
    assert fault["message"] == english
    (tmp_path / "d.csv").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "s.toml").write_text(spec, encoding="utf-8")
    asked = argparse.Namespace(
        method="kano", data=str(tmp_path / "d.csv"), spec=str(tmp_path / "s.toml"), json=True, lang="zh"
    )
    assert command.run(asked) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["message"] == chinese


def test_a_date_in_a_spec_needs_no_quotes() -> None:
    orders = "w,d\na,2026-01-02\na,2026-02-02\n"
    plain = 'kind = "silence"\ncustomer = "w"\ndate = "d"\nuntil = '
    assert (
        measure("loss", orders, plain + "2026-03-01")["overall"]
        == measure("loss", orders, plain + '"2026-03-01"')["overall"]
    )
    code, _ = call("estimate", PLAIN, 'of = "a"\n[margins.b]\nx = 2026-01-01\n')
    assert code == 2


def test_a_value_json_has_not_is_an_error_of_the_method(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(METHODS["alpha"], run=lambda table, spec: Answer({"alpha": {1, 2}}, 3))
    monkeypatch.setattr(command, "METHODS", {"alpha": broken})
    with pytest.raises(TypeError, match="not JSON serializable"):
        call("alpha", PLAIN)
