"""``python -m tests.language.lint_page`` writes ``docs/reference/lint.md`` from the registry of checks."""

from __future__ import annotations

from pathlib import Path

from manyi.language.lint import CHAPTERS, REGISTRY

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lint.md"
INTRODUCTION = """# What the linter finds

`manyi procedure lint FILE` holds a procedure against itself and against the text of its clauses. Each finding has an id,
a severity, a state, the clause, the line and path in the file, what is wrong and what to do, in Chinese and English.

- **error** stops approval and `manyi score` (exit code 3) · **warning** is corrected or settled before approval ·
  **note** is read by auditors.
- **open**: the value that holds has the finding. **settled**: only a reading has it, or somebody decided and gave a reason.
  Checks run over the values, then once for every reading of every settled value; where the document says nothing
  (`readings: {}`), its reading is that the key is absent. Notes ask nothing of anyone and are always settled.
- *Clean* is a procedure without an open error or warning.
- What is not in the file is asked only where it is known: calendars (T3), other documents (C5).

`--json` prints a list of `{id, severity, state, clause, line, path, message, hint}`. A file that cannot be read ends with
exit code 2 and `{"faults": [...]}`.

This page is written from the registry: `python -m tests.language.lint_page`.
"""
SEVERITIES = {"error": "error 错误", "warning": "warning 警告", "note": "note 说明"}


def page() -> str:
    """The reference, one table for every chapter."""
    parts = [INTRODUCTION]
    for chapter in CHAPTERS:
        parts.append(f"\n## {(chapter.__doc__ or '').strip().splitlines()[0]}\n")
        parts.append("| id | severity | what | 内容 |\n|---|---|---|---|")
        parts += [
            f"| {registered.id} | {SEVERITIES[registered.severity]} | {registered.title.en} | {registered.title.zh} |"
            for registered in REGISTRY
            if registered.check.__module__ == chapter.__name__
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
