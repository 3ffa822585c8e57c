"""What is asked: items with points, the scale of answers, the rule for blanks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from manyi.language.model.fields import Field
from manyi.language.model.values import Clauses, Condition, Integer, Key, Keys, Model, Number, Words, Wrong


class NumericScale(Model):
    """Whole numbers mapped linearly to 0–100; ``missing`` are answers that mean *not applicable*."""

    low: Integer
    high: Integer
    missing: tuple[str, ...] = ()


class GradedScale(Model):
    """Grades with their raw scores."""

    grades: dict[Key, Number]


def _scale(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise Wrong("应为 {等级: 原始分数} 或 {from: 1, to: 10}", "expected {grade: raw score} or {from: 1, to: 10}")
    if set(value) <= {"from", "to", "missing"}:
        if not {"from", "to"} <= set(value):
            raise Wrong("数字量表须有 from 和 to", "a numeric scale needs from and to")
        return NumericScale(low=value["from"], high=value["to"], missing=tuple(value.get("missing", ())))
    return GradedScale(grades=value)


class ItemRule(Model):
    """One item: its points, and tags where the questionnaire has them."""

    points: Number | None = None
    tags: dict[str, str] = {}


def _items(value: Any) -> Any:
    """Items as a map of points, a map of tags (``{}`` = equal points), or a list of keys."""
    if isinstance(value, list):
        return {key: ItemRule() for key in value}
    if not isinstance(value, dict):
        raise Wrong("应为 {小项: 分值}", "expected {item: points}")
    return {k: ItemRule(tags=v) if isinstance(v, dict) else ItemRule(points=v) for k, v in value.items()}


Items = Annotated[dict[Key, ItemRule], BeforeValidator(_items)]


class DimensionRule(Model):
    """A group of items, with the points the document prints for it."""

    title: Words | None = None
    clause: Clauses = ()
    points: Number | None = None
    items: Items
    of: Key | None = None


class Unanswered(Model):
    """What a blank counts as: a grade, or nothing."""

    clause: Clauses
    counts_as: str


class Level(Model):
    """A level of satisfaction over the aspects of an item; the first that fits."""

    key: Key
    where: Condition


class QuestionnaireRule(Model):
    """A form customers fill, and how it is scored."""

    title: Words
    code: str = ""
    clause: Clauses = ()
    owner: Key | None = None
    fields: dict[Key, Field] = {}
    scale: Annotated[NumericScale | GradedScale, BeforeValidator(_scale)] | None = None
    dimensions: dict[Key, DimensionRule] = {}
    items: Items = {}
    points: Number | None = None
    unanswered: Unanswered | None = None
    aspects: Keys = ()
    tags: dict[Key, tuple[str, ...]] = {}
    levels: tuple[Level, ...] = ()
    respondents: Literal["one", "several"] = "one"
    columns: dict[Key, str] = {}
