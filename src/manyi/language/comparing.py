"""Two revisions of a procedure compared rule by rule: what came, what went, what reads differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manyi.core.durations import parse_duration
from manyi.core.text import Text
from manyi.language.lint.run import governing_clause
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import DayOfYear
from manyi.language.predicates import parse_predicate
from manyi.language.reading import name_of, title_of_path
from manyi.language.reading.attributes import ATTRIBUTES
from manyi.language.reading.clauses import CHAPTERS, INSIDE
from manyi.language.reading.words import Book, cadence, condition, day, listed, same, span

Kind = Literal["added", "removed", "changed"]
CLAUSES = Text("条文", "Clause")
HEAD = Text("文件", "Document")
WORDS = Text("名称", "Names")
JOIN = " · "


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the chapter, the place in people's words, and what was said before and is said now."""

    kind: Kind
    path: Path
    clause: str
    chapter: Text
    place: Text
    before: Text | None
    after: Text | None


def compare(before: Procedure, after: Procedure) -> tuple[Change, ...]:
    """Every difference of the values that hold, and of the reasons of what was settled, in the order of the file.

    A list whose elements have a ``key`` is compared by key, so that a step or tier put in between moves nothing else.
    """
    values = _differences((), keyed(before.raw), keyed(after.raw))
    found = [_change(before, after, path, old, new) for path, old, new in values]
    return (*found, *_reasons(before, after))


def keyed(node: Any) -> Any:
    """``node`` with every list of maps that have a ``key`` as a map by that key.

    >>> keyed([{"key": "a", "n": 1}])
    {'a': {'n': 1}}
    """
    if isinstance(node, dict):
        return {key: keyed(value) for key, value in node.items()}
    if isinstance(node, list):
        keys = [part.get("key") if isinstance(part, dict) else None for part in node]
        if node and all(isinstance(key, str) for key in keys) and len(set(keys)) == len(keys):
            return {part["key"]: {k: keyed(v) for k, v in part.items() if k != "key"} for part in node}
        return [keyed(part) for part in node]
    return node


MISSING = object()


def _differences(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and not _is_text(old) and not _is_text(new):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences((*path, key), old.get(key, MISSING), new.get(key, MISSING))
    else:
        yield path, old, new


def _is_text(node: dict[str, Any]) -> bool:
    return bool(node) and set(node) <= {"zh", "en"}


def _change(before: Procedure, after: Procedure, path: Path, old: Any, new: Any) -> Change:
    kind: Kind = "added" if old is MISSING else "removed" if new is MISSING else "changed"
    home = before if kind == "removed" else after
    place = _in_file(home.raw, path)
    return Change(
        kind, place, _clause(home, place), _chapter(path), _place(home, path, place),
        None if old is MISSING else _said(before, old, path[-1]),
        None if new is MISSING else _said(after, new, path[-1]),
    )  # fmt: skip


def _clause(home: Procedure, path: Path) -> str:
    return governing_clause(home.raw, path)


def _chapter(path: Path) -> Text:
    first = str(path[0])
    return CHAPTERS.get(first) or {"clauses": CLAUSES, "procedure": HEAD, "words": WORDS}.get(first) or same(first)


def _place(home: Procedure, path: Path, in_file: Path) -> Text:
    """The names of what is around a key, then what the key is called."""
    around: list[Text] = []
    if path[0] in ("clauses", "procedure", "words"):
        around = [name_of(home, str(part)) for part in path[1:2] if path[0] != "procedure"]
    elif len(path) > 1:
        around = [title_of_path(home, in_file)]
    last = path[-1]
    if len(path) > 2 and isinstance(last, str) and last in ATTRIBUTES and last not in INSIDE:
        around.append(ATTRIBUTES[last])
    elif path[0] == "procedure" and isinstance(last, str):
        around.append(ATTRIBUTES.get(last) or same(last))
    return listed(around, JOIN, JOIN) if around else _chapter(path)


def _in_file(raw: Any, path: Path) -> Path:
    """The path in the file of a path by keys: a keyed element's index instead of its key."""
    node: Any = raw
    place: list[str | int] = []
    for part in path:
        if isinstance(node, list):
            index = next((i for i, e in enumerate(node) if isinstance(e, dict) and e.get("key") == part), None)
            if index is None:
                break
            place.append(index)
            node = node[index]
        else:
            place.append(part)
            node = node.get(part) if isinstance(node, dict) else None
    return tuple(place)


def _said(home: Procedure, value: Any, key: str | int = "") -> Text:
    """A value of the file as people read it: names by their titles, texts, terms and conditions in both languages."""
    if isinstance(value, dict) and _is_text(value):
        return Text(str(value.get("zh", "")), str(value.get("en", "")))
    if isinstance(value, dict):
        parts = [(ATTRIBUTES.get(str(k)) or name_of(home, str(k)), _said(home, v, k)) for k, v in value.items()]
        return Text("；".join(f"{k.zh} {v.in_('zh')}".strip() for k, v in parts),
                    "; ".join(f"{k.in_('en')} {v.in_('en')}".strip() for k, v in parts))  # fmt: skip
    if isinstance(value, list):
        return listed(_said(home, part) for part in value)
    text = "" if value is None else str(value)
    try:
        return TOLD[str(key)](home, text) if key in TOLD else name_of(home, text)
    except ValueError:
        return name_of(home, text)


def _condition(home: Procedure, text: str) -> Text:
    return condition(Book(home), parse_predicate(text))


def _day(home: Procedure, text: str) -> Text:
    match = re.fullmatch(r"(\d\d)-(\d\d)", text)
    return day(DayOfYear(int(match[1]), int(match[2]))) if match else day(text)


def _span(home: Procedure, text: str) -> Text:
    return span(parse_duration(text))


TOLD: Mapping[str, Callable[[Procedure, str], Text]] = {
    "where": _condition, "when": _condition, "except": _condition, "among": _condition,
    "within": _span, "keep": _span, "over": _span, "due": _day, "not_before": _day, "frame_on": _day,
    "every": lambda home, text: cadence(text),
}  # fmt: skip
"""How the values of some keys are told; a value the language would not take stays as it is written."""


def _reasons(before: Procedure, after: Procedure) -> Iterator[Change]:
    """Doubts that were settled anew, or whose reason or readings read differently while the value stays."""
    old = {settled.path: settled for settled in before.settled}
    new = {settled.path: settled for settled in after.settled}
    for path in dict.fromkeys((*old, *new)):
        one, two = old.get(path), new.get(path)
        if one and two and (one.reason, one.readings) == (two.reason, two.readings):
            continue
        if bool(one) != bool(two) or one:
            home = after if two else before
            kind: Kind = "changed" if one and two else "added" if two else "removed"
            around = listed((title_of_path(home, path), ATTRIBUTES["reason"]), JOIN, JOIN)
            yield Change(kind, path, _clause(home, path), _chapter(path), around, one.reason if one else None,
                         two.reason if two else None)  # fmt: skip
