"""Questionnaires as plain values: items with points, the scale of answers, the rule for blanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from unicodedata import normalize

from manyi.core.text import Text

BLANK = ""
"""The answer of an item that was left empty; a grade like any other when answers are counted."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer of a scale and its raw score on 0–100."""

    key: str
    title: Text
    score: Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """The answers an item may hold. ``missing`` are answers that mean *not applicable*."""

    grades: tuple[Grade, ...]
    missing: frozenset[str] = frozenset()

    def score_of(self, key: str) -> Fraction | None:
        """The raw score of the grade ``key``; ``None`` for a blank or a *not applicable*."""
        for grade in self.grades:
            if grade.key == key:
                return grade.score
        return None

    def read(self, raw: str) -> str | None:
        """The grade key a person's or file's answer stands for: ``""`` for a blank, ``None`` for no grade.

        >>> linear_scale(1, 5).read(" 5.0 "), linear_scale(1, 5).read("6"), linear_scale(1, 5).read("")
        ('5', None, '')
        """
        word = normalize("NFKC", raw).strip().lower()
        if not word:
            return BLANK
        whole = word[:-2] if word.endswith(".0") else word
        return self.answers.get(word, self.answers.get(whole))

    @property
    def answers(self) -> Mapping[str, str]:
        """Every spelling that is understood (key, zh and en title, in lower case) → the key it stands for."""
        spellings = {key: key for key in self.missing}
        for grade in self.grades:
            for word in (grade.key, grade.title.zh, grade.title.en):
                if word:
                    spellings[word.strip().lower()] = grade.key
        return spellings


def linear_scale(low: int, high: int, missing: frozenset[str] = frozenset()) -> Scale:
    """The numeric scale ``low`` … ``high`` mapped linearly to 0–100: (x − low) / (high − low) · 100.

    >>> [str(g.score) for g in linear_scale(1, 5).grades]
    ['0', '25', '50', '75', '100']
    """
    span = high - low
    grades = tuple(
        Grade(str(x), Text(zh=str(x), en=str(x)), Fraction((x - low) * 100, span)) for x in range(low, high + 1)
    )
    return Scale(grades, missing)


@dataclass(frozen=True, slots=True)
class Item:
    """One rated item; ``points`` is its weight (equal where the procedure weighs nothing)."""

    key: str
    title: Text
    dimension: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of items with its points."""

    key: str
    title: Text
    points: Fraction


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is asked and how it is scored.

    ``counts_as`` is the grade key a blank counts as, or ``None`` where blanks are left out.
    ``written`` is the field in which customers write what dissatisfies them (may be empty: none).
    ``columns`` maps item and identification keys to the column heads of files that come from elsewhere.
    """

    key: str
    title: Text
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    scale: Scale
    counts_as: str | None
    written: str = ""
    respondents_several: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def item_keys(self) -> tuple[str, ...]:
        """The keys of the items in the order of the form."""
        return tuple(item.key for item in self.items)
