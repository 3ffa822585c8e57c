"""What every act on a record has in common: how it refuses, how it is written down, what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.notices.operations import News, tell
from manyi.base.people.access import CannotDo
from manyi.base.people.models import Person
from manyi.base.people.queries import list_holders
from manyi.core.errors import Fault
from manyi.core.flows import BY_FIELD, FlowStep, Open, OutcomeRule
from manyi.core.text import Text
from manyi.flow.duties.operations import open_duty
from manyi.flow.records.ground import Standing, published_facts, standing_of
from manyi.flow.records.models import Record, Taken
from manyi.flow.records.owing import carry_on, due_for
from manyi.flow.records.queries import get_flow, subject_of

What = Taken.What
MOST_NOTE = 5000


class CannotRecord(CannotDo):
    """The record cannot be opened or changed as asked."""


class CannotTake(CannotDo):
    """A step cannot be taken as asked: every reason, by field where it is about one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        zh = "；".join(fault.message.in_("zh") for fault in self.faults)
        en = "; ".join(fault.message.in_("en") for fault in self.faults)
        super().__init__(Text(zh, en))


def locked(record: Record) -> Record:
    """The record as it stands now, locked: two people who press at once do it once."""
    rows = Record.objects.select_for_update(of=("self",)).select_related(
        "revision__document__unit", "document", "unit", "with_unit", "owner", "customer", "product", "project",
        "origin", "duty",
    )  # fmt: skip
    return rows.get(pk=record.pk)


def checked_text(text: str, *, needed: Text | None = None, most: int = MOST_NOTE) -> str:
    """A note or reason as it is kept; refused where it is too long, or missing though it is ``needed``."""
    said = text.strip()
    if needed is not None and not said:
        raise CannotRecord(needed)
    if len(said) > most:
        raise CannotRecord(Text(f"超过 {most} 字", f"Longer than {most} characters"))
    return said


def record_act(
    kind: str,
    record: Record,
    by: Person | None,
    at: datetime,
    *,
    happened_at: datetime | None = None,
    facts: Mapping[str, Any] | None = None,
    values: Mapping[str, str] | None = None,
) -> Event:
    """Record the event of an act: the kind and number of the record with whatever the act publishes."""
    about = f"customers.customer:{record.customer_id}" if record.customer_id else ""
    return record_event(
        kind=kind, subject=subject_of(record), unit=record.unit, by=by, at=at, happened_at=happened_at,
        period=record.period, procedure=str(record.revision),
        facts={"kind": record.kind, "number": record.number, **(facts or {})},
        values={key: value for key, value in (values or {}).items() if value}, about=about,
    )  # fmt: skip


def settle(
    *, by: Person | None, at: datetime, record: Record, happened_at: datetime, standing: Standing | None = None
) -> Standing:
    """What follows from an act: the record is closed where its way is at its end, and its duties follow.

    A kind that is archived is owed its filing when it closes. ``standing`` is how the record stands after the act,
    where the caller knows.
    """
    standing = standing or standing_of(record)
    if standing.state.closed and record.state == Record.State.OPEN:
        close(by=by, at=at, standing=standing, happened_at=happened_at)
    carry_on(by=by, at=at, standing=standing)
    return standing


def close(*, by: Person | None, at: datetime, standing: Standing, happened_at: datetime) -> None:
    """Close a record with the outcome its last step had."""
    record, flow = standing.record, standing.flow
    record.state, record.closed_at, record.outcome = Record.State.CLOSED, happened_at, standing.state.outcome
    record.owner = record.with_unit = None
    record.save(update_fields=("state", "closed_at", "outcome", "owner", "with_unit"))
    facts = {"outcome": record.outcome, **published_facts(standing)}
    event = record_act("records.record.closed", record, by, at, happened_at=happened_at, facts=facts)
    Taken.objects.create(
        record=record, what=What.CLOSED, outcome=record.outcome, by=by, at=at, happened_at=happened_at, event=event
    )
    if flow.archive_role:
        title = Text(f"{flow.title.in_('zh')} {record}：归档", f"{flow.title.in_('en')} {record}: archive")
        step = FlowStep("archive", title, clause=flow.archive_clause, role=flow.archive_role)
        due = due_for(standing, _opening(step, happened_at))
        open_duty(
            by=by, at=at, rule=f"{record.kind}.archive", title=title, clause=flow.archive_clause,
            role=flow.archive_role, due_at=due.at, why=due.why, revision=record.revision, unit=record.unit,
            subject=subject_of(record), period=record.period, round=_times_closed(record),
        )  # fmt: skip


def open_what_follows(
    *, by: Person | None, at: datetime, standing: Standing, outcome: OutcomeRule | None, event: Event
) -> None:
    """An outcome that opens another kind of record makes the duty of its first step; the event is its occasion."""
    record = standing.record
    if outcome is None or not outcome.open:
        return
    flow = get_flow(record.revision, outcome.open)
    if not flow.steps:
        return
    first = flow.steps[0]
    title = Text(
        f"{flow.title.in_('zh')}：{first.title.in_('zh')}（{record}）",
        f"{flow.title.in_('en')}: {first.title.in_('en')} ({record})",
    )
    due = due_for(standing, _opening(first, event.happened_at))
    role = first.role if not first.role.startswith(BY_FIELD) else standing.flow.steps[0].role
    open_duty(
        by=by, at=at, rule=f"{flow.kind}.{first.key}", title=title, clause=first.clause, role=role, due_at=due.at,
        why=due.why, revision=record.revision, unit=record.unit, subject=f"event:{event.pk}", period=record.period,
    )  # fmt: skip


def inform(*, standing: Standing, step: FlowStep, by: Person | None, at: datetime, act: Taken) -> int:
    """Tell the people of the roles a step informs; how many."""
    record = standing.record
    roles = [h.role for h in step.inform if h.when is None or standing.ground.holds(h.when)]
    day = timezone.localdate(at)
    unit = record.with_unit or record.unit
    told = {p for role in roles for p in list_holders(role=role, unit=unit, on=day) if by is None or p.pk != by.pk}
    title, done = standing.flow.title, step.title
    subject = f"{title.in_('zh')} {record}：{done.in_('zh')}"
    body = f"{subject}\n{title.in_('en')} {record}: {done.in_('en')}\n\n{settings.MANYI_URL}/records/{record.pk}/\n"
    said = Text(subject, f"{title.in_('en')} {record}: {done.in_('en')}")
    return tell(News(said, f"/records/{record.pk}/", body, f"records.act:{act.pk}"), people=told, at=at)


def _times_closed(record: Record) -> int:
    return record.acts.filter(what=What.CLOSED).count()


def _opening(step: FlowStep, since: datetime) -> Open:
    return Open(step, 1, since, role=step.role)
