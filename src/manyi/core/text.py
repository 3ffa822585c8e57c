"""Words that carry both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A title or message in Chinese and English; the one that is missing falls back to the other."""

    zh: str = ""
    en: str = ""

    def in_(self, lang: Lang) -> str:
        """The words in ``lang``, or in the other language where these are missing."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second

    def __str__(self) -> str:
        return self.in_("zh")
