"""Measures evaluated from what is on record: a breach is an event once for each case and spell."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import AT

from manyi.base.customers.models import Customer
from manyi.base.evidence.models import Event
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import apply_events
from manyi.flow.findings.measuring import list_measured
from manyi.flow.findings.models import Spell
from manyi.flow.findings.operations import evaluate_measures
from manyi.flow.procedure.models import Revision

LATE = {"customer": "C1", "kind": "late", "description": "晚到"}
BROKEN = {"customer": "C2", "kind": "broken", "description": "漏水"}
DAY = timedelta(days=1)


def measured(revision, cast, at=AT, units=None):
    units = units or {cast.company.pk, cast.sales.pk, cast.east.pk, cast.south.pk, cast.quality.pk}
    return {one.rule.key: one for one in list_measured(revision, units=units, at=at)}


def events():
    return [e.kind.rpartition(".")[2] for e in Event.objects.filter(kind__startswith="findings.measure").order_by("pk")]


def test_an_empty_company_breaches_nothing(px, cast):
    found = measured(px, cast)
    assert found["many_late"].figures == ()
    assert found["broken_share"].figures[0].value is None
    assert evaluate_measures(at=AT) == 0


def test_figures_are_counted_from_the_records_of_the_window(register, px, cast, open_):
    for _ in range(2):
        open_("complaint", "zhao", LATE)
    open_("complaint", "zhao", BROKEN)
    found = measured(px, cast, AT + DAY)
    late, other = (str(Customer.objects.get(code=code).pk) for code in ("C1", "C2"))
    assert {f.key: (f.value, f.is_met) for f in found["many_late"].figures} == {
        (late,): (2, False),
        (other,): (0, True),
    }
    assert found["broken_share"].figures[0].value == Fraction(1, 3)
    assert measured(px, cast, AT + 31 * DAY)["many_late"].figures == ()
    assert measured(px, cast, AT + 31 * DAY)["kinds_seen"].figures[0].is_met is True
    assert measured(px, cast, AT + DAY, units={cast.elsewhere.pk})["many_late"].figures == ()


def test_a_breach_is_told_once_a_spell_and_opens_what_the_procedure_says(register, px, cast, open_):
    for _ in range(2):
        open_("complaint", "zhao", LATE)
    assert evaluate_measures(at=AT + DAY) == 1
    assert evaluate_measures(at=AT + 2 * DAY) == 0
    apply_events(at=AT + 2 * DAY)
    assert Duty.objects.filter(rule="plan.draw").count() == 1
    assert events() == ["breached"]
    spell = Spell.objects.get()
    assert (spell.figure, spell.limit, spell.ended_at) == ("2/1", "2/1", None)


def test_it_is_met_again_when_the_case_has_left_the_window_and_a_new_spell_is_told_anew(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    open_("complaint", "zhao", LATE)
    evaluate_measures(at=AT + DAY)
    open_("complaint", "zhao", LATE, at=AT + 40 * DAY)
    assert evaluate_measures(at=AT + 40 * DAY) == 2  # met again; and the share of kinds seen in December is short
    open_("complaint", "zhao", LATE, at=AT + 41 * DAY)
    evaluate_measures(at=AT + 41 * DAY)
    assert events().count("breached") == 3
    assert Spell.objects.filter(measure="many_late").count() == 2


def test_a_case_that_is_gone_altogether_is_met_again(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    open_("complaint", "zhao", LATE)
    evaluate_measures(at=AT + DAY)
    evaluate_measures(at=AT + 90 * DAY)
    assert Spell.objects.get(measure="many_late").ended_at == AT + 90 * DAY


def test_names_stay_out_of_the_evidence(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    open_("complaint", "zhao", LATE)
    evaluate_measures(at=AT + DAY)
    (event,) = Event.objects.filter(kind="findings.measure.breached")
    assert set(event.facts) == {"measure", "spell", "figure", "limit"}


def test_a_survey_is_held_to_its_target(sent, wave, p12, cast):
    from datetime import date
    from uuid import uuid4

    from manyi.flow.plan.operations import set_yardstick
    from manyi.flow.responses.operations import Submission, submit_sheet
    from manyi.flow.scores.operations import compute_scores

    set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="overall", score=99)
    answers = {"main_indicators": "dissatisfied"}
    submit_sheet(Submission(sent[0].key, uuid4(), answers, "", date(2026, 12, 9), AT))
    compute_scores(by=cast.li, at=AT, wave=wave)
    found = measured(p12, cast)
    assert found["below_target"].figures[0].is_met is False
    assert found["below_previous"].figures[0].is_met is None
    assert measured(p12, cast, AT - DAY)["below_target"].figures == ()


@pytest.mark.parametrize("key", ["P01", "P03", "P05", "P07", "P10"])
def test_the_measures_of_every_shipped_procedure_can_be_asked_for(p12, cast, key):
    from manyi.library import PROCEDURES

    text = (PROCEDURES / f"{key}.yaml").read_text(encoding="utf-8")
    for one in measured(Revision(document=p12.document, text=text), cast, AT + 200 * DAY).values():
        if one.rule.key == "observations_made":  # the general manager is owed one a month and made none
            assert {f.key: (f.value, f.limit.value) for f in one.figures} == {(str(cast.wang.pk),): (0, 1)}
        else:
            assert one.breached == () or one.rule.figure == "cells"
    assert all(one.breached == () for one in measured(Revision(document=p12.document, text=text), cast, AT).values())


def test_it_asks_as_often_for_many_records_as_for_one(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    measured(px, cast)
    with CaptureQueriesContext(connection) as one:
        measured(px, cast)
    for _ in range(5):
        open_("complaint", "zhao", BROKEN)
    with CaptureQueriesContext(connection) as many:
        measured(px, cast)
    assert len(many) == len(one) == 3
