"""The table of acceptance items: where each stands in its shipped procedure, and what has to stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SYSTEMS: Mapping[str, tuple[str, int]] = {
    "A": ("P01", 37),
    "B": ("P02", 24),
    "C": ("P03", 19),
    "D1": ("P04", 6),
    "D2": ("P05", 9),
    "D3": ("P06", 4),
    "D4": ("P07", 21),
    "D5": ("P08", 22),
    "D6": ("P09", 23),
    "D7": ("P10", 10),
    "D8": ("P11", 8),
    "D9": ("P12", 34),
}
"""For every system of the acceptance list: the procedure that carries it, and how many items it has."""


@dataclass(frozen=True, slots=True)
class Has:
    """What the value at a place has to contain: an element of a list, a key of a map, a part of a text."""

    part: str


@dataclass(frozen=True, slots=True)
class Item:
    """One fact of an acceptance item: at ``path`` of the raw procedure stands ``expected``.

    ``path`` is dotted; the element of a list is addressed by its ``key``, or else by its index. All scalars are texts.
    """

    id: str
    path: str
    expected: str | list[Any] | dict[str, Any] | Has


def ids(system: str) -> set[str]:
    """All ids of a system: ``A-01`` … ``A-37``."""
    return {f"{system}-{number:02}" for number in range(1, SYSTEMS[system][1] + 1)}


def value_at(raw: Any, path: str) -> Any:
    """The plain value at ``path``; raises ``KeyError`` naming the part that is not there.

    A key may itself have dots (``clauses.5.3.1.text``): the longest key that exists is taken.
    """
    parts, node = path.split("."), raw
    while parts:
        taken = next((n for n in range(len(parts), 0, -1) if _stands(node, ".".join(parts[:n]))), 0)
        if not taken:
            raise KeyError(f"{path}: no “{parts[0]}”")
        node, parts = _part(node, ".".join(parts[:taken])), parts[taken:]
    return node


def _stands(node: Any, key: str) -> bool:
    if isinstance(node, list):
        return _place(node, key) is not None
    return isinstance(node, dict) and key in node


def _part(node: Any, key: str) -> Any:
    place = _place(node, key) if isinstance(node, list) else key
    return node[place]


def _place(node: list[Any], key: str) -> int | None:
    for number, part in enumerate(node):
        if isinstance(part, dict) and part.get("key") == key:
            return number
    return int(key) if key.isdecimal() and int(key) < len(node) else None


def agrees(value: Any, expected: Any) -> bool:
    """Whether the value is what the table says."""
    if isinstance(expected, Has):
        return isinstance(value, str | list | dict) and expected.part in value
    return bool(value == expected)
