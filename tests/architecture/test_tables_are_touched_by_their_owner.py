"""Law 1 where import-linter cannot see it: foreign keys, and whose rows a module reads or writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from manyi.stages import BASES, STAGES

SOURCE = Path(__file__).resolve().parents[2] / "src" / "manyi"
ORDER = [*BASES, *(stage.word for stage in STAGES)]
DOORS = {"objects", "_base_manager", "_default_manager"}


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        if model._meta.app_label in ORDER:
            for field in model._meta.get_fields():
                if field.concrete and field.related_model is not None:
                    yield model._meta.app_label, field.related_model._meta.app_label, f"{model.__name__}.{field.name}"


def test_foreign_keys_point_backwards_only() -> None:
    wrong = [name for own, other, name in foreign_keys() if ORDER.index(other) > ORDER.index(own)]
    assert wrong == []
    assert len(list(foreign_keys())) > 20


def foreign_tables(root: Path) -> Iterator[str]:
    """Uses of ``Model.objects`` where the model belongs to another room or stage."""
    for path in sorted([*root.glob("flow/*/*.py"), *root.glob("base/*/*.py")]):
        own = path.parent.name
        tree = ast.parse(path.read_text(encoding="utf-8"))
        borrowed = {
            (alias.asname or alias.name): node.module.split(".")[-2]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".models")
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in DOORS and isinstance(node.value, ast.Name):
                owner = borrowed.get(node.value.id, own)
                if owner in ORDER and owner != own:
                    yield f"{path.relative_to(root)}:{node.lineno} {node.value.id}.{node.attr}"


def test_a_stage_touches_no_other_stages_tables() -> None:
    assert list(foreign_tables(SOURCE)) == []


@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_planted_fault_is_found(door: str, tmp_path: Path) -> None:
    folder = tmp_path / "flow" / "plan"
    folder.mkdir(parents=True)
    (folder / "queries.py").write_text(f"from manyi.flow.duties.models import Duty\nDuty.{door}.all()\n")
    assert len(list(foreign_tables(tmp_path))) == 1
