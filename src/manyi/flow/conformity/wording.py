"""A figure and the limit it is held to, in words a person reads."""

from __future__ import annotations

from fractions import Fraction

from manyi.core.figures import percent, shown
from manyi.core.measures import Figure, MeasureRule
from manyi.core.text import Text

WORDS = {
    "at_least": Text("不低于", "at least"), "at_most": Text("不高于", "at most"),
    "above": Text("高于", "above"), "below": Text("低于", "below"),
}  # fmt: skip


def said_of(rule: MeasureRule, figure: Figure) -> Text:
    """A figure with its limit in words; a dash for what cannot be told."""
    limit = figure.limit
    value = _shown(rule, figure.value) if figure.value is not None else "—"
    held = _shown(rule, limit.value) if limit else "—"
    word = WORDS[limit.word] if limit else Text("限值", "limit")
    return Text(f"{value}（{word.zh} {held}）", f"{value} ({word.en} {held})")


def _shown(rule: MeasureRule, value: Fraction) -> str:
    return percent(value) if rule.is_share else f"{shown(value).normalize():f}"
