"""The pages of reports: each person sees the next act, files go only to who may have them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.base.files.queries import read_file
from manyi.flow.reports import making
from manyi.flow.reports.making import make_due_reports
from manyi.flow.reports.models import Report
from manyi.flow.reports.operations import approve_report, request_report, submit_report
from manyi.flow.scores.operations import compute_scores


@pytest.fixture
def quick(monkeypatch):
    """The papers are three small files."""

    def write(work, rules, found, folder, lang, signed, insight, seconds):
        for name in ("report.docx", "report.pdf", "figures.xlsx"):
            (folder / name).write_bytes(name.encode())

    monkeypatch.setattr(making, "run_apart", write)


@pytest.fixture
def result(sent, wave, cast, quick):
    give(sent[0], all_items("satisfied"))
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


@pytest.fixture
def draft(result, cast):
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    make_due_reports(at=AT)
    return report


def show(client, wave):
    return client.get(reverse("reports:wave", args=[wave.pk]), {"lang": "en"}).content.decode()


def at(name, report):
    return reverse(f"reports:{name}", args=[report.pk])


def test_the_page_leads_from_step_to_step(result, wave, cast, signed_in):
    client = signed_in(cast.li)
    assert "Make the report" in show(client, wave)
    assert client.post(reverse("reports:make", args=[wave.pk]), {"language": "en"}).status_code == 302
    told = show(client, wave)
    assert "The files are being made" in told
    assert f'hx-get="{at("progress", Report.objects.get())}"' in told
    make_due_reports(at=AT)
    report = Report.objects.get()
    told = show(client, wave)
    assert "hx-get" not in told.split("<main", 1)[1]
    assert "Sign as prepared and submit" in told
    client.post(at("submit", report))
    assert "Waits for approval" in show(client, wave)
    client = signed_in(cast.wang)
    assert "Give back" in show(client, wave)
    client.post(at("approve", report))
    make_due_reports(at=AT)
    assert "with the names of who signed" in show(client, wave)


def test_giving_back_asks_for_a_reason_and_shows_it(draft, wave, cast, signed_in):
    submit_report(by=cast.li, at=AT, report=draft)
    client = signed_in(cast.wang)
    client.post(at("return", draft), {"reason": ""}, headers={"referer": "http://testserver/"})
    draft.refresh_from_db()
    assert draft.state == "submitted"
    client.post(at("return", draft), {"reason": "<b>少一章</b>"})
    assert "&lt;b&gt;少一章&lt;/b&gt;" in show(signed_in(cast.li), wave)


def test_a_file_is_an_attachment_with_its_name_and_nothing_runs_in_it(draft, cast, signed_in):
    for row in draft.files.select_related("file"):
        answer = signed_in(cast.li).get(reverse("reports:file", args=[row.pk]))
        assert answer.content == read_file(row.file)
        assert answer["Content-Type"] == row.file.kind
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%A1%BE")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("who", ["qian", "sun"])
def test_foreign_units_get_nothing_and_learn_nothing(draft, wave, cast, signed_in, who):
    """Qian belongs to another company, Sun to an office below the one the report is of."""
    client = signed_in(getattr(cast, who))
    row = draft.files.first()
    for name, pk in (("file", row.pk), ("progress", draft.pk), ("wave", wave.pk)):
        foreign, missing = (client.get(reverse(f"reports:{name}", args=[key])) for key in (pk, 987654))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
    assert str(wave.title_zh) not in client.get(reverse("reports:list")).content.decode()


@pytest.mark.parametrize(("who", "name"), [("zhao", "submit"), ("wang", "submit"), ("li", "approve"), ("he", "return")])
def test_the_wrong_role_is_refused(draft, cast, signed_in, who, name):
    assert signed_in(getattr(cast, who)).post(at(name, draft)).status_code == 403
    assert signed_in(getattr(cast, who)).get(at(name, draft)).status_code in (403, 405)


def test_an_unknown_language_makes_nothing(result, wave, cast, signed_in):
    answer = signed_in(cast.li).post(reverse("reports:make", args=[wave.pk]), {"language": "tlh"})
    assert answer.status_code == 409
    assert not Report.objects.exists()


def test_changed_data_are_told_before_anything_is_made(result, sent, wave, cast, signed_in):
    give(sent[1], all_items("neutral"))
    client = signed_in(cast.li)
    told = show(client, wave)
    assert "Compute the scores again before a report is made" in told
    assert reverse("reports:make", args=[wave.pk]) not in told
    assert client.post(reverse("reports:make", args=[wave.pk]), {"language": "zh"}).status_code == 409


def test_a_list_of_many_asks_the_database_as_often_as_one_of_few(
    draft, cast, signed_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(cast.li)
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("reports:list"))
    for _ in range(30):
        report = Report.objects.create(
            result=draft.result, unit=draft.unit, language="zh", state="approved", asked_at=AT, asked_by=cast.li,
            submitted_by=cast.li, approved_by=cast.wang, making="done",
        )  # fmt: skip
        assert report.pk
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse("reports:list"))


def test_empty_pages_say_what_to_do(wave, cast, signed_in):
    client = signed_in(cast.li)
    assert "There is no report yet" in client.get(reverse("reports:list"), {"lang": "en"}).content.decode()
    assert "scores, which are not computed yet" in show(client, wave)


def test_the_list_shows_signed_files_once_approved(draft, cast, signed_in):
    submit_report(by=cast.li, at=AT, report=draft)
    approve_report(by=cast.wang, at=AT, report=draft)
    make_due_reports(at=AT)
    told = signed_in(cast.he).get(reverse("reports:list"), {"lang": "en"}).content.decode()
    assert told.count(" download>") == 3
    assert told.count("signed</span>") == 3
