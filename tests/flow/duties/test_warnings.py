"""Warnings: planned with the duty, given when they are due, each exactly once, never about what is closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.outbox.models import Mail
from manyi.base.people.models import Person
from manyi.base.people.operations import assign_role, disable_person
from manyi.flow.duties.models import Duty, DutyWarning
from manyi.flow.duties.operations import give_warnings, open_ahead, waive_duty

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 12, 8, 16, tzinfo=UTC)


@pytest.fixture
def duty(in_force, cast):
    Person.objects.filter(pk=cast.zhao.pk).update(email="zhao@company.example")
    Person.objects.filter(pk=cast.wang.pk).update(email="wang@company.example")
    in_force()
    open_ahead(at=AT)
    duty = Duty.objects.get(rule="monthly_note.write", unit=cast.east, period="2026-11")
    Duty.objects.exclude(pk=duty.pk).update(state="waived")
    assert duty.due_at == DUE
    return duty


def given(duty):
    return list(duty.warnings.exclude(given_at=None).values_list("kind", flat=True))


def test_they_are_planned_as_the_rule_says(duty):
    planned = [(w.kind, w.role, w.due_at) for w in duty.warnings.all()]
    assert planned == [
        ("reminder", "", DUE - timedelta(days=2)),
        ("overdue", "", DUE),
        ("escalation", "general_manager", DUE + timedelta(days=1)),
    ]


def test_each_is_given_at_its_minute_and_never_again(duty):
    moments = [(-2, -1, 0), (-2, 0, 1), (0, -1, 1), (0, 0, 2), (1, -1, 2), (1, 0, 3), (9, 0, 3)]
    for days, minutes, so_far in moments:
        give_warnings(at=DUE + timedelta(days=days, minutes=minutes))
        give_warnings(at=DUE + timedelta(days=days, minutes=minutes))
        assert len(given(duty)) == so_far
    assert list(Mail.objects.order_by("pk").values_list("to", flat=True)) == [
        "zhao@company.example", "zhao@company.example", "wang@company.example",
    ]  # fmt: skip
    assert Event.objects.filter(kind="duties.duty.missed").count() == 1
    assert Event.objects.filter(kind="duties.duty.warned").count() == 2


def test_the_mail_says_what_by_when_and_where_and_names_no_customer(duty):
    give_warnings(at=DUE)
    mail = Mail.objects.order_by("-pk")[0]
    assert "已逾期" in mail.subject
    assert f"/duties/{duty.pk}/" in mail.body
    assert "2026-12-09 00:00" in mail.body


def test_after_three_days_without_a_clock_all_are_given_once(duty):
    give_warnings(at=DUE + timedelta(days=3))
    give_warnings(at=DUE + timedelta(days=3))
    assert given(duty) == ["reminder", "overdue", "escalation"]


def test_what_is_closed_is_not_warned_of(duty, cast):
    give_warnings(at=DUE - timedelta(days=2))
    waive_duty(by=cast.li, at=DUE - timedelta(days=1), duty=duty, reason="停产")
    assert give_warnings(at=DUE + timedelta(days=9)) == 0
    assert given(duty) == ["reminder"]


def test_one_who_dies_before_the_commit_has_not_given_it(duty, monkeypatch):
    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("manyi.flow.duties.operations.warning.record_event", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        give_warnings(at=DUE)
    assert (given(duty), Mail.objects.count()) == ([], 0)
    monkeypatch.undo()
    give_warnings(at=DUE)
    assert Mail.objects.count() == 2


def test_whoever_stands_in_for_one_who_is_gone_is_told(duty, cast):
    Person.objects.filter(pk=cast.sun.pk).update(email="sun@company.example")
    assign_role(by=cast.zhang, at=AT, person=cast.sun, role="sales_company", unit=cast.east, from_on=date(2026, 12, 1))
    disable_person(by=cast.zhang, at=AT, person=cast.zhao)
    give_warnings(at=DUE)
    assert set(Mail.objects.values_list("to", flat=True)) == {"sun@company.example"}


def test_nobody_to_tell_is_on_record(duty, cast):
    disable_person(by=cast.zhang, at=AT, person=cast.zhao)
    give_warnings(at=DUE)
    assert [e.facts["told"] for e in Event.objects.filter(kind="duties.duty.missed")] == [0]


def test_a_ledger_without_its_condition_would_warn_twice(duty, monkeypatch):
    """The planted fault: who gives a warning without asking whether it was given."""
    from manyi.flow.duties.operations import warning

    def careless(pk, at):
        DutyWarning.objects.filter(pk=pk).update(given_at=at)
        return True

    pks = list(duty.warnings.values_list("pk", flat=True))
    assert sum(careless(pks[0], DUE) for _ in range(2)) == 2
    assert sum(warning._give(pks[1], DUE) for _ in range(2)) == 1
