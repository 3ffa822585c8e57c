"""Sending a wave and keeping its ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from manyi.base.customers.queries import get_customers_by_code, get_products_by_name, list_addresses
from manyi.base.evidence.operations import record_event
from manyi.base.outbox.operations import queue_mail
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.dispatch.links import make_token
from manyi.flow.dispatch.models import Ask
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step

BATCH = 500
MAIL = "email"


class CannotSend(CannotDo):
    """These rows cannot be sent."""


def send_wave(
    *, by: Person, at: datetime, wave: Wave, pairs: Sequence[tuple[str, str]], channel: str, sent_on: date
) -> int:
    """Enter (customer, product) pairs into the ledger as sent; by e-mail the invitations go to the outbox.

    Pairs that stand in the ledger already are left as they are. Returns how many rows were added.
    """
    require(by, "dispatch.send", wave.unit)
    if wave.state == Wave.State.CLOSED:
        raise CannotSend(Text("该次调查已结束", "This wave is closed"))
    if sent_on > timezone.localdate(at):
        raise CannotSend(Text("发放日期不能在今天之后", "A sheet cannot have been sent after today"))
    known = {
        (a.customer.code, a.product.name if a.product else "") for a in wave.asks.select_related("customer", "product")
    }
    fresh = sorted(set(pairs) - known)
    for start in range(0, len(fresh), BATCH):
        _send_batch(by=by, at=at, wave=wave, pairs=fresh[start : start + BATCH], channel=channel, sent_on=sent_on)
    return len(fresh)


def finish_sending(*, by: Person, at: datetime, wave: Wave) -> None:
    """Declare the sending complete: the duty to send is discharged as of the last dispatch, the next one opens."""
    require(by, "dispatch.send", wave.unit)
    last = wave.asks.order_by("-sent_on").first()
    if last is None:
        raise CannotSend(Text("发放台账还是空的", "The dispatch ledger is still empty"))
    with transaction.atomic():
        event = record_event(
            kind="dispatch.wave.sent", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            facts={"rows": wave.asks.count(), "last": last.sent_on.isoformat()},
        )  # fmt: skip
        happened = max(last.recorded_at, wave.opened_at)
        finish_step(by=by, at=at, wave=wave, step="send", evidence=event, happened_at=happened)


def mark_returned(asks: Iterable[int]) -> None:
    """Note in the ledger that sheets came back; called by ``responses`` inside its transaction."""
    Ask.objects.filter(pk__in=list(asks)).update(state=Ask.State.RETURNED)


def close_ask(*, by: Person, at: datetime, ask: Ask, reason: str) -> Ask:
    """Close a row that will not come back, with the reason; its link stops working."""
    require(by, "dispatch.close", ask.unit)
    if ask.state != Ask.State.SENT or not reason.strip():
        raise CannotSend(
            Text("只能关闭未收回的行,并须写明理由", "Only a row without return can be closed, with a reason")
        )
    with transaction.atomic():
        ask.state, ask.reason = Ask.State.CLOSED, reason.strip()
        ask.save(update_fields=("state", "reason"))
        record_event(
            kind="dispatch.ask.closed", subject=f"dispatch.ask:{ask.pk}", unit=ask.unit, by=by, at=at,
            facts={"wave": ask.wave_id},
        )  # fmt: skip
    return ask


def link_of(ask: Ask) -> str:
    """The personal link of a ledger row."""
    return f"{settings.MANYI_URL}/s/{make_token(ask.key)}"


def _send_batch(
    *, by: Person, at: datetime, wave: Wave, pairs: Sequence[tuple[str, str]], channel: str, sent_on: date
) -> None:
    customers = get_customers_by_code([customer for customer, _ in pairs])
    products = get_products_by_name([product for _, product in pairs if product])
    asks = [
        Ask(
            wave=wave, unit=customers[customer].unit, customer=customers[customer], product=products.get(product),
            channel=channel, sent_on=sent_on, recorded_at=at, sent_by=by,
        )
        for customer, product in pairs
    ]  # fmt: skip
    with transaction.atomic():
        Ask.objects.bulk_create(asks)
        record_event(
            kind="dispatch.asks.sent", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            facts={"rows": len(asks), "channel": channel}, digest=_digest(pairs),
        )  # fmt: skip
        if channel == MAIL:
            _invite(asks, wave, at)


def _invite(asks: Sequence[Ask], wave: Wave, at: datetime) -> None:
    addresses = list_addresses([ask.customer_id for ask in asks])
    for ask in asks:
        if ask.customer_id in addresses:
            product = f"({ask.product.name})" if ask.product else ""
            queue_mail(
                to=addresses[ask.customer_id], subject=f"{wave.title_zh}{product}",
                body=f"{ask.customer.name}:\n\n请填写调查表 / Please fill in our questionnaire:\n{link_of(ask)}\n",
                at=at, dedupe=f"ask:{ask.key}",
            )  # fmt: skip


def _digest(pairs: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(list(pairs), ensure_ascii=False).encode()).hexdigest()
