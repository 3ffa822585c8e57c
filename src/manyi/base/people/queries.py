"""Who is who, and who holds what."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from manyi.base.people.access import visible_to, visible_units
from manyi.base.people.models import Assignment, Grant, Person, Unit


def list_visible_people(by: Person) -> QuerySet[Person]:
    """The people of the units a person sees, with their assignments."""
    return visible_to(by, Person.objects.select_related("unit").prefetch_related("assignments__unit"))


def get_visible_person(by: Person, pk: int) -> Person:
    """One person, or ``Person.DoesNotExist``."""
    return list_visible_people(by).get(pk=pk)


def list_visible_units(by: Person) -> QuerySet[Unit]:
    """The units a person sees, as a tree by path."""
    return visible_units(by).select_related("parent")


def get_visible_unit(by: Person, pk: int) -> Unit:
    """One unit, or ``Unit.DoesNotExist``."""
    return visible_units(by).get(pk=pk)


def list_units_below(unit: Unit) -> QuerySet[Unit]:
    """A unit and all below it."""
    return Unit.objects.filter(path__startswith=unit.path)


def find_root_unit() -> Unit | None:
    """The company itself."""
    return Unit.objects.filter(parent=None).first()


def list_roles(by: Person) -> list[str]:
    """The roles a person holds today, in any unit."""
    today = timezone.localdate()
    return sorted({a.role for a in Assignment.objects.filter(person=by) if a.holds_on(today)})


def list_known_roles() -> list[str]:
    """Every role that is granted something."""
    return sorted(set(Grant.objects.values_list("role", flat=True)))


def list_held(by: Person, on: date) -> list[tuple[str, Unit]]:
    """Which roles a person holds on a day, and for which unit and all below it."""
    rows = Assignment.objects.filter(person=by, person__is_active=True).select_related("unit")
    return [(a.role, a.unit) for a in rows if a.holds_on(on)]


def list_holders(*, role: str, unit: Unit, on: date) -> list[Person]:
    """The active people who hold ``role`` for ``unit`` or a unit above it."""
    rows = Assignment.objects.filter(role=role, person__is_active=True).select_related("unit", "person")
    holders = {a.person for a in rows if unit.path.startswith(a.unit.path) and a.holds_on(on)}
    return sorted(holders, key=lambda person: person.pk)


def find_holder(*, role: str, unit: Unit, on: date) -> Person | None:
    """The one active person who holds ``role`` for ``unit`` or a unit above it; ``None`` where nobody or several do."""
    holders = list_holders(role=role, unit=unit, on=on)
    return holders[0] if len(holders) == 1 else None
