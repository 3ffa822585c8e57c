"""Which words divide two groups of comments, such as those of satisfied and of dissatisfied customers.

Log-odds ratio with an informative Dirichlet prior: a word that is rare in both says little, however lopsided, and a
word that is common in both says little either. Source: Monroe, Colaresi & Quinn 2008, *Political Analysis* 16:372,
eqs. 15–20.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class Term:
    """How often a word stands in either group, in how many comments, and how far it divides them.

    ``log_odds`` is the difference of the two log odds (above 0: more of the first group), ``z`` that difference in its
    standard errors; |z| < 1.96 is within chance.
    """

    term: str
    first: int
    second: int
    comments: int
    log_odds: float
    z: float


def dividing_terms(
    first: Iterable[Sequence[str]], second: Iterable[Sequence[str]], *, prior: float = 500.0, least: int = 2
) -> tuple[Term, ...]:
    """Every word in ``least`` comments or more, the strongest of the first group first, the second's strongest last.

    ``first`` and ``second`` hold the words of each comment. The prior gives every word α_w = prior × its share among
    all words: δ = ln((y₁+α)/(n₁+α₀−y₁−α)) − ln((y₂+α)/(n₂+α₀−y₂−α)), Var ≈ 1/(y₁+α) + 1/(y₂+α), n the words of a
    group, α₀ the prior; a larger prior draws rare words further to 0. Refuses a prior that is not above 0 and a group
    without a word.

    >>> found = dividing_terms([["快", "好"], ["快"], ["好", "快"]], [["慢", "好"], ["慢"]], prior=4)
    >>> [(t.term, round(t.z, 3)) for t in found]
    [('快', 1.378), ('好', 0.164), ('慢', -1.552)]
    """
    mine, other = [list(words) for words in first], [list(words) for words in second]
    counts = [Counter(word for words in group for word in words) for group in (mine, other)]
    sizes = [sum(group.values()) for group in counts]
    if not prior > 0 or not all(sizes):
        raise Refusal("no_words", "text", sizes, Text("两组都有文字，先验大于 0", "words in both groups, a prior above 0"),
                      Text("请核对意见的列和分组", "Check the column of comments and who counts as satisfied"))  # fmt: skip
    comments = Counter(word for words in (*mine, *other) for word in set(words))
    names = sorted(word for word, n in comments.items() if n >= least)
    y = np.array([[group[word] for word in names] for group in counts], float)
    alpha = prior * y.sum(axis=0) / sum(sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log((y + alpha) / (np.array(sizes)[:, None] + prior - y - alpha))
    delta = odds[0] - odds[1]
    z = delta / np.sqrt((1 / (y + alpha)).sum(axis=0))
    found = [
        Term(word, int(y[0, i]), int(y[1, i]), comments[word], float(delta[i]), float(z[i]))
        for i, word in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda term: (-term.z, term.term)))
