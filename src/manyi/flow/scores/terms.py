"""Which words divide customers above the overall figure from those below it; names and telephone numbers are taken out.

From fewer than ten comments nothing is told, so that nobody is known by his words.
"""

from __future__ import annotations

from collections.abc import Iterable

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comments.redaction import SHOWN, redact
from manyi.measure.comments.segmentation import PLAIN, Words
from manyi.measure.comments.terms import dividing_terms
from manyi.papers.insight import Terms

LEAST, CHANCE, MOST = 10, 1.96, 8
TOO_FEW = Text(
    f"书面意见少于 {LEAST} 条，不作用词比较", f"With fewer than {LEAST} comments their words are not compared"
)
ONE_SIDE = Text("书面意见都来自同一侧的顾客，无从比较", "All comments are from one side: nothing to compare")


def find_terms(comments: Iterable[tuple[str, bool]], known: Iterable[str], own_words: Iterable[str]) -> Terms | Text:
    """The dividing words of ``comments`` (text, whether its sheet lies above), or why there are none to tell.

    ``known`` are names taken out, ``own_words`` such as products are kept whole.
    """
    rows = list(comments)
    if len(rows) < LEAST:
        return TOO_FEW
    cut, names = Words(own_words), tuple(known)
    words = [(_told(cut(_redacted(text, names))), above) for text, above in rows]
    # a prior of one sign for each word known: what little is written is not drowned by what is expected
    prior = float(len({word for said, _ in words for word in said}) or 1)
    up, down = ([said for said, above in words if above is side] for side in (True, False))
    try:
        found = dividing_terms(up, down, prior=prior)
    except Refusal:
        return ONE_SIDE
    above = [term.term for term in found if term.z >= CHANCE]
    below = [term.term for term in reversed(found) if term.z <= -CHANCE]
    return Terms(len(rows), tuple(above[:MOST]), tuple(below[:MOST]))


def _redacted(text: str, known: tuple[str, ...]) -> str:
    """The comment without names, and without the marks that stand where they stood."""
    found = redact(text, known).text
    for mark in SHOWN.values():
        found = found.replace(mark, " ")
    return found


def _told(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in PLAIN and not word.isdigit()]
