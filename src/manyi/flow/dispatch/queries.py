"""Reading the ledger: who was asked, who is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from manyi.base.customers.queries import get_customers_by_code, list_addresses
from manyi.base.outbox.operations import is_address
from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.core.tiers import Coverage, judge
from manyi.flow.dispatch.links import read_token
from manyi.flow.dispatch.models import Ask
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules
from manyi.flow.sample.queries import Frame, Share, candidates_of, get_frame, list_shares

Pair = tuple[str, str]
"""A customer's code and a product's name; the name is empty in a wave that is not asked per product."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One tier or floor: what it asks for, how far it was reached, who is missing and how many are needed yet."""

    share: Share
    coverage: Coverage
    unsent: int

    @property
    def short(self) -> int:
        """How many customers have to be asked yet to reach the floor."""
        return max(0, (self.share.needed or 0) - (self.coverage.asked or 0))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer and product not asked yet."""

    pair: Pair
    name: str
    tier: str
    address: str


def list_asks(wave: Wave) -> QuerySet[Ask]:
    """The ledger of a wave, by customer and product. The wave was got through its own door."""
    rows = wave.asks.select_related("customer", "product", "sent_by", "wave", "unit")
    return rows.order_by("customer__code", "product__name", "pk")


def filter_asks(asks: QuerySet[Ask], *, state: str = "", channel: str = "", search: str = "") -> QuerySet[Ask]:
    """Ledger rows of a state and channel; ``search`` looks into code, name, product, and the row's number."""
    if state:
        asks = asks.filter(state=state)
    if channel:
        asks = asks.filter(channel=channel)
    if search:
        found = Q(customer__code__icontains=search) | Q(customer__name__icontains=search)
        tail = search.rpartition("-")[2]
        if tail.isdecimal() and len(tail) <= 18:
            found |= Q(pk=int(tail))
        asks = asks.filter(found | Q(product__name__icontains=search))
    return asks


def list_visible_asks(by: Person) -> QuerySet[Ask]:
    """Ledger rows of the units a person sees."""
    return visible_to(
        by, Ask.objects.select_related("customer", "product", "unit", "wave__unit", "wave__revision__document")
    )


def get_visible_ask(by: Person, pk: int) -> Ask:
    """One ledger row, or ``Ask.DoesNotExist``."""
    return list_visible_asks(by).get(pk=pk)


def list_asked_pairs(wave: Wave) -> set[Pair]:
    """What stands in the ledger."""
    return {(code, product or "") for code, product in wave.asks.values_list("customer__code", "product__name")}


def count_states(wave: Wave) -> Counter[str]:
    """How many rows of the ledger are in each state."""
    return Counter(wave.asks.order_by().values_list("state", flat=True))


def list_unsent(wave: Wave, frame: Frame) -> list[Pair]:
    """Whom to ask yet: candidates of the frame that do not stand in the ledger."""
    asked = list_asked_pairs(wave)
    return [pair for pair in candidates_of(wave, get_rules(wave), frame) if pair not in asked]


def pairs_of_scope(wave: Wave, frame: Frame, unsent: Sequence[Pair], scope: str) -> list[Pair]:
    """The candidates a rule means.

    ``all`` · ``missing`` those of customers who were not asked on any product · ``tier:<key>`` those of a tier
    (``tier:`` of none) · ``missing:<key>`` both.
    """
    rule, _, tier = scope.partition(":")
    if rule not in ("all", "missing", "tier"):
        return []
    asked = {code for code, _product in list_asked_pairs(wave)} if rule == "missing" else set()
    within = rule == "tier" or (rule == "missing" and ":" in scope)
    return [
        pair for pair in unsent if pair[0] not in asked and (not within or (frame.tiers.get(pair[0]) or "") == tier)
    ]


def list_reached(wave: Wave, frame: Frame | None = None) -> list[Reached]:
    """Coverage of every tier and floor by the ledger, with what is missing."""
    frame = frame or get_frame(wave)
    asked = {code for code, _ in list_asked_pairs(wave)}
    unsent = Counter(code for code, _ in list_unsent(wave, frame))
    return [Reached(share, row, sum(unsent[code] for code in row.missing)) for share, row in _rows(wave, frame, asked)]


def list_candidates_shown(frame: Frame, pairs: Sequence[Pair]) -> list[Candidate]:
    """Some candidates as a page shows them, with the address mail would go to (empty: none is known)."""
    customers = get_customers_by_code({code for code, _ in pairs})
    addresses = list_addresses([customer.pk for customer in customers.values()])
    return [
        Candidate(
            pair, customers[pair[0]].name, frame.tiers.get(pair[0]) or "", addresses.get(customers[pair[0]].pk, "")
        )
        for pair in pairs
    ]


def list_without_address(pairs: Sequence[Pair]) -> list[str]:
    """The customers among candidates that mail cannot reach."""
    customers = get_customers_by_code({code for code, _ in pairs})
    addresses = list_addresses([customer.pk for customer in customers.values()])
    return sorted(code for code, customer in customers.items() if not is_address(addresses.get(customer.pk, "")))


def get_channel_titles(wave: Wave) -> dict[str, Text]:
    """What the procedure calls its channels."""
    return dict(get_rules(wave).channels)


def list_asks_by_key(keys: Sequence[UUID]) -> dict[UUID, Ask]:
    """Ledger rows by the keys their links carry."""
    return {ask.key: ask for ask in Ask.objects.filter(key__in=keys).select_related("wave")}


def find_ask_by_token(token: str) -> Ask | None:
    """The ledger row a personal link belongs to, or ``None``. The link is the whole authority."""
    key = read_token(token)
    if key is None:
        return None
    return Ask.objects.filter(key=key).select_related("wave__revision", "wave__unit", "customer", "product").first()


def _rows(wave: Wave, frame: Frame, asked: set[str]) -> list[tuple[Share, Coverage]]:
    rules = get_rules(wave)
    coverage = judge(rules.tiers, rules.floors, frame.customers, asked)
    return list(zip(list_shares(wave, frame), coverage, strict=True))
