"""Sending a wave and keeping its ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.customers.models import Customer
from manyi.base.customers.queries import get_customers_by_code, get_products_by_name, list_addresses
from manyi.base.evidence.chain import digest_of
from manyi.base.evidence.operations import record_event
from manyi.base.outbox.operations import NewMail, is_address, queue_mails
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.dispatch.links import make_token
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.queries import Pair, list_asked_pairs
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step
from manyi.flow.plan.queries import get_rules, local_day, subject_of

BATCH = 200
"""So many rows are one transaction, so that nobody waits for a large sending."""
MAIL = "email"
MOST_REASON = 300


class CannotSend(CannotDo):
    """These rows cannot be sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sending did: rows added, and the customers left out because no mail address is known."""

    rows: int
    without_address: tuple[str, ...] = ()


def send_wave(*, by: Person, at: datetime, wave: Wave, pairs: Iterable[Pair], channel: str, sent_on: date) -> Sent:
    """Enter (customer, product) pairs into the ledger as sent; by e-mail the invitations go to the outbox.

    Pairs that stand in the ledger already are left as they are. By e-mail a customer without an address is left out:
    the ledger holds only what went out. Every batch is a transaction of its own; a sending that was cut off is
    finished by sending again.
    """
    require(by, "dispatch.send", wave.unit)
    _check(wave=wave, at=at, channel=channel, sent_on=sent_on)
    known = list_asked_pairs(wave)
    fresh = sorted(set(pairs) - known)
    customers = get_customers_by_code({customer for customer, _ in fresh})
    _check_unit(wave, customers.values())
    products = get_products_by_name({product for _, product in fresh if product})
    addresses = list_addresses([c.pk for c in customers.values()]) if channel == MAIL else {}
    reached = [pair for pair in fresh if channel != MAIL or is_address(addresses.get(customers[pair[0]].pk, ""))]
    for start in range(0, len(reached), BATCH):
        asks = [
            Ask(
                wave=wave, unit=customers[customer].unit, customer=customers[customer], product=products.get(product),
                channel=channel, sent_on=sent_on, recorded_at=at, sent_by=by,
            )
            for customer, product in reached[start : start + BATCH]
        ]  # fmt: skip
        _send_batch(by=by, at=at, wave=wave, asks=asks, channel=channel, addresses=addresses)
    return Sent(len(reached), tuple(sorted({customer for customer, _ in set(fresh) - set(reached)})))


def finish_sending(*, by: Person, at: datetime, wave: Wave) -> None:
    """Declare the sending complete: the duty to send is discharged as of the last dispatch, the next one opens."""
    require(by, "dispatch.send", wave.unit)
    last = wave.asks.order_by("-sent_on", "-recorded_at").first()
    if last is None:
        raise CannotSend(Text("发放台账还是空的", "The dispatch ledger is still empty"))
    with transaction.atomic():
        happened = _time_of(last)
        event = record_event(
            kind="dispatch.wave.sent", subject=subject_of(wave), unit=wave.unit, by=by, at=at, happened_at=happened,
            period=str(wave.year), procedure=str(wave.revision),
            facts={"rows": wave.asks.count(), "last": last.sent_on.isoformat()},
        )  # fmt: skip
        finish_step(by=by, at=at, wave=wave, step="send", evidence=event, happened_at=happened)


def mark_returned(asks: Iterable[int]) -> None:
    """Note in the ledger that sheets came back; called by ``responses`` inside its transaction."""
    Ask.objects.filter(pk__in=list(asks)).update(state=Ask.State.RETURNED)


def close_ask(*, by: Person, at: datetime, ask: Ask, reason: str) -> Ask:
    """Close a row that will not come back, with the reason; its link stops working."""
    require(by, "dispatch.close", ask.unit)
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON:
        raise CannotSend(
            Text(f"请写明理由（不超过 {MOST_REASON} 字）", f"Give a reason of at most {MOST_REASON} characters")
        )
    with transaction.atomic():
        if not Ask.objects.filter(pk=ask.pk, state=Ask.State.SENT).update(state=Ask.State.CLOSED, reason=reason):
            raise CannotSend(Text("只能关闭尚未收回的行", "Only a row that has not come back can be closed"))
        record_event(
            kind="dispatch.ask.closed", subject=f"dispatch.ask:{ask.pk}", unit=ask.unit, by=by, at=at,
            period=str(ask.wave.year), facts={"wave": ask.wave_id},
        )  # fmt: skip
    ask.refresh_from_db(fields=("state", "reason"))
    return ask


def link_of(ask: Ask) -> str:
    """The personal link of a ledger row."""
    return f"{settings.MANYI_URL}/s/{make_token(ask.key)}"


def _check(*, wave: Wave, at: datetime, channel: str, sent_on: date) -> None:
    if wave.state == Wave.State.CLOSED:
        raise CannotSend(Text("该次调查已结束", "This wave is closed"))
    if sent_on > local_day(at):
        raise CannotSend(Text("发放日期不能在今天之后", "A sheet cannot have been sent after today"))
    if sent_on.year < wave.year:
        raise CannotSend(
            Text(f"发放日期早于 {wave.year} 年", f"The day of sending lies before {wave.year}, the year of this survey")
        )
    channels = [key for key, _ in get_rules(wave).channels]
    if channels and channel not in channels:
        raise CannotSend(
            Text(
                f"程序没有“{channel}”这种发放方式", f"“{channel}” is no channel of the procedure: {', '.join(channels)}"
            )
        )


def _check_unit(wave: Wave, customers: Iterable[Customer]) -> None:
    for customer in customers:
        if not customer.unit.path.startswith(wave.unit.path):
            raise CannotSend(
                Text(f"客户“{customer.code}”不属于该部门", f"The customer “{customer.code}” belongs to another unit")
            )


def _time_of(ask: Ask) -> datetime:
    """When a row was sent: what was entered the same day at that minute, else the middle of the day that is claimed."""
    if local_day(ask.recorded_at) == ask.sent_on:
        return ask.recorded_at
    return timezone.make_aware(datetime.combine(ask.sent_on, time(12)))


def _send_batch(
    *, by: Person, at: datetime, wave: Wave, asks: Sequence[Ask], channel: str, addresses: Mapping[int, str]
) -> None:
    digest = _digest(asks)
    mails = [_invitation(wave, ask, addresses[ask.customer_id]) for ask in asks] if channel == MAIL else []
    try:
        with transaction.atomic():
            Ask.objects.bulk_create(asks)
            record_event(
                kind="dispatch.asks.sent", subject=subject_of(wave), unit=wave.unit, by=by, at=at,
                period=str(wave.year), procedure=str(wave.revision), facts={"rows": len(asks), "channel": channel},
                digest=digest,
            )  # fmt: skip
            queue_mails(mails, at=at)
    except IntegrityError:
        raise CannotSend(
            Text(
                "另一人正在发放同一批调查表，请刷新台账", "Somebody else is sending the same sheets; reload the ledger"
            )
        ) from None


def _invitation(wave: Wave, ask: Ask, address: str) -> NewMail:
    product = f" ({ask.product.name})" if ask.product else ""
    return NewMail(
        to=address,
        subject=f"{wave.title_zh} {wave.year}{product}",
        body=(
            f"{ask.customer.name}：\n\n请填写{wave.title_zh}{product}的调查表，无需登录：\n"
            f"Please fill in our questionnaire; no sign-in is needed:\n\n{link_of(ask)}\n"
        ),
        dedupe=f"ask:{ask.key}",
    )


def _digest(asks: Sequence[Ask]) -> str:
    rows = [[ask.customer.code, ask.product.name if ask.product else ""] for ask in asks]
    return digest_of(rows)
