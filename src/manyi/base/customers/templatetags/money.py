"""Amounts in CNY as people read them: with separators, to the fen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django import template

from manyi.core.figures import shown

register = template.Library()


@register.simple_tag
def money(value: Fraction | Decimal | None) -> str:
    """An amount, or a dash where there is none."""
    return "—" if value is None else f"{shown(Fraction(value), 2):,}"
