"""Every item of the acceptance list has its place in a shipped procedure, and what it says stands there."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from tests.library.items import SYSTEMS, Has, Item, agrees, ids, value_at

from manyi.language.load import read_procedure
from manyi.language.model.procedure import Procedure
from manyi.library import PROCEDURES

TABLES = {system: importlib.import_module(f"tests.library.items_{system.lower()}").ITEMS for system in SYSTEMS}


@cache
def procedure_of(system: str) -> Procedure:
    key = SYSTEMS[system][0]
    return read_procedure((PROCEDURES / f"{key}.yaml").read_text(encoding="utf-8"), f"{key}.yaml")


def rows() -> Iterator[Any]:
    for system, items in TABLES.items():
        for item in items:
            mark = pytest.mark.accepts(item.id)
            yield pytest.param(system, item, id=f"{item.id} {item.path}", marks=mark)


@pytest.mark.parametrize(("system", "item"), list(rows()))
def test_what_the_document_says_stands_at_its_place(system: str, item: Item) -> None:
    value = value_at(procedure_of(system).raw, item.path)
    assert agrees(value, item.expected), value


@pytest.mark.parametrize("system", TABLES)
def test_every_item_of_the_system_stands_in_its_table(system: str) -> None:
    assert {item.id for item in TABLES[system]} == ids(system)


def test_the_list_has_217_items() -> None:
    assert sum(count for _, count in SYSTEMS.values()) == 217


RAW = {"clauses": {"5.1": {"text": "within 8 hours"}}, "steps": [{"key": "handle", "inform": ["office"]}]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("clauses.5.1.text", "within 8 hours"),
        ("clauses.5.1.text", Has("8 hours")),
        ("steps.handle.inform", ["office"]),
        ("steps.0.inform", Has("office")),
    ],
)
def test_a_place_is_found_by_key_index_and_clause_number(path: str, expected: Any) -> None:
    assert agrees(value_at(RAW, path), expected)


@pytest.mark.parametrize("expected", ["within 9 hours", Has("9 hours"), [], {}])
def test_another_figure_does_not_agree(expected: Any) -> None:
    assert not agrees(value_at(RAW, "clauses.5.1.text"), expected)


@pytest.mark.parametrize("path", ["clauses.5.2.text", "steps.answer.role", "steps.1", "clauses.5.1.text.zh"])
def test_a_place_that_is_not_there_is_told(path: str) -> None:
    with pytest.raises(KeyError, match="no “"):
        value_at(RAW, path)
