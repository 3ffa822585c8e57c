"""Clauses that are absent, unserved or half written, and doubts that are open again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.language.mutating import GONE, File, Site, at, leaves, plain
from tests.language.mutations.registry import mutation

from manyi.language.model.procedure import Path


@mutation
def a_clause_without_a_rule(file: File) -> Iterator[Site]:
    last = list(file.tree.get("clauses", {}))
    for number in last[-1:]:
        yield Site(
            ("clauses", f"{number}.1"),
            {"text": {"zh": "另有规定。", "en": "There is one more rule."}},
            also=(("clauses",),),
        )


@mutation
def a_clause_removed(file: File) -> Iterator[Site]:
    for number in file.tree.get("clauses", {}):
        if number in file.procedure.rules_by_clause():
            served = file.procedure.rules_by_clause()[number]
            yield Site(("clauses", number), GONE, also=tuple((*path, "clause") for path in served))


@mutation
def a_clause_misnumbered_in_a_rule(file: File) -> Iterator[Site]:
    for path, value in leaves(file.tree):
        if path[-1] == "clause" and path[0] not in ("clauses", "procedure"):
            yield Site(path, f"{value}9")


@mutation
def a_language_of_a_clause_left_out(file: File) -> Iterator[Site]:
    for number, clause in file.tree.get("clauses", {}).items():
        if isinstance(clause.get("text"), dict):
            yield Site(("clauses", number, "text", "en"), GONE)


@mutation
def the_rules_of_a_clause_forgotten(file: File) -> Iterator[Site]:
    """Every rule that names the clause names another one instead."""
    for number, served in file.procedure.rules_by_clause().items():
        others = [other for other in file.procedure.clauses if other != number]
        places = [(*path, "clause") for path in served]
        if number in file.procedure.clauses and others and all(_written(file, path, number) for path in places):
            first, *rest = places
            yield Site(first, others[0], also=(("clauses", number),), more=tuple((path, others[0]) for path in rest))


def _written(file: File, path: Path, number: str) -> bool:
    try:
        return bool(at(file.tree, path) == number)
    except (KeyError, IndexError, TypeError):
        return False


def _doubts(node: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(node, dict):
        if not plain(node):
            yield path, node
            return
        for key, value in node.items():
            yield from _doubts(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _doubts(value, (*path, number))


@mutation
def a_reason_removed(file: File) -> Iterator[Site]:
    for path, doubt in _doubts(file.tree):
        if "reason" in doubt:
            yield Site((*path, "reason"), GONE)


@mutation
def a_decision_taken_back(file: File) -> Iterator[Site]:
    for path, doubt in _doubts(file.tree):
        if len({str(reading) for reading in (doubt["readings"] or {}).values()}) > 1 and doubt.get("value") is not None:
            yield Site((*path, "value"), None)


@mutation
def a_settled_figure_changed(file: File) -> Iterator[Site]:
    """Where the reason names the figure."""
    for path, doubt in _doubts(file.tree):
        match = re.fullmatch(r"(\d+)( [a-z ]+|%)", str(doubt.get("value")))
        if match and match[1] in str(doubt.get("reason")):
            yield Site((*path, "value"), f"{int(match[1]) + 7}{match[2]}")
