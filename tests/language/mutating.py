"""Changing one place of a procedure's file, and asking the linter whether it names that place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.language.files import text_of

from manyi.core.errors import Faults
from manyi.language.lint import LintFinding, open_findings
from manyi.language.load import build, read_tree
from manyi.language.model.procedure import Path, Procedure
from manyi.language.settled import SETTLED_KEYS, settle

GONE = object()
"""In the place of a value: the key is taken away."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where one mutation is made, what comes there, and where else the fault may be told."""

    path: Path
    value: Any
    also: tuple[Path, ...] = ()
    more: tuple[tuple[Path, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A shipped file: its tree as written, with settled values, and the line of every path."""

    name: str
    tree: dict[str, Any]
    lines: dict[Path, int]
    procedure: Procedure


@cache
def file_of(name: str) -> File:
    tree, lines = read_tree(text_of(name), name)
    return File(name, tree, lines, _read(tree, dict(lines)))


def _read(tree: dict[str, Any], lines: dict[Path, int]) -> Procedure:
    values, settled = settle(tree, lines, "mutated")
    return build(values, lines, "mutated").remember(lines, settled, values)


@cache
def before(name: str) -> frozenset[tuple[str, str]]:
    """What is open in the file as it ships."""
    return frozenset((f.id, f.path) for f in open_findings(file_of(name).procedure, "error", "warning"))


@dataclass(frozen=True, slots=True)
class Told:
    """What the linter says of a mutated file: ids, whether something new is found, whether at the right line."""

    ids: tuple[str, ...]
    caught: bool


def tell(file: File, site: Site) -> Told:
    """Mutate, read, lint; *caught* is a new finding or fault at the line of the place, its rule or its clause."""
    tree: Any = file.tree
    for path, value in ((site.path, site.value), *site.more):
        tree = changed(tree, path, value)
    right = _right_lines(file, site)
    try:
        procedure = _read(tree, dict(file.lines))
    except Faults as wrong:
        return Told(("fault",), any(fault.row in right for fault in wrong.faults))
    new = [f for f in open_findings(procedure, "error", "warning") if (f.id, f.path) not in before(file.name)]
    return Told(tuple(sorted({f.id for f in new})), any(_is_right(file, f, right, site) for f in new))


def _is_right(file: File, finding: LintFinding, right: set[int], site: Site) -> bool:
    return finding.line in right or (finding.clause != "" and finding.clause in _clauses(file, site.path))


def _right_lines(file: File, site: Site) -> set[int]:
    """The lines of the place, of the rules around it, of the clauses these name, and of the places named beside."""
    paths = [site.path, *site.also, *(path for path, _ in site.more)]
    around = [path[:n] for path in paths for n in range(2, len(path) + 1)]
    around += [
        ("clauses", number, *rest)
        for number in _clauses(file, site.path)
        for rest in ((), ("text",), ("text", "zh"), ("text", "en"))
    ]
    return {file.procedure.line_of(path) for path in around}


def _clauses(file: File, path: Path) -> set[str]:
    """The clauses named by the rules around a place."""
    if path[0] == "clauses" and len(path) > 1:
        return {str(path[1])}
    found: set[str] = set()
    node: Any = file.procedure.raw
    for part in path:
        if isinstance(node, dict) and node.get("clause"):
            named = node["clause"]
            found |= set(named if isinstance(named, list) else [named])
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return found


def changed(node: Any, path: Path, value: Any) -> Any:
    """A copy that differs at ``path`` only."""
    head, rest = path[0], path[1:]
    copy = list(node) if isinstance(node, list) else dict(node)
    if rest:
        copy[head] = changed(node[head], rest, value)  # type: ignore[index]
    elif value is GONE:
        del copy[head]  # type: ignore[arg-type]
    else:
        copy[head] = value  # type: ignore[index]
    return copy


def renamed(file: File, path: Path, name: str) -> Site:
    """The key at ``path`` under another name, in its place; whoever uses the old one may be told."""
    parent = at(file.tree, path[:-1])
    value = {(name if key == path[-1] else key): inner for key, inner in parent.items()}
    return Site(path[:-1], value, also=(path, *uses(file, str(path[-1]))))


def at(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree[part]
    return tree


def uses(file: File, name: str) -> tuple[Path, ...]:
    """Everywhere a value is that name, or begins with it and a dot."""
    return tuple(path for path, value in leaves(file.tree) if _says(value, name) and not TEXTS & set(path))


TEXTS = {"clauses", "title", "words", "reason", "zh", "en", "page", "emits", "references", "code", "fields"}
"""Where words are for people, or for no other rule."""


def _says(value: str, name: str) -> bool:
    return value == name or value.startswith(f"{name}.") or value.endswith(f".{name}") or f"{name} " in f"{value} "


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every written text with its path; nothing inside settled values, which are decided."""
    if isinstance(node, dict):
        if "readings" in node and set(node) <= SETTLED_KEYS:
            return
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from leaves(value, (*path, number))
    elif isinstance(node, str):
        yield path, node


def plain(value: Any) -> bool:
    """Whether a value stands as written: no settled one."""
    return not (isinstance(value, dict) and "readings" in value)


def works(file: File) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Programmes and records as they are written."""
    for chapter in ("programmes", "records"):
        for key, rule in file.tree.get(chapter, {}).items():
            if isinstance(rule, dict):
                yield (chapter, key), rule


def steps(file: File) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Steps as they are written."""
    for path, rule in works(file):
        for number, step in enumerate(rule.get("steps", ())):
            if isinstance(step, dict):
                yield (*path, "steps", number), step
