"""The rows a person means by what was typed or chosen on a page."""

from __future__ import annotations

from manyi.base.customers.queries import find_visible_customer, list_visible_customers, list_visible_projects
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import get_person, get_unit
from manyi.core.text import Text
from manyi.flow.records.operations.events import About
from manyi.flow.records.room import Room


def chosen_person(room: Room, key: str) -> Person | None:
    """The person chosen in a list of the company's people."""
    return get_person(int(key)) if key and key in dict(room.people) else None


def chosen_unit(room: Room, key: str) -> Unit | None:
    """The unit chosen in a list of the company's units."""
    return get_unit(int(key)) if key and key in dict(room.units) else None


def about_of(by: Person, customer: str, project: str) -> tuple[About, tuple[str, Text] | None]:
    """Whom an event is about, and what could not be found, with its field."""
    code, short = (said.strip().split(" · ")[0] for said in (customer, project))
    found = find_visible_customer(by, code) or list_visible_customers(by).filter(name=code).first() if code else None
    if code and found is None:
        return About(), ("customer", Text("没有这个顾客", "There is no such customer"))
    job = list_visible_projects(by).filter(short=short).first() if short else None
    if short and job is None:
        return About(), ("project", Text("没有这个项目", "There is no such project"))
    return About(found or (job.customer if job else None), None, job), None
