"""What a person may do and see. Every operation asks here; nothing else decides."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from manyi.base.people.models import Assignment, Grant, Person, Unit
from manyi.core.text import Text

M = TypeVar("M", bound=Model)

BUILT_IN: dict[str, tuple[str, ...]] = {
    "administrator": (
        "people.manage",
        "calendars.manage",
        "customers.manage",
        "customers.import",
        "procedure.import",
        "procedure.put_in_force",
    ),
    "approver": ("procedure.review", "procedure.approve"),
    "auditor": ("evidence.read",),
}
"""Roles of the installation itself, beside those of the procedures: who keeps it, who signs documents, who audits."""
BUILT_IN_NAMES: dict[str, Text] = {
    "administrator": Text("系统管理员", "Administrator"),
    "approver": Text("文件批准人", "Approver of documents"),
    "auditor": Text("审核员", "Auditor"),
}


class CannotDo(Exception):
    """An operation refuses; the message is for the person who asked."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message.in_("en"))


class MayNot(CannotDo):
    """The person has no right to do this here."""


def may(by: Person, verb: str, unit: Unit) -> bool:
    """Whether a role the person holds today, for ``unit`` or a unit above it, is granted ``verb``."""
    roles = {a.role for a in _assignments(by) if unit.path.startswith(a.unit.path)}
    return _granted(roles, verb)


def may_anywhere(by: Person, verb: str) -> bool:
    """Whether the person may do ``verb`` in any unit; for menus and pages, the operation decides finely."""
    return _granted({a.role for a in _assignments(by)}, verb)


def require(by: Person, verb: str, unit: Unit) -> None:
    """Raise ``MayNot`` unless the person may."""
    if not may(by, verb, unit):
        raise MayNot(
            Text(f"您没有“{unit.name}”的这项权限（{verb}）", f"You have no right to do this for {unit.name} ({verb})")
        )


def verbs_of(by: Person) -> frozenset[str]:
    """All the person may do anywhere; one query for a page's menu and buttons."""
    if not by.is_active:
        return frozenset()
    return frozenset(Grant.objects.filter(role__in={a.role for a in _assignments(by)}).values_list("verb", flat=True))


def visible_to(by: Person, rows: QuerySet[M], own: str | None = None, unit: str = "unit") -> QuerySet[M]:
    """``rows`` of the units a person holds a role in and below, and those that name the person in the field ``own``."""
    seen = Q(pk__in=[])
    for path in sorted({a.unit.path for a in _assignments(by)}):
        seen |= Q(**{f"{unit}__path__startswith": path})
    if own and by.is_active:
        seen |= Q(**{own: by})
    return rows.filter(seen)


def visible_units(by: Person) -> QuerySet[Unit]:
    """The units whose rows a person sees."""
    seen = Q(pk__in=[])
    for assignment in _assignments(by):
        seen |= Q(path__startswith=assignment.unit.path)
    return Unit.objects.filter(seen)


def _assignments(by: Person) -> list[Assignment]:
    """The assignments that hold today. Read anew at each question: a right that was withdrawn is gone at once."""
    if not by.is_active:
        return []
    today = timezone.localdate()
    rows = Assignment.objects.filter(person=by, person__is_active=True).select_related("unit")
    return [assignment for assignment in rows if assignment.holds_on(today)]


def _granted(roles: set[str], verb: str) -> bool:
    return bool(roles) and Grant.objects.filter(role__in=roles, verb=verb).exists()
