"""Taking a step of a record: by who it is up to, with everything it asks for, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.base.people.models import Person
from manyi.base.people.queries import list_holders
from manyi.core.errors import Fault
from manyi.core.flows import Open
from manyi.core.flows_acts import Offer, is_try, refusals, settled_outcome
from manyi.core.text import Text
from manyi.flow.duties.operations import discharge_duty
from manyi.flow.records.fields import kind_of
from manyi.flow.records.ground import Standing, doers_of, published_facts, standing_of
from manyi.flow.records.models import Record, Taken
from manyi.flow.records.operations.acting import (
    CannotRecord,
    CannotTake,
    What,
    checked_text,
    inform,
    locked,
    open_what_follows,
    record_act,
    settle,
)
from manyi.flow.records.operations.events import events_known, happen
from manyi.flow.records.operations.purposes import check_purposes
from manyi.flow.records.operations.second import require_unmoved
from manyi.flow.records.operations.tasks import owe_tasks
from manyi.flow.records.owing import answerable_for, earliest_for, may_do, rule_of
from manyi.flow.records.queries import room_of, subject_of
from manyi.flow.records.storing import (
    PROOF,
    Filling,
    check_files,
    check_money,
    fault,
    read_values,
    store_files,
    store_values,
)


def take_step(
    *, by: Person, at: datetime, record: Record, step: str, part: str = "", filling: Filling | None = None
) -> Taken:
    """Take a step, or one part of it, or log a try; what it opens is owed from then on.

    Raises ``MayNot`` for who it is not up to, ``CannotTake`` with every reason where something is missing or wrong.
    """
    with transaction.atomic():
        record = locked(record)
        return take(by=by, at=at, record=record, step=step, part=part, filling=filling or Filling())


def take(
    *,
    by: Person,
    at: datetime,
    record: Record,
    step: str,
    part: str,
    filling: Filling,
    standing: Standing | None = None,
) -> Taken:
    """Take a step of a record that is locked, inside the caller's transaction, who may know how it stands."""
    standing = standing or standing_of(record)
    require_unmoved(by, at, standing, step, part, filling.seen)
    if record.state != Record.State.OPEN:
        raise CannotRecord(
            Text(f"记录 {record} 已结束，不能再办理", f"Record {record} is over; no step can be taken any more")
        )
    opened = standing.state.find(step, part)
    if opened is not None and not may_do(by, standing, opened, timezone.localdate(at)):
        raise MayNot(_not_yours(opened))
    kept = _checked(by, at, standing, opened, step, part, filling)
    if opened is None:  # refused above; said for the reader of types
        raise CannotTake(())
    happened_at = filling.happened_at or at
    store_values(record, standing.flow, kept, by, at)
    tried = is_try(opened, filling.outcome)
    act = Taken.objects.create(
        record=record, what=What.TRIED if tried else What.TAKEN, step=step, part=part, round=opened.round,
        outcome=filling.outcome if tried else settled_outcome(opened, filling.outcome), by=by, at=at,
        happened_at=happened_at, signed=filling.signed, note=filling.note.strip(), data=kept,
        proofs={key: said.strip() for key, said in filling.proofs.items() if said.strip()},
    )  # fmt: skip
    store_files(record, act, filling.files, by, at)
    record.owner = record.with_unit = None
    record.save()
    now = _written_down(by, at, standing, opened, act, tried=tried)
    owe_tasks(by=by, at=at, record=record, flow=standing.flow)
    settle(by=by, at=at, record=record, happened_at=happened_at, standing=now)
    return act


def hear(*, by: Person, at: datetime, record: Record, step: str, role: str, note: str) -> Taken:
    """Record what a role says that is heard before a step."""
    with transaction.atomic():
        record = locked(record)
        standing = standing_of(record)
        opened = standing.state.find(step, role, hearing=True)
        if opened is None:
            raise CannotRecord(Text("这里现在不需要会签意见", "Nobody is to be heard here now"))
        if not may_do(by, standing, opened, timezone.localdate(at)):
            raise MayNot(Text("会签意见由程序规定的角色填写", "The remark is up to the role the procedure names"))
        said = checked_text(note, needed=Text("请写明意见", "Write the remark"))
        act = Taken.objects.create(
            record=record, what=What.HEARD, step=step, part=role, round=opened.round, by=by, at=at, happened_at=at,
            note=said,
        )  # fmt: skip
        facts = {"step": step, "role": role}
        act.event = record_act("records.step.heard", record, by, at, facts=facts, values={"note": said})
        act.save(update_fields=("event",))
        discharge_duty(
            by=by, at=at, rule=rule_of(record, opened), subject=subject_of(record), evidence=act.event, happened_at=at,
            round=opened.round,
        )  # fmt: skip
        settle(by=by, at=at, record=record, happened_at=at)
    return act


def _not_yours(opened: Open) -> Text:
    zh, en = opened.step.title.in_("zh"), opened.step.title.in_("en")
    if opened.step.in_person:
        return Text(
            f"“{zh}”须由程序规定的人亲自办理，不能代办；转交不等于授权",
            f"“{en}” is done in person by whom the procedure names; passing it on makes nobody a deputy",
        )
    return Text(
        f"“{zh}”由程序规定的角色办理，您没有这个角色",
        f"“{en}” is up to the role the procedure names; you do not hold it",
    )


def _checked(
    by: Person, at: datetime, standing: Standing, opened: Open | None, step: str, part: str, filling: Filling
) -> dict[str, object]:
    """The values to keep; raises ``CannotTake`` with every reason against the step."""
    flow, record = standing.flow, standing.record
    known = flow.find(step)
    fields = known.fields if known else ()
    kept, faults = read_values(fields, filling.data, room_of(by, standing.kind)) if opened else ({}, [])
    faults += check_files(fields, filling.files)
    faults += check_money(flow, {**record.data, **kept})
    faults += check_purposes(flow, fields, kept)
    checked_text(filling.note)
    offer = _offer(by, at, standing, kept, filling)
    faults += refusals(flow, standing.state, step, part, offer, standing.ground)
    if opened is not None:
        faults += _too_early(standing, opened, offer.happened_at)
        faults += _for_another(by, standing, opened, filling)
    if faults:
        raise CannotTake(faults)
    return kept


def _offer(by: Person, at: datetime, standing: Standing, kept: dict[str, object], filling: Filling) -> Offer:
    record = standing.record
    filled = {key for key, value in {**record.data, **kept}.items() if value not in (None, "", [])}
    filled |= {key for key, rows in standing.rows.items() if rows and key not in kept}
    filled |= {key for key, uploads in filling.files.items() if uploads}
    given = {key.removeprefix(PROOF) for key, uploads in filling.files.items() if uploads}
    stated = {key for key, said in filling.proofs.items() if said.strip() and key != "file"}
    has_file = {"file"} if any(filling.files.values()) else set()
    open_tasks = {
        key for key, rows in standing.rows.items() if any(r.done_at is None for r in rows) and _is_tasks(standing, key)
    }
    signed = {"signature"} if filling.signed else set()
    return Offer(
        by=by.pk, at=at, happened_at=filling.happened_at or at, outcome=filling.outcome, signed=filling.signed,
        filled=frozenset(filled), proofs=frozenset(given | stated | has_file | signed),
        tasks_open=frozenset(open_tasks), events=events_known(standing, kept), doers=doers_of(standing),
    )  # fmt: skip


def _is_tasks(standing: Standing, key: str) -> bool:
    one = standing.flow.field(key)
    return one is not None and one.kind == "tasks" and kind_of(one).is_rows


def _too_early(standing: Standing, opened: Open, happened_at: datetime) -> list[Fault]:
    earliest = earliest_for(standing, opened)
    if earliest is None or happened_at >= earliest:
        return []
    local = timezone.localtime(earliest)
    told = Text(f"最早 {local:%Y-%m-%d %H:%M} 才能办理", f"Not before {local:%Y-%m-%d %H:%M}")
    return [fault("too_early", "happened_at", told)]


def _for_another(by: Person, standing: Standing, opened: Open, filling: Filling) -> list[Fault]:
    """What is entered afterwards for somebody else, where no deputy is allowed: a note that names who did it."""
    if not opened.step.in_person or filling.happened_at is None or not filling.note.strip():
        return []
    who = answerable_for(standing, opened)
    day = timezone.localdate(filling.happened_at)
    others = [p for p in list_holders(role=who.role, unit=who.unit, on=day) if p.pk != by.pk] if who.role else []
    named = next((p.name for p in others if p.name in filling.note), None)
    if named is None:
        return []
    told = Text(
        f"这一步须亲自办理，不能替{named}补录；由{named}本人登记",
        f"This step is done in person and is not entered for {named}; {named} records it",
    )
    return [fault("for_another", "note", told)]


def _written_down(by: Person, at: datetime, standing: Standing, opened: Open, act: Taken, *, tried: bool) -> Standing:
    """The event of the act, the duty it discharges, what its outcome brings about; how the record stands then."""
    record = standing.record
    now = standing_of(record)
    facts = {
        "step": act.step, "outcome": act.outcome, "round": act.round, **({"part": act.part} if act.part else {}),
        **published_facts(now),
    }  # fmt: skip
    event = record_act(
        "records.step.tried" if tried else "records.step.taken", record, by, at, happened_at=act.happened_at,
        facts=facts, values={"note": act.note},
    )  # fmt: skip
    act.event = event
    if not tried:
        act.late = _discharged_late(by, at, standing, opened, act, event)
    act.save(update_fields=("event", "late"))
    if tried:
        return now
    _whole_done(by, at, standing, now, act)
    open_what_follows(by=by, at=at, standing=now, outcome=opened.step.outcome(act.outcome), event=event)
    inform(standing=now, step=opened.step, by=by, at=at, act=act)
    if opened.step.emits:
        happen(by=by, at=at, name=opened.step.emits, record=record, happened_at=act.happened_at)
        return standing_of(record)
    return now


def _whole_done(by: Person, at: datetime, before: Standing, now: Standing, act: Taken) -> None:
    """The last part of a step that several do side by side is the event of the whole step as well."""
    for step in before.flow.steps:
        done = now.state.rounds.get(step.key, 0) > before.state.rounds.get(step.key, 0)
        if done and step.key != act.step:
            facts = {"step": step.key, "outcome": act.outcome, **published_facts(now)}
            record_act(
                "records.step.taken", now.record, by, at, happened_at=act.happened_at, facts=facts
            )  # fmt: skip


def _discharged_late(by: Person, at: datetime, standing: Standing, opened: Open, act: Taken, event: Event) -> bool:
    record, late = standing.record, False
    subjects = [(subject_of(record), opened.round)]
    if record.duty is not None and opened.round == 1:
        subjects.append((record.duty.subject, record.duty.round))
    for subject, number in subjects:
        duty = discharge_duty(
            by=by, at=at, rule=rule_of(record, opened), subject=subject, evidence=event, happened_at=act.happened_at,
            round=number,
        )  # fmt: skip
        late = late or bool(duty and duty.was_late)
    return late
