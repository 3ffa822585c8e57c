"""An inbox: cases with running clocks, from whoever speaks up to the answer and the follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from manyi.base.customers.models import Contact
from manyi.base.customers.queries import find_callers
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.records.entrances import first_words, list_arrivals
from manyi.flow.records.forms import FIELD
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.models import Record
from manyi.flow.records.page import Page
from manyi.flow.records.queries import Kind, list_visible_records

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may be the one that calls: how the form is begun for him, and what is open at his customer."""

    contact: Contact
    begins: Mapping[str, str]
    open_cases: Sequence[Record]


def work(_by: Person, page: Page, at: datetime) -> Words:
    """What came in, in its own words, and how long there still is for what is open."""
    duties = [one.duty for one in page.next if one.duty is not None]
    first = min(duties, key=lambda duty: duty.due_at, default=None)
    return {"arrivals": list_arrivals(page.standing.record), "left": left(first.due_at, at) if first else None}


def register(by: Person, kind: Kind, records: Sequence[Record], at: datetime) -> Words:
    """How much is open, overdue and due within a day; which cases of the page came from outside, and what is left."""
    rows = list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind, state=Record.State.OPEN)
    counts = rows.aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)),
        soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=at + SOON)),
    )  # fmt: skip
    running = {record.pk: left(record.due_at, at) for record in records if record.due_at and record.state == "open"}
    return {"counts": counts, "arrived": first_words(records), "running": running}


def start(by: Person, kind: Kind, asked: Mapping[str, str]) -> Words:
    """Who calls: looked up by number or name, with what is open at his customer."""
    words = asked.get("caller", "")[:80]
    contacts = find_callers(by, words)
    open_now = _open_cases(by, kind, {contact.customer_id for contact in contacts})
    callers = [Caller(one, _begin(kind, one), open_now.get(one.customer_id, ())) for one in contacts]
    has_customer = any(one.kind == "customer" for one in kind.flow.fields)
    return {"caller": words, "callers": callers, "may_look_up": has_customer}


def left(due: datetime, at: datetime) -> Text:
    """How long there still is by the clock, or since when it is over."""
    span = abs(due - at)
    days, minutes = span.days, span.seconds // 60
    zh = f"{days} 天 {minutes // 60} 小时" if days else f"{minutes // 60} 小时 {minutes % 60} 分"
    en = f"{days} d {minutes // 60} h" if days else f"{minutes // 60} h {minutes % 60} min"
    return Text(f"还有 {zh}", f"{en} left") if due > at else Text(f"已超 {zh}", f"over by {en}")


def _begin(kind: Kind, contact: Contact) -> dict[str, str]:
    """The values the form begins with for a caller, by the kinds of its fields."""
    said = {
        "customer": f"{contact.customer.code} · {contact.customer.name}",
        "contact": " ".join(part for part in (contact.name, contact.phone) if part),
    }
    found = {f"{FIELD}{one.key}": said[one.kind] for one in kind.flow.fields if one.kind in said}
    ways = [channel for channel, _ in kind.flow.channels]
    return found | ({"channel": "phone"} if "phone" in ways else {})


def _open_cases(by: Person, kind: Kind, customers: set[int]) -> dict[int, list[Record]]:
    rows = list_visible_records(by).filter(
        document=kind.document, kind=kind.flow.kind, state=Record.State.OPEN, customer__in=customers
    )
    found: dict[int, list[Record]] = {}
    for record in rows.order_by("-pk")[:50] if customers else ():
        if record.customer_id is not None:
            found.setdefault(record.customer_id, []).append(record)
    return found


PAGE = PageKind(work=work, register=register, start=start)
