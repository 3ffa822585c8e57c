"""A report from being asked for to its approval: who does what, in which order, once."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import seal_events
from manyi.base.evidence.queries import verify_chain
from manyi.base.files.queries import list_damaged_files, read_file
from manyi.base.people.access import MayNot
from manyi.core.text import Text
from manyi.flow.duties.happened import names_of
from manyi.flow.duties.models import Duty
from manyi.flow.plan.operations import finish_step
from manyi.flow.reports import making
from manyi.flow.reports.making import LEASE, make_due_reports, make_report
from manyi.flow.reports.models import Report, ReportFile
from manyi.flow.reports.operations import (
    CannotReport,
    CannotSign,
    approve_report,
    request_report,
    return_report,
    submit_report,
)
from manyi.flow.scores.operations import compute_scores
from manyi.papers.insight import Insight, as_json

LATER = AT + timedelta(days=1)


@pytest.fixture
def result(sent, wave, cast):
    """A stored result of one sheet."""
    give(sent[0], all_items("satisfied"))
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


@pytest.fixture
def quick(monkeypatch):
    """The papers are three small files; the list of who signed, call by call."""
    calls = []

    def write(work, rules, found, folder, lang, signed, insight, seconds):
        calls.append(signed)
        for name in ("report.docx", "report.pdf", "figures.xlsx"):
            (folder / name).write_text(f"{name} {found.sheets} {lang} {sorted(signed)}")

    monkeypatch.setattr(making, "run_apart", write)
    return calls


@pytest.fixture
def draft(result, cast, quick):
    """A draft with its files."""
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    assert make_due_reports(at=AT) == 1
    report.refresh_from_db()
    return report


def kinds():
    return list(Event.objects.filter(kind__startswith="reports.").order_by("pk").values_list("kind", flat=True))


@pytest.mark.accepts("D9-29")
def test_it_is_made_submitted_and_approved_and_signed_files_follow(draft, cast, quick):
    submit_report(by=cast.li, at=AT, report=draft)
    assert not ReportFile.objects.filter(signed=True).exists()
    approve_report(by=cast.wang, at=LATER, report=draft)
    assert make_due_reports(at=LATER) == 1
    draft.refresh_from_db()
    assert (draft.state, draft.making) == ("approved", "done")
    assert draft.files.filter(signed=True).count() == draft.files.filter(signed=False).count() == 3
    assert quick[0] == {}
    assert quick[1]["prepare"] == ("李敏", date(2026, 12, 1))
    assert quick[1]["approve"] == quick[1]["submit"] == ("王建国", date(2026, 12, 2))
    assert kinds() == [f"reports.report.{what}" for what in ("requested", "made", "submitted", "approved", "made")]
    closes = Event.objects.get(kind="reports.report.approved")
    assert names_of(closes, draft.result.wave.revision) == {"yearly_report.closed"}
    seal_events()
    assert verify_chain(LATER).good


@pytest.mark.parametrize(("part", "told"), [(None, "kept"), ("contrasts", "anew"), ("all", "anew")])
def test_an_insight_of_an_earlier_release_is_reckoned_anew(result, cast, monkeypatch, part, told):
    words = [{"zh": "存", "en": "kept"}]
    kept = as_json(Insight((Text("存", "kept"),)))
    result.insight = {"certainty": words} if part == "all" else {key: kept[key] for key in kept if key != part}
    result.save()
    found = []
    monkeypatch.setattr(making, "run_apart", lambda *given, seconds: found.append(given[-1]))
    monkeypatch.setattr(making, "reckon_insight", lambda _: Insight((Text("新", "anew"),)))
    request_report(by=cast.li, at=AT, result=result, language="zh")
    make_due_reports(at=AT)
    assert [line.en for line in found[0].certainty] == [told]


def test_its_steps_are_duties_and_signing_discharges_them(sent, wave, cast, quick):
    give(sent[0], all_items("satisfied"))
    for step in ("send", "report_dispatch", "collect"):
        finish_step(by=cast.zhao, at=AT, wave=wave, step=step, evidence=Event.objects.latest("pk"), happened_at=AT)
    result, _ = compute_scores(by=cast.li, at=AT, wave=wave)
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    make_due_reports(at=AT)
    states = dict(Duty.objects.filter(rule__startswith="yearly_report.").values_list("rule", "state"))
    assert states == {"yearly_report.prepare": "open"}
    submit_report(by=cast.li, at=AT, report=report)
    approve_report(by=cast.wang, at=LATER, report=report)
    duties = {duty.rule: duty for duty in Duty.objects.filter(rule__startswith="yearly_report.")}
    assert {duty.state for duty in duties.values()} == {"discharged"}
    assert duties["yearly_report.prepare"].evidence.kind == "reports.report.submitted"
    assert duties["yearly_report.submit"].evidence.kind == "reports.report.approved"


def test_the_bytes_are_those_of_the_digests(draft):
    for row in draft.files.all():
        assert hashlib.sha256(read_file(row.file)).hexdigest() == row.file.sha256
    assert list_damaged_files() == []
    assert {row.file.title for row in draft.files.all()} == {
        f"顾客满意度调查及分析报告 2026.{kind}" for kind in ("docx", "pdf", "xlsx")
    }


def test_asking_again_gives_the_same_draft(draft, result, cast):
    assert request_report(by=cast.li, at=LATER, result=result, language="zh").pk == draft.pk
    assert request_report(by=cast.li, at=LATER, result=result, language="en").pk != draft.pk
    assert make_due_reports(at=LATER) == 1


def test_no_report_of_figures_that_changed_since(sent, wave, result, cast):
    give(sent[1], all_items("neutral"))
    with pytest.raises(CannotReport):
        request_report(by=cast.li, at=AT, result=result, language="zh")
    newer, _ = compute_scores(by=cast.li, at=AT, wave=wave)
    with pytest.raises(CannotReport):
        request_report(by=cast.li, at=AT, result=result, language="zh")
    assert request_report(by=cast.li, at=AT, result=newer, language="zh").result == newer


def test_a_draft_of_an_older_result_is_not_submitted(draft, sent, wave, cast):
    give(sent[1], all_items("neutral"))
    compute_scores(by=cast.li, at=AT, wave=wave)
    with pytest.raises(CannotSign):
        submit_report(by=cast.li, at=AT, report=draft)


def test_a_newer_result_does_not_change_a_submitted_report(draft, sent, wave, cast, quick):
    submit_report(by=cast.li, at=AT, report=draft)
    give(sent[1], all_items("neutral"))
    compute_scores(by=cast.li, at=AT, wave=wave)
    approve_report(by=cast.wang, at=LATER, report=draft)
    assert make_due_reports(at=LATER) == 1
    assert b" 1 zh" in read_file(draft.files.filter(signed=True).first().file)  # one sheet, as it was submitted


def test_the_wrong_role_is_refused_everywhere(draft, result, cast):
    for person in (cast.zhao, cast.wang, cast.he, cast.qian):
        with pytest.raises(MayNot):
            request_report(by=person, at=AT, result=result, language="zh")
        with pytest.raises(MayNot):
            submit_report(by=person, at=AT, report=draft)
    submit_report(by=cast.li, at=AT, report=draft)
    for person in (cast.zhao, cast.li, cast.he, cast.qian):
        with pytest.raises(MayNot):
            approve_report(by=person, at=AT, report=draft)
        with pytest.raises(MayNot):
            return_report(by=person, at=AT, report=draft, reason="x")
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_who_prepared_does_not_approve(draft, cast):
    from manyi.base.people.operations import assign_role

    do = {"by": cast.zhang, "at": AT, "unit": cast.company, "from_on": date(2020, 1, 1)}
    assign_role(**do, person=cast.li, role="general_manager")
    submit_report(by=cast.li, at=AT, report=draft)
    with pytest.raises(CannotSign):
        approve_report(by=cast.li, at=AT, report=draft)


def test_it_is_given_back_with_a_reason_and_submitted_again(draft, cast):
    submit_report(by=cast.li, at=AT, report=draft)
    with pytest.raises(CannotSign):
        return_report(by=cast.wang, at=AT, report=draft, reason="  ")
    return_report(by=cast.wang, at=AT, report=draft, reason="缺少改进建议")
    draft.refresh_from_db()
    assert (draft.state, draft.submitted_by, draft.returned_reason) == ("draft", None, "缺少改进建议")
    assert "缺少" not in str(Event.objects.get(kind="reports.report.returned").facts)  # words are kept apart
    submit_report(by=cast.li, at=LATER, report=draft)
    draft.refresh_from_db()
    assert (draft.state, draft.returned_reason) == ("submitted", "")


def test_a_step_taken_twice_is_taken_once(draft, cast):
    submit_report(by=cast.li, at=AT, report=draft)
    with pytest.raises(CannotSign):
        submit_report(by=cast.li, at=AT, report=draft)
    approve_report(by=cast.wang, at=AT, report=draft)
    for again in (approve_report, lambda **do: return_report(**do, reason="x")):
        with pytest.raises(CannotSign):
            again(by=cast.wang, at=AT, report=draft)


def test_nothing_is_signed_before_its_files_are_there(result, cast):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    with pytest.raises(CannotSign):
        submit_report(by=cast.li, at=AT, report=report)


def test_one_that_was_killed_is_made_once_when_its_lease_is_over(result, cast, quick, monkeypatch):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    with monkeypatch.context() as killed:
        killed.setattr(making, "_write", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make_due_reports(at=AT)
    assert make_due_reports(at=AT + timedelta(minutes=1)) == 0
    assert make_due_reports(at=AT + LEASE + timedelta(seconds=1)) == 1
    assert make_due_reports(at=AT + LEASE + timedelta(hours=1)) == 0
    assert report.files.count() == 3
    assert kinds().count("reports.report.made") == 1


def test_two_at_once_keep_one_set_of_files(result, cast, quick):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    first, second = Report.objects.get(pk=report.pk), Report.objects.get(pk=report.pk)
    assert [make_report(at=AT, report=first), make_report(at=AT, report=second)] == [True, False]
    assert report.files.count() == 3


def test_who_lost_the_lease_throws_its_files_away(result, cast, quick, monkeypatch):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    write = making._write

    def slow(report, rules, folder):
        write(report, rules, folder)
        with monkeypatch.context() as other:
            other.setattr(making, "_write", write)
            assert make_due_reports(at=AT + LEASE + timedelta(seconds=1)) == 1

    monkeypatch.setattr(making, "_write", slow)
    assert make_due_reports(at=AT) == 0
    assert report.files.count() == 3


def test_one_that_cannot_be_made_says_so_and_may_be_asked_for_again(result, cast, quick, monkeypatch):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    with monkeypatch.context() as broken:
        broken.setattr(making, "run_apart", lambda *a, **k: 1 / 0)
        assert make_due_reports(at=AT) == 0
    report.refresh_from_db()
    assert (report.making, report.files.count()) == ("failed", 0)
    assert kinds()[-1] == "reports.report.failed"
    assert request_report(by=cast.li, at=AT, result=result, language="zh").pk == report.pk
    assert make_due_reports(at=AT) == 1


def test_one_that_kills_three_times_is_given_up(result, cast, quick, monkeypatch):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    monkeypatch.setattr(making, "_write", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    for n in range(3):
        with pytest.raises(KeyboardInterrupt):
            make_due_reports(at=AT + n * (LEASE + timedelta(seconds=1)))
    make_due_reports(at=AT + 3 * (LEASE + timedelta(seconds=1)))
    report.refresh_from_db()
    assert report.making == "failed"
