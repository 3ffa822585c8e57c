"""Rows of tasks: each is a duty of its own; one whose day or person changes is the same task, owed anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from manyi.base.calendars.queries import get_calendar
from manyi.base.people.access import MayNot, may
from manyi.base.people.models import Person
from manyi.base.people.queries import get_person
from manyi.core.clocks.days import end_of_day
from manyi.core.flows import FieldRule, FlowRule
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import discharge_duty, open_duty, supersede_duty
from manyi.flow.duties.queries import list_duties_of
from manyi.flow.records.models import Record, Row
from manyi.flow.records.operations.acting import CannotRecord, checked_text, locked, record_act, settle
from manyi.flow.records.queries import kind_of_record, room_of, subject_of_row
from manyi.flow.records.storing import read_values

DUE = ("date", "datetime")
CHANGED, GONE = "期限或责任人已更改 / day or person changed", "事项已取消 / the task was dropped"


def owe_tasks(*, by: Person | None, at: datetime, record: Record, flow: FlowRule) -> None:
    """Bring the duties of all tasks of a record in line with its rows: opened, closed, opened anew where changed."""
    for field in (one for one in flow.fields if one.kind == "tasks"):
        rows = list(record.rows.filter(field=field.key))
        duties: dict[str, Duty] = {}
        for duty in list_duties_of([subject_of_row(row) for row in rows]):
            duties[duty.subject] = duty
        for row in rows:
            _owe(by, at, record, field, row, duties.get(subject_of_row(row)))


def do_task(*, by: Person, at: datetime, row: Row, note: str = "", happened_at: datetime | None = None) -> Row:
    """Report a task done; by whom it names, or who does the record's open step."""
    with transaction.atomic():
        record = locked(row.record)
        row = Row.objects.get(pk=row.pk)
        done = happened_at or at
        if row.done_at is not None or row.removed:
            raise CannotRecord(Text("这一事项已完成或已取消", "This task is done or dropped already"))
        if done > at or done < record.happened_at:
            raise CannotRecord(
                Text("完成时间应在记录开始之后、现在之前", "It was done after the record began and not later than now")
            )
        _require_own(by, record, row)
        row.done_at, row.done_by, row.note = done, by, checked_text(note)
        row.save(update_fields=("done_at", "done_by", "note"))
        event = record_act(
            "records.row.done", record, by, at, happened_at=done, facts={"field": row.field, "row": row.key},
            values={"note": row.note},
        )  # fmt: skip
        discharge_duty(
            by=by,
            at=at,
            rule=f"{record.kind}.{row.field}",
            subject=subject_of_row(row),
            evidence=event,
            happened_at=done,
        )
        settle(by=by, at=at, record=record, happened_at=done)
    return row


def change_task(*, by: Person, at: datetime, row: Row, data: Mapping[str, object], reason: str) -> Row:
    """Change a task that is not done; the old words stay in the evidence, its duty is closed and opened anew."""
    with transaction.atomic():
        record = locked(row.record)
        row = Row.objects.get(pk=row.pk)
        kind = kind_of_record(record)
        field = kind.flow.field(row.field)
        said = checked_text(reason, needed=Text("请写明更改的理由", "Give the reason for the change"))
        if row.done_at is not None or row.removed or field is None:
            raise CannotRecord(Text("这一事项已完成或已取消", "This task is done or dropped already"))
        _require_keeping(by, record)
        kept, faults = read_values(field.columns, data, room_of(by, kind))
        if faults:
            raise CannotRecord(faults[0].message)
        old, row.data = row.data, {**row.data, **kept}
        row.save(update_fields=("data",))
        changed = sorted(key for key in kept if kept[key] != old.get(key))
        values = {
            f"{key}.{when}": str(data_of.get(key, ""))
            for key in changed
            for when, data_of in (("old", old), ("new", row.data))
        }
        record_act(
            "records.row.changed", record, by, at, facts={"field": row.field, "row": row.key, "columns": changed},
            values={**values, "reason": said},
        )  # fmt: skip
        owe_tasks(by=by, at=at, record=record, flow=kind.flow)
    return row


def drop_task(*, by: Person, at: datetime, row: Row, reason: str) -> Row:
    """Let a task go, with the reason; it stays on the record as dropped."""
    with transaction.atomic():
        record = locked(row.record)
        row = Row.objects.get(pk=row.pk)
        said = checked_text(reason, needed=Text("请写明取消的理由", "Give the reason for dropping it"), most=500)
        if row.done_at is not None or row.removed:
            raise CannotRecord(Text("这一事项已完成或已取消", "This task is done or dropped already"))
        _require_keeping(by, record)
        row.removed = said
        row.save(update_fields=("removed",))
        record_act(
            "records.row.dropped", record, by, at, facts={"field": row.field, "row": row.key}, values={"reason": said}
        )
        owe_tasks(by=by, at=at, record=record, flow=kind_of_record(record).flow)
        settle(by=by, at=at, record=record, happened_at=at)
    return row


def _owe(by: Person | None, at: datetime, record: Record, field: FieldRule, row: Row, duty: Duty | None) -> None:
    standing = duty if duty is not None and duty.state == Duty.State.OPEN else None
    if row.removed or record.state == Record.State.VOID:
        if standing:
            supersede_duty(by=by, at=at, duty=standing, reason=row.removed or GONE)
        return
    if duty is not None and duty.state == Duty.State.WAIVED and row.done_at is None:
        row.removed = duty.reason or GONE
        row.save(update_fields=("removed",))
        return
    if row.done_at is not None or (duty is not None and standing is None and duty.state != Duty.State.SUPERSEDED):
        return
    person, due_at, why = (
        _person(field, row),
        _due(record, field, row),
        Text("事项自定的期限", "The day the task names"),
    )
    if standing and (standing.due_at, standing.person_id) != (due_at, person.pk if person else standing.person_id):
        supersede_duty(by=by, at=at, duty=standing, reason=CHANGED)
        standing = None
    if standing is None:
        flow = kind_of_record(record).flow
        step = next((s for s, _ in flow.walk() if any(one.key == field.key for one in s.fields)), flow.steps[0])
        what = _words(field, row)
        open_duty(
            by=by, at=at, rule=f"{record.kind}.{field.key}", title=Text(f"{record}：{what}", f"{record}: {what}"),
            clause=step.clause, role=step.role, due_at=due_at, why=[why], revision=record.revision, unit=record.unit,
            subject=subject_of_row(row), period=record.period, person=person, round=row.round,
        )  # fmt: skip


def _person(field: FieldRule, row: Row) -> Person | None:
    key = next((row.data.get(one.key) for one in field.columns if one.kind == "user" and row.data.get(one.key)), None)
    return get_person(int(key)) if key else None


def _due(record: Record, field: FieldRule, row: Row) -> datetime:
    said = next((row.data.get(one.key) for one in field.columns if one.kind in DUE and row.data.get(one.key)), None)
    calendar = get_calendar(kind_of_record(record).flow.calendar, record.unit)
    if said is None:
        return end_of_day(calendar.tz, date(timezone.localdate(record.opened_at).year, 12, 31))
    return datetime.fromisoformat(said) if "T" in said else end_of_day(calendar.tz, date.fromisoformat(said))


def _words(field: FieldRule, row: Row) -> str:
    said = next((row.data.get(one.key) for one in field.columns if one.kind == "text" and row.data.get(one.key)), "")
    return f"{said}"[:120] or field.title.in_("zh")


def _require_own(by: Person, record: Record, row: Row) -> None:
    field = kind_of_record(record).flow.field(row.field)
    person = _person(field, row) if field else None
    if person is None or person.pk != by.pk:
        _require_keeping(by, record)


def _require_keeping(by: Person, record: Record) -> None:
    """Who may change what is to be done: who takes a step of the record's kind, or keeps the records."""
    flow = kind_of_record(record).flow
    if record.owner_id == by.pk or may(by, "records.correct", record.unit):
        return
    if any(may(by, f"{record.kind}.{step.key}", record.unit) for step, _ in flow.walk()):
        return
    raise MayNot(Text("这一事项由他人负责", "This task is up to somebody else"))
