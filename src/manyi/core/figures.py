"""Exact rationals, and the one place where they are rounded: when they are shown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction


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
    """A decimal number as a person writes it (``1,234.5``, full-width digits too) as an exact rational.

    Raises ``ValueError`` for anything else, infinities and NaN included.
    """
    try:
        number = Decimal(text.strip().replace(",", "").replace("\uff0c", ""))
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(text)
    return Fraction(number)
