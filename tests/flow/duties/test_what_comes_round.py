"""What comes round by the calendar is owed a horizon ahead, once, under the revision that will hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import AT

from manyi.base.people.operations import add_unit
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import apply_events, open_ahead, open_duty

pytestmark = pytest.mark.django_db
NOTE = "monthly_note.write"
NEXT = AT + timedelta(days=1)
"""From here the first of January lies within the horizon of thirty days."""


def notes(**only):
    return list(Duty.objects.filter(rule=NOTE, **only).order_by("period", "unit_id", "pk"))


def test_it_is_owed_by_each_unit_of_the_kind_for_the_month_that_ended(in_force, cast):
    in_force()
    open_ahead(at=NEXT)
    assert [(d.period, d.unit) for d in notes()] == [
        ("2026-11", cast.east), ("2026-11", cast.south), ("2026-12", cast.east), ("2026-12", cast.south),
    ]  # fmt: skip
    first = notes()[0]
    assert first.subject == f"monthly_note:{cast.east.pk}:2026-11"
    assert first.due_on == date(2026, 12, 8)  # five working days after Tuesday, the first of December
    assert first.begins_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert "条款 2" in first.why[0]["zh"]
    assert any("工作日" in line["zh"] for line in first.why)


def test_looking_again_opens_nothing_twice(in_force):
    in_force()
    assert open_ahead(at=NEXT) > 0
    assert open_ahead(at=NEXT) == 0  # within the hour nobody looks
    assert open_ahead(at=NEXT, anyway=True) == 0
    assert open_ahead(at=NEXT + timedelta(hours=2)) == 0


def test_nothing_is_owed_whose_time_was_over_before_the_rule_held(in_force):
    in_force(date(2026, 12, 20), at=AT + timedelta(days=15))
    open_ahead(at=NEXT + timedelta(days=20))
    assert [d.period for d in notes()] == ["2026-12", "2026-12"]
    plain = Duty.objects.filter(rule__startswith="duties.").order_by("due_at")
    # the year that runs is owed, the filing of the year before the rule is not
    assert [(d.rule, d.period) for d in plain] == [
        ("duties.keep", "2026"),
        ("duties.put_away", "2026"),
        ("duties.keep", "2027"),
    ]


def test_a_clock_that_stood_still_for_two_months_opens_all_of_them_late(in_force):
    in_force()
    open_ahead(at=NEXT)
    back = AT + timedelta(days=75)  # mid-February
    open_ahead(at=back)
    assert [d.period for d in notes(unit__key="east")] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert all(d.opened_at == back and d.due_at < back for d in notes(period="2027-01"))


def test_a_unit_founded_later_owes_it_from_then_on(in_force, cast):
    in_force()
    apply_events(at=NEXT)
    add_unit(by=cast.zhang, at=AT, key="west", name="西部", kind="office", parent=cast.sales)
    apply_events(at=NEXT)
    assert {d.unit.key for d in notes(period="2026-12")} == {"east", "south", "west"}


def test_a_revision_that_comes_into_force_opens_what_comes_round_at_once(in_force):
    in_force()
    apply_events(at=NEXT)
    assert notes()


def test_a_new_revision_closes_what_was_opened_ahead_for_its_time_and_opens_it_anew(in_force):
    in_force()
    open_ahead(at=NEXT)
    ahead = notes(period="2026-12", unit__key="east")[0]
    later = AT + timedelta(days=10)
    second = in_force(date(2026, 12, 25), at=later, label="A/1", within="3 days", zh="3 天")
    open_ahead(at=later)
    ahead.refresh_from_db()
    assert ahead.state == "superseded"
    assert "A/1" in ahead.reason
    anew = notes(period="2026-12", unit__key="east", state="open")
    assert [(d.revision, d.due_on) for d in anew] == [(second, date(2027, 1, 4))]
    assert {d.state for d in notes(period="2026-11")} == {"open"}  # what had begun stays under the revision before


def test_work_that_has_begun_under_a_name_of_its_own_is_not_asked_for_again(in_force, cast):
    revision = in_force()
    open_ahead(at=NEXT)
    ahead = notes(period="2026-11", unit__key="east")[0]
    open_duty(
        by=cast.zhao, at=AT, rule=NOTE, title=_title(ahead), clause="2", role="sales_company", due_at=ahead.due_at,
        why=(), revision=revision, unit=cast.east, subject="records.record:7", period="2026-11",
    )  # fmt: skip
    ahead.refresh_from_db()
    assert (ahead.state, ahead.evidence is not None) == ("superseded", True)
    open_ahead(at=NEXT, anyway=True)
    assert [d.subject for d in notes(period="2026-11", unit__key="east", state="open")] == ["records.record:7"]


def test_a_survey_that_was_opened_takes_the_place_of_what_was_owed_ahead(p12, cast, register):
    from manyi.flow.plan.operations import open_wave

    open_ahead(at=NEXT)
    ahead = Duty.objects.get(rule="annual_survey.send")
    assert (ahead.period, ahead.due_on) == ("2026", date(2026, 12, 5))
    wave = open_wave(
        by=cast.zhao, at=AT, revision=p12, programme="annual_survey", unit=cast.company, year=2026,
        frame_on=date(2026, 12, 5),
    )  # fmt: skip
    open_ahead(at=NEXT, anyway=True)
    owed = Duty.objects.filter(rule="annual_survey.send").exclude(state="superseded")
    assert [d.subject for d in owed] == [f"plan.wave:{wave.pk}"]


def test_a_survey_that_was_opened_before_anybody_looked_is_not_asked_for(p12, wave):
    open_ahead(at=NEXT)
    open_ahead(at=NEXT, anyway=True)
    assert Duty.objects.filter(rule="annual_survey.send").count() == 1


def test_of_several_owed_in_a_period_one_that_began_by_itself_stands_for_one():
    from collections import Counter

    from manyi.core.periods import parse_period
    from manyi.flow.duties.operations.ahead import Known

    known = Known({("a.b", 1, "a:1:2026:#2")}, Counter({("a.b", 1, "2026"): 1}))
    year = parse_period("2026")
    assert [known.holds("a.b", 1, year, f"a:1:2026{mark}") for mark in ("", ":#2", ":#3")] == [True, True, False]
    assert not known.holds("a.b", 2, year, "a:2:2026")
    half = Known(set(), Counter({("a.b", 1, "2026"): 1}))
    assert half.holds("a.b", 1, parse_period("2026-H1"), "a:1:2026-H1")
    assert not half.holds("a.b", 1, parse_period("2026-H2"), "a:1:2026-H2")


def test_the_questions_to_the_database_do_not_grow_with_what_is_owed_already(in_force, django_assert_max_num_queries):
    in_force()
    open_ahead(at=NEXT)
    with django_assert_max_num_queries(40) as asked:
        open_ahead(at=NEXT, anyway=True)
    first = len(asked)
    open_ahead(at=NEXT + timedelta(days=120), anyway=True)
    with django_assert_max_num_queries(first):
        open_ahead(at=NEXT + timedelta(days=120), anyway=True)


def _title(duty):
    from manyi.core.text import Text

    return Text(duty.title_zh, duty.title_en)
