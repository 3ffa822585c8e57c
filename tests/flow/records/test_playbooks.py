"""Playbooks of the shipped procedures beside the work: by situation, used once, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Record, Use
from manyi.flow.records.operations import CannotRecord, open_record, use_playbook
from manyi.flow.records.playbooks import books_of, list_effects, shown_beside
from manyi.flow.records.queries import list_kinds
from manyi.library import PROCEDURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(cast, time_machine):
    """The first record with a playbook of a shipped procedure: (record, kind, who works on it)."""
    from manyi.base.people.operations import assign_role

    time_machine.move_to(AT + timedelta(hours=1))

    def begin(key):
        text = (PROCEDURES / f"{key}.yaml").read_text(encoding="utf-8")
        revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
        review_revision(by=cast.wang, at=AT, revision=revision)
        approve_revision(by=cast.wang, at=AT, revision=revision)
        put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
        kinds = [kind for kind in list_kinds(cast.zhang, AT.date()) if kind.document.key == key and books_of(kind)]
        kind = kinds[0]
        for role in {step.role for step in kind.flow.steps if step.role and "." not in step.role}:
            assign_role(by=cast.zhang, at=AT, person=cast.sun, role=role, unit=cast.company, from_on=date(2020, 1, 1))
        record = open_record(by=cast.sun, at=AT, kind=kind, unit=cast.company)
        return record, kind, cast.sun

    return begin


@pytest.mark.parametrize("key", ["P04", "P06", "P11"])
def test_the_playbook_of_the_step_at_hand_stands_beside_the_work(begun, signed_in, key):
    record, _, who = begun(key)
    shown = shown_beside(standing_of(record))
    html = signed_in(who).get(reverse("records:record", args=[record.pk]), {"lang": "zh"}).content.decode()
    assert shown.title.zh in html
    for advice in shown.advice:
        for line in (*advice.do, *advice.say, *advice.never_say, *advice.ask):
            assert line.zh in html
    assert shown.advice[0].key == shown.at_hand  # the situation at hand comes first


def test_using_it_is_noted_once_with_evidence_and_its_effect_is_told(begun, signed_in, cast):
    record, kind, who = begun("P04")
    shown = shown_beside(standing_of(record))
    place = reverse("records:use", args=[record.pk])
    said = {"playbook": shown.key, "situation": shown.advice[0].key}
    for _ in range(2):
        assert signed_in(who).post(place, said).status_code == 302
    assert Use.objects.count() == Event.objects.filter(kind="records.playbook.used").count() == 1
    assert "✓" in signed_in(who).get(reverse("records:record", args=[record.pk])).content.decode()
    with pytest.raises(CannotRecord):
        use_playbook(by=who, at=AT, record=record, playbook=shown.key, situation="nothing_like_it")
    with pytest.raises(CannotRecord):
        use_playbook(by=who, at=AT, record=record, playbook="no_book", situation="")
    assert signed_in(cast.qian).post(place, said).status_code == 404
    outcome = next(o.key for step in kind.flow.steps for o in step.outcomes)
    record.acts.create(what="taken", step=kind.flow.steps[-1].key, outcome=outcome, by=who, at=AT, happened_at=AT)
    Record.objects.filter(pk=record.pk).update(state="closed", closed_at=AT)
    effects = {effect.title.zh: effect for effect in list_effects(who, kind)}
    told = effects[shown.advice[0].title.zh]
    assert (told.used, told.ended[0][1:]) == (1, (1, 1, 0, None))
    page = signed_in(who).get(reverse("records:effect", args=[kind.key]), {"lang": "zh"})
    assert page.status_code == 200
    assert shown.advice[0].title.zh in page.content.decode()
