"""Writing a procedure file from plain maps, lists and texts, so that reading it gives the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

BARE = re.compile(r"[\w一-龥]([\w一-龥 ./%()（）-]*[\w一-龥%)）])?")
NOTHING = {"null", "~", ""}
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def dump(tree: dict[str, Any]) -> str:
    """The tree as YAML that ``load.read_tree`` reads back to the same tree; ``None`` is written ``null``.

    >>> print(dump({"a": "5.10", "b": [{"c": "x: y"}, None], "d": {}}), end="")
    a: 5.10
    b:
      -
        c: "x: y"
      - null
    d: {}
    """
    return "".join(f"{line}\n" for line in _lines(tree, 0)) if tree else "{}\n"


def _lines(node: dict[str, Any] | list[Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    entries = ((f"{_scalar(key)}:", value) for key, value in node.items()) if isinstance(node, dict) else _items(node)
    for head, value in entries:
        if isinstance(value, dict | list) and value:
            yield f"{indent}{head}"
            yield from _lines(value, depth + 1)
        else:
            yield f"{indent}{head} {_scalar(value)}"


def _items(node: list[Any]) -> Iterator[tuple[str, Any]]:
    return (("-", value) for value in node)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    text = str(value)
    if BARE.fullmatch(text) and text not in NOTHING:
        return text
    return '"' + "".join(_SHORT.get(sign) or (sign if _shown(sign) else _escaped(sign)) for sign in text) + '"'


def _shown(sign: str) -> bool:
    """Signs a YAML reader takes as they are; others, line ends of other scripts among them, are written as numbers."""
    return sign.isprintable() and sign != "\ufeff"


def _escaped(sign: str) -> str:
    return f"\\U{ord(sign):08X}"
