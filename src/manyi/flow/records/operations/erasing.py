"""Erasing a person of a customer: asked here first, then in the rooms before, so that nothing names who is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from manyi.base.customers.models import Contact
from manyi.base.customers.operations import erase_contact
from manyi.base.customers.queries import words_of
from manyi.base.evidence.operations import erase_values
from manyi.base.evidence.queries import list_events
from manyi.base.files.operations import erase_file
from manyi.base.people.access import require
from manyi.base.people.models import Person
from manyi.core.flows import FlowRule
from manyi.flow.records.models import Arrival, Record
from manyi.flow.records.operations.acting import locked
from manyi.flow.records.queries import get_flow, names_for, subject_of
from manyi.flow.records.slots import fill_slots

ERASED = "（已删除 / erased）"
TAKEN_IN = "records.arrival.taken_in"


def erase_person(*, by: Person, at: datetime, contact: Contact, reason: str) -> None:
    """Erase a contact of a customer from the records and then from the register, in one transaction.

    Gone are what the person wrote from outside, with its files, and the fields of records that name the contact. Sheets
    keep the customer and no person; what staff wrote in words of their own is not looked through.
    """
    require(by, "customers.manage", contact.customer.unit)
    words = words_of(contact)
    with transaction.atomic():
        arrivals, values = _erase_arrivals({contact.phone, contact.email} - {""})
        records = sum(_erase_named(record, words) for record in _records_of(contact))
        erased = {"arrivals": arrivals, "records": records, "values": values}
        erase_contact(by=by, at=at, contact=contact, reason=reason, erased=erased)


def _erase_arrivals(addresses: Collection[str]) -> tuple[int, int]:
    """Empty what came in from these addresses; how many, and how many kept values of the evidence went with them."""
    wanted = {_plain(address) for address in addresses}
    said = Arrival.objects.exclude(reached_at="").values_list("pk", "reached_at")
    found = [pk for pk, reached in said.iterator() if _plain(reached) in wanted]
    values = 0
    for arrival in Arrival.objects.filter(pk__in=found).select_related("record"):
        events = [
            event.pk
            for event in list_events(subject_of(arrival.record)).filter(kind=TAKEN_IN)
            if event.facts.get("arrival") == arrival.pk
        ]
        values += erase_values(events=events)
        arrival.name = arrival.reached_at = ""
        arrival.text = ERASED
        arrival.save(update_fields=("name", "reached_at", "text"))
        if not arrival.record.arrivals.exclude(pk__in=found).exists():
            _erase_files(arrival.record)
    return len(found), values


def _plain(address: str) -> str:
    """An address as it is compared: people write a number with spaces and dashes, and a mail with capitals."""
    said = address.strip().casefold()
    return said if "@" in said else "".join(sign for sign in said if sign.isalnum())


def _erase_files(record: Record) -> None:
    """The files that came from outside; those that staff added are theirs."""
    for attachment in record.attachments.filter(act=None, by=None, field="").select_related("file"):
        attachment.delete()
        erase_file(attachment.file)


def _records_of(contact: Contact) -> Iterable[Record]:
    rows = Record.objects.filter(customer=contact.customer_id).select_related("revision__document")
    return rows.order_by("pk")


def _erase_named(found: Record, words: Collection[str]) -> bool:
    """Take the contact out of the fields of its kind, where they stand now and in the acts that filled them in."""
    flow = get_flow(found.revision, found.kind)
    keys = {one.key for one in flow.fields if one.kind == "contact"}
    columns = {one.key: {c.key for c in one.columns if c.kind == "contact"} for one in flow.fields}
    if not keys and not any(columns.values()):
        return False
    record = locked(found)
    changed = _emptied(record.data, keys, words)
    if changed:
        fill_slots(record, flow, names_for(flow.fields, [record.data]))
        record.save()
    for row in record.rows.all():
        if _emptied(row.data, columns.get(row.field, ()), words):
            row.save(update_fields=("data",))
            changed = True
    return _erase_acts(record, flow, keys, columns, words) or changed


def _erase_acts(
    record: Record, flow: FlowRule, keys: Collection[str], columns: dict[str, set[str]], words: Collection[str]
) -> bool:
    changed = False
    for act in record.acts.exclude(data={}):
        gone = _emptied(act.data, keys, words)
        for field, named in columns.items():
            rows = act.data.get(field)
            for row in rows if named and isinstance(rows, list) else ():
                gone = _emptied(row, named, words) or gone
        if act.data.get("field") in keys:
            gone = _emptied(act.data, ("old", "new"), words) or gone
        if gone:
            act.save(update_fields=("data",))
            changed = True
    return changed


def _emptied(data: Any, keys: Iterable[str], words: Collection[str]) -> bool:
    """Put the mark where one of ``keys`` says one of ``words``; whether anything was there."""
    named = [key for key in keys if isinstance(data, dict) and data.get(key) in words]
    for key in named:
        data[key] = ERASED
    return bool(named)
