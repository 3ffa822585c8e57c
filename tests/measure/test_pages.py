"""Every method has its page: what stands in its tables is what the command takes and gives, and its examples run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.measure.data import measure
from tests.measure.pages import FOLDER, HEADINGS, examples, index_table, json_table, section, spec_table

from manyi.commands.measure.methods import METHODS

PAGES = sorted(METHODS)


def page_of(name: str) -> str:
    path = FOLDER / f"{name}.md"
    assert path.exists(), f"docs/reference/measure/{name}.md is missing"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_every_section_and_says_in_chinese_what_it_is_for(name: str) -> None:
    page = page_of(name)
    assert re.findall(r"^## (.+)$", page, re.M) == list(HEADINGS)
    assert page.startswith(f"# `{name}`")
    assert "用途：" in page.split("## ")[0]
    assert all(section(page, heading).strip() for heading in HEADINGS)


@pytest.mark.parametrize("name", PAGES)
def test_a_pages_tables_are_those_of_the_command(name: str) -> None:
    page = page_of(name)
    assert section(page, "Spec keys").strip() == spec_table(METHODS[name]).strip(), "python -m tests.measure.pages"
    assert section(page, "JSON keys").strip() == json_table(METHODS[name]).strip(), "python -m tests.measure.pages"


@pytest.mark.parametrize("name", PAGES)
def test_a_pages_example_prints_what_it_shows(name: str) -> None:
    shown = examples(page_of(name))
    assert shown
    for csv, spec, told in shown:
        found = measure(name, csv, spec)
        assert told
        for key, value in told.items():
            assert close(found[key], value), (key, found[key], value)


@pytest.mark.parametrize("name", PAGES)
def test_an_answer_has_exactly_the_keys_it_promises(name: str) -> None:
    for csv, spec, _ in examples(page_of(name)):
        found = measure(name, csv, spec)
        assert set(found) == {*METHODS[name].gives, "n", "method", "parameters", "data", "warnings"}


def test_the_first_page_lists_every_method() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert section(page, "Methods").strip() == index_table().strip(), "python -m tests.measure.pages"


def test_every_page_belongs_to_a_method() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} - {"README"} == set(METHODS)


def close(found: Any, told: Any) -> bool:
    if isinstance(told, dict):
        return isinstance(found, dict) and found.keys() == told.keys() and all(close(found[k], told[k]) for k in told)
    if isinstance(told, list):
        return isinstance(found, list) and len(found) == len(told) and all(map(close, found, told))
    if isinstance(told, float):
        return bool(found == pytest.approx(told, rel=1e-8, abs=1e-10))
    return bool(found == told)


@pytest.mark.parametrize(("found", "told"), [(1.0, 1.1), ({"a": 1}, {"a": 2}), ([1], [1, 2]), ("a", "b"), (None, 0.5)])
def test_a_difference_is_seen(found: Any, told: Any) -> None:
    assert not close(found, told)
