"""The files that ship, as text and as procedures."""

from __future__ import annotations

from functools import cache

from manyi.language.lint import LintFinding, lint
from manyi.language.load import read_procedure
from manyi.language.model.procedure import Procedure
from manyi.library import find_procedure

PROCEDURES = tuple(f"P{number:02}" for number in range(1, 13) if find_procedure(f"P{number:02}"))
SHIPPED = (*PROCEDURES, "airline", "b2b_annual", "mobile_index")


def text_of(name: str) -> str:
    path = find_procedure(name)
    assert path is not None
    return path.read_text(encoding="utf-8")


@cache
def shipped(name: str) -> Procedure:
    return read_procedure(text_of(name), f"{name}.yaml")


@cache
def linted(name: str) -> tuple[LintFinding, ...]:
    """What the linter says of a shipped file, the readings tried; computed once for all tests."""
    return lint(shipped(name))


P12 = text_of("P12")
