"""How units and roles are shown on the pages of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template

from manyi.base.people.models import Person, Unit
from manyi.core.text import Text
from manyi.web.language import reader_language

register = template.Library()


@register.simple_tag
def role_name(role: str, names: Mapping[str, Text]) -> str:
    """What a role is called in the reader's language; its key where no procedure in force names it."""
    return names[role].in_(reader_language()) if role in names else role


@register.simple_tag
def held(person: Person, on: date, names: Mapping[str, Text]) -> list[str]:
    """The roles a person holds on a day, each with its unit."""
    return [f"{role_name(a.role, names)} · {a.unit.name}" for a in person.assignments.all() if a.holds_on(on)]


@register.simple_tag
def depth(unit: Unit) -> str:
    """How deep a unit stands in the tree, as an indent that is read past."""
    return "—" * (unit.path.count("/") - 2)
