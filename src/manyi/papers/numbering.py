"""Captions numbered through the whole report, the same in every format."""

from __future__ import annotations

from dataclasses import replace

from manyi.core.text import Lang
from manyi.papers.blocks import Block, Chart, Report, Table

HEADS: dict[Lang, tuple[str, ...]] = {
    "zh": ("签署", "姓名", "签名", "日期"),
    "en": ("Signed", "Name", "Signature", "Date"),
}
"""The heads of the lines that are signed by hand."""


def numbered(report: Report) -> Report:
    """``report`` with ``Table 1``, ``Figure 1`` … before its captions."""
    words = ("表", "图") if report.lang == "zh" else ("Table", "Figure")
    counts = {Table: 0, Chart: 0}

    def number(block: Block) -> Block:
        if not isinstance(block, Table | Chart):
            return block
        counts[type(block)] += 1
        word = words[0] if isinstance(block, Table) else words[1]
        return replace(block, caption=f"{word} {counts[type(block)]}  {block.caption}")

    sections = tuple(replace(part, blocks=tuple(number(b) for b in part.blocks)) for part in report.sections)
    return replace(report, sections=sections)
