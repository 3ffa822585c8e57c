"""Reading what is owed."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.base.people.queries import list_roles
from manyi.flow.duties.models import Duty


def list_visible_duties(by: Person) -> QuerySet[Duty]:
    """All duties of the person's units and below, and the person's own."""
    return visible_to(by, Duty.objects.select_related("unit", "person", "revision__document"), own="person")


def list_my_duties(by: Person) -> QuerySet[Duty]:
    """What a person has to do: open duties that name the person, or one of the person's roles and nobody."""
    mine = Q(person=by) | Q(person=None, role__in=list_roles(by))
    return list_visible_duties(by).filter(mine, state=Duty.State.OPEN)


def list_done_days(subject: str) -> dict[str, date]:
    """On which local day each step of ``subject`` was done, by step key."""
    done = Duty.objects.filter(subject=subject, state=Duty.State.DISCHARGED).exclude(happened_at=None)
    return {duty.rule.rpartition(".")[2]: timezone.localdate(duty.happened_at) for duty in done if duty.happened_at}
