"""Kinds of record that between them use every construct, in a procedure of the company of the cast, in force."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import AT

PX = Path(__file__).with_name("px.yaml")


@pytest.fixture
def px(cast, p12):
    """The procedure of these tests in force: a revision. Chen serves customers, Wu makes the goods."""
    from manyi.base.people.operations import add_person, assign_role
    from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision

    text = PX.read_text(encoding="utf-8")
    revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
    review_revision(by=cast.wang, at=AT, revision=revision)
    approve_revision(by=cast.wang, at=AT, revision=revision)
    revision = put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
    for username, name, role in (("chen", "陈晓", "service"), ("wu", "吴芳", "maker")):
        person = add_person(
            by=cast.zhang, at=AT, username=username, name=name, unit=cast.quality, password="x" * 12 + "7!"
        )
        assign_role(by=cast.zhang, at=AT, person=person, role=role, unit=cast.company, from_on=date(2020, 1, 1))
    return revision


@pytest.fixture
def people(px, cast):
    """Everybody by sign-in name."""
    from manyi.base.people.models import Person

    return {person.username: person for person in Person.objects.select_related("unit")}


@pytest.fixture
def kind(px, cast):
    """A kind of record by its name: ``kind("complaint")``."""
    from manyi.flow.records.queries import get_kind

    def find(name: str):
        return get_kind(cast.zhang, name, date(2026, 12, 1))

    return find


@pytest.fixture
def open_(cast, people, kind):
    """Open a record of a kind: ``open_("complaint", "zhao", {"customer": "C1"})``, its first step filled where told."""
    from manyi.flow.records.operations import open_record
    from manyi.flow.records.storing import Filling

    def do(name, who, data=None, at=AT, unit=None, happened_at=None, **filling):
        filled = None if data is None else Filling(data=data, **filling)
        return open_record(
            by=people[who], at=at, kind=kind(name), unit=unit or cast.company, happened_at=happened_at, filling=filled
        )

    return do


@pytest.fixture
def take(people):
    """Take a step: ``take(record, "handle", "chen", {"result": "…"}, hours=2)``, so long after the cast's instant."""
    from manyi.flow.records.operations import take_step
    from manyi.flow.records.storing import Filling

    def do(record, step, who, data=None, hours=1, part="", **filling):
        return take_step(
            by=people[who], at=AT + timedelta(hours=hours), record=record, step=step, part=part,
            filling=Filling(data=data or {}, **filling),
        )  # fmt: skip

    return do
