"""Who is in a wave's frame, in which tier, and how far the floors are reached."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from manyi.base.customers.queries import list_bought_products, list_sales
from manyi.core.customer_facts import facts_of
from manyi.core.predicates import Facts, holds
from manyi.core.tiers import Coverage, judge, place
from manyi.core.waves import WaveRules
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules
from manyi.flow.sample.models import FrameRow


@dataclass(frozen=True, slots=True)
class Frame:
    """The customers of a wave by code, with the exact facts used and the tier each landed in."""

    customers: dict[str, Facts]
    tiers: dict[str, str | None]


def compute_frame(wave: Wave) -> Frame:
    """The frame as the register says now: the programme's customers with their facts, placed in tiers."""
    rules = get_rules(wave)
    facts = facts_of(list_sales(unit=wave.unit, year=wave.year), rules.ranks)
    members = {c: f for c, f in facts.items() if rules.frame is None or holds(rules.frame, f)}
    return Frame(members, place(rules.tiers, members))


def get_frame(wave: Wave) -> Frame:
    """The frame as it was drawn; where nothing was drawn yet, as it would be drawn now."""
    rows = list(wave.frame.select_related("customer"))
    if not rows:
        return compute_frame(wave)
    return Frame(
        {row.customer.code: {name: _value(text) for name, text in row.facts.items()} for row in rows},
        {row.customer.code: row.tier or None for row in rows},
    )


def list_coverage(wave: Wave, asked: frozenset[str]) -> tuple[Coverage, ...]:
    """Coverage of every tier and floor by the customers ``asked``."""
    rules = get_rules(wave)
    return judge(rules.tiers, rules.floors, get_frame(wave).customers, asked)


def list_candidates(wave: Wave, rules: WaveRules) -> list[tuple[str, str]]:
    """Whom to ask about what: every customer of the frame with each product bought in the wave's year."""
    members = get_frame(wave).customers
    if not rules.per_product:
        return [(customer, "") for customer in sorted(members)]
    bought = list_bought_products(unit=wave.unit, year=wave.year)
    return sorted((customer, product) for customer, product in bought if customer in members)


def _value(text: str) -> Fraction | str:
    try:
        return Fraction(text)
    except ValueError:
        return text


def has_frame(wave: Wave) -> bool:
    """Whether the frame was drawn."""
    return FrameRow.objects.filter(wave=wave).exists()
