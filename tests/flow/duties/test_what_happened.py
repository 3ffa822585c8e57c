"""What happened opens what the rules call for, and proves what they ask to be proved; once, whoever reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import AT

from manyi.base.evidence.operations import seal_events
from manyi.base.people.access import MayNot
from manyi.core.predicates import holds
from manyi.flow.duties.models import Duty, Position, Proof
from manyi.flow.duties.operations import CannotReportDuty, apply_events, open_ahead, report_duty
from manyi.flow.duties.rules import get_owed_rules

pytestmark = pytest.mark.django_db
VISIT, CLOSED, STEP = "visit.go", "records.record.closed", "records.step.taken"
JANUARY = datetime(2027, 1, 10, 2, tzinfo=UTC)


def visits(**only):
    return list(Duty.objects.filter(rule=VISIT, **only).order_by("pk"))


def test_the_time_counts_from_when_it_happened_not_from_when_it_is_read(in_force, happens, cast):
    in_force()
    event = happens(CLOSED, kind="complaint", loss=2000, unit=cast.east)
    apply_events(at=AT + timedelta(days=9))
    (duty,) = visits()
    assert (duty.subject, duty.unit, duty.role) == (f"event:{event.pk}", cast.east, "sales_company")
    assert duty.due_at == datetime(2026, 12, 4, 16, tzinfo=UTC)
    assert duty.opened_at == AT + timedelta(days=9)


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        ({"loss": 1001}, True),
        ({"loss": 1000}, False),
        ({"loss": 10, "topic": "service"}, True),
        ({}, False),
        ({"loss": None}, False),
        ({"loss": "2000"}, False),  # a text is no amount
    ],
)
def test_only_the_published_facts_decide(in_force, happens, facts, opens):
    in_force()
    happens(CLOSED, kind="complaint", **facts)
    apply_events(at=AT)
    assert bool(visits()) is opens


def test_events_of_the_companys_world_count_by_their_name(in_force, happens):
    in_force()
    happens("records.happening.recorded", event="contract.signed", loss=5000)
    happens("records.happening.recorded", event="contract.changed", loss=5000)
    apply_events(at=AT)
    assert len(visits()) == 1


def test_another_kind_of_record_or_another_end_opens_nothing(in_force, happens):
    in_force()
    happens(CLOSED, kind="monthly_note", loss=5000)
    happens("records.record.voided", kind="complaint", loss=5000)
    happens("records.record.opened", kind="complaint", loss=5000)
    apply_events(at=AT)
    assert visits() == []


def test_reading_again_sealing_and_reading_again_open_it_once(in_force, happens):
    in_force()
    happens(CLOSED, kind="complaint", loss=2000)
    apply_events(at=AT)
    apply_events(at=AT)
    seal_events()
    apply_events(at=AT)
    Position.objects.update(seq=0)
    apply_events(at=AT + timedelta(days=1))
    assert len(visits()) == 1


def test_what_was_waived_is_not_opened_again(in_force, happens):
    in_force()
    happens(CLOSED, kind="complaint", loss=2000)
    apply_events(at=AT)
    Duty.objects.filter(rule=VISIT).update(state="waived")
    apply_events(at=AT)
    assert [d.state for d in visits()] == ["waived"]


def test_an_event_that_was_committed_late_is_not_passed_over(in_force, happens):
    """Its number lies before one that was read already; its place in the chain does not."""
    from manyi.base.evidence.models import Event

    in_force()
    late = happens(CLOSED, kind="complaint", loss=2000)
    early = happens("people.unit.added")
    from manyi.base.evidence import operations

    rows = Event.objects.exclude(pk=late.pk)
    operations.Link.objects.bulk_create(operations._links(rows.order_by("pk"), 0, operations.FIRST))
    Position.objects.update_or_create(reader="evidence", defaults={"seq": rows.count()})
    assert late.pk < early.pk
    apply_events(at=AT)
    seal_events()
    apply_events(at=AT)
    assert len(visits()) == 1


def test_before_the_rule_held_nothing_is_owed(in_force, happens):
    in_force()
    happens(CLOSED, kind="complaint", loss=2000, happened_at=AT - timedelta(days=30))
    apply_events(at=AT)
    assert visits() == []


def test_an_event_of_another_company_is_none_of_ours(in_force, happens, cast):
    in_force()
    happens(CLOSED, kind="complaint", loss=2000, unit=cast.elsewhere)
    apply_events(at=AT)
    assert visits() == []


def test_an_event_that_is_broken_opens_nothing_and_holds_nothing_up(in_force, happens):
    in_force()
    for facts in ({}, {"kind": 7}, {"kind": None, "step": []}, {"kind": "complaint", "loss": {"a": [1]}}):
        happens(CLOSED, **facts)
        happens(STEP, **facts)
    happens(CLOSED, kind="complaint", loss=2000)
    apply_events(at=AT)
    assert len(visits()) == 1


def test_a_remark_written_on_a_returned_sheet_opens_the_written_answer(wave, cast, sent):
    from uuid import uuid4

    from manyi.flow.responses.operations import Submission, submit_sheet

    submit_sheet(Submission(sent[0].key, uuid4(), {"main_indicators": "neutral"}, "太慢", AT.date(), AT))
    submit_sheet(Submission(sent[1].key, uuid4(), {"main_indicators": "neutral"}, "", AT.date(), AT))
    apply_events(at=AT)
    (duty,) = Duty.objects.filter(rule="written_answer.answer")
    assert duty.clause == "5.7.3"
    assert duty.unit == sent[0].unit
    assert str(duty.due_on) == "2026-12-11"


# ---- what a proof discharges ------------------------------------------------------------------


@pytest.fixture
def put_away(in_force):
    in_force()
    open_ahead(at=JANUARY, anyway=True)
    return Duty.objects.get(rule="duties.put_away", period="2026")


def brought(happens, kind, at=JANUARY, **more):
    return happens("records.record.archived", kind=kind, at=at, **more)


def test_it_is_done_when_the_last_of_its_proofs_is_there(put_away, happens):
    brought(happens, "complaint")
    apply_events(at=JANUARY)
    put_away.refresh_from_db()
    assert (put_away.state, put_away.proofs.count()) == ("open", 1)
    last = brought(happens, "monthly_note", at=JANUARY + timedelta(days=30))
    apply_events(at=JANUARY + timedelta(days=31))
    put_away.refresh_from_db()
    assert (put_away.state, put_away.evidence, put_away.was_late) == ("discharged", last, True)
    assert put_away.happened_at == JANUARY + timedelta(days=30)


def test_the_same_proof_twice_is_one(put_away, happens):
    brought(happens, "complaint")
    brought(happens, "complaint")
    for _ in range(3):
        apply_events(at=JANUARY)
        seal_events()
    put_away.refresh_from_db()
    assert put_away.state == "open"
    assert Proof.objects.count() == 1


def test_a_proof_is_not_spent_on_the_next_period_when_it_is_read_again(put_away, happens):
    for kind in ("complaint", "monthly_note"):
        brought(happens, kind)
    apply_events(at=JANUARY)
    seal_events()
    Position.objects.update(seq=0)
    apply_events(at=JANUARY)
    later = JANUARY + timedelta(days=365)
    open_ahead(at=later, anyway=True)
    Position.objects.update(seq=0)
    apply_events(at=later)
    states = dict(Duty.objects.filter(rule="duties.put_away").values_list("period", "state"))
    assert states == {"2026": "discharged", "2027": "open"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": JANUARY, "happened_at": datetime(2026, 12, 20, tzinfo=UTC)},  # before the window
        {"period": "2025"},
    ],
)
def test_what_is_before_its_window_or_about_another_period_is_no_proof(put_away, happens, wrong):
    brought(happens, "complaint", **wrong)
    apply_events(at=JANUARY)
    assert put_away.proofs.count() == 0


# ---- proofs that a person brings --------------------------------------------------------------


@pytest.fixture
def keep(in_force):
    in_force()
    open_ahead(at=AT)
    return Duty.objects.get(rule="duties.keep", period="2026")


def test_a_file_proves_what_asks_for_a_file(keep, cast):
    event = report_duty(
        by=cast.li, at=AT, duty=keep, note="已修订", happened_at=AT, title="修订.pdf", content=b"%PDF-1.7"
    )
    keep.refresh_from_db()
    assert (keep.state, keep.evidence) == ("discharged", event)
    assert len(event.digest) == 64


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": b""},
        {"note": "  "},
        {"happened_at": AT + timedelta(minutes=1)},
        {"happened_at": datetime(2025, 12, 31, tzinfo=UTC)},
    ],
)
def test_not_without_the_file_a_word_and_a_likely_time(keep, cast, wrong):
    said = {"note": "已修订", "happened_at": AT, "title": "x.pdf", "content": b"%PDF", **wrong}
    with pytest.raises(CannotReportDuty):
        report_duty(by=cast.li, at=AT, duty=keep, **said)
    keep.refresh_from_db()
    assert keep.state == "open"


def test_not_by_who_does_not_owe_it_and_not_what_events_prove(keep, put_away_too, cast):
    with pytest.raises(MayNot):
        report_duty(by=cast.zhao, at=AT, duty=keep, note="x", happened_at=AT, title="x", content=b"x")
    with pytest.raises(CannotReportDuty):
        report_duty(by=cast.li, at=JANUARY, duty=put_away_too, note="x", happened_at=JANUARY, title="x", content=b"x")


@pytest.fixture
def put_away_too(keep):
    open_ahead(at=JANUARY, anyway=True)
    return Duty.objects.get(rule="duties.put_away", period="2026")


def test_not_twice(keep, cast):
    said = {"by": cast.li, "at": AT, "note": "已修订", "happened_at": AT, "title": "x.pdf", "content": b"%PDF"}
    report_duty(duty=keep, **said)
    with pytest.raises(CannotReportDuty):
        report_duty(duty=keep, **said)


def test_the_condition_the_tests_stand_on(in_force):
    """The planted facts really tell apart what opens and what does not."""
    from fractions import Fraction

    revision = in_force()
    rule = next(rule for rule in get_owed_rules(revision) if rule.rule == VISIT)
    assert holds(rule.opens[0].when, {"loss": Fraction(1001)})
    assert not holds(rule.opens[0].when, {"loss": Fraction(1000)})


def test_a_record_opened_for_what_an_event_called_for_takes_its_place(in_force, happens):
    in_force()
    happens(CLOSED, kind="complaint", loss=2000)
    apply_events(at=AT)
    (called,) = visits()
    opened = happens("records.record.opened", kind="visit", duty=called.pk, subject="records.record:9")
    apply_events(at=AT)
    called.refresh_from_db()
    assert (called.state, called.evidence) == ("superseded", opened)
    Position.objects.update(seq=0)
    apply_events(at=AT)
    assert len(visits()) == 1


def test_an_event_that_cannot_be_applied_is_kept_and_tried_again(in_force, happens, monkeypatch):
    """Whatever breaks at one event, the others go on, and nothing is lost."""
    from manyi.flow.duties.operations import applying

    in_force()
    first = happens(CLOSED, kind="complaint", loss=2000)
    happens(CLOSED, kind="complaint", loss=3000, subject="records.record:2")
    seal_events()
    whole = applying._apply

    def broken(event, reigns, at):
        if event.pk == first.pk:
            raise RuntimeError("planted")
        return whole(event, reigns, at)

    monkeypatch.setattr(applying, "_apply", broken)
    apply_events(at=AT)
    assert [d.subject for d in visits()] != []
    apply_events(at=AT + timedelta(hours=2))
    assert len(visits()) == 1
    monkeypatch.undo()
    apply_events(at=AT + timedelta(hours=2, minutes=30))
    assert len(visits()) == 1
    apply_events(at=AT + timedelta(hours=4))
    assert len(visits()) == 2
    assert not Position.objects.filter(reader__startswith="kept:").exists()


def test_a_clock_with_nothing_to_read_asks_next_to_nothing(in_force, happens, django_assert_max_num_queries):
    in_force()
    apply_events(at=AT)
    seal_events()
    apply_events(at=AT)
    with django_assert_max_num_queries(6):
        apply_events(at=AT)
