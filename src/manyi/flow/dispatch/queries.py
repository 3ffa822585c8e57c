"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from manyi.flow.dispatch.links import read_token
from manyi.flow.dispatch.models import Ask
from manyi.flow.plan.models import Wave


def list_asks(wave: Wave) -> QuerySet[Ask]:
    """The ledger of a wave, by customer and product. The wave was got through its own door."""
    return wave.asks.select_related("customer", "product", "sent_by").order_by("customer__code", "product__name", "pk")


def list_asks_by_key(keys: Sequence[UUID]) -> dict[UUID, Ask]:
    """Ledger rows by the keys their links carry."""
    return {ask.key: ask for ask in Ask.objects.filter(key__in=keys).select_related("wave")}


def find_ask_by_token(token: str) -> Ask | None:
    """The ledger row a personal link belongs to, or ``None``. The link is the whole authority."""
    key = read_token(token)
    if key is None:
        return None
    return Ask.objects.filter(key=key).select_related("wave__revision", "customer", "product").first()
