"""Help with coding comments: which codes of a codebook a comment may deserve, for a person to accept or refuse.

A code is known by its patterns: words and phrases that stand for it. A comment that holds one of them is suggested the
code outright; one that only resembles them (cosine of sequences of signs) with its similarity. What the codebook does
not reach shows itself by the phrases frequent in the comments without a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comments.features import counted, vocabulary
from manyi.measure.comments.segmentation import normal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code for one comment (its place from 0): the patterns it holds, and its similarity 0–1 to all of them."""

    place: int
    code: str
    matched: tuple[str, ...]
    similarity: float


def suggest(
    texts: Sequence[str], codebook: Mapping[str, Sequence[str]], *, least: float = 0.2, most: int = 3
) -> tuple[Suggestion, ...]:
    """At most ``most`` codes a comment: those with patterns it holds, most of them first, then those alike by ``least``.

    Refuses a code without a pattern.

    >>> book = {"delivery": ["送货", "配送"], "price": ["贵"]}
    >>> [(s.place, s.code, s.matched) for s in suggest(["送货太慢，还贵", "不错"], book)]
    [(0, 'delivery', ('送货',)), (0, 'price', ('贵',))]
    """
    empty = [code for code, patterns in codebook.items() if not any(p.strip() for p in patterns)]
    if empty or not codebook:
        raise Refusal("empty_code", "codes", ", ".join(empty), Text("每个代码至少一个词", "a word for every code"),
                      Text("例如 \"送货\" = [\"送货\", \"配送\"]", "Write delivery = [\"送货\", \"配送\"], for example"))  # fmt: skip
    wanted = {code: [normal(p) for p in patterns if p.strip()] for code, patterns in codebook.items()}
    places, counts = counted([*texts, *("\n".join(patterns) for patterns in wanted.values())])
    known = vocabulary(places, counts[: len(texts)])
    alike = np.asarray((known.weighted(counts[: len(texts)]) @ known.weighted(counts[len(texts) :]).T).todense())
    found: list[Suggestion] = []
    for place, text in enumerate(texts):
        line = normal(text)
        options = [
            Suggestion(place, code, tuple(p for p in patterns if p in line), float(min(1.0, alike[place, number])))
            for number, (code, patterns) in enumerate(wanted.items())
        ]
        good = [option for option in options if option.matched or option.similarity >= least]
        found += sorted(good, key=lambda o: (-len(o.matched), -o.similarity, o.code))[:most]
    return tuple(found)
