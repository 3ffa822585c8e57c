"""B15: no text from outside reaches SQL, templates, a shell or an evaluator unguarded. Static, over the whole source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bars.bar import Bar, Outcome

SOURCE = Path(__file__).resolve().parents[1] / "src" / "manyi"
REVIEWED: dict[str, str] = {
    "tables/": "DuckDB in a process of its own: every name in a query is made in the file, values are parameters",
    "measure/engines/counting.py": "names are made by the caller from c0 … cn, never read from a file",
    "base/evidence/migrations/0002_append_only.py": "table names stand in the file",
}
"""Where SQL is put together from names of our own, and why that is safe."""
QUERIES = {"filter", "exclude", "get", "Q", "annotate", "alias", "order_by", "update", "create"}
SQL = {"raw", "extra", "RawSQL", "execute", "executemany"}
FORBIDDEN_CALLS = {"eval", "exec", "mark_safe", "format_map"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve"}
TEMPLATE = re.compile(r"\|\s*safe\b|autoescape\s+off")

PLANTED = {
    "sql": 'def f(c, x):\n    c.execute(f"SELECT {x}")\n',
    "stars": "def f(m, request):\n    return m.objects.filter(**request.GET)\n",
    "safe": "from django.utils.safestring import mark_safe\n\n\ndef f(x):\n    return mark_safe(x)\n",
    "pickle": "import pickle\n",
    "eval": "def f(x):\n    return eval(x)\n",
    "shell": "import subprocess\n\n\ndef f(x):\n    subprocess.run(x, shell=True)\n",
    "yaml": "import yaml\n\n\ndef f(x):\n    return yaml.load(x)\n",
    "format": "def f(x, y):\n    return x.format(y)\n",
}


def findings(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for what in _wrong(node, name):
                yield f"{name}:{getattr(node, 'lineno', 0)} {what}"
    for path in sorted(root.rglob("*.html")):
        if TEMPLATE.search(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root)}: unescaped"


def _wrong(node: ast.AST, name: str) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        modules = {a.name for a in node.names} if isinstance(node, ast.Import) else {node.module or ""}
        if modules & FORBIDDEN_MODULES:
            yield f"imports {modules & FORBIDDEN_MODULES}"
    if not isinstance(node, ast.Call):
        return
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in FORBIDDEN_CALLS or (called == "load" and ast.unparse(node.func) == "yaml.load"):
        yield called
    reviewed = name.startswith(tuple(REVIEWED))
    if called in SQL and not reviewed and node.args and not isinstance(node.args[0], ast.Constant | ast.Name):
        yield f"{called} of a text put together"
    if called in QUERIES and any(k.arg is None and "request" in ast.unparse(k.value) for k in node.keywords):
        yield f"{called}(**request)"
    if any(k.arg == "shell" and ast.unparse(k.value) == "True" for k in node.keywords):
        yield "shell=True"
    of_name = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    if called == "format" and of_name and not name.startswith(("language/", "tables/faults.py", "tables/register.py")):
        yield "str.format of a variable"


def run(full: bool, fault: bool) -> Outcome:
    if not fault:
        found = list(findings(SOURCE))
        return Outcome(not found, f"{len(found)} findings {found[:5]}; {len(REVIEWED)} reviewed places")
    missed = []
    for name, text in PLANTED.items():
        with TemporaryDirectory() as folder:
            (Path(folder) / "planted.py").write_text(text, encoding="utf-8")
            if not list(findings(Path(folder))):
                missed.append(name)
    return Outcome(bool(missed), f"{len(PLANTED) - len(missed)} of {len(PLANTED)} planted lines found")


BAR = Bar("B15", "0 unguarded texts in SQL, queries, templates, shells", "one planted line of each", run)
