"""The figures a clause's text states, in Chinese and English: numbers in digits and words, shares, days, durations."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from manyi.core.figures import from_text
from manyi.core.text import Lang
from manyi.language.figures import Figure
from manyi.language.model.values import MONTHS

_DIGITS = dict(zip("〇零一二三四五六七八九两", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True))
_ZH = "[〇零一二三四五六七八九两十百千]+"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ANY = rf"(?:{_NUMBER}|{_ZH})"
_UNITS_ZH = {
    "分钟": "minute", "小时": "hour", "个小时": "hour", "个工作日": "working_day", "工作日": "working_day", "天": "day",
    "日": "day", "周": "week", "星期": "week", "个星期": "week", "个月": "month", "年": "year",
}  # fmt: skip
_NOT_COUNTED = "上下每这同本去第另某单统任当前后"
"""Before a Chinese numeral these make a word of it: 上一年, 第一, 统一."""

_COUNTING = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
_WORDS_EN = {word: number for number, word in enumerate(_COUNTING, 1)} | _TENS
_WORD = "|".join(sorted(_WORDS_EN, key=len, reverse=True))
_MONTH = "|".join(MONTHS)
_SURE_MONTH = _MONTH.replace("May|", "")
_START = r"(?<![A-Za-z0-9_./-])(?<!\d,)"
_REFERENCE = re.compile(
    r"\d+(?:\.\d+){2,}|§ ?\d[\d.]*|(?:[Cc]lauses?|条款|第) ?\d[\d.]*(?: ?条| and \d[\d.]*)?|\d+\.\d+(?= ?条)"
    r"|\b[A-Z]{2,}[A-Z/-]* ?\d[\d:.-]*|[((]\d+[))]|\b[12]\d{3} ?年"
)
_CLOCK = r"(?<![\d:.])(?P<h>[01]?\d|2[0-3])"
_UNIT = "|".join(sorted(_UNITS_ZH, key=len, reverse=True))
_ZH_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("time", _CLOCK + r" ?(?:[点时](?! ?[要意建内规原]) ?(?P<mi>\d\d)? ?分?|:(?P<min>\d\d)(?!\d))"),
        ("adverb", "十分(?=[一-龥])(?![为得计及和以钟之者])"),
        ("share", rf"(?P<n>{_NUMBER}) ?%"),
        ("share", rf"百分之(?P<n>{_ANY})"),
        ("date", rf"{_START}(?P<m>{_ANY}) ?月(?:份)? ?(?P<d>{_ANY}) ?[日号]"),
        ("duration", rf"(?<![{_NOT_COUNTED}])(?P<n>{_ANY}) ?(?P<u>{_UNIT})"),
        ("within", rf"{_START}(?P<m>{_ANY}) ?月(?=[之以]?内)"),
        ("month", rf"(?<![{_NOT_COUNTED}])(?P<m>{_ANY}) ?月"),
        ("same", "当天|当日|同日"),
        ("next", "次日|翌日|第二天"),
        ("scaled", rf"{_START}(?P<n>{_ANY}) ?(?P<u>[万亿])"),
        ("word", rf"(?<![{_NOT_COUNTED}〇零一二三四五六七八九两十百千])(?P<n>{_ZH})(?= ?[位名元分份级])"),
        ("top", rf"前 ?(?P<n>{_ZH})(?= ?[位名])"),
        ("number", rf"{_START}(?P<n>{_NUMBER})(?![A-Za-z_])"),
    )
)
_EN_UNIT = r"(?P<u>minutes?|hours?|working days?|days?|weeks?|months?|years?)\b"
_EN_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("time", _CLOCK + r"(?::(?P<min>\d\d)(?!\d))?(?: ?(?P<half>[ap])\.?m\b\.?)"),
        ("time", _CLOCK + r":(?P<min>\d\d)(?!\d)"),
        ("share", rf"\b(?P<n>{_NUMBER}|{_WORD}) ?(?:%|per ?cent\b)"),
        ("date", rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?P<m>{_MONTH})\b"),
        ("date", rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"),
        ("duration", rf"\b(?P<n>{_NUMBER}|{_WORD})[ -]{_EN_UNIT}"),
        ("month", rf"\b(?P<m>{_SURE_MONTH})\b|\b(?:[Ii]n|[Bb]y|[Ee]ach|[Ee]very|of|until) (?P<may>May)\b"),
        ("same", r"\b(?:same|that very) day\b"),
        ("next", r"\b(?:next|following) day\b"),
        ("scaled", rf"\b(?P<n>{_NUMBER}|{_WORD}) (?P<u>million|thousand)\b"),
        ("top", rf"\b[Tt]op (?P<n>{_WORD})\b"),
        ("number", rf"{_START}(?P<n>{_NUMBER})(?![A-Za-z_])"),
    )
)  # fmt: skip
_SCALES = {"万": 10_000, "亿": 100_000_000, "thousand": 1_000, "million": 1_000_000}


@lru_cache(maxsize=2000)
def figures_in_text(text: str, lang: Lang) -> frozenset[Figure]:
    """Every figure ``text`` states; numbers of clauses, standards, list items and years are none.

    >>> sorted(figures_in_text("每年12月5日前发放，1 个月内收回，回收率不低于 60%。", "zh"))
    [('date', 12, 5), ('duration', 1, 'month'), ('share', Fraction(3, 5))]
    >>> sorted(figures_in_text("the top twenty, by 5 December, within three months", "en"))
    [('date', 12, 5), ('duration', 3, 'month'), ('number', Fraction(20, 1))]
    """
    rest = _REFERENCE.sub(" ", unicodedata.normalize("NFKC", text))
    found: set[Figure] = set()
    for kind, pattern in _ZH_PATTERNS if lang == "zh" else _EN_PATTERNS:
        for match in pattern.finditer(rest):
            figure = _figure(kind, match)
            if figure:
                found.add(figure)
        rest = pattern.sub(lambda match: "~" * len(match[0]), rest)
    return frozenset(found)


def _figure(kind: str, match: re.Match[str]) -> Figure | None:
    part = match.groupdict()
    match kind:
        case "same" | "next":
            return ("duration", int(kind == "next"), "day")
        case "adverb":
            return None  # 十分 is *very* before a word, ten points at the end of one
        case "time":
            late = 12 if part.get("half") == "p" and int(part["h"]) < 12 else 0
            return ("time", int(part["h"]) + late, int(part.get("min") or part.get("mi") or 0))
        case "share":
            return ("share", _value(part["n"]) / 100)
        case "duration":
            unit = part["u"].removesuffix("s").replace(" ", "_")
            return ("duration", int(_value(part["n"])), _UNITS_ZH.get(part["u"], unit))
        case "within":
            return ("duration", int(_value(part["m"])), "month")
        case "date" | "month":
            month = _month(part["m"] or part.get("may") or "")
            return (kind, month, int(_value(part["d"]))) if kind == "date" else (kind, month)
        case "scaled":
            return ("number", _value(part["n"]) * _SCALES[part["u"]])
    return ("number", _value(part["n"]))


def _month(text: str) -> int:
    return MONTHS.index(text) + 1 if text in MONTHS else int(_value(text))


def _value(text: str) -> Fraction:
    if text.lower() in _WORDS_EN:
        return Fraction(_WORDS_EN[text.lower()])
    return from_text(text) if text[0].isdigit() and text[0].isascii() else Fraction(_chinese(text))


def _chinese(text: str) -> int:
    """``二十`` 20, ``一百零五`` 105, ``三千`` 3000."""
    total = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit
