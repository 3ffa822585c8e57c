"""Kano classification: what a feature does to satisfaction when it is there and when it is missing.

Each respondent says how they feel with the feature (functional) and without it (dysfunctional), on five answers from
*like* to *dislike*; the pair falls into one of A attractive, O one-dimensional, M must-be, I indifferent, R reverse,
Q questionable. Sources: Kano et al. 1984; Berger et al. 1993, *Center for Quality of Management Journal* 2(4);
Fong 1996 for the test of the two largest counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Warned

Category = Literal["A", "O", "M", "I", "R", "Q"]
CATEGORIES: tuple[Category, ...] = ("A", "O", "M", "I", "R", "Q")
TIES: tuple[Category, ...] = ("M", "O", "A", "I", "R", "Q")
"""Of categories given equally often the first of these is named: what hurts most when it is missed comes first."""

STANDARD = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Rows functional, columns dysfunctional: like, expect, neutral, live with, dislike (Berger et al. 1993)."""
POULIOT = ("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ")
"""The same answer twice for *expect* and for *live with* contradicts itself as well (Pouliot 1993)."""
TABLES: Mapping[str, Sequence[str]] = {"standard": STANDARD, "pouliot": POULIOT}

MOST_QUESTIONABLE = 0.05
FONG = 1.65


@dataclass(frozen=True, slots=True)
class KanoResult:
    """One feature: how many pairs fell into each category, what it is, and what it does.

    ``category`` is the most frequent one; ``by_rule`` follows (O + A + M) against (I + R + Q); ``mixed`` says that the
    two most frequent do not differ by more than chance (Fong). ``cs_plus`` = (A+O)/(A+O+M+I) is how much satisfaction
    its presence brings, ``cs_minus`` = −(O+M)/(A+O+M+I) how much its absence takes; ``None`` where no pair is A, O, M, I.
    """

    name: str
    n: int
    counts: Mapping[Category, int]
    category: Category
    by_rule: Category
    mixed: bool
    cs_plus: float | None
    cs_minus: float | None
    warnings: tuple[Warned, ...]


def classify(functional: int, dysfunctional: int, table: str = "standard") -> Category:
    """The category of one pair of answers, each 0 (like) to 4 (dislike).

    >>> classify(0, 4), classify(2, 4), classify(1, 1, "pouliot")
    ('O', 'M', 'Q')
    """
    cell = TABLES[table][functional][dysfunctional]
    return next(category for category in CATEGORIES if category == cell)


def kano(name: str, pairs: Sequence[tuple[int, int]], table: str = "standard") -> KanoResult:
    """The result of one feature from its pairs of answers (0 like … 4 dislike); raises ``Refusal`` without a pair."""
    if not pairs:
        raise Refusal(
            "all_missing", name, 0, Text("至少一对完整的回答", "at least one complete pair of answers"),
            Text("请核对列名和缺失代码", "Check the columns and the codes that mean missing"),
        )  # fmt: skip
    counts: dict[Category, int] = dict.fromkeys(CATEGORIES, 0)
    for pair in pairs:
        counts[classify(*pair, table)] += 1
    n, judged = len(pairs), counts["A"] + counts["O"] + counts["M"] + counts["I"]
    category = max(TIES, key=lambda c: counts[c])
    group: tuple[Category, ...] = (
        ("M", "O", "A") if judged - counts["I"] > n - judged + counts["I"] else ("I", "R", "Q")
    )
    mixed = _is_mixed(counts, n)
    return KanoResult(
        name=name,
        n=n,
        counts=counts,
        category=category,
        by_rule=max(group, key=lambda c: counts[c]),
        mixed=mixed,
        cs_plus=(counts["A"] + counts["O"]) / judged if judged else None,
        cs_minus=-(counts["O"] + counts["M"]) / judged if judged else None,
        warnings=tuple(_warnings(name, n, counts, mixed, judged)),
    )


def _is_mixed(counts: Mapping[Category, int], n: int) -> bool:
    """Fong's test: the two most frequent differ by less than 1.65 √((a+b)(2n−a−b)/2n)."""
    a, b = sorted(counts.values(), reverse=True)[:2]
    return abs(a - b) < FONG * math.sqrt((a + b) * (2 * n - a - b) / (2 * n))


def _warnings(name: str, n: int, counts: Mapping[Category, int], mixed: bool, judged: int) -> list[Warned]:
    found = []
    if n < 30:
        found.append(Warned("small_sample", f"{name}: n = {n}"))
    if sorted(counts.values())[-1] == sorted(counts.values())[-2]:
        found.append(Warned("kano_tie", name))
    elif mixed:
        found.append(Warned("kano_mixed", name))
    if counts["Q"] > MOST_QUESTIONABLE * n:
        found.append(Warned("kano_questionable", f"{name}: {counts['Q']}/{n}"))
    if not judged:
        found.append(Warned("kano_nothing_judged", name))
    return found
