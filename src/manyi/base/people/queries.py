"""Who is who, and who holds what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from manyi.base.people.access import visible_to, visible_units
from manyi.base.people.models import Assignment, Person, RoleName, Unit
from manyi.core.text import Text

ACTOR = "people.person:"


def list_visible_people(by: Person) -> QuerySet[Person]:
    """The people of the units a person sees, with their assignments."""
    return visible_to(by, Person.objects.select_related("unit").prefetch_related("assignments__unit"))


def get_visible_person(by: Person, pk: int) -> Person:
    """One person, or ``Person.DoesNotExist``."""
    return list_visible_people(by).get(pk=pk)


def get_person(pk: int) -> Person:
    """The person a stored key names: for jobs, which act for who asked."""
    return Person.objects.get(pk=pk)


def get_unit(pk: int) -> Unit:
    """The unit a stored key names."""
    return Unit.objects.get(pk=pk)


def list_visible_units(by: Person) -> QuerySet[Unit]:
    """The units a person sees, as a tree by path."""
    return visible_units(by).select_related("parent")


def get_visible_unit(by: Person, pk: int) -> Unit:
    """One unit, or ``Unit.DoesNotExist``."""
    return visible_units(by).get(pk=pk)


def list_units_below(unit: Unit) -> QuerySet[Unit]:
    """A unit and all below it."""
    return Unit.objects.filter(path__startswith=unit.path)


def list_all_units() -> QuerySet[Unit]:
    """Every unit: for the operator of the installation, who sees all."""
    return Unit.objects.all()


def find_root_unit() -> Unit | None:
    """The company itself."""
    return Unit.objects.filter(parent=None).first()


def list_roles(by: Person) -> list[str]:
    """The roles a person holds today, in any unit."""
    today = timezone.localdate()
    return sorted({a.role for a in Assignment.objects.filter(person=by) if a.holds_on(today)})


def list_role_names() -> dict[str, Text]:
    """What every role is called; a role that two procedures name keeps the name of the first."""
    names: dict[str, Text] = {}
    for row in RoleName.objects.order_by("source"):
        names.setdefault(row.role, Text(row.title_zh, row.title_en))
    return names


def list_units_with_people(by: Person) -> list[Unit]:
    """The units a person sees in the order of the tree, each with its people and the roles these hold."""
    people = Person.objects.order_by("-is_active", "name", "pk").prefetch_related("assignments__unit")
    return list(list_visible_units(by).prefetch_related(Prefetch("people", people)))


def get_visible_assignment(by: Person, pk: int) -> Assignment:
    """One assignment, or ``Assignment.DoesNotExist``."""
    return visible_to(by, Assignment.objects.select_related("person__unit", "unit")).get(pk=pk)


def list_held(by: Person, on: date) -> list[tuple[str, Unit]]:
    """Which roles a person holds on a day, and for which unit and all below it."""
    rows = Assignment.objects.filter(person=by, person__is_active=True).select_related("unit")
    return [(a.role, a.unit) for a in rows if a.holds_on(on)]


def list_held_roles(on: date) -> list[tuple[str, str]]:
    """Which roles active people hold on a day, each with the path of the unit it is held for."""
    rows = Assignment.objects.filter(person__is_active=True).select_related("unit")
    return sorted({(a.role, a.unit.path) for a in rows if a.holds_on(on)})


def list_holders(*, role: str, unit: Unit, on: date) -> list[Person]:
    """The active people who hold ``role`` for ``unit`` or a unit above it."""
    rows = Assignment.objects.filter(role=role, person__is_active=True).select_related("unit", "person")
    holders = {a.person for a in rows if unit.path.startswith(a.unit.path) and a.holds_on(on)}
    return sorted(holders, key=lambda person: person.pk)


def find_holder(*, role: str, unit: Unit, on: date) -> Person | None:
    """The one active person who holds ``role`` for ``unit`` or a unit above it; ``None`` where nobody or several do."""
    holders = list_holders(role=role, unit=unit, on=on)
    return holders[0] if len(holders) == 1 else None


def list_names(actors: Iterable[str]) -> dict[str, str]:
    """Names by how events name people (``people.person:3``); who is no longer there is missing."""
    keys = [int(actor.removeprefix(ACTOR)) for actor in actors if actor.startswith(ACTOR)]
    return {f"{ACTOR}{pk}": name for pk, name in Person.objects.filter(pk__in=keys).values_list("pk", "name")}


def list_people_below(unit: Unit) -> QuerySet[Person]:
    """The active people of a unit and all below it: whom work may be given to."""
    return Person.objects.filter(unit__path__startswith=unit.path, is_active=True).select_related("unit")


def name_rows(of: str, keys: Iterable[int]) -> dict[int, str]:
    """What the rows a stored value refers to are called: ``of`` is user or unit."""
    rows: dict[str, QuerySet[Person] | QuerySet[Unit]] = {"user": Person.objects.all(), "unit": Unit.objects.all()}
    return dict(rows[of].filter(pk__in=list(keys)).values_list("pk", "name"))
