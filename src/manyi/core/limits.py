"""A figure held to a limit, in the four words a procedure may use."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Word = Literal["at_least", "at_most", "above", "below"]


@dataclass(frozen=True, slots=True)
class Limit:
    """``word`` and the figure it holds against; shares are 0–1."""

    word: Word
    value: Fraction

    def is_met_by(self, figure: Fraction) -> bool:
        """Whether ``figure`` keeps the limit.

        >>> Limit("at_least", Fraction(78, 100)).is_met_by(Fraction(78, 100))
        True
        >>> Limit("above", Fraction(0)).is_met_by(Fraction(0))
        False
        """
        if self.word == "at_least":
            return figure >= self.value
        if self.word == "at_most":
            return figure <= self.value
        return figure > self.value if self.word == "above" else figure < self.value
