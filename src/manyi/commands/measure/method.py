"""How a method of the library is offered as a command: its keys, what it gives, and the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.commands.measure.table import DataTable
from manyi.core.text import Text
from manyi.measure.results import Warned

Kind = Literal["text", "texts", "columns", "number", "whole", "yes", "pairs", "groups", "tables", "map"]
"""text · list of texts · one text or a list of them · number · whole number · true/false · [["A","B"], …] · {A = ["x1", …]} · [[tables]] · {A = …}."""

REQUIRED = object()
"""The default of a key that has none."""


@dataclass(frozen=True, slots=True)
class SpecKey:
    """One key of a method's spec file."""

    name: str
    kind: Kind
    says: Text
    default: Any = REQUIRED
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method found: its values under the keys it promises, the cases used, and its warnings."""

    values: Mapping[str, Any]
    n: int
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """One method: ``run`` gets the table and the checked spec, every key present."""

    name: str
    version: str
    title: Text
    keys: tuple[SpecKey, ...]
    gives: Mapping[str, Text]
    run: Callable[[DataTable, Mapping[str, Any]], Answer]
    example: Mapping[str, Any] = field(default_factory=dict)
