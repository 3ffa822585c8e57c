"""The report as PDF, set by Typst in the bundled faces; PDF/A-2b wherever these have every character."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import typst

from manyi.library import FONTS
from manyi.papers.blocks import Block, Chart, Heading, Paragraph, Report, Table, Tiles, as_cell
from manyi.papers.numbering import HEADS, numbered
from manyi.papers.plain import plain

_SETTING = Path(__file__).with_name("report.typ")
_LONG_WORD = re.compile(r"[!-~]{18}")
_KINDS: dict[type, str] = {Heading: "heading", Table: "table", Chart: "chart", Tiles: "tiles", Paragraph: "paragraph"}


class NotSet(Exception):
    """Typst set the report with warnings, so something in it would not look as meant."""


def as_pdf(report: Report, drawn: Mapping[str, str]) -> bytes:
    """The whole document; ``drawn`` holds every chart as SVG by its key. Raises ``NotSet`` on any warning.

    Names in scripts that the bundled faces lack (emoji, Arabic …) are kept as text, but PDF/A forbids signs without
    a shape; such a report is written as ordinary PDF.
    """
    data = json.dumps(_content(numbered(report), drawn), ensure_ascii=False)
    try:
        return _compile(data, "a-2b")
    except typst.TypstError:
        return _compile(data, "1.7")


def _compile(data: str, standard: Literal["a-2b", "1.7"]) -> bytes:
    made, warnings = typst.compile_with_warnings(
        _SETTING,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"report": data},
        format="pdf",
        pdf_standards=standard,
    )
    if warnings:
        raise NotSet("; ".join(str(warning) for warning in warnings))
    return made


def _content(report: Report, drawn: Mapping[str, str]) -> dict[str, Any]:
    content = {
        "lang": report.lang, "title": report.title, "subtitle": report.subtitle,
        "mark": report.mark, "head": report.head,
        "facts": report.facts, "signatures": report.signatures, "signature_heads": HEADS[report.lang],
    }  # fmt: skip
    cleaned: dict[str, Any] = _clean(content)
    cleaned["sections"] = [
        {"title": _clean(part.title), "blocks": [_block(b, drawn) for b in part.blocks]} for part in report.sections
    ]
    return cleaned


def _block(block: Block, drawn: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"is": _KINDS[type(block)]}
    if isinstance(block, Chart):
        return told | {"caption": _clean(block.caption), "svg": drawn[block.key], "alt": _clean(block.caption)}
    if isinstance(block, Table):
        rows = [[asdict(as_cell(cell)) for cell in row] for row in block.rows]
        columns = [asdict(column) for column in block.columns]
        return (
            told
            | {"caption": _clean(block.caption), "narrow": block.narrow}
            | {"columns": _clean(columns), "rows": _clean(rows)}
        )
    cleaned: dict[str, Any] = _clean(asdict(block))
    return told | cleaned


def _clean(value: Any) -> Any:
    """Every text in ``value`` as a paper can hold it, with places to break in words longer than a column."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda word: word[0] + "\u200b", plain(value))
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value
