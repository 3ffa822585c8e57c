"""New terms: sequences of signs that stand together more often than chance and have many neighbours.

A term of the trade that no dictionary knows shows itself by two marks: its parts attract each other (pointwise mutual
information of the weakest cut), and what stands before and after it varies (entropy of the left and right neighbours).
Source: Church & Hanks 1990, *Computational Linguistics* 16:22 (mutual information); Chien 1997, SIGIR 50 (neighbours).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from manyi.measure.comments.segmentation import normal

EDGE = "□"
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of 2 to 4 signs: how often it stands, its weakest inner bond (bits) and its freer side (bits)."""

    phrase: str
    count: int
    bond: float
    freedom: float


def phrases(
    texts: Iterable[str], *, least: int = 5, bond: float = 3.0, freedom: float = 1.5, longest: int = 4
) -> tuple[Phrase, ...]:
    """The sequences that stand ``least`` times or more with at least that bond and that freedom, most frequent first.

    bond = min over cuts of log₂(p(ab)/(p(a)p(b))); freedom = min(H(left), H(right)) in bits, the edge of a run of
    Chinese signs being a neighbour of its own each time.

    >>> texts = ["送货员态度好", "这个送货员迟到", "送货员来了", "找送货员问", "等送货员"]
    >>> [p.phrase for p in phrases(texts, least=5, bond=1, freedom=1)]
    ['送货员']
    """
    runs = [run for text in texts for run in HAN.findall(normal(text))]
    total = sum(len(run) for run in runs)
    counts = Counter(
        run[i : i + size] for run in runs for size in range(1, longest + 1) for i in range(len(run) - size + 1)
    )
    kept = {gram for gram, n in counts.items() if n >= least and len(gram) > 1}
    left, right = _neighbours(runs, kept, longest)
    found = []
    for gram in kept:
        tight = min(
            math.log2(counts[gram] * total / (counts[gram[:cut]] * counts[gram[cut:]])) for cut in range(1, len(gram))
        )
        free = min(_entropy(left[gram]), _entropy(right[gram]))
        if tight >= bond and free >= freedom:
            found.append(Phrase(gram, counts[gram], tight, free))
    return tuple(sorted(found, key=lambda p: (-p.count, p.phrase)))


def _neighbours(
    runs: list[str], kept: set[str], longest: int
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    left: dict[str, Counter[str]] = {gram: Counter() for gram in kept}
    right: dict[str, Counter[str]] = {gram: Counter() for gram in kept}
    edges = 0
    for run in runs:
        for size in range(2, longest + 1):
            for i in range(len(run) - size + 1):
                gram = run[i : i + size]
                if gram in kept:
                    edges += 1
                    left[gram][run[i - 1] if i else f"{EDGE}{edges}"] += 1
                    right[gram][run[i + size] if i + size < len(run) else f"{EDGE}{edges}"] += 1
    return left, right


def _entropy(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values())
