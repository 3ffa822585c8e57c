"""Passing on, correcting, reopening, voiding, filing, waiving: each with its right, its reason and its evidence."""

from datetime import timedelta

import pytest
from tests.conftest import AT

from manyi.base.evidence.models import Event, Value
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import waive_duty
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Record
from manyi.flow.records.operations import (
    CannotRecord,
    CannotTake,
    archive,
    carry_records,
    correct,
    open_record,
    pass_on,
    remark,
    reopen,
    void,
)
from manyi.flow.records.queries import list_visible_records
from manyi.flow.records.storing import Upload

pytestmark = pytest.mark.django_db
LATE = {"customer": "C1", "kind": "late", "description": "晚了三天"}


@pytest.fixture
def complaint(register, open_):
    return open_("complaint", "zhao", LATE)


def now(record):
    record.refresh_from_db()
    return [one.name for one in standing_of(record).state.open]


def open_duty_of(record, rule):
    return Duty.objects.get(subject=f"records.record:{record.pk}", rule=rule, state="open")


def test_what_is_passed_on_is_the_other_persons_work(complaint, people, take, cast):
    first = open_duty_of(complaint, "complaint.handle")
    pass_on(by=people["chen"], at=AT, record=complaint, person=people["sun"], note="孙丽当地处理")
    second = open_duty_of(complaint, "complaint.handle")
    assert (second.person, second.due_at, second.pk != first.pk) == (people["sun"], first.due_at, True)
    assert complaint in list_visible_records(people["sun"])
    with pytest.raises(MayNot):
        take(complaint, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(complaint, "handle", "sun", {"result": "x"}, proofs={"answer": "x"})
    complaint.refresh_from_db()
    assert complaint.owner is None
    assert open_duty_of(complaint, "complaint.ask_back").person == people["zhao"]


def test_a_unit_it_is_passed_to_sees_and_does_it(complaint, people, take, cast):
    pass_on(by=people["chen"], at=AT, record=complaint, unit=cast.east, note="当地处理")
    assert complaint in list_visible_records(people["sun"])
    take(complaint, "handle", "sun", {"result": "x"}, proofs={"answer": "x"})


@pytest.mark.parametrize("who", ["wu", "he", "zhao"])
def test_only_who_has_it_in_hand_passes_it_on(complaint, people, who):
    with pytest.raises(MayNot):
        pass_on(by=people[who], at=AT, record=complaint, person=people["sun"], note="x")


def test_passing_on_asks_for_a_note_and_one_receiver(complaint, people, cast):
    for given in (
        {"person": people["sun"], "note": " "},
        {"note": "x"},
        {"person": people["sun"], "unit": cast.east, "note": "x"},
    ):
        with pytest.raises(CannotRecord):
            pass_on(by=people["chen"], at=AT, record=complaint, **given)


def test_a_correction_keeps_the_old_value_and_the_reason_as_evidence(complaint, people):
    correct(by=people["li"], at=AT, record=complaint, field="description", value="晚了四天", reason="数错了")
    complaint.refresh_from_db()
    assert complaint.data["description"] == "晚了四天"
    event = Event.objects.get(kind="records.record.corrected")
    kept = {value.field: value.content for value in Value.objects.filter(event=event)}
    assert kept == {"description.old": "晚了三天", "description.new": "晚了四天", "reason": "数错了"}
    assert "晚了" not in str(event.facts)


def test_a_correction_changes_what_is_next(complaint, people):
    assert now(complaint) == ["handle"]
    correct(by=people["zhao"], at=AT, record=complaint, field="departments", value=["maker"], reason="漏选")
    assert now(complaint) == ["handle.consult.maker", "handle"]


@pytest.mark.parametrize(
    ("who", "field", "value", "reason", "refusal"),
    [
        ("wu", "description", "x", "y", MayNot),
        ("li", "description", "x", " ", CannotRecord),
        ("li", "description", None, "y", CannotRecord),
        ("li", "description", "晚了三天", "y", CannotRecord),
        ("li", "number", "C-1", "y", CannotRecord),
        ("li", "kind", "other", "y", CannotTake),
    ],
)
def test_a_correction_is_refused(complaint, people, who, field, value, reason, refusal):
    with pytest.raises(refusal):
        correct(by=people[who], at=AT, record=complaint, field=field, value=value, reason=reason)
    complaint.refresh_from_db()
    assert complaint.data["description"] == "晚了三天"


def test_a_void_record_keeps_its_number_and_owes_nothing(complaint, people, open_):
    void(by=people["li"], at=AT, record=complaint, reason="重复登记")
    assert not Duty.objects.filter(subject=f"records.record:{complaint.pk}", state="open").exists()
    assert open_("complaint", "zhao", LATE).number == "C-2026-002"
    complaint.refresh_from_db()
    assert (complaint.state, complaint.number) == ("void", "C-2026-001")
    with pytest.raises(MayNot):
        void(by=people["zhao"], at=AT, record=complaint, reason="x")


def test_a_closed_record_is_reopened_with_a_new_round_and_clock(complaint, people, take):
    take(complaint, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(complaint, "ask_back", "zhao", outcome="content", hours=2)
    with pytest.raises(CannotRecord):
        reopen(by=people["li"], at=AT, record=complaint, reason="又来投诉", step="nowhere")
    reopen(by=people["li"], at=AT + timedelta(days=3), record=complaint, reason="又来投诉", step="handle")
    assert now(complaint) == ["handle"]
    duty = open_duty_of(complaint, "complaint.handle")
    assert (duty.round, duty.due_at) == (2, AT + timedelta(days=3, hours=8))
    assert not Duty.objects.filter(rule="complaint.archive", state="open").exists()


def test_it_is_filed_once_after_it_closed(complaint, people, take):
    with pytest.raises(CannotRecord):
        archive(by=people["li"], at=AT, record=complaint, place="柜 1")
    take(complaint, "handle", "chen", {"result": "x"}, proofs={"answer": "x"})
    take(complaint, "ask_back", "zhao", outcome="content", hours=2)
    with pytest.raises(MayNot):
        archive(by=people["zhao"], at=AT + timedelta(days=1), record=complaint, place="柜 1")
    with pytest.raises(CannotRecord):
        archive(by=people["li"], at=AT + timedelta(days=1), record=complaint, place="柜", happened_at=AT)
    archive(by=people["li"], at=AT + timedelta(days=1), record=complaint, place="柜 1")
    with pytest.raises(CannotRecord):
        archive(by=people["li"], at=AT + timedelta(days=1), record=complaint, place="柜 2")
    assert Event.objects.filter(kind="records.record.archived").count() == 1


def test_a_step_that_is_waived_is_passed_over(complaint, people):
    waive_duty(by=people["li"], at=AT, duty=open_duty_of(complaint, "complaint.handle"), reason="顾客撤诉")
    carry_records(at=AT + timedelta(minutes=1))
    assert now(complaint) == ["ask_back"]
    assert open_duty_of(complaint, "complaint.ask_back")


def test_a_remark_may_bring_files_and_refuses_empty_ones(complaint, people):
    remark(by=people["he"], at=AT, record=complaint, text="请注意", files=[Upload("合同.pdf", b"%PDF")])
    assert [one.file.title for one in complaint.attachments.all()] == ["合同.pdf"]
    for upload in (Upload("a.pdf", b""), Upload("a.exe", b"MZ"), Upload("无扩展名", b"x")):
        with pytest.raises(CannotTake) as refused:
            remark(by=people["he"], at=AT, record=complaint, text="x", files=[upload])
        assert refused.value.faults[0].code == "bad_file"
    assert complaint.remarks.count() == 1


def test_a_photo_has_to_be_one(register, open_, px):
    with pytest.raises(CannotTake) as refused:
        open_("complaint", "zhao", LATE, files={"photo": [Upload("x.pdf", b"")]})
    assert refused.value.faults[0].code == "bad_file"
    assert Record.objects.count() == 0


def test_one_occasion_makes_one_record(register, people, kind, cast):
    two = [
        open_record(
            by=people["zhao"], at=AT, kind=kind("complaint"), unit=cast.company, source="email:42", channel="email"
        )
        for _ in range(2)
    ]
    assert two[0] == two[1]
    assert Record.objects.count() == 1


def test_hostile_words_are_kept_as_words(register, open_, take, people):
    nasty = "<script>alert(1)</script> '; DROP TABLE records_record; -- {{ x }} =1+1 \u202e مرحبا"
    record = open_("complaint", "zhao", {**LATE, "description": nasty})
    record.refresh_from_db()
    assert record.data["description"] == nasty
    with pytest.raises(CannotTake):
        open_("complaint", "zhao", {**LATE, "description": "x" * 10_001})
