"""Every open step of a record is a duty: after each act the duties follow how the record stands, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from manyi.base.calendars.queries import get_calendar
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import get_person, get_unit, list_held
from manyi.core.calendars import Calendar
from manyi.core.dues import Due, Term, due_of, earliest_of, escalation_at, warning_at
from manyi.core.errors import Refusal
from manyi.core.flows import BY_FIELD, Open
from manyi.core.periods import Period, parse_period
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import open_duty, supersede_duty
from manyi.flow.procedure.queries import read_revision
from manyi.flow.records.ground import Standing, instants_of
from manyi.flow.records.models import Record
from manyi.flow.records.queries import list_duties, subject_of

CUSTOMER, PER = "customer", "field.per"


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who has to do a step: a role in a unit, or a person."""

    role: str
    unit: Unit
    person: Person | None = None


def rule_of(record: Record, opened: Open) -> str:
    """The rule of the duty of an open step: ``<kind>.<step>``."""
    return f"{record.kind}.{opened.name}"


def answerable_for(standing: Standing, opened: Open) -> Answerable:
    """Who has to do an open step: its role, or whoever was chosen in the field it names."""
    record, role = standing.record, opened.role
    if record.owner is not None and not opened.is_hearing:
        return Answerable(role if not role.startswith(BY_FIELD) else "", record.unit, record.owner)
    return _by_rule(standing, opened)


def _by_rule(standing: Standing, opened: Open) -> Answerable:
    """Whose a step is by the procedure, whoever the record was passed on to."""
    record, role = standing.record, opened.role
    where = record.with_unit or record.unit
    if role == CUSTOMER:  # what a customer does is entered by who began the record
        return Answerable(standing.flow.steps[0].role, where)
    if not role.startswith(BY_FIELD):
        return _by_key(standing, opened.part, role, where) if opened.is_hearing else Answerable(role, where)
    if role == PER:
        return Answerable(_opened_for(standing), where)
    key = role.removeprefix(BY_FIELD)
    chosen = opened.part or record.data.get(key)
    field = standing.flow.field(key)
    return _chosen(standing, field.kind if field else "", chosen, where)


def _opened_for(standing: Standing) -> str:
    """The role a record was opened for: that of the duty to make it, or the one by which it was opened by hand."""
    record = standing.record
    if record.duty is not None:
        return record.duty.role
    held = (
        {role for role, _ in list_held(record.opened_by, timezone.localdate(record.opened_at))}
        if record.opened_by
        else set()
    )
    rule = read_revision(standing.kind.revision).records[record.kind]
    roles = [one for occasion in rule.opens for one in occasion.per]
    return next((role for role in roles if role in held), next(iter(roles), ""))


def _by_key(standing: Standing, part: str, role: str, where: Unit) -> Answerable:
    """A hearing of whoever was chosen in a field: its part is the key of a person or a unit, else a role."""
    if not part.isdigit():
        return Answerable(role, where)
    kinds = {standing.flow.field(h.role.removeprefix(BY_FIELD)) for s in standing.flow.steps for h in s.consult}
    kind = next((field.kind for field in kinds if field and field.kind in ("user", "users", "unit")), "user")
    return _chosen(standing, kind, part, where)


def _chosen(standing: Standing, kind: str, chosen: object, where: Unit) -> Answerable:
    match kind:
        case "user" | "users" if str(chosen).isdigit():
            return Answerable("", where, get_person(int(str(chosen))))
        case "unit" if str(chosen).isdigit():
            return Answerable("", get_unit(int(str(chosen))))
    return Answerable(str(chosen or standing.flow.steps[0].role), where)


def may_do(by: Person, standing: Standing, opened: Open, on: date) -> bool:
    """Whether it is this person's to do: by role, by name, or because it was passed to the person's unit."""
    if opened.step.in_person and not opened.is_hearing:
        return owes_it_himself(by, standing, opened, on)
    who = answerable_for(standing, opened)
    if who.person is not None:
        return who.person.pk == by.pk and by.is_active
    held = list_held(by, on)
    if who.role:
        roles = _roles_with(standing, who.role)
        if any(role in roles and who.unit.path.startswith(unit.path) for role, unit in held):
            return True
    passed_to = standing.record.with_unit if not opened.is_hearing else None
    chosen_unit = who.unit if not who.role else None
    for unit in (passed_to, chosen_unit):
        if unit and (by.unit.path.startswith(unit.path) or any(of.path.startswith(unit.path) for _, of in held)):
            return True
    return False


def owes_it_himself(by: Person, standing: Standing, opened: Open, on: date) -> bool:
    """Whether a step that has no deputy is this person's own: by the name the procedure or the duty gives, else by a
    role the person holds. Having the record in hand adds nothing to that; being passed over for another takes it away.
    """
    record, own = standing.record, _by_rule(standing, opened)
    if not by.is_active or (record.owner is not None and record.owner.pk != by.pk):
        return False
    named = own.person.pk if own.person else None
    if named is None and record.duty is not None and record.owner is None and record.with_unit is None:
        begins = opened.step.key == standing.flow.steps[0].key and opened.round == 1
        named = record.duty.person_id if begins else None
    if named is not None:
        return named == by.pk
    if not own.role:
        return by.unit.path.startswith(own.unit.path)
    roles = _roles_with(standing, own.role)
    return any(role in roles and own.unit.path.startswith(unit.path) for role, unit in list_held(by, on))


def holds_role(by: Person, role: str, unit: Unit, on: date) -> bool:
    """Whether a person holds a role on a day, for the unit or one above it."""
    return any(held == role and unit.path.startswith(of.path) for held, of in list_held(by, on))


def _roles_with(standing: Standing, role: str) -> set[str]:
    """A role, and those that are part of it."""
    roles = read_revision(standing.kind.revision).roles
    return {role, *(key for key, said in roles.items() if said.part_of == role)}


def carry_on(*, by: Person | None, at: datetime, standing: Standing) -> None:
    """Open the duties of what is open now, close those that no longer stand, and say on the record when it is due."""
    record, duties = standing.record, list_duties(standing.record)
    wanted = {(rule_of(record, one), one.round): one for one in standing.state.open}
    for duty in duties:
        is_step = duty.rule != f"{record.kind}.archive"
        if duty.state == Duty.State.OPEN and is_step and (duty.rule, duty.round) not in wanted:
            supersede_duty(by=by, at=at, duty=duty, reason="记录已进入其他步骤 / the record went another way")
    known = {(duty.rule, duty.round) for duty in duties if duty.state != Duty.State.SUPERSEDED}
    opened = [_open(by, at, standing, one) for key, one in wanted.items() if key not in known]
    still = [duty for duty in duties if duty.state == Duty.State.OPEN and (duty.rule, duty.round) in wanted]
    record.due_at = min((duty.due_at for duty in (*still, *opened)), default=None)
    waits = standing.state.waits_for
    record.waits_for = f",{','.join(waits.events)}," if waits else ""
    record.save(update_fields=("due_at", "waits_for"))


def hand_over(*, by: Person, at: datetime, standing: Standing) -> None:
    """Close the open duties of the record's steps and open their successors for whoever has it in hand now."""
    for duty in list_duties(standing.record):
        if duty.state == Duty.State.OPEN and ".consult." not in duty.rule:
            supersede_duty(by=by, at=at, duty=duty, reason="已转交 / passed on")
    carry_on(by=by, at=at, standing=standing)


def _open(by: Person | None, at: datetime, standing: Standing, opened: Open) -> Duty:
    record, who = standing.record, answerable_for(standing, opened)
    calendar = get_calendar(standing.flow.calendar, record.unit)
    due = due_for(standing, opened, calendar)
    timing = opened.step.timing
    title = _title(standing, opened)
    return open_duty(
        by=by, at=at, rule=rule_of(record, opened), title=title, clause=opened.step.clause, role=who.role,
        due_at=due.at, why=due.why, revision=record.revision, unit=who.unit, subject=subject_of(record),
        period=record.period, person=who.person, round=opened.round,
        warn_at=[warning_at(w, opened=opened.since, due_at=due.at, calendar=calendar) for w in timing.remind],
        escalate=escalation_at(timing.escalate, due_at=due.at, calendar=calendar),
    )  # fmt: skip


def due_for(standing: Standing, opened: Open, calendar: Calendar | None = None) -> Due:
    """When an open step is due and why. A time that cannot be worked out is the end of the window, and says so."""
    calendar = calendar or get_calendar(standing.flow.calendar, standing.record.unit)
    window = window_of(standing.record, opened, calendar)
    term = opened.step.timing.term
    if term is None:
        return due_of(Term(opened.step.clause), opened=opened.since, window=window, calendar=calendar)
    try:
        return due_of(term, opened=opened.since, window=window, calendar=calendar, instants=instants_of(standing))
    except Refusal as refusal:
        told = refusal.as_fault().message
        end = due_of(Term(term.clause), opened=opened.since, window=window, calendar=calendar)
        said = Text(f"期限无法计算：{told.zh}", f"The time cannot be worked out: {told.en}")
        return Due(end.at, (said, *end.why))


def earliest_for(standing: Standing, opened: Open) -> datetime | None:
    """Before when a step may not be done; ``None`` where nothing is said, or it cannot be worked out yet."""
    point = opened.step.timing.not_before
    if point is None:
        return None
    calendar = get_calendar(standing.flow.calendar, standing.record.unit)
    window = window_of(standing.record, opened, calendar)
    try:
        return earliest_of(point, window=window, calendar=calendar, instants=instants_of(standing))
    except Refusal:
        return None


def window_of(record: Record, opened: Open, calendar: Calendar) -> Period:
    """The period a record is about, as long as it runs; else the rest of the year in which the step opened."""
    day = opened.since.astimezone(calendar.tz).date()
    if record.duty is not None and record.duty.begins_at is not None:
        last = timezone.localdate(record.duty.due_at)
        return Period(record.period, timezone.localdate(record.duty.begins_at), max(last, day))
    try:
        period = parse_period(record.period)
        return Period(period.key, period.first, max(period.last, day))
    except ValueError:
        return Period(str(day.year), day, date(day.year, 12, 31))


def _title(standing: Standing, opened: Open) -> Text:
    """Record, number and step: what a list of work shows."""
    number, title, step = str(standing.record), standing.flow.title, opened.step.title
    heard = Text("（会签）", " (to be heard)") if opened.is_hearing else Text("", "")
    return Text(
        f"{title.in_('zh')} {number}：{step.in_('zh')}{heard.zh}",
        f"{title.in_('en')} {number}: {step.in_('en')}{heard.en}",
    )
