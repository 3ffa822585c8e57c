"""``python -m tests.acceptance``: the table of acceptance items and the tests that are tied to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
MOST_ITEMS_A_TEST = 5


def tied_tests(root: Path = TESTS) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every test with an ``accepts`` mark, and every row of the tables of items: where it stands, and its items."""
    for path in sorted(root.rglob("items_*.py")):
        rows = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        named = {ast.literal_eval(row.args[0]) for row in rows if ast.unparse(row.func) == "Item" and row.args}
        yield from ((f"{path.relative_to(root)}", (str(item),)) for item in sorted(named))
    for path in sorted(root.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.accepts"):
                        items = tuple(str(a.value) for a in mark.args if isinstance(a, ast.Constant))
                        yield f"{path.relative_to(root)}::{node.name}", items


def main() -> None:
    table: dict[str, list[str]] = {}
    for test, items in tied_tests():
        for item in items:
            table.setdefault(item, []).append(test)
    for item, tests in sorted(table.items()):
        print(item, *tests, sep="\n    ")
    print(f"{len(table)} of 217 acceptance items are tied to a test")


if __name__ == "__main__":
    main()
