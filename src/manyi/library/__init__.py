"""Data that ships with Manyi: procedures, calendars, fonts."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent
PROCEDURES = ROOT / "procedures"
FONTS = ROOT / "fonts"
"""The two faces in which papers and charts are set."""


def find_procedure(key_or_file: str) -> Path | None:
    """The file of a shipped procedure (``P12``) or example by key, or a file by its path; ``None``: there is none."""
    for folder in (PROCEDURES, ROOT / "examples"):
        for path in folder.glob("*.yaml"):
            if path.stem == key_or_file:
                return path
    path = Path(key_or_file)
    return path if path.is_file() else None


def list_procedures() -> list[str]:
    """The keys of all shipped procedures, then of the examples."""
    folders = (PROCEDURES, ROOT / "examples")
    return [path.stem for folder in folders for path in sorted(folder.glob("*.yaml"))]
