"""What a procedure may ask of a customer, computed from a year's sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from manyi.core.predicates import Facts, Value
from manyi.core.waves import RankFact

Sale = tuple[str, str, Fraction]
"""Customer, product, amount; several of one customer and product add up."""


def facts_of(
    sales: Iterable[Sale], ranks: Sequence[RankFact], known: Mapping[str, Facts] | None = None
) -> dict[str, Facts]:
    """The facts of every customer that is known or bought: ``annual_sales`` over all products, and the ranks.

    A rank is the best place over the products: with equals *together* they share the better place ("1224"), else the
    worse one. A customer without sales has neither fact.

    >>> rows = [("a", "x", Fraction(5)), ("b", "x", Fraction(9)), ("a", "y", Fraction(1))]
    >>> {c: (int(f["annual_sales"]), int(f["place"])) for c, f in facts_of(rows, [RankFact("place")]).items()}
    {'a': (6, 1), 'b': (9, 1)}
    """
    amounts: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for customer, product, amount in sales:
        amounts[product][customer] += amount
    totals: dict[str, Fraction] = defaultdict(Fraction)
    for buyers in amounts.values():
        for customer, amount in buyers.items():
            totals[customer] += amount
    facts: dict[str, dict[str, Value]] = {customer: dict(values) for customer, values in (known or {}).items()}
    for customer, total in totals.items():
        facts.setdefault(customer, {})["annual_sales"] = total
    for rank in ranks:
        for customer, place in _best_places(amounts.values(), rank.together).items():
            facts[customer][rank.name] = Fraction(place)
    return dict(facts)


def _best_places(products: Iterable[Mapping[str, Fraction]], together: bool) -> dict[str, int]:
    best: dict[str, int] = {}
    for buyers in products:
        ordered = sorted(buyers.values(), reverse=True)
        first = {amount: place for place, amount in reversed(list(enumerate(ordered, start=1)))}
        last = {amount: place for place, amount in enumerate(ordered, start=1)}
        for customer, amount in buyers.items():
            place = (first if together else last)[amount]
            best[customer] = min(place, best.get(customer, place))
    return best
