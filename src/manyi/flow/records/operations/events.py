"""Events of the company's world: recorded by a person, an import or a step; some wait for a record's closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from manyi.base.customers.models import Customer, Product, Project
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import require
from manyi.base.people.models import Person, Unit
from manyi.core.text import Text
from manyi.flow.procedure.queries import list_revisions_over, read_revision
from manyi.flow.records.ground import Standing, standing_of
from manyi.flow.records.models import Happening, Record, Taken
from manyi.flow.records.operations.acting import CannotRecord, What, checked_text, locked, settle
from manyi.language.events import WORLD, announcements_of, events_of
from manyi.language.model import Procedure


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what an event is about; what is not known stays ``None``."""

    customer: Customer | None = None
    product: Product | None = None
    project: Project | None = None
    record: Record | None = None

    @property
    def subjects(self) -> Q:
        """Records and happenings about the same project, or else the same customer."""
        if self.project is not None:
            return Q(project=self.project)
        return Q(customer=self.customer) if self.customer is not None else Q()


def record_happening(
    *,
    by: Person | None,
    at: datetime,
    name: str,
    unit: Unit,
    about: About,
    happened_at: datetime | None = None,
    note: str = "",
    imported: bool = False,
) -> Happening:
    """Record that something happened. What a procedure forbids before a record is closed is refused.

    An import says what has happened already: it is taken, and the kinds that should have been closed are on record as
    a breach.
    """
    if by is not None:
        require(by, "records.happening", unit)
    happened = happened_at or at
    if happened > at:
        raise CannotRecord(Text("发生时间不能晚于现在", "It cannot have happened later than now"))
    if name not in list_event_names(unit, happened):
        raise CannotRecord(Text(f"程序中没有“{name}”这一事件", f"No procedure knows the event “{name}”"))
    with transaction.atomic():
        breaches = _unclosed(name, unit, about, happened)
        if breaches and not imported:
            raise CannotRecord(_gated(breaches))
        happening = _note(by, at, name, unit, about, happened, checked_text(note, most=500), breaches)
        facts = {"event": name, **_published(about), **({"breaches": breaches} if breaches else {})}
        record_event(
            kind="records.happening.recorded", subject=f"records.happening:{happening.pk}", unit=unit, by=by, at=at,
            happened_at=happened, facts=facts,
        )  # fmt: skip
        wake(by=by, at=at, name=name, about=about, unit=unit, happened_at=happened)
    return happening


def happen(*, by: Person, at: datetime, name: str, record: Record, happened_at: datetime) -> None:
    """A step that is an event of the company's world: noted with its record, and refused by the same gates."""
    about = About(record.customer, record.product, record.project, record)
    breaches = [kind for kind in _unclosed(name, record.unit, about, happened_at) if kind != record.kind]
    if breaches:
        raise CannotRecord(_gated(breaches))
    _note(by, at, name, record.unit, about, happened_at, "", [])
    wake(by=by, at=at, name=name, about=about, unit=record.unit, happened_at=happened_at)


def wake(*, by: Person | None, at: datetime, name: str, about: About, unit: Unit, happened_at: datetime) -> int:
    """Let the steps go on that wait for an event about the same subject; how many records."""
    rows = Record.objects.filter(state=Record.State.OPEN, waits_for__contains=f",{name},")
    rows = rows.filter(Q(unit__path__startswith=unit.path) | Q(unit__in=_above(unit)))
    same = Q(pk=about.record.pk) | Q(origin=about.record) if about.record else Q(pk__in=[])
    woken = 0
    for found in rows.filter(same | (about.subjects or same)).exclude(happened_at__gt=happened_at):
        record = locked(found)
        step = _waiting_step(record)
        if step:
            Taken.objects.create(
                record=record, what=What.EVENT, step=step, outcome=name, by=by, at=at, happened_at=happened_at
            )
            settle(by=by, at=at, record=record, happened_at=happened_at)
            woken += 1
    return woken


def events_known(standing: Standing, filled: Mapping[str, object] | None = None) -> frozenset[str]:
    """The events a step of this record may bring as proof: what happened to its subject since, and what linked records
    came to, among them those that the step itself names in what is ``filled`` in."""
    record = standing.record
    about = About(record.customer, record.product, record.project, record)
    names = set(_happened(about).filter(happened_at__gte=record.happened_at).values_list("name", flat=True))
    linked = list(record.opened.all()) + ([record.origin] if record.origin else [])
    said = {**record.data, **(filled or {})}
    keys = [said.get(one.key) for one in standing.flow.fields if one.kind == "record"]
    linked += list(Record.objects.filter(pk__in=[key for key in keys if isinstance(key, int)]))
    for one in linked:
        names.add(f"{one.kind}.opened")
        taken = [act for act in one.acts.all() if act.what == What.TAKEN]
        names |= {f"{one.kind}.{act.step}" for act in taken}
        names |= {f"{one.kind}.{act.step}.{act.outcome}" for act in taken if act.outcome}
        names |= {f"{one.kind}.closed"} if one.state == Record.State.CLOSED else set()
        names |= {f"{one.kind}.archived"} if any(act.what == What.ARCHIVED for act in one.acts.all()) else set()
    return frozenset(names)


def list_event_names(unit: Unit, at: datetime) -> frozenset[str]:
    """The events of the company's world that may be recorded for a unit: the known ones, and those procedures name."""
    named = set(WORLD)
    for revision in list_revisions_over(unit, timezone.localdate(at)):
        procedure = read_revision(revision)
        named |= _named(procedure) - (events_of(procedure) - announcements_of(procedure))
    return frozenset(named)


def _named(procedure: Procedure) -> set[str]:
    work = [*procedure.records.values(), *procedure.programmes.values()]
    found = {name for rule in work for occasion in rule.opens for name in occasion.event}
    found |= {name for duty in procedure.duties.values() for name in duty.event}
    found |= {name for duty in procedure.duties.values() for name in duty.evidence if "." in name}
    return found | {name for rule in work for name in rule.gates}


def _unclosed(name: str, unit: Unit, about: About, at: datetime) -> list[str]:
    """The kinds of record that have to be closed before, and are not: none closed since the event last happened, or one
    of them still open."""
    missing = []
    for revision in list_revisions_over(unit, timezone.localdate(at)):
        for kind, rule in read_revision(revision).records.items():
            if name in rule.gates:
                rows = Record.objects.filter(about.subjects, document=revision.document, kind=kind)
                last = _happened(about).filter(name=name).order_by("-happened_at").first()
                closed = rows.filter(state=Record.State.CLOSED, closed_at__lte=at)
                fresh = closed.filter(closed_at__gt=last.happened_at) if last else closed
                if not about.subjects or not fresh.exists() or rows.filter(state=Record.State.OPEN).exists():
                    missing.append(kind)
    return missing


def _happened(about: About) -> QuerySet[Happening]:
    rows = Happening.objects.all()
    return rows.filter(about.subjects) if about.subjects else rows.filter(record=about.record)


def _gated(kinds: list[str]) -> Text:
    told = "、".join(kinds)
    return Text(
        f"须先完成以下记录：{told}。请关闭该顾客（或项目）的这项记录后再登记",
        f"These records have to be closed first: {', '.join(kinds)}. Close that of this customer or project first",
    )


def _note(
    by: Person | None, at: datetime, name: str, unit: Unit, about: About, happened_at: datetime, note: str,
    breaches: list[str],
) -> Happening:  # fmt: skip
    return Happening.objects.create(
        name=name, unit=unit, customer=about.customer, product=about.product, project=about.project,
        record=about.record, happened_at=happened_at, recorded_at=at, by=by, note=note, breaches=breaches,
    )  # fmt: skip


def _published(about: About) -> dict[str, object]:
    """Keys and marks of whom it is about, never a name: what ``where`` may ask of customer and project."""
    found: dict[str, object] = {}
    if about.customer is not None:
        found["customer"] = {"code": about.customer.code, "country": about.customer.country}
    if about.project is not None:
        found["project"] = {"short": about.project.short, "representative": about.project.representative}
    return found


def _above(unit: Unit) -> list[int]:
    return [int(part) for part in unit.path.strip("/").split("/") if part.isdigit()]


def _waiting_step(record: Record) -> str:
    waiting = standing_of(record).state.waits_for
    return waiting.key if waiting else ""
