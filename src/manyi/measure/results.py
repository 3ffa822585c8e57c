"""What every method gives: values with their interval, and warnings by name. Nothing is rounded here."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.core.text import Text
from manyi.measure.warnings import WARNINGS


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies with the confidence ``level`` (0–1), by the ``method`` named."""

    lower: float
    upper: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A named warning: what the reader has to bear in mind, and the figure that set it off."""

    code: str
    about: str = ""

    @property
    def text(self) -> Text:
        """The warning in both languages, with what it is about."""
        words = WARNINGS[self.code]
        return Text(words.zh.format(about=self.about), words.en.format(about=self.about))
