"""The JSON Schema takes what the loader takes, and says no where the loader says no."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.language.files import SHIPPED, text_of

from manyi.language.load import read_tree
from manyi.language.schema import json_schema

SCHEMA = json_schema()
TYPES = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


def wrong(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """The places where ``value`` is not what ``schema`` asks for: the part of JSON Schema the export uses."""
    if "$ref" in schema:
        return wrong(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[-1]], place)
    if "anyOf" in schema:
        found = [wrong(value, part, place) for part in schema["anyOf"]]
        return [] if [] in found else max(found, key=lambda places: max(map(len, places)))
    if "enum" in schema and value not in schema["enum"]:
        return [place]
    names = schema.get("type", list(TYPES))
    allowed = tuple(
        t
        for name in ([names] if isinstance(names, str) else names)
        for t in (TYPES[name] if isinstance(TYPES[name], tuple) else (TYPES[name],))
    )
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        return [place]
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return [place]
    if isinstance(value, list):
        return [p for n, part in enumerate(value) for p in wrong(part, schema.get("items", {}), f"{place}/{n}")]
    return _wrong_map(value, schema, place) if isinstance(value, dict) else []


def _wrong_map(value: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
    found = [f"{place}/{key}" for key in schema.get("required", ()) if key not in value]
    if len(value) < schema.get("minProperties", 0):
        found.append(place)
    for key, part in value.items():
        inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
        found += [f"{place}/{key}"] if inner is False else wrong(part, inner or {}, f"{place}/{key}")
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_are_what_the_schema_asks_for(name: str) -> None:
    as_texts, _ = read_tree(text_of(name), name)
    assert wrong(as_texts, SCHEMA) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_so_they_are_for_an_editor_that_reads_numbers_and_yes_or_no(name: str) -> None:
    as_an_editor_sees_it = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text_of(name)), default=str))
    assert wrong(as_an_editor_sees_it, SCHEMA) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("programmes", "annual_survey", "smaple"), {}),
        (("programmes", "annual_survey", "steps", 0, "whitin"), "3 days"),
        (("programmes", "annual_survey", "score", "over"), "asked"),
        (("programmes", "annual_survey", "opens", "in"), "Dezember"),
        (("roles", "sales_company", "title"), ["a"]),
        (("roles", "sales_company", "one_person"), "maybe"),
        (("questionnaires", "satisfaction_sheet", "points"), "many"),
        (("questionnaires", "satisfaction_sheet", "scale"), []),
        (("procedure", "key"), None),
        (("manyi",), "2"),
    ],
)
def test_a_fault_is_seen_by_the_editor(path: tuple[str | int, ...], value: Any) -> None:
    tree, _ = read_tree(text_of("P12"), "P12")
    node: Any = copy.deepcopy(tree)
    root = node
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    assert wrong(root, SCHEMA) != []


def test_a_settled_value_may_stand_where_a_value_stands() -> None:
    tree, _ = read_tree(text_of("airline"), "airline")
    settled = {"value": tree["procedure"]["title"], "readings": {"1": "x"}, "reason": "y"}
    tree["procedure"]["title"] = settled
    tree["questionnaires"]["passenger_sheet"]["scale"] = {
        "value": {"from": 1, "to": 5},
        "readings": {},
        "reason": {"en": "z"},
    }
    assert wrong(tree, SCHEMA) == []
    assert "readings" in SCHEMA["$defs"]["Settled"]["required"]
