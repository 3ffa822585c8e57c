"""Settled values: ``{value, readings, reason}`` wherever a value may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
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
    _lines_inside(lines, {doubt.path for doubt in found})
    return values, tuple(found)


def _lines_inside(lines: dict[Path, int], doubts: set[Path]) -> None:
    """What stands inside a settled value is found without the word ``value`` in its path."""
    for path, line in list(lines.items()):
        short = tuple(part for n, part in enumerate(path) if not (part == "value" and path[:n] in doubts))
        if short not in doubts:
            lines.setdefault(short, line)


def with_readings(
    values: dict[str, Any], settled: tuple[Settled, ...]
) -> Iterator[tuple[Settled, str, dict[str, Any]]]:
    """The tree once for every reading of every settled value, with that one reading in its place.

    Where the document says nothing (no readings), its reading is that the key is absent.
    """
    for doubt in settled:
        if not doubt.readings and isinstance(doubt.path[-1], str):
            yield doubt, "", _changed(values, doubt.path, _without)
        for clause, reading in doubt.readings.items():
            if reading != doubt.value:
                yield doubt, clause, _changed(values, doubt.path, partial(_with, value=reading))


def _changed(node: Any, path: Path, change: Callable[[Any, Any], Any]) -> Any:
    """A copy of ``node`` that differs at ``path`` only; everything beside the path is shared."""
    if len(path) == 1:
        return change(node, path[0])
    return _with(node, path[0], _changed(node[path[0]], path[1:], change))


def _with(node: Any, key: Any, value: Any) -> Any:
    copy = list(node) if isinstance(node, list) else dict(node)
    copy[key] = value
    return copy


def _without(node: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in node.items() if k != key}


def _walk(node: Any, path: Path, lines: dict[Path, int], found: list[Settled], faults: list[Fault], name: str) -> Any:
    if isinstance(node, list):
        return [_walk(part, (*path, n), lines, found, faults, name) for n, part in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if "readings" in node and set(node) <= SETTLED_KEYS and ("value" in node or isinstance(node["readings"], dict)):
        doubt = _settled(node, path, lines, faults, name)
        found.append(doubt)
        # Undecided between readings, the first stands in so that the rest can be checked; the linter reports an error.
        holds = (
            next(iter(doubt.readings.values()), None)
            if doubt.value is None and len(doubt.readings) > 1
            else doubt.value
        )
        return _walk(holds, path, lines, found, faults, name)
    return {key: _walk(value, (*path, key), lines, found, faults, name) for key, value in node.items()}


def _settled(node: dict[str, Any], path: Path, lines: dict[Path, int], faults: list[Fault], name: str) -> Settled:
    readings, reason = node["readings"], node.get("reason")
    if readings is not None and not isinstance(readings, dict):
        message = Text("readings 应为 {条款: 读法}", "readings has to be {clause: reading}")
        hint = Text("没有读法时写 {}", "Write {} where the document says nothing")
        faults.append(Fault("readings", message, hint, table=name, row=lines.get(path, 1), column=path_text(path)))
        readings = {}
    if reason is not None and not _is_text(reason):
        message = Text("reason 应为文字，或 {zh: …, en: …}", "reason has to be a text, or {zh: …, en: …}")
        hint = Text("含逗号的文字请加引号", "Quote a text that has a comma in it")
        row = lines.get((*path, "reason"), lines.get(path, 1))
        faults.append(Fault("reason", message, hint, table=name, row=row, column=path_text((*path, "reason"))))
        reason = None
    text = Text(**reason) if isinstance(reason, dict) else Text(zh=reason, en=reason) if reason else None
    return Settled(path, lines.get(path, 1), node.get("value"), dict(readings or {}), text)


def _is_text(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and set(value) <= {"zh", "en"} and all(isinstance(part, str) for part in value.values())
    return isinstance(value, str)
