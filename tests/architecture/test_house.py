"""The house rules of STYLE, held by machine. Each rule is a function over a tree, tried on a planted fault as well."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "manyi"
FILE_LINES, FUNCTION_LINES = 400, 40
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "signals", "misc"}
IMPORT_DOORS = ("cli.py", "measure/engines/", "commands/")
CLOCKS = {"now", "today", "utcnow"}
CLOCK_OWNERS = ("date", "datetime", "timezone", "dt")

Rule = Callable[[Path], Iterator[str]]


def modules(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def files_are_short(root: Path) -> Iterator[str]:
    for name, text in modules(root):
        if text.count("\n") > FILE_LINES:
            yield f"{name}: {text.count(chr(10))} lines"


def functions_are_short(root: Path) -> Iterator[str]:
    for name, text in modules(root):
        for function in functions(ast.parse(text)):
            start = (
                function.body[1].lineno if ast.get_docstring(function) and len(function.body) > 1 else function.lineno
            )
            length = (function.end_lineno or start) - start + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{function.lineno} {function.name}: {length} lines"


def imports_stand_at_the_top(root: Path) -> Iterator[str]:
    for name, text in modules(root):
        if name.startswith(IMPORT_DOORS):
            continue
        for function in functions(ast.parse(text)):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{name}:{node.lineno}"


def names_say_what_is_inside(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        if path.stem in FORBIDDEN_NAMES and (path.is_dir() or path.suffix == ".py"):
            yield path.relative_to(root).as_posix()


def modules_say_what_they_are_for(root: Path) -> Iterator[str]:
    for name, text in modules(root):
        if not ast.get_docstring(ast.parse(text)):
            yield name


def pure_rooms_have_no_clock_and_no_chance(root: Path) -> Iterator[str]:
    for name, text in modules(root):
        if not name.startswith(("core/", "language/", "measure/")):
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in CLOCKS
                and ast.unparse(node.value).endswith(CLOCK_OWNERS)
            ):
                yield f"{name}:{node.lineno} {ast.unparse(node)}"
            imported = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {"random", "time", "secrets", "socket"} & set(imported):
                yield f"{name}:{node.lineno} imports {imported}"  # type: ignore[attr-defined]


PLANTED: dict[Rule, tuple[str, str]] = {
    files_are_short: ("core/long.py", '"""Doc."""\n' + "x = 1\n" * (FILE_LINES + 1)),
    functions_are_short: ("core/long.py", '"""Doc."""\ndef f():\n' + "    x = 1\n" * (FUNCTION_LINES + 1)),
    imports_stand_at_the_top: ("core/hidden.py", '"""Doc."""\ndef f():\n    import os\n'),
    names_say_what_is_inside: ("core/utils.py", '"""Doc."""\n'),
    modules_say_what_they_are_for: ("core/mute.py", "x = 1\n"),
    pure_rooms_have_no_clock_and_no_chance: (
        "core/late.py",
        '"""Doc."""\nfrom datetime import date\nx = date.today()\n',
    ),
}


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    assert list(rule(SOURCE)) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_a_planted_fault_is_found(rule: Rule, tmp_path: Path) -> None:
    name, text = PLANTED[rule]
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(rule(tmp_path)) != []


@pytest.mark.parametrize("name", ["django", "scipy", "ibis", "pandas", "typst"])
def test_the_score_command_loads_only_what_it_needs(name: str) -> None:
    code = f"import sys, manyi.cli, manyi.commands.score; sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
