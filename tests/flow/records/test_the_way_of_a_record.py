"""A record from its opening to its filing: numbers, steps, rounds, duties, and what each step asks for."""

from datetime import timedelta

import pytest
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Record
from manyi.flow.records.operations import CannotRecord, CannotTake, archive, hear

pytestmark = pytest.mark.django_db
LATE = {"customer": "C1", "kind": "late", "description": "晚了三天"}
BROKEN = {**LATE, "kind": "broken", "departments": ["maker"]}


def owed(record):
    rows = Duty.objects.filter(subject=f"records.record:{record.pk}", state="open")
    return {duty.rule.partition(".")[2]: duty for duty in rows}


def now(record):
    record.refresh_from_db()
    return [one.name for one in standing_of(record).state.open]


@pytest.fixture(autouse=True)
def _customers(register):
    pass


def test_it_is_registered_with_one_save_and_has_its_number(open_):
    record = open_("complaint", "zhao", LATE)
    assert (record.number, record.customer.code, record.text_1) == ("C-2026-001", "C1", "late")
    assert now(record) == ["handle"]
    kinds = Event.objects.filter(subject=f"records.record:{record.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["records.record.opened", "records.step.taken"]


def test_its_open_step_is_a_duty_with_its_deadline_and_reason(open_):
    record = open_("complaint", "zhao", LATE)
    duty = owed(record)["handle"]
    assert duty.due_at == AT + timedelta(hours=8)
    assert duty.role == "service"
    assert duty.clause == "2"
    assert duty.why
    assert record.due_at == duty.due_at
    assert Duty.objects.get(rule="complaint.receive").state == "discharged"


def test_the_whole_way_with_a_second_round(open_, take, people):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "已补发"}, proofs={"answer": "电话答复"})
    assert owed(record)["ask_back"].due_at == AT + timedelta(hours=25)
    take(record, "ask_back", "zhao", outcome="not_content", hours=2)
    assert now(record) == ["handle"]
    again = owed(record)["handle"]
    assert (again.round, again.due_at) == (2, AT + timedelta(hours=10))
    plan = Duty.objects.get(rule="plan.draw")
    assert plan.subject.startswith("event:")
    take(record, "handle", "chen", {"result": "退款"}, hours=3, proofs={"answer": "书面"})
    take(record, "ask_back", "zhao", outcome="content", hours=4)
    record.refresh_from_db()
    assert (record.state, record.outcome, record.due_at) == ("closed", "content", None)
    assert list(owed(record)) == ["archive"]
    archive(by=people["li"], at=AT + timedelta(days=1), record=record, place="柜 3")
    assert owed(record) == {}


def test_what_is_broken_is_reviewed_by_several_side_by_side(open_, take):
    record = open_("complaint", "zhao", BROKEN)
    assert now(record) == ["review_service", "review_maker"]
    take(record, "review_maker", "wu", {"cause": "密封圈"}, signed=True)
    assert now(record) == ["review_service"]
    take(record, "review_service", "chen", signed=True)
    assert now(record) == ["handle.consult.maker", "handle"]


def test_who_is_to_be_heard_is_heard_first(open_, take, people):
    record = open_("complaint", "zhao", BROKEN)
    take(record, "review_maker", "wu", {"cause": "x"}, signed=True)
    take(record, "review_service", "chen", signed=True)
    with pytest.raises(CannotTake, match="heard first"):
        take(record, "handle", "chen", {"result": "x"}, proofs={"answer": "y"})
    with pytest.raises(MayNot):
        hear(by=people["zhao"], at=AT, record=record, step="handle", role="maker", note="同意")
    hear(by=people["wu"], at=AT + timedelta(hours=1), record=record, step="handle", role="maker", note="同意")
    assert now(record) == ["handle"]
    take(record, "handle", "chen", {"result": "x"}, proofs={"answer": "y"})
    assert now(record) == ["ask_back"]


def test_a_try_that_reaches_nobody_is_logged_and_the_last_one_ends_the_step(open_, take):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "x"}, proofs={"answer": "y"})
    take(record, "ask_back", "zhao", {"heard": "无人接听"}, outcome="not_reached", hours=2)
    assert now(record) == ["ask_back"]
    take(record, "ask_back", "zhao", outcome="not_reached", hours=3)
    record.refresh_from_db()
    assert (record.state, record.outcome) == ("closed", "not_reached")
    assert [row.data["text"] for row in record.rows.filter(field="heard")] == ["无人接听"]


@pytest.mark.parametrize(
    ("filling", "code"),
    [
        ({"data": {}, "proofs": {"answer": "x"}}, "field_missing"),
        ({"data": {"result": "x"}}, "proof_missing"),
        ({"data": {"result": "x"}, "proofs": {"answer": " "}}, "proof_missing"),
        ({"data": {"result": "x"}, "proofs": {"answer": "x"}, "outcome": "whatever"}, "unknown_outcome"),
        ({"data": {"result": "x", "number": "C-1"}, "proofs": {"answer": "x"}}, "unknown_field"),
        ({"data": {"result": "x", "compensation": "12 CNY 3 USD"}, "proofs": {"answer": "x"}}, "not_a_value"),
        ({"data": {"result": "x", "compensation": "5 USD"}, "proofs": {"answer": "x"}}, "two_currencies"),
        (
            {"data": {"result": "x"}, "proofs": {"answer": "x"}, "happened_at": AT - timedelta(minutes=1)},
            "before_the_event",
        ),
        ({"data": {"result": "x"}, "proofs": {"answer": "x"}, "happened_at": AT + timedelta(days=9)}, "in_future"),
    ],
)
def test_a_step_is_refused_with_the_reason_and_nothing_is_written(open_, take, filling, code):
    record = open_("complaint", "zhao", {**LATE, "loss": "10.50 CNY"})
    events = Event.objects.count()
    with pytest.raises(CannotTake) as refused:
        take(record, "handle", "chen", **filling)
    assert code in [fault.code for fault in refused.value.faults]
    assert refused.value.message.zh
    assert refused.value.message.en
    record.refresh_from_db()
    assert Event.objects.count() == events
    assert "result" not in record.data
    assert now(record) == ["handle"]


def test_a_step_is_taken_once(open_, take):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    with pytest.raises(CannotTake) as refused:
        take(record, "handle", "chen", {"result": "y"}, proofs={"answer": "x"})
    assert refused.value.faults[0].code == "taken_already"


def test_it_is_up_to_the_role_the_procedure_names(open_, take):
    record = open_("complaint", "zhao", LATE)
    for who in ("zhao", "li", "wu", "zhang", "qian"):
        with pytest.raises(MayNot):
            take(record, "handle", who, {"result": "x"}, proofs={"answer": "x"})


def test_only_who_begins_it_opens_it(open_):
    for who in ("chen", "wu", "he", "qian"):
        with pytest.raises(MayNot):
            open_("complaint", who, LATE)
    assert Record.objects.count() == 0


def test_late_entry_shows_as_late_though_it_is_entered_afterwards(open_, take):
    record = open_("complaint", "zhao", LATE)
    in_time = take(
        record, "handle", "chen", {"result": "x"}, hours=30, happened_at=AT + timedelta(hours=7), proofs={"answer": "x"}
    )
    assert not in_time.late
    late = take(record, "ask_back", "zhao", outcome="content", hours=60, happened_at=AT + timedelta(hours=40))
    assert late.late
    assert Duty.objects.get(rule="complaint.ask_back").was_late


def test_a_closed_record_takes_no_step(open_, take):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(record, "ask_back", "zhao", outcome="content", hours=2)
    with pytest.raises(CannotRecord, match="over"):
        take(record, "ask_back", "zhao", outcome="content", hours=3)
