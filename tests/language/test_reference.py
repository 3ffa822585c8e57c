"""The reference says what is built: every key of the model, every check of the registry, and examples that are read."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from tests.language.lint_page import PAGE, page

from manyi.language.events import WORLD
from manyi.language.facts import FACTS
from manyi.language.lint import REGISTRY
from manyi.language.load import read_procedure
from manyi.language.model.fields import FIELD_TYPES
from manyi.language.model.procedure import Procedure
from manyi.language.model.work import EVIDENCE

LANGUAGE = (PAGE.parent / "language.md").read_text(encoding="utf-8")
CODE = {
    word for code in re.findall(r"```yaml.*?```|`[^`]+`", LANGUAGE, re.DOTALL) for word in re.findall(r"[\w.-]+", code)
}
"""Every word that stands as code in the reference."""


def keys_of_the_language() -> dict[str, set[str]]:
    """Every key of every part of the model."""
    found: dict[str, set[str]] = {}
    todo: list[Any] = [Procedure]
    while todo:
        model = todo.pop()
        if model.__name__ not in found:
            found[model.__name__] = {field.alias or name for name, field in model.model_fields.items()}
            for field in model.model_fields.values():
                todo += [part for part in parts_of(field.annotation) if hasattr(part, "model_fields")]
    return found


def parts_of(annotation: Any) -> list[Any]:
    return [annotation, *(inner for part in get_args(annotation) for inner in parts_of(part))]


FIELD = {"choices", "source"}
NOT_WRITTEN = {"NumericScale": {"low", "high"}, "GradedScale": {"grades"}, "FieldRule": FIELD, "Annotated": FIELD}
"""Names of the model for what the file writes as ``{from: 1, to: 10}``, ``{grade: raw score}``, ``[a, b]``,
``{from: table}``."""


@pytest.mark.parametrize(("part", "keys"), keys_of_the_language().items())
def test_every_key_of_the_language_is_in_the_reference(part: str, keys: set[str]) -> None:
    assert keys - NOT_WRITTEN.get(part, set()) - CODE == set()


def test_every_fact_event_field_type_and_proof_is_in_the_reference() -> None:
    facts = {name for names in FACTS.values() for name in names}
    assert ({*facts, *WORLD, *FIELD_TYPES, *EVIDENCE}) - CODE == set()


def test_the_examples_of_the_reference_are_read() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", LANGUAGE, re.DOTALL)
    whole = [block for block in blocks if block.startswith("manyi:")]
    assert whole, "one whole file"
    for block in whole:
        assert read_procedure(block, "example").procedure.key


def test_the_page_of_checks_is_the_registry() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.language.lint_page"
    assert re.findall(r"^\| (\w+) \| (?:error|warning|note)", page(), re.M) == [
        r.id for r in sorted(REGISTRY, key=lambda r: page().index(f"| {r.id} |"))
    ]
    assert len(re.findall(r"^\| [A-Z]\d", page(), re.M)) == len(REGISTRY)
