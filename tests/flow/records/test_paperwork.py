"""Reviews, letters and meetings of the shipped procedures: the way at a glance, what waits, one file of a project."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document as Word
from tests.conftest import AT

from manyi.base.customers.models import Customer, Project
from manyi.base.people.operations import assign_role
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.ground import standing_of
from manyi.flow.records.kinds.route import stops_of
from manyi.flow.records.models import Record, Row
from manyi.flow.records.operations import open_record
from manyi.flow.records.page import page_of
from manyi.flow.records.queries import get_kind
from manyi.library import PROCEDURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def begin(cast, register, time_machine):
    """Open a record of a shipped procedure by somebody who holds all roles of its steps: ``begin("P08", "bid")``."""
    time_machine.move_to(AT + timedelta(hours=1))

    def put(key, name, **values):
        if not cast.sun.assignments.filter(role="known").exists():
            text = (PROCEDURES / f"{key}.yaml").read_text(encoding="utf-8")
            revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
            review_revision(by=cast.wang, at=AT, revision=revision)
            approve_revision(by=cast.wang, at=AT, revision=revision)
            put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
        kind = get_kind(cast.zhang, f"{key}.{name}", date(2026, 12, 1))
        known = set(cast.sun.assignments.values_list("role", flat=True))
        for role in {step.role for step, _ in kind.flow.walk() if step.role and "." not in step.role} - known:
            assign_role(by=cast.zhang, at=AT, person=cast.sun, role=role, unit=cast.company, from_on=date(2020, 1, 1))
        return open_record(by=cast.sun, at=AT, kind=kind, unit=cast.company, **values), kind

    return put


def test_a_review_shows_its_route_and_who_has_signed(begin, signed_in, cast):
    record, kind = begin("P08", "requirement_review")
    Record.objects.filter(pk=record.pk).update(data={"contract_kind": "special"})
    for n, step in enumerate(("identify", "classify")):
        outcome = "special" if step == "classify" else ""
        at = AT + timedelta(minutes=n)
        record.acts.create(what="taken", step=step, outcome=outcome, by=cast.sun, at=at, happened_at=at)
    record = Record.objects.select_related("revision__document", "unit").get(pk=record.pk)
    page = page_of(cast.sun, standing_of(record), AT + timedelta(hours=1))
    stops = {stop.title.en: stop for stop in stops_of(page)}
    assert stops["Testing"].state == "open"  # the departments of a special contract are asked side by side
    assert stops["Identify the requirements"].state == "done"
    assert "Capacity of the workshops" not in stops  # the route of ordinary contracts is not this one's
    html = signed_in(cast.sun).get(reverse("records:record", args=[record.pk]), {"lang": "en"}).content.decode()
    assert "Sign with the customer for the company" in html  # may not happen before the review is closed
    assert f"0 of {sum(stop.sign for stop in stops.values())} signed" in html
    assert kind.flow.page == "review"


def test_letters_wait_for_an_answer_and_a_project_is_one_file(begin, signed_in, cast):
    project = Project.objects.create(
        name="三号机组", short="U3", customer=Customer.objects.get(code="C1"), unit=cast.company
    )
    one, kind = begin("P08", "order_confirmation")
    assert kind.flow.page == "letter"
    Record.objects.filter(pk=one.pk).update(project=project, due_at=AT - timedelta(days=1))
    client = signed_in(cast.sun)
    html = client.get(reverse("records:kind", args=[kind.key]), {"lang": "en"}).content.decode()
    assert "Answer overdue" in html
    assert "over by" in html
    assert "三号机组" in html
    answer = client.get(reverse("records:compiled", args=[kind.key]), {"project": project.pk})
    text = "\n".join(p.text for p in Word(BytesIO(answer.content)).paragraphs)
    assert str(one) in text
    for wrong in ("", "x", "999999", "9" * 30):
        assert client.get(reverse("records:compiled", args=[kind.key]), {"project": wrong}).status_code == 302


def test_decisions_of_meetings_are_chased_on_one_list(begin, signed_in, cast):
    record, kind = begin("P09", "meeting")
    assert kind.flow.page == "meeting"
    field = next(one for one in kind.flow.fields if one.kind == "tasks")
    column = next(c for c in field.columns if c.kind == "text")
    Row.objects.create(record=record, field=field.key, key=1, data={column.key: "更换密封圈"})
    html = signed_in(cast.sun).get(reverse("records:kind", args=[kind.key]), {"lang": "en"}).content.decode()
    assert "更换密封圈" in html
    assert "still to be carried out" in html
    Row.objects.update(done_at=AT)
    html = signed_in(cast.sun).get(reverse("records:kind", args=[kind.key]), {"lang": "en"}).content.decode()
    assert "更换密封圈" not in html
