"""A report as data: what is said, in which order — Word, PDF and page only set it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from manyi.core.text import Lang

Spec = dict[str, Any]
"""A Vega-Lite chart; its ``description`` tells in words what it shows."""

Tone = Literal["", "good", "bad"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table. A tone is never the only sign: the words say the same."""

    text: str
    tone: Tone = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its width relative to the others, and how it is set: figures to the right, verdicts centred."""

    title: str
    width: float = 1
    figures: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``note`` is set small, ``formula`` on a line of its own, ``point`` as an entry of a list."""

    text: str
    kind: Literal["text", "note", "formula", "point"] = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, numbered by the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the caption is numbered by the report. ``narrow``: two columns that belong close together."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its caption; ``key`` names it among the wave's charts."""

    caption: str
    key: str
    spec: Spec


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to be seen at a glance: what it is, how much, and how that is to be read."""

    label: str
    figure: str
    remark: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A line of figures."""

    tiles: tuple[Tile, ...]


Block = Paragraph | Heading | Table | Chart | Tiles


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document. ``facts`` stand under the title, ``signatures`` are lines to be signed:
    what is signed for, by whom and on which day, both empty where it is signed by hand."""

    lang: Lang
    title: str
    subtitle: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    signatures: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...] = field(default=())

    @property
    def head(self) -> str:
        """What stands at the head of every page."""
        return " · ".join(part for part in (self.title, self.subtitle) if part)


def as_cell(cell: Cell | str) -> Cell:
    """A plain string is a cell without a tone."""
    return Cell(cell) if isinstance(cell, str) else cell
