"""Exact rationals, and the one place where they are rounded: when they are shown."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?")


def exact(value: Fraction) -> str:
    """``value`` in lowest terms as ``"n/d"``.

    >>> exact(Fraction(160, 2))
    '80/1'
    """
    return f"{value.numerator}/{value.denominator}"


def shown(value: Fraction, places: int = 2) -> Decimal:
    """``value`` rounded half up (away from zero) to ``places`` decimals, exactly.

    >>> shown(Fraction(12345, 1000))
    Decimal('12.35')
    """
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def percent(share: Fraction, places: int = 1) -> str:
    """A share from 0 to 1 as a reader sees it.

    >>> percent(Fraction(2, 3))
    '66.7%'
    """
    return f"{shown(share * 100, places)}%"


def from_text(text: str) -> Fraction:
    """A decimal number as a person or a spreadsheet writes it, as an exact rational.

    Raises ``ValueError`` for anything else: ``1.234,5`` or ``1,00`` could be read in two ways and is not read at all.

    >>> from_text("-1,234.5"), from_text("1e3")
    (Fraction(-2469, 2), Fraction(1000, 1))
    """
    word = normalize("NFKC", text).strip()
    if len(word) > 60 or not _NUMBER.fullmatch(word):
        raise ValueError(text)
    number = Decimal(word.replace(",", ""))
    if abs(number.adjusted()) > 30:
        raise ValueError(text)
    return Fraction(number)
