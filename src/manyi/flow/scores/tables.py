"""A stored result as the rows its page shows: figures stay exact, titles come from the rules they were made by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.core.figures import shown
from manyi.core.forms import BLANK
from manyi.core.text import Text
from manyi.core.waves import WaveRules

Json = dict[str, Any]
Marks = Mapping[tuple[str, str], Fraction]
"""Targets or previous results by what they are of and its key, for figures of the whole wave."""
CHARTS = {
    "products": Text("各产品的满意度和销售额占比", "Satisfaction and share of sales by product"),
    "dimensions": Text("各项目得分", "Scores by dimension"),
    "items": Text("各小项得分", "Scores by item"),
    "priorities": Text("各小项的比重与得分", "Weight and score of the items"),
    "grades": Text("回答的等级分布", "How answers are spread over the grades"),
    "coverage": Text("调查率和回收率", "Coverage and return rate"),
}
"""What the pictures show."""
LEFT_EMPTY, NOT_APPLICABLE = Text("未填写", "Left empty"), Text("不适用", "Not applicable")


@dataclass(frozen=True, slots=True)
class Compared:
    """A score beside its target and its previous value, where these are known."""

    score: Fraction
    target: Fraction | None = None
    previous: Fraction | None = None

    @property
    def part(self) -> Fraction:
        """The score as a part of the highest, for its bar."""
        return self.score / 100

    @property
    def target_part(self) -> Fraction | None:
        """The target as a part of the highest."""
        return None if self.target is None else self.target / 100

    @property
    def to_target(self) -> Fraction | None:
        """How far above the target; negative where below."""
        return None if self.target is None else self.score - self.target

    @property
    def to_previous(self) -> Fraction | None:
        """How much better than last time; negative where worse."""
        return None if self.previous is None else self.score - self.previous


@dataclass(frozen=True, slots=True)
class Line:
    """One product, dimension or item: ``row`` is its stored figures, ``points`` its weight."""

    title: Text
    figure: Compared
    row: Json
    points: Fraction | None = None

    @property
    def weight(self) -> str:
        """The points as the procedure writes them: whole where they are whole."""
        points = self.points or Fraction(0)
        return str(points) if points.denominator == 1 else str(shown(points))


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each grade was given to an item: (count, share) in the order of the grades."""

    title: Text
    cells: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """All a page shows of a result."""

    overall: Compared | None
    overall_row: Json | None
    products: tuple[Line, ...]
    unmeasured: tuple[str, ...]
    dimensions: tuple[Line, ...]
    items: tuple[Line, ...]
    grades: tuple[Text, ...]
    spread: tuple[Spread, ...]


def read_tables(figures: Json, rules: WaveRules) -> Tables:
    """The stored ``figures`` as tables, in the order of the form."""
    targets, previous = _marks(figures["targets"]), _marks(figures["previous"])
    form, overall = rules.questionnaire, figures["overall"]

    def lines(of: str, rows: Iterable[Json], titles: Mapping[str, tuple[Text, Fraction]]) -> tuple[Line, ...]:
        known = {row[of]: row for row in rows}
        ordered = [key for key in titles if key in known]
        return tuple(
            Line(titles[key][0], _compared(of, key, known[key], targets, previous), known[key], titles[key][1])
            for key in ordered
        )

    by_sales = sorted(figures["products"], key=lambda row: (-Fraction(row["sales_share_exact"] or 0), row["product"]))
    products = {row["product"]: (Text(row["product"], row["product"]), Fraction(0)) for row in by_sales}
    grades = _grades(figures["grades"], rules)
    return Tables(
        overall=_compared("overall", "", overall, targets, previous) if overall else None,
        overall_row=overall,
        products=lines("product", figures["products"], products),
        unmeasured=tuple(figures["unmeasured_products"]),
        dimensions=lines("dimension", figures["dimensions"], {d.key: (d.title, d.points) for d in form.dimensions}),
        items=lines("item", figures["items"], {i.key: (i.title, i.points) for i in form.items}),
        grades=tuple(grades.values()),
        spread=tuple(
            Spread(item.title, _cells(figures["grades"][item.key], grades))
            for item in form.items
            if figures["grades"].get(item.key)
        ),
    )


def _compared(of: str, key: str, row: Json, targets: Marks, previous: Marks) -> Compared:
    return Compared(Fraction(row["exact"]), targets.get((of, key)), previous.get((of, key)))


def _marks(rows: Iterable[Json]) -> Marks:
    return {(row["of"], row["key"]): Fraction(row["exact"]) for row in rows if not row["product"]}


def _grades(counted: Mapping[str, Mapping[str, int]], rules: WaveRules) -> dict[str, Text]:
    """The grades of the scale, then blanks and *not applicable* where there are any."""
    scale = rules.questionnaire.scale
    given = {grade for counts in counted.values() for grade, n in counts.items() if n}
    titles = {grade.key: grade.title for grade in scale.grades}
    titles |= {BLANK: LEFT_EMPTY} if BLANK in given else {}
    return titles | dict.fromkeys(sorted(scale.missing & given), NOT_APPLICABLE)


def _cells(counts: Mapping[str, int], grades: Iterable[str]) -> tuple[tuple[int, Fraction], ...]:
    total = sum(counts.values())
    return tuple((n := counts.get(grade, 0), Fraction(n, total) if total else Fraction(0)) for grade in grades)
