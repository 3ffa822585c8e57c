"""Settled values: ``{value, readings, reason}`` wherever a value may stand."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from manyi.core.errors import Fault, Faults
from manyi.core.text import Text
from manyi.language.model.procedure import Path
from manyi.language.model.values import Settled
from manyi.language.wording import path_text

SETTLED_KEYS = frozenset({"value", "readings", "reason"})


def settle(tree: dict[str, Any], lines: dict[Path, int], name: str) -> tuple[dict[str, Any], tuple[Settled, ...]]:
    """The tree with every settled value replaced by what holds, and the list of them."""
    found: list[Settled] = []
    faults: list[Fault] = []
    values = _walk(tree, (), lines, found, faults, name)
    if faults:
        raise Faults(faults)
    return values, tuple(found)


def with_readings(
    values: dict[str, Any], settled: tuple[Settled, ...]
) -> Iterator[tuple[Settled, str, dict[str, Any]]]:
    """The tree once for every reading of every settled value, with that one reading in its place."""
    for doubt in settled:
        for clause, reading in doubt.readings.items():
            if reading != doubt.value:
                yield doubt, clause, _replaced(values, doubt.path, reading)


def _replaced(values: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    tree = copy.deepcopy(values)
    node: Any = tree
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return tree


def _walk(node: Any, path: Path, lines: dict[Path, int], found: list[Settled], faults: list[Fault], name: str) -> Any:
    if isinstance(node, list):
        return [_walk(part, (*path, n), lines, found, faults, name) for n, part in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if "readings" in node and "value" in node and set(node) <= SETTLED_KEYS:
        found.append(_settled(node, path, lines, faults, name))
        return _walk(node["value"], path, lines, found, faults, name)
    return {key: _walk(value, (*path, key), lines, found, faults, name) for key, value in node.items()}


def _settled(node: dict[str, Any], path: Path, lines: dict[Path, int], faults: list[Fault], name: str) -> Settled:
    readings, reason = node["readings"], node.get("reason")
    if readings is not None and not isinstance(readings, dict):
        message = Text("readings 应为 {条款: 读法}", "readings has to be {clause: reading}")
        hint = Text("没有读法时写 {}", "Write {} where the document says nothing")
        faults.append(Fault("readings", message, hint, table=name, row=lines.get(path, 1), column=path_text(path)))
        readings = {}
    if isinstance(reason, dict):
        text = Text(zh=str(reason.get("zh", "")), en=str(reason.get("en", "")))
    else:
        text = Text(zh=str(reason), en=str(reason)) if reason else None
    return Settled(path, lines.get(path, 1), node["value"], dict(readings or {}), text)
