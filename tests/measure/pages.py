"""The pages of the methods: their tables are written from the registry, their examples are run.

``python -m tests.measure.pages [METHOD …]`` brings the tables and the printed JSON of the pages up to date.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.measure.data import measure

from manyi.commands.measure.method import REQUIRED, Method, SpecKey
from manyi.commands.measure.methods import METHODS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "measure"
HEADINGS = ("When to use", "Formula", "Assumptions", "Spec keys", "JSON keys", "Example", "How to read it", "Source")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
ALWAYS = """Beside these, every answer has `n`, `method`, `parameters`, `data` and `warnings` ([what they hold](README.md))."""


def spec_table(method: Method) -> str:
    """The keys of the spec file as the registry knows them."""
    if not method.keys:
        return "None.\n"
    rows = [f"| `{k.name}` | {k.kind} | {_default(k)} | {_meaning(k)} |" for k in method.keys]
    return "\n".join(["| key | kind | default | meaning |", "|---|---|---|---|", *rows]) + "\n"


def json_table(method: Method) -> str:
    """The keys of the answer as the registry promises them."""
    rows = [f"| `{name}` | {says.in_('en')} |" for name, says in method.gives.items()]
    return "\n".join(["| key | meaning |", "|---|---|", *rows]) + f"\n\n{ALWAYS}\n"


def index_table() -> str:
    """Every method with its page, for the first page of the folder."""
    rows = [
        f"| [{name}]({name}.md) | {method.title.in_('en')} | {method.title.in_('zh')} |"
        for name, method in sorted(METHODS.items())
    ]
    return "\n".join(["| method | | |", "|---|---|---|", *rows]) + "\n"


def _default(key: SpecKey) -> str:
    if key.default is REQUIRED:
        return "required"
    return "—" if key.default is None else f"`{json.dumps(key.default, ensure_ascii=False)}`"


def _meaning(key: SpecKey) -> str:
    choices = f" ({', '.join(f'`{choice}`' for choice in key.choices)})" if key.choices else ""
    return f"{key.says.in_('en')}{choices}".replace("|", "\\|")


def section(page: str, heading: str) -> str:
    """The text under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n+(.*?)(?=^## |\Z)", page, re.M | re.S)
    return found[1] if found else ""


def examples(page: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Every example: the CSV, the spec, and what the page says is printed of it."""
    blocks = BLOCK.findall(section(page, "Example"))
    found, csv, spec = [], "", ""
    for kind, text in blocks:
        if kind == "csv":
            csv, spec = text, ""
        elif kind == "toml":
            spec = text
        elif kind == "json":
            found.append((csv, spec, json.loads(text)))
    return found


def refresh(method: Method, page: str) -> str:
    """The page with its tables written anew and its examples' JSON as printed, of the keys it shows."""
    for heading, table in (("Spec keys", spec_table(method)), ("JSON keys", json_table(method))):
        page = page.replace(f"## {heading}\n\n{section(page, heading)}", f"## {heading}\n\n{table}\n")
    shown = section(page, "Example")
    printed = shown
    for (csv, spec, told), block in zip(
        examples(page), re.findall(r"^```json\n.*?^```$", shown, re.M | re.S), strict=True
    ):
        found = measure(method.name, csv, spec)
        keys = told or dict.fromkeys((*method.gives, "warnings"))
        new = "{\n" + ",\n".join(f" {json.dumps(k)}: {_compact(found[k])}" for k in keys) + "\n}"
        printed = printed.replace(block, f"```json\n{new}\n```")
    return page.replace(shown, printed)


def _compact(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"  {json.dumps(_short(row), ensure_ascii=False)}" for row in value) + "\n ]"
    return json.dumps(_short(value), ensure_ascii=False)


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {k: _short(v) for k, v in value.items()}
    return [_short(v) for v in value] if isinstance(value, list) else value


if __name__ == "__main__":
    first = FOLDER / "README.md"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace(section(text, "Methods"), index_table() + "\n"), encoding="utf-8")
    for name in sys.argv[1:] or sorted(METHODS):
        path = FOLDER / f"{name}.md"
        if path.exists():
            path.write_text(refresh(METHODS[name], path.read_text(encoding="utf-8")), encoding="utf-8")
