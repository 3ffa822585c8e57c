"""What a wave's stored result calls attention to, and the sheets in which customers wrote what dissatisfies them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.queries import list_visible_sheets
from manyi.flow.scores.models import Result
from manyi.measure.findings import title_of

KINDS = {
    "below_target": Text("低于目标值", "Below target"),
    "below_previous": Text("低于上次结果", "Below previous result"),
    "coverage_below_floor": Text("调查率不足", "Too few asked"),
    "return_below_floor": Text("回收率不足", "Too few returned"),
    "unmeasured_product": Text("没有得分的产品", "Product without score"),
    "lowest_item": Text("最低的小项", "Lowest item"),
    "lowest_product": Text("最低的产品", "Lowest product"),
    "written_dissatisfaction": Text("书面不满意意见", "Written dissatisfaction"),
    "declined": Text("比上次下降", "Fell since last time"),
}
OF = {
    "product": Text("产品", "Product"), "dimension": Text("项目", "Dimension"), "item": Text("小项", "Item"),
}  # fmt: skip
SHARES = frozenset({"coverage_below_floor", "return_below_floor", "unmeasured_product"})
COUNTS = frozenset({"written_dissatisfaction"})
MUST = frozenset({"below_target", "below_previous", "coverage_below_floor", "return_below_floor"})
"""Kinds in which a limit is not met; the others are lists the procedure wants looked at."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of attention: the clause that calls for it, its figure, the limit it was held against."""

    clause: str
    kind: str
    title: Text
    told: Text
    value: Fraction | None
    limit: Fraction | None

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share."""
        return self.kind in SHARES

    @property
    def is_count(self) -> bool:
        """Whether the figure is a number of things."""
        return self.kind in COUNTS

    @property
    def misses_limit(self) -> bool:
        """Whether a limit is not met."""
        return self.kind in MUST


@dataclass(frozen=True, slots=True)
class Decline:
    """A figure that fell."""

    of: Text
    title: Text
    previous: Fraction
    now: Fraction

    @property
    def by(self) -> Fraction:
        """How much; negative."""
        return self.now - self.previous


@dataclass(frozen=True, slots=True)
class Attention:
    """All that a wave's result calls attention to: limits missed, what is lowest, what fell, what customers wrote."""

    missed: tuple[Point, ...]
    others: tuple[Point, ...]
    declined: tuple[Decline, ...]
    declined_by: str
    """The clause that calls for what fell; empty where none does."""
    written: tuple[Sheet, ...]
    unseen: int
    """Sheets with a comment that belong to units the person does not see."""


def get_attention(by: Person, result: Result, rules: WaveRules) -> Attention:
    """The points of attention of a stored result, as far as the person sees its sheets."""
    figures: dict[str, Any] = result.figures
    points = [_point(row) for row in figures["findings"]]
    numbers = figures["focus"]["written_dissatisfaction"]
    written = _sheets(by, result, numbers)
    return Attention(
        missed=tuple(p for p in points if p.misses_limit),
        others=tuple(p for p in points if not p.misses_limit and p.kind != "declined"),
        declined=tuple(_decline(row, rules) for row in figures["focus"]["declined"]),
        declined_by=next((p.clause for p in points if p.kind == "declined"), ""),
        written=written,
        unseen=len(numbers) - len(written),
    )


def _point(row: Mapping[str, Any]) -> Point:
    return Point(
        clause=row["clause"],
        kind=row["kind"],
        title=KINDS[row["kind"]],
        told=Text(row["text"], row["text_en"]),
        value=Fraction(row["value_exact"]) if row["value_exact"] else None,
        limit=Fraction(row["limit_exact"]) if row["limit_exact"] else None,
    )


def _decline(row: Mapping[str, Any], rules: WaveRules) -> Decline:
    title = title_of(rules, row["of"], row["key"], row["product"])
    return Decline(OF[row["of"]], title, Fraction(row["previous_exact"]), Fraction(row["now_exact"]))


def _sheets(by: Person, result: Result, numbers: list[str]) -> tuple[Sheet, ...]:
    sheets = list_visible_sheets(by).filter(wave=result.wave_id, pk__lte=result.last_sheet).exclude(comment="")
    wanted = set(numbers)
    return tuple(sheet for sheet in sheets.order_by("number") if sheet.number in wanted)
