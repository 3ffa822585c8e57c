"""Filing: an approved report and the sheets of its closed survey, once, by the role the procedure names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations.ahead import open_ahead
from manyi.flow.duties.operations.applying import apply_events
from manyi.flow.plan.operations import close_wave
from manyi.flow.reports import making
from manyi.flow.reports.filing import CannotFile, file_report
from manyi.flow.reports.making import make_due_reports
from manyi.flow.reports.models import Report
from manyi.flow.reports.operations import approve_report, request_report, submit_report
from manyi.flow.scores.operations import compute_scores

PLACE = "品保部档案柜 3-12"
FILED = ("reports.report.archived", "plan.sheets.archived")
LATER = AT + timedelta(days=40)


@pytest.fixture
def result(sent, wave, cast, monkeypatch):
    """Scores of one sheet; the papers are one small file."""
    monkeypatch.setattr(making, "run_apart", lambda *work, **more: (work[3] / "report.pdf").write_bytes(b"a page"))
    give(sent[0], all_items("satisfied"))
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


@pytest.fixture
def approve(result, cast):
    """Bring a report of a language to its approval, with its signed files."""

    def bring(language="zh"):
        report = request_report(by=cast.li, at=AT, result=result, language=language)
        make_due_reports(at=AT)
        submit_report(by=cast.li, at=AT, report=report)
        approve_report(by=cast.wang, at=AT, report=report)
        make_due_reports(at=AT)
        report.refresh_from_db()
        return report

    return bring


def events():
    return list(Event.objects.filter(kind__in=FILED).order_by("pk"))


def test_report_and_sheets_are_filed_once_and_say_what_the_procedure_calls_them(approve, wave, cast):
    chinese, english = approve(), approve("en")
    close_wave(by=cast.zhao, at=AT, wave=wave)
    filed = file_report(by=cast.li, at=LATER, report=chinese, place=f" {PLACE} ")
    assert (filed.filed_by, filed.filed_at, filed.filed_place) == (cast.li, LATER, PLACE)
    of_report, of_sheets = events()
    assert (of_report.facts["kind"], of_sheets.facts["sheets"]) == ("yearly_report", 1)
    assert of_sheets.facts["programme"] == wave.programme
    assert of_report.period == of_sheets.period == str(wave.year)
    with pytest.raises(CannotFile, match="not filed"):
        file_report(by=cast.li, at=LATER, report=chinese, place=PLACE)
    file_report(by=cast.li, at=LATER, report=english, place=PLACE)
    assert [event.kind for event in events()] == [*FILED, FILED[0]]


@pytest.mark.accepts("D9-33")
def test_filing_discharges_the_duty_of_the_year(approve, wave, cast):
    report = approve()
    close_wave(by=cast.zhao, at=AT, wave=wave)
    open_ahead(at=LATER, anyway=True)
    owed = Duty.objects.get(rule__endswith="file_survey", period=str(wave.year))
    apply_events(at=LATER)
    owed.refresh_from_db()
    assert owed.state == "open"
    file_report(by=cast.li, at=LATER, report=report, place=PLACE)
    apply_events(at=LATER)
    owed.refresh_from_db()
    assert owed.state == "discharged"
    assert {proof.event for proof in owed.proofs.all()} == set(events())


def test_what_is_not_ready_is_refused_and_leaves_nothing(approve, result, wave, cast):
    report = approve()
    with pytest.raises(CannotFile, match="close it first"):
        file_report(by=cast.li, at=LATER, report=report, place=PLACE)
    close_wave(by=cast.zhao, at=AT, wave=wave)
    with pytest.raises(CannotFile, match="where it is filed"):
        file_report(by=cast.li, at=LATER, report=report, place="  ")
    with pytest.raises(MayNot):
        file_report(by=cast.zhao, at=LATER, report=report, place=PLACE)
    draft = request_report(by=cast.li, at=AT, result=result, language="en")
    with pytest.raises(CannotFile, match="approved"):
        file_report(by=cast.li, at=LATER, report=draft, place=PLACE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=draft.pk).update(filed_at=LATER)
    assert events() == []


def test_the_page_offers_it_to_who_files_when_the_survey_is_closed(approve, wave, cast, signed_in):
    report = approve()
    page, act = reverse("reports:wave", args=[wave.pk]), reverse("reports:archive", args=[report.pk])
    assert act not in signed_in(cast.li).get(page).content.decode()
    close_wave(by=cast.zhao, at=AT, wave=wave)
    assert act not in signed_in(cast.wang).get(page).content.decode()
    client = signed_in(cast.li)
    assert act in client.get(page).content.decode()
    assert client.post(act, {"place": "<i>柜 3</i>"}).status_code == 302
    told = client.get(page).content.decode()
    assert "&lt;i&gt;柜 3&lt;/i&gt;" in told
    assert act not in told
