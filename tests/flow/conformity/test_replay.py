"""A draft held against the past: what would have been missed, beside what was; nothing is written."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.conftest import AT
from tests.flow.duties.conftest import text_of
from tests.flow.records.conftest import PX

from manyi.base.evidence.models import Event
from manyi.core.errors import Refusal
from manyi.flow.conformity.replaying.run import replay
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import apply_events, open_ahead
from manyi.flow.procedure.models import Revision

LATE = {"customer": "C1", "kind": "late", "description": "晚到两天"}
TEXT = PX.read_text(encoding="utf-8")
LATER = AT + timedelta(days=60)
SPAN = {"first": date(2026, 11, 1), "last": date(2027, 1, 29)}


def draft_of(revision, *changes):
    text = revision.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Revision(document=revision.document, text=text, label="draft")


def replayed(draft, cast, now=LATER, units=None, **span):
    units = units or {cast.company.pk, cast.sales.pk, cast.east.pk, cast.south.pk, cast.quality.pk}
    return replay(draft=draft, now=now, units=units, **(span or SPAN))


def told(found):
    return {(one.past.rule, one.change) for one in found.missed}


@pytest.fixture
def complaint(register, open_, take):
    """Registered at once, answered after 5 hours of the 8, the customer asked after 20 of the 24."""
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "退款"}, hours=5, proofs={"answer": "书面"})
    take(record, "ask_back", "zhao", outcome="content", hours=25)
    record.refresh_from_db()
    return record


def test_a_shorter_term_would_have_been_missed_and_says_why(complaint, px, cast):
    found = replayed(draft_of(px, ("within: 8 hours", "within: 4 hours")), cast)
    (one,) = [one for one in found.missed if one.past.rule.startswith("complaint.handle")]
    assert one.change == "only_draft"
    assert (one.before.due.at, one.before.missed) == (AT + timedelta(hours=8), False)
    assert (one.after.due.at, one.after.missed) == (AT + timedelta(hours=4), True)
    assert one.past.done_at == AT + timedelta(hours=5)
    assert one.past.label == complaint.number
    assert any("条款 2" in line.zh for line in one.after.due.why)


def test_done_at_the_very_minute_is_late_and_a_minute_more_is_not(complaint, px, cast):
    assert ("complaint.handle", "only_draft") in told(
        replayed(draft_of(px, ("within: 8 hours", "within: 300 minutes")), cast)
    )
    assert ("complaint.handle", "only_draft") not in told(
        replayed(draft_of(px, ("within: 8 hours", "within: 301 minutes")), cast)
    )


def test_a_chained_clock_counts_from_the_step_it_names(complaint, px, cast):
    found = told(replayed(draft_of(px, ("within: 24 hours", "within: 20 hours")), cast))
    assert ("complaint.ask_back", "only_draft") in found
    assert ("complaint.handle", "only_draft") not in found


def test_a_longer_term_spares_what_was_missed(register, px, cast, open_, take):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "退款"}, hours=9, proofs={"answer": "书面"})
    assert ("complaint.handle", "both") in told(replayed(px, cast))
    assert ("complaint.handle", "only_then") in told(
        replayed(draft_of(px, ("within: 8 hours", "within: 10 hours")), cast)
    )


def test_under_the_same_text_both_sides_agree(complaint, px, cast):
    found = replayed(px, cast)
    assert {change for _, change in told(found)} <= {"both"}
    assert found.unknown == ()
    assert found.looked_at > 0


def test_what_is_not_done_yet_is_missed_when_its_time_has_come(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    draft = draft_of(px, ("within: 8 hours", "within: 4 hours"))
    assert told(replayed(draft, cast, now=AT + timedelta(hours=3))) == set()
    assert ("complaint.handle", "only_draft") in told(replayed(draft, cast, now=AT + timedelta(hours=4)))


def test_a_step_only_the_draft_has_is_unknown_not_missed(complaint, px, cast):
    step = '      - {key: double_check, title: {zh: 复核, en: Check}, clause: "2", role: maker, within: 1 hours}\n      - key: handle\n'
    found = replayed(draft_of(px, ("      - key: handle\n", step)), cast)
    assert [(one.rule, one.times) for one in found.unknown] == [("complaint.double_check", 1)]
    assert not any(rule == "complaint.double_check" for rule, _ in told(found))


def test_a_kind_the_draft_drops_is_not_asked(register, px, cast, open_, take):
    record = open_("delivery_note", "zhao", {"customer": "C1"}, at=AT)
    start, end = TEXT.index("  delivery_note:"), TEXT.index("words:")
    found = replayed(
        draft_of(px, (TEXT[start:end], "")),
        cast,
        now=AT + timedelta(days=400),
        first=date(2026, 12, 1),
        last=date(2027, 12, 31),
    )
    assert record.pk
    assert all(one.after is None for one in found.missed if one.past.rule.startswith("delivery_note"))


def test_what_comes_round_is_set_against_the_drafts_own_term(in_force, cast):
    revision = in_force()
    for day in range(0, 60, 10):
        open_ahead(at=AT + timedelta(days=day), anyway=True)
    duty = Duty.objects.get(rule="monthly_note.write", period="2026-12", unit=cast.east)
    Duty.objects.filter(pk=duty.pk).update(
        state="discharged", closed_at=duty.due_at - timedelta(days=1), happened_at=duty.due_at - timedelta(days=1)
    )
    draft = Revision(document=revision.document, text=text_of("A/1", "2 working days", "2 个工作日"))
    found = replayed(draft, cast)
    mine = [o for o in found.missed if o.past.unit == cast.east.name and o.past.rule == "monthly_note.write"]
    assert {(one.past.label, one.change) for one in mine} == {("2026-11", "both"), ("2026-12", "only_draft")}


def test_another_cadence_sets_the_work_done_against_its_own_windows(in_force, cast):
    revision = in_force()
    open_ahead(at=AT + timedelta(days=40), anyway=True)
    text = text_of("A/1").replace("every: month, covers", "every: week, covers")
    found = replayed(Revision(document=revision.document, text=text), cast)
    weeks = [one for one in found.missed if one.past.label.startswith("2026-W")]
    assert weeks
    assert all((one.before, one.change) == (None, "only_draft") for one in weeks)


def test_an_event_the_draft_lets_call_for_more_is_counted(in_force, cast, happens):
    revision = in_force()
    happens("records.record.closed", kind="complaint", loss=500)
    happens("records.record.closed", kind="complaint", loss=5000)
    apply_events(at=AT)
    open_ahead(at=AT + timedelta(days=40), anyway=True)
    draft = Revision(document=revision.document, text=text_of("A/1").replace("loss > 1000", "loss > 100"))
    found = replayed(draft, cast)
    assert [(one.rule, one.times) for one in found.unknown] == [("visit.go", 1)]
    assert [one.change for one in found.missed if one.past.rule == "visit.go"] == ["both"]


def test_a_survey_is_replayed_by_its_waves(sent, p12, cast):
    draft, span = draft_of(p12, ("due: 12-05", "due: 12-01")), {"first": date(2026, 11, 1), "last": date(2027, 3, 1)}
    assert told(replayed(draft, cast, now=AT, **span)) == set()
    assert ("annual_survey.send", "only_draft") in told(replayed(draft, cast, now=AT + timedelta(days=2), **span))
    assert ("annual_survey.send", "both") in told(replayed(draft, cast, now=AT + timedelta(days=5), **span))


def test_a_measure_of_the_draft_is_held_against_the_past(register, px, cast, open_):
    for _ in range(3):
        open_("complaint", "zhao", LATE)
    measures = 'measures:\n  late: {clause: "2", figure: count, of: complaint, where: "kind = \'late\'", every: month, below: 3}\n\nwords:\n'
    draft = draft_of(px, ("words:\n", measures))
    (one,) = replayed(draft, cast).measures
    assert (one.rule.key, one.period, one.change, one.before) == ("late", "2026-12", "only_draft", None)
    assert (one.after.value, one.after.limit.value) == (3, 3)
    assert one.draft.en == "3 (below 3)"
    assert replayed(draft_of(px, ("words:\n", measures.replace("below: 3", "below: 4"))), cast).measures == ()


def test_other_units_work_is_left_out(complaint, px, cast):
    draft = draft_of(px, ("within: 8 hours", "within: 4 hours"))
    assert told(replayed(draft, cast, units={cast.elsewhere.pk})) == set()


def test_nothing_is_written(complaint, px, cast):
    before = (Event.objects.count(), Duty.objects.count(), Revision.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        replayed(draft_of(px, ("within: 8 hours", "within: 4 hours")), cast)
    assert (Event.objects.count(), Duty.objects.count(), Revision.objects.count()) == before
    assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in queries)


def test_it_asks_as_often_for_many_records_as_for_one(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    with CaptureQueriesContext(connection) as one:
        replayed(px, cast)
    for _ in range(4):
        open_("complaint", "zhao", LATE)
    with CaptureQueriesContext(connection) as many:
        replayed(px, cast)
    assert len(many) == len(one) < 40


def test_an_empty_company_has_nothing_to_replay(p12, cast):
    found = replayed(p12, cast, first=date(2020, 1, 1), last=date(2020, 12, 31))
    assert (found.looked_at, found.missed) == (0, ())


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 1, 1), date(2026, 1, 1)),
        (date(1900, 1, 1), date(2026, 1, 1)),
        (date(2090, 1, 1), date(2090, 2, 1)),
        (date(1, 1, 1), date(1, 2, 1)),
    ],
)
def test_days_that_are_no_span_are_refused(p12, cast, first, last):
    with pytest.raises(Refusal):
        replayed(p12, cast, first=first, last=last)


def run(*words):
    out, err = StringIO(), StringIO()
    try:
        call_command("replay", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_answers_in_json(complaint, px, tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(TEXT.replace("within: 8 hours", "within: 4 hours"), encoding="utf-8")
    code, out, _ = run(str(file), "--from", "2026-11-01", "--to", "2026-12-31", "--json")
    said = json.loads(out)
    assert code == 0
    row = next(row for row in said["missed"] if row["rule"] == "complaint.handle")
    assert (row["change"], row["then"]["missed"], row["draft"]["missed"]) == ("only_draft", False, True)
    assert row["draft"]["why"]
    code, out, _ = run(str(file), "--from", "2026-11-01", "--to", "2026-12-31", "--lang", "en")
    assert "complaint.handle" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["P12", "--from", "yesterday", "--to", "2026-12-31"], "no_date"),
        (["P12", "--from", "2026-12-31", "--to", "2026-01-01"], "no_span"),
        (["P01", "--from", "2026-01-01", "--to", "2026-12-31"], "not_on_record"),
        (["no-such-file", "--from", "2026-01-01", "--to", "2026-12-31"], "no_procedure"),
    ],
)
def test_bad_words_are_faults_and_no_traceback(p12, words, code):
    end, out, _ = run(*words, "--json")
    assert end == 2
    assert [fault["code"] for fault in json.loads(out)["faults"]] == [code]
    end, out, err = run(*words)
    assert (end, out) == (2, "")
    assert err


def test_the_page_shows_it_beside_a_draft(complaint, px, cast, signed_in):
    from manyi.flow.procedure.operations import import_procedure

    text = TEXT.replace("revision: A/0", "revision: A/1").replace("8 hours", "4 hours").replace("8 小时", "4 小时")
    draft = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company, document=px.document, reason="更快")
    client = signed_in(cast.zhang)
    url = reverse("conformity:replay", args=[draft.pk])
    response = client.get(url, {"first": "2026-11-01", "last": "2026-12-31"})
    html = response.content.decode()
    assert response.status_code == 200
    assert complaint.number in html
    assert client.get(url, {"first": "2026-12-31", "last": "2026-11-01"}).status_code == 422
    assert client.get(url, {"first": "<script>", "last": "'; drop"}).status_code == 422
    assert signed_in(cast.wang).get(reverse("procedure:revision", args=[draft.pk])).content.decode().count(url) == 1
    assert signed_in(cast.qian).get(url).status_code == 404
