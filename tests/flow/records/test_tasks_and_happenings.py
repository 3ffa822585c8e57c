"""Tasks as duties of their own, numbers within a project, reviews by several roles, and events that have to wait."""

from datetime import timedelta

import pytest
from tests.conftest import AT

from manyi.base.customers.models import Customer
from manyi.base.customers.operations import add_project
from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import apply_events, waive_duty
from manyi.flow.duties.places import place_of
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Happening, Record, Row
from manyi.flow.records.operations import (
    About,
    CannotRecord,
    CannotTake,
    carry_records,
    change_task,
    do_task,
    drop_task,
    open_record,
    record_happening,
)
from manyi.flow.records.queries import kind_of_duty
from manyi.flow.records.storing import Filling, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(register, open_, people):
    rows = [
        {"what": "换密封圈材料", "who": people["wu"].pk, "due": "2026-12-10"},
        {"what": "培训", "who": people["chen"].pk, "due": "2026-12-20"},
    ]
    return open_("plan", "wu", {"cause": "材料", "measures": rows})


def tasks():
    return {duty.title_zh.rpartition("：")[2]: duty for duty in Duty.objects.filter(rule="plan.measures", state="open")}


def now(record):
    record.refresh_from_db()
    return [one.name for one in standing_of(record).state.open]


def test_each_task_is_a_duty_of_whom_it_names_due_at_the_end_of_its_day(plan, people):
    owed = tasks()
    assert {what: duty.person.username for what, duty in owed.items()} == {"换密封圈材料": "wu", "培训": "chen"}
    assert str(owed["培训"].due_on) == "2026-12-20"


def test_the_step_waits_until_all_are_done(plan, people, take):
    with pytest.raises(CannotTake) as refused:
        take(plan, "do", "wu")
    assert refused.value.faults[0].code == "tasks_open"
    for row, who in zip(Row.objects.order_by("key"), ("wu", "chen"), strict=True):
        do_task(by=people[who], at=AT + timedelta(hours=1), row=row, note="完成")
    assert tasks() == {}
    take(plan, "do", "wu", hours=2)
    assert now(plan) == ["verify"]


def test_a_task_is_done_once_and_not_by_just_anybody(plan, people):
    row = Row.objects.get(key=2)
    with pytest.raises(MayNot):
        do_task(by=people["zhao"], at=AT, row=row)
    do_task(by=people["chen"], at=AT, row=row)
    with pytest.raises(CannotRecord):
        do_task(by=people["chen"], at=AT, row=row)


def test_a_task_that_changes_is_owed_anew_and_one_that_is_dropped_no_more(plan, people):
    first = tasks()["培训"]
    row = Row.objects.get(key=2)
    change_task(by=people["wu"], at=AT, row=row, data={"due": "2027-01-05"}, reason="讲师没空")
    first.refresh_from_db()
    assert first.state == "superseded"
    assert str(tasks()["培训"].due_on) == "2027-01-05"
    with pytest.raises(CannotRecord):
        drop_task(by=people["wu"], at=AT, row=row, reason=" ")
    drop_task(by=people["wu"], at=AT, row=row, reason="改为书面通知")
    assert set(tasks()) == {"换密封圈材料"}


def test_a_task_that_is_waived_no_longer_holds_the_step_up(plan, people, take):
    do_task(by=people["wu"], at=AT, row=Row.objects.get(key=1))
    waive_duty(by=people["li"], at=AT, duty=tasks()["培训"], reason="已有证书")
    carry_records(at=AT)
    assert Row.objects.get(key=2).removed == "已有证书"
    take(plan, "do", "wu")


def test_a_task_leads_to_its_record(plan):
    assert {place_of(duty) for duty in tasks().values()} == {f"/records/{plan.pk}/"}
    assert all(kind_of_duty(duty) is None for duty in tasks().values())


def test_who_did_it_does_not_judge_it(plan, people, take, cast):
    from datetime import date

    from manyi.base.people.operations import assign_role

    for row in Row.objects.all():
        do_task(by=people["wu"], at=AT, row=row)
    take(plan, "do", "wu")
    assign_role(
        by=cast.zhang, at=AT, person=people["wu"], role="quality_assurance", unit=cast.company, from_on=date(2020, 1, 1)
    )
    with pytest.raises(CannotTake) as refused:
        take(plan, "verify", "wu", outcome="effective", hours=2)
    assert refused.value.faults[0].code == "not_independent"
    take(plan, "verify", "li", outcome="not_effective", hours=3)
    assert now(plan) == ["draw"]


def test_an_outcome_owes_another_record_and_that_is_opened_once_from_its_duty(register, open_, take, people):
    complaint = open_("complaint", "zhao", {"customer": "C1", "kind": "late", "description": "x"})
    take(complaint, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(complaint, "ask_back", "zhao", outcome="not_content", hours=2)
    duty = Duty.objects.get(rule="plan.draw")
    kind = kind_of_duty(duty)
    filling = Filling(data={"cause": "x", "measures": [{"what": "y", "who": people["wu"].pk, "due": "2026-12-09"}]})
    do = {
        "by": people["wu"],
        "at": AT + timedelta(hours=3),
        "kind": kind,
        "unit": duty.unit,
        "duty": duty,
        "filling": filling,
    }
    plan = open_record(**do)
    assert open_record(**do) == plan
    duty.refresh_from_db()
    assert (plan.origin, plan.customer, duty.state) == (complaint, complaint.customer, "discharged")
    assert Duty.objects.filter(rule="plan.draw").count() == 1
    assert now(plan) == ["do"]


@pytest.fixture
def project(register, cast, people):
    return add_project(
        by=cast.zhang, at=AT, unit=cast.company, short="HK", name="海口泵站", customer=Customer.objects.get(code="C3")
    )


def test_numbers_count_within_project_and_unit(project, open_, people, cast):
    data = {"project": "HK", "matter": "改图", "handler": people["chen"].pk, "reply_by": "2026-12-08"}
    first, second = (open_("contact_sheet", "wu", data, signed=True) for _ in range(2))
    other = open_("contact_sheet", "wu", data, unit=cast.east, signed=True)
    assert [one.number for one in (first, second, other)] == ["HK-company-01", "HK-company-02", "HK-east-01"]
    with pytest.raises(CannotRecord, match="project"):
        open_record(by=people["wu"], at=AT, kind=_kind(cast), unit=cast.company)


def _kind(cast):
    from datetime import date

    from manyi.flow.records.queries import get_kind

    return get_kind(cast.zhang, "contact_sheet", date(2026, 12, 1))


def test_whom_a_field_names_has_to_do_it_by_the_day_another_field_names(project, open_, take, people):
    sheet = open_(
        "contact_sheet",
        "wu",
        {"project": "HK", "matter": "改图", "handler": people["chen"].pk, "reply_by": "2026-12-08"},
        signed=True,
    )
    duty = Duty.objects.get(rule="contact_sheet.reply")
    assert (duty.person, str(duty.due_on)) == (people["chen"], "2026-12-08")
    with pytest.raises(MayNot):
        take(sheet, "reply", "wu", {"answer": "可以"})
    with pytest.raises(CannotTake):
        take(sheet, "reply", "chen", {"answer": "可以"})
    take(sheet, "reply", "chen", {"answer": "可以"}, files={"proof_file": [Upload("回复.pdf", b"%PDF-1")]})
    with pytest.raises(CannotTake) as refused:
        take(sheet, "check", "wu", outcome="other", hours=2)
    assert refused.value.faults[0].code == "field_missing"
    take(sheet, "check", "wu", outcome="new_sheet", hours=2)
    assert Duty.objects.filter(rule="contact_sheet.send", state="open").count() == 1


def test_a_review_is_signed_by_each_role_that_was_chosen(register, open_, take):
    review = open_("contract_review", "zhao", {"customer": "C2", "demand": "x", "reviewers": ["service", "maker"]})
    assert now(review) == ["reviewers.service", "reviewers.maker"]
    with pytest.raises(MayNot):
        take(review, "reviewers", "wu", part="service", signed=True)
    take(review, "reviewers", "wu", part="maker", signed=True)
    take(review, "reviewers", "chen", part="service", signed=True)
    whole = Event.objects.filter(kind="records.step.taken", facts__step="opinions")
    assert whole.count() == 1
    with pytest.raises(CannotTake) as refused:
        take(review, "conclude", "zhao", outcome="accepted", hours=2)
    assert refused.value.faults[0].code == "not_independent"


def test_what_a_gate_holds_back_is_refused_until_the_record_is_closed(register, open_, take, people, cast):
    customer = Customer.objects.get(code="C2")
    do = {"by": people["zhao"], "name": "contract.signed", "unit": cast.company, "about": About(customer)}
    with pytest.raises(CannotRecord, match="contract_review"):
        record_happening(at=AT, **do)
    review = open_("contract_review", "zhao", {"customer": "C2", "demand": "x", "reviewers": ["maker"]})
    with pytest.raises(CannotRecord):
        record_happening(at=AT, **do)
    take(review, "reviewers", "wu", part="maker", signed=True)
    Record.objects.filter(pk=review.pk).update(state="closed", closed_at=AT + timedelta(hours=1))
    record_happening(at=AT + timedelta(hours=2), **do)
    with pytest.raises(CannotRecord):
        record_happening(at=AT + timedelta(hours=3), **do)
    assert Happening.objects.count() == 1


def test_an_import_is_taken_and_shown_as_a_breach(register, people, cast):
    customer = Customer.objects.get(code="C2")
    done = record_happening(
        by=people["zhao"], at=AT, name="contract.signed", unit=cast.company, about=About(customer), imported=True
    )
    assert done.breaches == ["contract_review"]
    assert Event.objects.get(kind="records.happening.recorded").facts["breaches"] == ["contract_review"]


def test_unknown_events_and_those_of_tomorrow_are_refused(register, people, cast):
    for name, when in (("whatever.happened", AT), ("delivery.accepted", AT + timedelta(days=1))):
        with pytest.raises(CannotRecord):
            record_happening(by=people["zhao"], at=AT, name=name, unit=cast.company, about=About(), happened_at=when)
    with pytest.raises(MayNot):
        record_happening(by=people["he"], at=AT, name="delivery.accepted", unit=cast.company, about=About())


def test_a_step_that_waits_for_an_event_opens_with_it(register, open_, people, take, cast):
    note = open_("delivery_note", "zhao", {"customer": "C1"})
    assert now(note) == []
    assert note.state == "open"
    for code, opens in (("C2", []), ("C1", ["survey"])):
        record_happening(
            by=people["zhao"], at=AT + timedelta(days=2), name="delivery.accepted", unit=cast.company,
            about=About(Customer.objects.get(code=code)), happened_at=AT + timedelta(days=1),
        )  # fmt: skip
        assert now(note) == opens
    duty = Duty.objects.get(rule="delivery_note.survey")
    assert str(duty.due_on) == "2026-12-04"
    take(note, "survey", "chen", {"said": "好"}, hours=50)
    take(note, "hand_over", "chen", hours=51)
    assert Happening.objects.filter(name="contract.executed", record=note).exists()


def test_the_log_of_evidence_says_what_the_rules_can_read(register, open_, take):
    record = open_("complaint", "zhao", {"customer": "C1", "kind": "broken", "description": "阀门漏水"})
    event = Event.objects.get(kind="records.step.taken", subject=f"records.record:{record.pk}")
    assert {"kind": "complaint", "step": "receive", "number": "C-2026-001"}.items() <= event.facts.items()
    assert "漏水" not in str(event.facts)
    apply_events(at=AT)
