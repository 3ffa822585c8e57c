"""Changing the company's tree, its people and their roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import BUILT_IN, BUILT_IN_NAMES, CannotDo, require
from manyi.base.people.models import Assignment, Grant, Person, RoleName, Unit
from manyi.core.text import Text

INSTALLATION = "installation"


class CannotChangePeople(CannotDo):
    """The change would leave something broken."""


def found_company(*, name: str, administrator: str, password: str, at: datetime) -> Person:
    """The first unit and the first administrator of an empty installation, and the built-in roles."""
    if Unit.objects.exists():
        raise CannotChangePeople(Text("系统已初始化", "The installation is set up already"))
    with transaction.atomic():
        set_grants(source=INSTALLATION, grants=BUILT_IN, names=BUILT_IN_NAMES)
        root = Unit(key="company", name=name, kind="company", path="/")
        root.save()
        root.path = f"/{root.pk}/"
        root.save(update_fields=("path",))
        person = Person(username=administrator, name=administrator, unit=root)
        _set_password(person, password)
        person.save()
        Assignment.objects.create(person=person, role="administrator", unit=root, from_on=date(2000, 1, 1))
        record_event(kind="people.company.founded", subject=f"people.unit:{root.pk}", unit=root, by=person, at=at)
    return person


def add_unit(*, by: Person, at: datetime, key: str, name: str, kind: str, parent: Unit) -> Unit:
    """A unit below ``parent``."""
    require(by, "people.manage", parent)
    if Unit.objects.filter(key=key).exists():
        raise CannotChangePeople(Text(f"单位代号“{key}”已被使用", f"The key “{key}” of a unit is taken"))
    with transaction.atomic():
        unit = Unit.objects.create(key=key, name=name, kind=kind, parent=parent, path=f"{parent.path}new/")
        unit.path = f"{parent.path}{unit.pk}/"
        unit.save(update_fields=("path",))
        record_event(kind="people.unit.added", subject=f"people.unit:{unit.pk}", unit=unit, by=by, at=at)
    return unit


def add_person(
    *, by: Person, at: datetime, username: str, name: str, unit: Unit, email: str = "", password: str | None = None
) -> Person:
    """A person of ``unit``; without a password the person cannot sign in until one is set."""
    require(by, "people.manage", unit)
    if Person.objects.filter(username=username).exists():
        raise CannotChangePeople(Text(f"登录名“{username}”已被使用", f"The sign-in name “{username}” is taken"))
    person = Person(username=username, name=name, unit=unit, email=email)
    _set_password(person, password)
    with transaction.atomic():
        person.save()
        _record("people.person.added", person, by, at, values={"name": name, "email": email})
    return person


def set_password(*, by: Person, at: datetime, person: Person, password: str) -> None:
    """A new password for a person, set by the person or by who keeps the installation."""
    if by.pk != person.pk:
        require(by, "people.manage", person.unit)
    _set_password(person, password)
    with transaction.atomic():
        person.save(update_fields=("password",))
        _record("people.password.set", person, by, at)


def disable_person(*, by: Person, at: datetime, person: Person) -> None:
    """The person signs in no more; what the person did stays."""
    require(by, "people.manage", person.unit)
    if by.pk == person.pk:
        raise CannotChangePeople(Text("不能停用自己", "You cannot disable yourself"))
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False)
        _record("people.person.disabled", person, by, at)


def assign_role(*, by: Person, at: datetime, person: Person, role: str, unit: Unit, from_on: date) -> Assignment:
    """Give a person a role for ``unit`` and all below it."""
    require(by, "people.manage", unit)
    require(by, "people.manage", person.unit)
    with transaction.atomic():
        assignment, created = Assignment.objects.get_or_create(person=person, role=role, unit=unit, from_on=from_on)
        if created:
            _record(
                "people.role.assigned", person, by, at, {"role": role, "unit": unit.pk, "from": from_on.isoformat()}
            )
    return assignment


def end_assignment(*, by: Person, at: datetime, assignment: Assignment, on: date) -> None:
    """``on`` is the first day on which the person no longer holds the role."""
    require(by, "people.manage", assignment.unit)
    if on <= assignment.from_on:
        raise CannotChangePeople(
            Text(
                f"结束日期须晚于开始日期 {assignment.from_on}",
                f"The day has to be after {assignment.from_on}, when it began",
            )
        )
    if by.pk == assignment.person_id and assignment.role == "administrator":
        raise CannotChangePeople(
            Text("不能取消自己的管理员角色", "You cannot take the administrator's role from yourself")
        )
    with transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(until_on=on - timedelta(days=1))
        _record("people.role.ended", assignment.person, by, at, {"role": assignment.role, "unit": assignment.unit_id})


def set_grants(*, source: str, grants: Mapping[str, Iterable[str]], names: Mapping[str, Text] | None = None) -> None:
    """Replace what ``source`` says its roles may do and are called.

    Called where a procedure comes into force, in its transaction.
    """
    Grant.objects.filter(source=source).delete()
    Grant.objects.bulk_create(
        Grant(role=role, verb=verb, source=source) for role, verbs in grants.items() for verb in sorted(set(verbs))
    )
    RoleName.objects.filter(source=source).delete()
    RoleName.objects.bulk_create(
        RoleName(source=source, role=role, title_zh=name.in_("zh"), title_en=name.in_("en"))
        for role, name in (names or {}).items()
    )


def _set_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        told = " ".join(error.messages)
        raise CannotChangePeople(Text(f"密码不符合要求：{told}", f"The password is too weak: {told}")) from None
    person.set_password(password)


def _record(
    kind: str, person: Person, by: Person, at: datetime, facts: Mapping[str, object] | None = None,
    values: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    key = f"people.person:{person.pk}"
    record_event(kind=kind, subject=key, unit=person.unit, by=by, at=at, facts=facts, values=values, about=key)
