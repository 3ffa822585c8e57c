"""What is done with a record beside its steps: pass on, remark, attach, correct, reopen, void, archive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from manyi.base.people.access import MayNot, may, require
from manyi.base.people.models import Person, Unit
from manyi.core.flows import FieldRule
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import discharge_duty, supersede_duty
from manyi.flow.duties.queries import list_subjects_with_waived
from manyi.flow.records.fields import kind_of
from manyi.flow.records.ground import Standing, standing_of
from manyi.flow.records.models import Attachment, Party, Record, Remark, Taken
from manyi.flow.records.operations.acting import (
    CannotRecord,
    CannotTake,
    What,
    checked_text,
    locked,
    record_act,
    settle,
)
from manyi.flow.records.operations.purposes import check_purposes
from manyi.flow.records.operations.tasks import owe_tasks
from manyi.flow.records.owing import hand_over, may_do, owes_it_himself
from manyi.flow.records.queries import (
    SUBJECT,
    kind_of_record,
    list_duties,
    list_open_by_subject,
    room_of,
    subject_of,
)
from manyi.flow.records.storing import Upload, check_files, check_money, read_values, store_files, store_values

MOST_REASON = 500
REASON = Text("请写明理由", "Give the reason")


def pass_on(
    *, by: Person, at: datetime, record: Record, note: str, person: Person | None = None, unit: Unit | None = None
) -> Taken:
    """Give what is open into the hands of a person or a unit, with a note; they see the record from then on."""
    said = checked_text(note, needed=Text("请写明转交的事由", "Say why it is passed on"))
    if (person is None) == (unit is None):
        raise CannotRecord(Text("请选择一名人员或一个部门", "Choose a person or a unit"))
    with transaction.atomic():
        record = _open(locked(record))
        standing = standing_of(record)
        if not _has_in_hand(by, standing, at):
            raise MayNot(Text("只有经办人可以转交", "Only who has it in hand may pass it on"))
        record.owner, record.with_unit = person, unit or record.with_unit
        _require_no_deputy(person, standing, at)
        record.save(update_fields=("owner", "with_unit"))
        Party.objects.get_or_create(record=record, person=person, unit=unit)
        to = f"people.person:{person.pk}" if person else f"people.unit:{unit.pk if unit else 0}"
        event = record_act("records.record.passed", record, by, at, facts={"to": to}, values={"note": said})
        act = Taken.objects.create(
            record=record, what=What.PASSED, by=by, at=at, happened_at=at, note=said, event=event,
            data={"person": person.pk if person else None, "unit": unit.pk if unit else None},
        )  # fmt: skip
        hand_over(by=by, at=at, standing=standing_of(record))
    return act


def remark(*, by: Person, at: datetime, record: Record, text: str, files: Sequence[Upload] = ()) -> Remark:
    """Say something about a record, with files where there are any. Who sees the record may."""
    said = checked_text(text, needed=None if files else Text("请写明备注", "Write the remark"))
    if faults := check_files((), {"remark": files}):
        raise CannotTake(faults)
    with transaction.atomic():
        event = record_act(
            "records.record.remarked", record, by, at, facts={"files": len(files)}, values={"text": said}
        )
        found = Remark.objects.create(record=record, by=by, at=at, text=said)
        if files:
            act = Taken.objects.create(
                record=record, what=What.REMARKED, by=by, at=at, happened_at=at, note=said, event=event
            )
            store_files(record, act, {"proof_remark": files}, by, at)
    return found


def correct(*, by: Person, at: datetime, record: Record, field: str, value: Any, reason: str) -> Taken:
    """Set a field right. What stood there stays in the evidence, with the reason; what follows is worked out anew."""
    said = checked_text(reason, needed=REASON, most=MOST_REASON)
    with transaction.atomic():
        record = locked(record)
        kind = kind_of_record(record)
        one = kind.flow.field(field)
        if one is None or kind_of(one).is_files:
            raise CannotRecord(Text("没有这个字段，或不能更正", "There is no such field, or it cannot be corrected"))
        if record.state == Record.State.VOID:
            raise CannotRecord(Text("记录已作废", "The record is void"))
        _require_correcting(by, record, one)
        kept, faults = read_values((one,), {field: value}, room_of(by, kind))
        faults += check_money(kind.flow, {**record.data, **kept})
        faults += check_purposes(kind.flow, (one,), kept)
        if faults:
            raise CannotTake(faults)
        old = _standing_value(record, one)
        if old == kept[field]:
            raise CannotRecord(Text("内容没有变化", "Nothing would change"))
        if kept[field] is None and not one.optional:
            raise CannotRecord(Text("必填字段不能清空", "A field that has to be filled cannot be emptied"))
        store_values(record, kind.flow, kept, by, at)
        record.save()
        event = record_act(
            "records.record.corrected", record, by, at, facts={"field": field},
            values={f"{field}.old": _as_text(old), f"{field}.new": _as_text(kept[field]), "reason": said},
        )  # fmt: skip
        act = Taken.objects.create(
            record=record, what=What.CORRECTED, by=by, at=at, happened_at=at, note=said, event=event,
            data={"field": field, "old": old, "new": kept[field]},
        )  # fmt: skip
        owe_tasks(by=by, at=at, record=record, flow=kind.flow)
        if record.state == Record.State.OPEN:
            settle(by=by, at=at, record=record, happened_at=at)
    return act


def reopen(*, by: Person, at: datetime, record: Record, reason: str, step: str = "") -> Record:
    """Open a closed record again at a step, the last one where none is named; its clock begins anew."""
    require(by, "records.reopen", record.unit)
    said = checked_text(reason, needed=REASON, most=MOST_REASON)
    with transaction.atomic():
        record = locked(record)
        if record.state != Record.State.CLOSED:
            raise CannotRecord(Text("只有已关闭的记录可以重新打开", "Only a closed record can be reopened"))
        flow = kind_of_record(record).flow
        last = record.acts.filter(what=What.TAKEN).order_by("-pk").values_list("step", flat=True).first()
        at_step = step or str(last or flow.steps[0].key)
        if flow.find(at_step) is None:
            raise CannotRecord(Text(f"没有步骤“{at_step}”", f"There is no step “{at_step}”"))
        record.state, record.closed_at, record.outcome = Record.State.OPEN, None, ""
        record.save(update_fields=("state", "closed_at", "outcome"))
        event = record_act("records.record.reopened", record, by, at, facts={"step": at_step}, values={"reason": said})
        Taken.objects.create(
            record=record, what=What.REOPENED, step=at_step, by=by, at=at, happened_at=at, note=said, event=event
        )
        _drop_archive_duty(by, at, record)
        settle(by=by, at=at, record=record, happened_at=at)
    return record


def void(*, by: Person, at: datetime, record: Record, reason: str) -> Record:
    """Declare a record void. It keeps its number and all that stands on it; nothing is owed on it any more."""
    require(by, "records.void", record.unit)
    said = checked_text(reason, needed=REASON, most=MOST_REASON)
    with transaction.atomic():
        record = locked(record)
        if record.state == Record.State.VOID:
            raise CannotRecord(Text("记录已作废", "The record is void already"))
        record.state, record.closed_at, record.due_at, record.waits_for = Record.State.VOID, at, None, ""
        record.save(update_fields=("state", "closed_at", "due_at", "waits_for"))
        event = record_act("records.record.voided", record, by, at, values={"reason": said})
        Taken.objects.create(record=record, what=What.VOIDED, by=by, at=at, happened_at=at, note=said, event=event)
        for duty in list_duties(record):
            if duty.state == Duty.State.OPEN and duty != record.duty:
                supersede_duty(by=by, at=at, duty=duty, reason="记录已作废 / the record is void")
        owe_tasks(by=by, at=at, record=record, flow=kind_of_record(record).flow)
    return record


def archive(*, by: Person, at: datetime, record: Record, place: str, happened_at: datetime | None = None) -> Taken:
    """File a closed record: where the original and all that came back with it lie."""
    require(by, f"{record.kind}.archive", record.unit)
    said = checked_text(place, needed=Text("请写明归档位置", "Say where it is filed"), most=MOST_REASON)
    with transaction.atomic():
        record = locked(record)
        done = happened_at or at
        if record.state != Record.State.CLOSED or record.acts.filter(what=What.ARCHIVED).exists():
            raise CannotRecord(
                Text("只有已关闭且未归档的记录可以归档", "Only a closed record that is not filed can be filed")
            )
        if done > at or (record.closed_at is not None and done < record.closed_at):
            raise CannotRecord(
                Text("归档时间应在关闭之后、现在之前", "It was filed after it closed and not later than now")
            )
        event = record_act("records.record.archived", record, by, at, happened_at=done, values={"place": said})
        act = Taken.objects.create(
            record=record, what=What.ARCHIVED, by=by, at=at, happened_at=done, note=said, event=event
        )
        discharge_duty(
            by=by, at=at, rule=f"{record.kind}.archive", subject=subject_of(record), evidence=event, happened_at=done
        )
    return act


def carry_records(*, at: datetime) -> int:
    """Let records go on of which a step was waived; for the clock. How many were looked at."""
    records = list_open_by_subject(list_subjects_with_waived(SUBJECT))
    for record in records:
        with transaction.atomic():
            now = locked(record)
            owe_tasks(by=None, at=at, record=now, flow=kind_of_record(now).flow)
            settle(by=None, at=at, record=now, happened_at=at)
    return len(records)


def may_pass_on(by: Person, standing: Standing, at: datetime) -> bool:
    """Whether the person has something of the record in hand."""
    return _has_in_hand(by, standing, at)


def list_attachments(record: Record) -> list[Attachment]:
    """Every file of a record in the order they came."""
    return list(record.attachments.select_related("file", "by").order_by("pk"))


def _has_in_hand(by: Person, standing: Standing, at: datetime) -> bool:
    day = timezone.localdate(at)
    return any(may_do(by, standing, one, day) for one in standing.state.open) or may(
        by, "records.correct", standing.record.unit
    )


def _require_no_deputy(person: Person | None, standing: Standing, at: datetime) -> None:
    """A step that is taken in person is given only to somebody who may take it as himself."""
    day = timezone.localdate(at)
    own = [one for one in standing.state.open if one.step.in_person and not one.is_hearing]
    if person is not None and not all(owes_it_himself(person, standing, one, day) for one in own):
        raise CannotRecord(
            Text(
                f"“{own[0].step.title.in_('zh')}”须亲自办理，{person.name}没有这个角色，不能代办；请转交给担任该角色的人",
                f"“{own[0].step.title.in_('en')}” is done in person and {person.name} does not hold its role; "
                "pass it on to somebody who does",
            )
        )


def _open(record: Record) -> Record:
    if record.state != Record.State.OPEN:
        raise CannotRecord(Text(f"记录 {record} 已结束", f"Record {record} is over"))
    return record


def _require_correcting(by: Person, record: Record, one: FieldRule) -> None:
    """Who keeps the records; while a record is open, also who takes the step that fills the field."""
    if may(by, "records.correct", record.unit):
        return
    flow = kind_of_record(record).flow
    steps = [step.key for step, _ in flow.walk() if any(of.key == one.key for of in step.fields)]
    if record.state == Record.State.OPEN and any(may(by, f"{record.kind}.{key}", record.unit) for key in steps):
        return
    raise MayNot(Text("您不能更正这个字段", "You may not correct this field"))


def _standing_value(record: Record, one: FieldRule) -> Any:
    if kind_of(one).is_rows:
        rows = record.rows.filter(field=one.key, removed="").order_by("key")
        return [{**row.data, "key": row.key} for row in rows] or None
    return record.data.get(one.key)


def _as_text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _drop_archive_duty(by: Person, at: datetime, record: Record) -> None:
    for duty in list_duties(record):
        if duty.state == Duty.State.OPEN and duty.rule == f"{record.kind}.archive":
            supersede_duty(by=by, at=at, duty=duty, reason="记录重新打开 / the record was reopened")
