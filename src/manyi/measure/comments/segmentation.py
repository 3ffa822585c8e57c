"""Comments cut into words: Chinese by a dictionary, whatever else by its letters and digits.

The cutter is any function from a text to its words; ``Words`` is that of rjieba with a company's own words added, such
as the names of its products.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import rjieba

Cutter = Callable[[str], Sequence[str]]
"""From a text to its words in order."""

OWN = 1_000_000
"""How often a word of one's own is taken to occur: more than any word it could be cut into."""
WORD = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff]+")
PLAIN = frozenset(
    "的了是在我也就都和很有不还这那要去到吧吗呢啊哦呀嘛着过给把被让跟与及或而但且又再更最太比等个们你他她它一个没有"
)
"""Single signs that mark grammar and say nothing about a topic."""


class Words:
    """Cuts with the dictionary of jieba and a lexicon of one's own; no instance shares its lexicon.

    >>> Words(["满意宝"])("满意宝 很好用，A1 款也是")
    ['满意宝', '很', '好', '用', 'a1', '款', '也', '是']
    """

    def __init__(self, lexicon: Iterable[str] = ()) -> None:
        own = list(lexicon)
        # a dictionary takes a quarter of a second to build: without words of one's own the common one does
        dictionary = rjieba.Jieba() if own else rjieba
        for word in own:
            dictionary.add_word(word, OWN, None)
        self._cut: Cutter = dictionary.cut

    def __call__(self, text: str) -> list[str]:
        """The words of ``text`` in order, punctuation left out, letters in lower case and half width."""
        return [word for word in self._cut(normal(text)) if WORD.fullmatch(word)]


def normal(text: str) -> str:
    """One form of every sign: full-width letters and digits as half-width ones, all in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def signs(text: str) -> list[str]:
    """The signs of ``text`` one by one, a run of letters or digits as one; the cutter that needs no dictionary.

    >>> signs("送货慢，A1款")
    ['送', '货', '慢', 'a1', '款']
    """
    return re.findall(r"[0-9a-z]+|[\u3400-\u4dbf\u4e00-\u9fff]", normal(text))
