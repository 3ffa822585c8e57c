"""Text as every paper can hold it: what XML 1.0 has no place for becomes one visible sign."""

from __future__ import annotations

import re
import unicodedata

LOST = "\ufffd"
"""Stands in a paper for a character that no Word, PDF or Excel file can hold: controls (C0 without tab and line
ends, C1, DEL), halves of surrogate pairs, U+FFFE and U+FFFF."""

_NO_PLACE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS_IN_A_ROW = 4


def plain(text: str) -> str:
    """``text`` with every character that XML cannot hold replaced by U+FFFD; nothing else changes.

    >>> plain("a\\x00b\\ud800<&>=1+1") == "a\ufffdb\ufffd<&>=1+1"
    True
    """
    return _NO_PLACE.sub(LOST, text)


def cut(text: str, length: int) -> str:
    """``text`` on one line, no longer than ``length`` characters; an ellipsis stands for the rest.

    A long row of combining marks on one letter would run over the lines above; the first four are kept.

    >>> cut("球阀\\n(DN50)", 5)
    '球阀 (…'
    """
    line = " ".join(plain(text).split())
    kept, marks = [], 0
    for char in line[: 4 * length]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    short = "".join(kept)
    return short if len(short) <= length and len(line) <= 4 * length else short[: length - 1] + "…"
