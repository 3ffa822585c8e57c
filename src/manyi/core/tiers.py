"""Whom to ask: customers into tiers, tiers and floors into coverage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from manyi.core.limits import Limit
from manyi.core.predicates import Facts, Predicate, holds
from manyi.core.text import Text

ALL = "all"
"""The key of a floor on the whole frame."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A group of customers; ``floor`` is the share of it that has to be asked, where it has one of its own."""

    key: str
    title: Text
    clause: str
    where: Predicate
    floor: Limit | None


@dataclass(frozen=True, slots=True)
class Floor:
    """A share of the whole frame (``where`` is ``None``) or of a part of it that has to be asked."""

    key: str
    clause: str
    where: Predicate | None
    limit: Limit


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one tier or floor was reached; ``share`` is ``None`` where there is nobody, or no ledger, to judge."""

    tier: str
    clause: str
    population: int
    asked: int | None
    share: Fraction | None
    limit: Limit | None
    missing: tuple[str, ...]

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; ``None`` where there is no limit or nothing to judge."""
        if self.limit is None or self.share is None:
            return None
        return self.limit.is_met_by(self.share)


def place(tiers: Sequence[Tier], customers: Mapping[str, Facts]) -> dict[str, str | None]:
    """Every customer's tier: the first whose condition is true of the customer's facts; ``None`` where none fits."""
    return {
        customer: next((tier.key for tier in tiers if holds(tier.where, facts)), None)
        for customer, facts in customers.items()
    }


def judge(
    tiers: Sequence[Tier],
    floors: Sequence[Floor],
    customers: Mapping[str, Facts],
    asked: Collection[str] | None,
) -> tuple[Coverage, ...]:
    """One row per tier, then one per floor. ``asked`` is ``None`` where no dispatch ledger is known.

    A customer counts once in its tier and in every floor whose condition fits.
    """
    placed = place(tiers, customers)
    rows = [
        _cover(tier.key, tier.clause, tier.floor, [c for c in customers if placed[c] == tier.key], asked)
        for tier in tiers
    ]
    for floor in floors:
        members = [c for c, facts in customers.items() if floor.where is None or holds(floor.where, facts)]
        rows.append(_cover(floor.key, floor.clause, floor.limit, members, asked))
    return tuple(rows)


def _cover(
    key: str, clause: str, limit: Limit | None, members: Sequence[str], asked: Collection[str] | None
) -> Coverage:
    if asked is None:
        return Coverage(key, clause, len(members), None, None, limit, ())
    missing = tuple(sorted(c for c in members if c not in asked))
    reached = len(members) - len(missing)
    share = Fraction(reached, len(members)) if members else None
    return Coverage(key, clause, len(members), reached, share, limit, missing)
