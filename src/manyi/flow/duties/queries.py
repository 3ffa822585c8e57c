"""Reading what is owed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.base.people.queries import list_held
from manyi.core.conformity import Owed
from manyi.core.periods import Period
from manyi.core.text import Text
from manyi.flow.duties.models import Duty, DutyWarning, Feed
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import read_revision
from manyi.language.duties import PLAIN
from manyi.language.model.work import EVIDENCE
from manyi.language.reading.words import Book, dotted

SOON = timedelta(days=7)


def list_visible_duties(by: Person) -> QuerySet[Duty]:
    """All duties of the person's units and below, and the person's own."""
    rows = Duty.objects.select_related("unit", "person", "revision__document")
    return visible_to(by, rows, own="person")


def get_visible_duty(by: Person, pk: int) -> Duty:
    """One duty, or ``Duty.DoesNotExist``."""
    return list_visible_duties(by).get(pk=pk)


def list_my_duties(by: Person, on: date) -> QuerySet[Duty]:
    """What a person has to do: open duties that name the person, and those of the roles the person holds on a day."""
    return list_visible_duties(by).filter(_mine(by, on), state=Duty.State.OPEN)


def _mine(by: Person, on: date) -> Q:
    mine = Q(person=by)
    for role, unit in list_held(by, on):
        mine |= Q(role=role, unit__path__startswith=unit.path)
    return mine


def list_brought_to(by: Person, on: date, at: datetime) -> QuerySet[Duty]:
    """Overdue duties brought to a role the person holds: somebody else's to do, this person's to follow up."""
    mine = Q(pk__in=[])
    for role, unit in list_held(by, on):
        mine |= Q(
            warnings__role=role, warnings__kind=DutyWarning.Kind.ESCALATION, warnings__due_at__lte=at,
            unit__path__startswith=unit.path,
        )  # fmt: skip
    return list_visible_duties(by).filter(mine, state=Duty.State.OPEN).distinct()


def list_my_month(by: Person, on: date, month: Period) -> QuerySet[Duty]:
    """What was and is to be done by a person in a month, by the roles held on a day; done or open."""
    first = timezone.make_aware(datetime.combine(month.first, time.min))
    end = timezone.make_aware(datetime.combine(month.last + timedelta(days=1), time.min))
    states = (Duty.State.OPEN, Duty.State.DISCHARGED)
    # what is due at midnight belongs to the day that ends then
    return list_visible_duties(by).filter(_mine(by, on), state__in=states, due_at__gt=first, due_at__lte=end)


def list_proofs(duty: Duty) -> list[tuple[str, Text, Event | None]]:
    """The events that together prove a plain duty: by name, in words, and the one that came in or ``None``."""
    procedure = read_revision(duty.revision)
    rule = procedure.duties.get(duty.step) if duty.rule.startswith(f"{PLAIN}.") else None
    brought = {proof.name: proof.event for proof in duty.proofs.select_related("event")}
    wanted = [name for name in (rule.evidence if rule else ()) if name not in EVIDENCE]
    return [(name, dotted(Book(procedure), name), brought.get(name)) for name in wanted]


def list_warnings(duty: Duty, at: datetime) -> list[tuple[DutyWarning, Text, bool]]:
    """The warnings of a duty with who is told, and whether each still lies ahead."""
    return [
        (warning, get_role_title(duty.revision, warning.role or duty.role), warning.due_at > at)
        for warning in duty.warnings.all()
    ]


def find_feed(key: str) -> Feed | None:
    """The calendar link of a key, of a person who is still there."""
    try:
        wanted = UUID(hex=key)
    except ValueError:
        return None
    return Feed.objects.select_related("person").filter(key=wanted, person__is_active=True).first()


def find_feed_of(person: Person) -> Feed | None:
    """The person's calendar link."""
    return Feed.objects.filter(person=person).first()


def split_by_time(duties: list[Duty], at: datetime) -> tuple[list[Duty], list[Duty], list[Duty]]:
    """Open duties as (overdue, due within a week, later)."""
    overdue = [d for d in duties if d.due_at <= at]
    later = [d for d in duties if d.due_at > at + SOON]
    return overdue, [d for d in duties if at < d.due_at <= at + SOON], later


def list_owed(subject: str) -> dict[str, Duty]:
    """What is and was owed on ``subject``, by rule; a duty that was superseded is left out."""
    rows = Duty.objects.filter(subject=subject).exclude(state=Duty.State.SUPERSEDED)
    return {duty.rule: duty for duty in rows.select_related("person", "evidence").order_by("round", "pk")}


def list_duties_of(subjects: Iterable[str]) -> QuerySet[Duty]:
    """All duties on some subjects in the order they were opened, whatever became of them."""
    rows = Duty.objects.filter(subject__in=list(subjects)).select_related("unit", "person", "revision__document")
    return rows.order_by("pk")


OwedRow = tuple[int, str, str, Owed]
"""A document, a rule, a clause, and the counts."""


def count_owed(
    documents: Iterable[int], *, units: Collection[int], start: datetime, end: datetime, at: datetime
) -> list[OwedRow]:
    """How what was due after ``start`` and by ``end`` stood at the instant ``at``, by document, rule and clause.

    One grouped query. Only when a duty was opened, was due and was closed is looked at, so that any past instant can be
    asked for.
    """
    closed, is_late = Q(closed_at__lte=at), Q(happened_at__gte=F("due_at"))
    done, waived = closed & Q(state=Duty.State.DISCHARGED), closed & Q(state=Duty.State.WAIVED)
    standing = ~Q(closed_at__lte=at) | Q(closed_at=None)
    rows = Duty.objects.filter(
        revision__document__in=list(documents), unit__in=units, due_at__gt=start, due_at__lte=end, opened_at__lte=at
    ).exclude(closed & Q(state=Duty.State.SUPERSEDED))
    counted = rows.order_by().values_list("revision__document", "rule", "clause").annotate(
        on_time=Count("pk", filter=done & ~is_late), late=Count("pk", filter=done & is_late),
        running=Count("pk", filter=standing & Q(due_at__gt=at)),
        missed=Count("pk", filter=standing & Q(due_at__lte=at)), waived=Count("pk", filter=waived),
    )  # fmt: skip
    return [(document, rule, clause, Owed(*counts)) for document, rule, clause, *counts in counted]


def list_owed_between(document: Document, *, start: datetime, end: datetime, units: Collection[int]) -> list[Duty]:
    """All that was owed under a procedure in ``units`` at some time between two instants, whatever became of it, but
    for what was opened anew under another name; in the order it was opened."""
    ended = Q(closed_at=None) | Q(closed_at__gte=start) | Q(due_at__gte=start)
    rows = Duty.objects.filter(ended, revision__document=document, opened_at__lt=end, unit__in=units)
    rows = rows.exclude(state=Duty.State.SUPERSEDED).select_related("unit", "revision__document")
    return list(rows.order_by("pk"))


def list_done_times(subject: str) -> dict[str, datetime]:
    """When each step of ``subject`` was last done, by step key."""
    done = Duty.objects.filter(subject=subject, state=Duty.State.DISCHARGED).exclude(happened_at=None)
    return {duty.step: duty.happened_at for duty in done.order_by("round", "pk") if duty.happened_at}


def next_round(rule: str, subject: str) -> int:
    """In which round a step is when it is owed anew: 1 the first time."""
    rows = Duty.objects.filter(rule=rule, subject=subject).exclude(state=Duty.State.SUPERSEDED)
    return 1 + (rows.aggregate(last=Max("round"))["last"] or 0)


def list_subjects_with_waived(prefix: str) -> list[str]:
    """The subjects beginning with ``prefix`` of which some duty was waived."""
    rows = Duty.objects.filter(state=Duty.State.WAIVED, subject__startswith=prefix)
    return sorted(set(rows.values_list("subject", flat=True)))


def get_role_title(revision: Revision, role: str) -> Text:
    """What a procedure calls one of its roles."""
    known = read_revision(revision).roles.get(role)
    return known.title if known else Text(role, role)


def list_evidence_by_hand(duty: Duty) -> tuple[str, ...]:
    """The proofs a plain duty asks for that a person brings: a file, a letter, a call. Events come by themselves."""
    if duty.rule.partition(".")[0] != PLAIN:
        return ()
    rule = read_revision(duty.revision).duties.get(duty.step)
    return tuple(word for word in (rule.evidence if rule else ()) if word in EVIDENCE)


def is_of_report(duty: Duty) -> bool:
    """Whether the duty is a step of a report, not of the survey itself."""
    record = read_revision(duty.revision).records.get(duty.rule.rpartition(".")[0])
    return bool(record and record.contains)
