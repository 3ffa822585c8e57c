"""The ledger as a table that leaves the house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from manyi.core.text import Lang
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.queries import get_channel_titles, list_asks
from manyi.flow.plan.models import Wave

Row = tuple[str | date, ...]


def ledger_of(wave: Wave, lang: Lang) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Head and rows. The personal links are left out: who holds one may answer for the customer."""
    head = (
        _("Number"), _("Customer id"), _("Customer"), _("Product"), _("Unit"), _("Channel"), _("Sent on"), _("By"),
        _("State"), _("Reason"),
    )  # fmt: skip
    return head, (_row(ask, wave, lang) for ask in list_asks(wave).iterator(chunk_size=2000))


def _row(ask: Ask, wave: Wave, lang: Lang) -> Row:
    channel = get_channel_titles(wave).get(ask.channel)
    return (
        ask.number, ask.customer.code, ask.customer.name, ask.product.name if ask.product else "", ask.unit.name,
        channel.in_(lang) if channel else ask.channel, ask.sent_on, ask.sent_by.name, ask.get_state_display(),
        ask.reason,
    )  # fmt: skip
