"""Opening a record: by hand, from the duty to make it, or from what arrived; its first step may come with it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.evidence.queries import find_event
from manyi.base.people.access import may, require
from manyi.base.people.models import Person, Unit
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.records.ground import Standing
from manyi.flow.records.models import Record, Taken
from manyi.flow.records.numbering import NotYet, next_number
from manyi.flow.records.operations.acting import CannotRecord, CannotTake, What, checked_text, record_act, settle
from manyi.flow.records.operations.purposes import check_purposes, require_purpose
from manyi.flow.records.operations.taking import take
from manyi.flow.records.owing import holds_role
from manyi.flow.records.queries import SUBJECT, Kind, room_of
from manyi.flow.records.storing import Filling, check_money, read_values, store_values

EVENT = "event:"


def open_record(
    *,
    by: Person | None,
    at: datetime,
    kind: Kind,
    unit: Unit,
    happened_at: datetime | None = None,
    duty: Duty | None = None,
    source: str = "",
    channel: str = "",
    reason: str = "",
    filling: Filling | None = None,
) -> Record:
    """Open a record with its number; with ``filling`` its first step is taken in the same transaction.

    ``duty`` is the duty to make it: then the record is that of the duty, opened once. ``source`` names an arrival from
    outside, so that one arrival makes one record; ``by`` is ``None`` where nobody of the house acts. A record that is
    there already for its occasion is given back as it stands.
    """
    occasion = duty.subject if duty is not None else source
    if occasion and (known := _find(kind, occasion)):
        return known
    began = happened_at or at
    if began > at:
        raise CannotRecord(Text("发生时间不能晚于现在", "It cannot have happened later than now"))
    try:
        with transaction.atomic():
            record = _new(by, at, kind, unit, began, duty, occasion, channel)
            _allowed(by, at, record, kind, duty)
            _fill_ahead(by, at, record, kind, filling)
            _number(record, kind)
            record.save()
            standing = _opened(by, at, record, checked_text(reason))
            if filling is not None and by is not None and kind.flow.steps:
                _first_step(by, at, standing, filling)
    except IntegrityError:
        if occasion and (known := _find(kind, occasion)):
            return known
        raise
    return record


def _first_step(by: Person, at: datetime, standing: Standing, filling: Filling) -> None:
    """Take the first step; where others are heard or take part first, what was filled in is kept until then."""
    record, kind = standing.record, standing.kind
    if len(standing.state.open) == 1 and not standing.state.open[0].is_hearing:
        one = standing.state.open[0]
        take(by=by, at=at, record=record, step=one.step.key, part=one.part, filling=filling, standing=standing)
        return
    fields = kind.flow.steps[0].fields
    kept, faults = read_values(fields, filling.data, room_of(by, kind))
    if faults := [*faults, *check_money(kind.flow, kept), *check_purposes(kind.flow, fields, kept)]:
        raise CannotTake(faults)
    store_values(record, kind.flow, kept, by, at)
    record.save()
    settle(by=by, at=at, record=record, happened_at=record.happened_at)


def _find(kind: Kind, occasion: str) -> Record | None:
    return Record.objects.filter(document=kind.document, kind=kind.flow.kind, source=occasion).first()


def _new(
    by: Person | None,
    at: datetime,
    kind: Kind,
    unit: Unit,
    began: datetime,
    duty: Duty | None,
    occasion: str,
    channel: str,
) -> Record:
    record = Record(
        document=kind.document, revision=kind.revision, kind=kind.flow.kind, unit=unit, opened_by=by, opened_at=at,
        happened_at=began, source=occasion, duty=duty, channel=channel, data={},
    )  # fmt: skip
    if duty is not None:
        record.unit, record.period = duty.unit, duty.period
        record.origin = _origin(duty.subject)
        require_purpose(kind.flow, record.origin)
        # what was called for began when it was called for, not when somebody found time to write it down
        record.happened_at = min(began, _called_at(duty))
    return record


def _called_at(duty: Duty) -> datetime:
    if duty.subject.startswith(EVENT):
        event = find_event(int(duty.subject.split(":")[1]))
        if event is not None:
            return event.happened_at
    return duty.begins_at or duty.opened_at


def _origin(subject: str) -> Record | None:
    """The record whose event called for this one."""
    if not subject.startswith(EVENT):
        return None
    event = find_event(int(subject.split(":")[1]))
    if event is None or not event.subject.startswith(SUBJECT):
        return None
    return Record.objects.filter(pk=int(event.subject.removeprefix(SUBJECT))).first()


def _allowed(by: Person | None, at: datetime, record: Record, kind: Kind, duty: Duty | None) -> None:
    """Who opens a record: the role of its first step or of its occasion; or whom the duty to make it names."""
    if by is None or (duty is not None and duty.person_id == by.pk):
        return
    first = f"{kind.flow.kind}.{kind.flow.steps[0].key}"
    if duty is not None and (
        may(by, first, record.unit) or holds_role(by, duty.role, record.unit, timezone.localdate(at))
    ):
        return
    require(by, f"{kind.flow.kind}.open", record.unit)


def _fill_ahead(by: Person | None, at: datetime, record: Record, kind: Kind, filling: Filling | None) -> None:
    """The values the number may need; they are checked and kept with the first step once more."""
    if filling is None or by is None or not kind.flow.steps:
        return
    simple = {one.key for one in kind.flow.steps[0].fields if one.kind in ("customer", "project", "product", "unit")}
    said = {key: value for key, value in filling.data.items() if key in simple}
    kept, faults = read_values(kind.flow.steps[0].fields, said, room_of(by, kind))
    faults += check_money(kind.flow, kept)
    if faults:
        raise CannotTake(faults)
    record.data = {key: value for key, value in kept.items() if value is not None}
    if record.origin is not None:
        record.customer, record.project = record.origin.customer, record.origin.project
    for column, key in (("customer_id", "customer"), ("project_id", "project"), ("product_id", "product")):
        fields = [one.key for one in kind.flow.fields if one.kind == key]
        if fields and record.data.get(fields[0]):
            setattr(record, column, record.data[fields[0]])


def _number(record: Record, kind: Kind) -> None:
    local = record.happened_at.astimezone()
    known = {
        "year": str(local.year), "month": f"{local.month:02}", "unit.short": record.unit.key, "per": record.unit.key,
        "project.short": record.project.short if record.project else "",
        "customer.code": record.customer.code if record.customer else "",
    }  # fmt: skip
    try:
        record.number = next_number(scope=record.document.key, template=kind.flow.number, known=known)
    except NotYet as missing:
        raise CannotRecord(missing.text) from None


def _opened(by: Person | None, at: datetime, record: Record, reason: str) -> Standing:
    facts = {"channel": record.channel, **({"duty": record.duty_id} if record.duty_id else {})}
    event = record_act(
        "records.record.opened", record, by, at, happened_at=record.happened_at, facts=facts, values={"reason": reason}
    )
    Taken.objects.create(
        record=record, what=What.OPENED, by=by, at=at, happened_at=record.happened_at, note=reason, event=event
    )
    return settle(by=by, at=at, record=record, happened_at=record.happened_at)
