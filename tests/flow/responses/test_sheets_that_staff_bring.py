"""Sheets on paper, from visits and from files; the page of returns."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import AT

from manyi.base.customers.models import Customer, Product
from manyi.base.evidence.models import Event
from manyi.base.files import intakes as files
from manyi.base.files.models import Intake
from manyi.base.files.operations import request_intake
from manyi.base.people.access import MayNot
from manyi.core.errors import Faults
from manyi.flow.duties.models import Duty
from manyi.flow.plan.operations import close_wave
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses import intake as intakes
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.operations import CannotRecord, NewSheet, enter_sheet, finish_collecting
from manyi.flow.responses.queries import get_returns

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "abc_b2b_annual_survey"
LATER = AT + timedelta(days=40)  # 2027-01-10
HEAD = (
    "表号,客户编号,产品,收回日期,意见,主要质量指标,产品维修性,使用便捷程度,质量稳定性,产品安全性,服务的及时性,服务的有效性,"
    "服务人员的态度,性价比,交付及时性,交付可靠性,与竞争对手的比较\n"
)


def new(ask, day=date(2026, 12, 9), **more):
    return NewSheet(ask.customer, ask.product, {"safety": "neutral"}, day, **more)


def enter(cast, wave, sheet, at=LATER, by=None):
    return enter_sheet(by=by or cast.zhao, at=at, wave=wave, sheet=sheet)


def test_a_paper_sheet_joins_its_ledger_row_and_says_when_it_came(sent, wave, cast):
    entered = enter(cast, wave, new(sent[0], comment="<i>慢</i>"))
    assert (entered.ask, entered.number, entered.source, entered.entered_by) == (
        sent[0],
        sent[0].number,
        "entry",
        cast.zhao,
    )
    sent[0].refresh_from_db()
    assert sent[0].state == "returned"
    event = Event.objects.get(kind="responses.sheet.returned")
    assert event.actor == f"people.person:{cast.zhao.pk}"
    assert event.happened_at.date() == date(2026, 12, 8)  # midnight in Shanghai, in UTC
    assert event.at == LATER
    assert "慢" not in json.dumps(event.facts, ensure_ascii=False)


@pytest.mark.accepts("D9-19")
def test_a_sheet_from_a_visit_needs_no_ledger_row(sent, wave, cast):
    customer, product = Customer.objects.get(code="C4"), Product.objects.get(name="蝶阀")
    first = enter(cast, wave, NewSheet(customer, product, {"safety": "neutral"}, date(2026, 12, 9)))
    other = Customer.objects.get(code="C2")
    second = enter(cast, wave, NewSheet(other, product, {"safety": "neutral"}, date(2026, 12, 9)))
    assert (first.ask, first.number, second.number) == (None, "2026-X0001", "2026-X0002")
    assert get_returns(wave, get_rules(wave)).outside == 2


def test_a_second_sheet_a_future_day_an_empty_one_and_no_grade_are_refused(sent, wave, cast):
    enter(cast, wave, new(sent[0]))
    with pytest.raises(CannotRecord):
        enter(cast, wave, new(sent[0]))
    with pytest.raises(CannotRecord):
        enter(cast, wave, new(sent[1], day=date(2027, 1, 11)))
    with pytest.raises(CannotRecord):
        enter(cast, wave, NewSheet(sent[1].customer, sent[1].product, {}, date(2026, 12, 9)))
    with pytest.raises(Faults):
        enter(cast, wave, NewSheet(sent[1].customer, sent[1].product, {"safety": "7"}, date(2026, 12, 9)))
    with pytest.raises(MayNot):
        enter(cast, wave, new(sent[1]), by=cast.he)
    close_wave(by=cast.zhao, at=LATER, wave=wave)
    with pytest.raises(CannotRecord):
        enter(cast, wave, new(sent[1]))
    assert Sheet.objects.count() == 1


@pytest.mark.accepts("D9-18")
def test_returns_are_held_to_sixty_per_cent_and_one_month(sent, wave, cast):
    for ask, day in zip(sent[:3], (date(2026, 12, 9), date(2027, 1, 1), date(2027, 1, 2)), strict=True):
        enter(cast, wave, new(ask, day))
    returns = get_returns(wave, get_rules(wave))
    assert (returns.asked, returns.returned, returns.share) == (5, 3, Fraction(3, 5))
    assert returns.limit.value == Fraction(60, 100)
    assert returns.met
    assert returns.last_day == date(2027, 1, 1)  # sent on 2026-12-01
    assert returns.late == 1


def test_collecting_is_finished_once_there_is_something(sent, wave, cast):
    from manyi.flow.dispatch.operations import finish_sending

    finish_sending(by=cast.zhao, at=AT, wave=wave)
    with pytest.raises(CannotRecord):
        finish_collecting(by=cast.zhao, at=LATER, wave=wave)
    with pytest.raises(MayNot):
        finish_collecting(by=cast.he, at=LATER, wave=wave)
    enter(cast, wave, new(sent[0]))
    finish_collecting(by=cast.zhao, at=LATER, wave=wave)
    event = Event.objects.get(kind="responses.wave.collected")
    assert event.facts == {"asked": 5, "returned": 1}
    assert not Duty.objects.filter(rule="annual_survey.collect", state="open").exists()


def test_the_page_of_returns_shows_rate_sheets_and_next_acts(signed_in, sent, wave, cast):
    enter(cast, wave, new(sent[0], comment="<script>x</script>"))
    page = signed_in(cast.zhao).get(f"/responses/{wave.pk}/").content.decode()
    for shown in ("20.0%", "60.0%", sent[0].number, sent[0].customer.name, f"/responses/{wave.pk}/enter/"):
        assert shown in page
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    sheet = Sheet.objects.get()
    one = signed_in(cast.zhao).get(f"/responses/sheet/{sheet.pk}/").content.decode()
    assert "&lt;script&gt;x" in one
    assert "一般" in one
    part = signed_in(cast.zhao).get(f"/responses/customer/{sheet.customer_id}/").content.decode()
    assert sheet.number in part


def test_other_companies_find_nothing_here(signed_in, sent, wave, cast):
    sheet = enter(cast, wave, new(sent[0]))
    client = signed_in(cast.qian)
    paths = (f"{wave.pk}/", f"{wave.pk}/enter/", f"{wave.pk}/visit/", f"{wave.pk}/import/", f"sheet/{sheet.pk}/",
             f"{wave.pk}/enter/{sent[1].pk}/", f"customer/{sheet.customer_id}/")  # fmt: skip
    assert {path: client.get(f"/responses/{path}").status_code for path in paths} == {
        path: 404 if client.get(f"/responses/{path}").status_code == 404 else 403 for path in paths
    }
    assert client.get(f"/responses/{wave.pk}/").status_code == 404
    assert client.get(f"/responses/sheet/{sheet.pk}/").status_code == 404
    assert client.post(f"/responses/{wave.pk}/finish/").status_code in (403, 404)
    auditor = signed_in(cast.he)
    assert auditor.get(f"/responses/{wave.pk}/").status_code == 200
    assert auditor.get(f"/responses/{wave.pk}/enter/").status_code == 403


def test_the_list_of_sheets_costs_the_same_for_one_and_for_many(
    signed_in, sent, wave, cast, django_assert_max_num_queries
):
    client = signed_in(cast.zhao)
    enter(cast, wave, new(sent[0]))
    with django_assert_max_num_queries(40) as few:
        client.get(f"/responses/{wave.pk}/")
    for ask in sent[1:]:
        enter(cast, wave, new(ask))
    with django_assert_max_num_queries(len(few)):
        client.get(f"/responses/{wave.pk}/")


def test_a_paper_sheet_is_entered_through_the_pages(signed_in, sent, wave, cast):
    client = signed_in(cast.zhao)
    found = client.get(f"/responses/{wave.pk}/enter/", {"q": sent[0].number}).content.decode()
    assert f"/responses/{wave.pk}/enter/{sent[0].pk}/" in found
    assert f"/responses/{wave.pk}/enter/{sent[1].pk}/" not in found
    assert client.get(f"/responses/{wave.pk}/enter/", {"q": "海川"}).content.decode().count("/enter/") >= 1
    form = {"returned_on": "2026-11-20", "a.safety": "satisfied", "comment": ""}
    assert client.post(f"/responses/{wave.pk}/enter/{sent[0].pk}/", form | {"a.safety": "x"}).status_code == 200
    assert client.post(f"/responses/{wave.pk}/enter/{sent[0].pk}/", form).status_code == 302
    assert Sheet.objects.get().answers == {"safety": "satisfied"}
    visit = form | {"customer": "C4", "product": "蝶阀", "number": "V-7"}
    assert client.post(f"/responses/{wave.pk}/visit/", visit | {"customer": "nobody"}).status_code == 200
    assert client.post(f"/responses/{wave.pk}/visit/", visit).status_code == 302
    assert Sheet.objects.get(number="V-7").ask is None


# ---- files ------------------------------------------------------------------------------------


def handed_over(cast, wave, content: str | bytes, title="sheets.csv", add=False, by=None) -> Intake:
    return request_intake(
        purpose=intakes.PURPOSE, subject=intakes.subject_for(wave, add=add), unit=wave.unit.pk, title=title,
        content=content.encode() if isinstance(content, str) else content, asked_by=(by or cast.zhao).pk, at=LATER,
    )  # fmt: skip


def again(intake: Intake) -> Intake:
    return Intake.objects.select_related("file", "rows").get(pk=intake.pk)


def take(intake: Intake) -> Intake:
    intakes.take_sheets(intake, at=LATER)
    return again(intake)


def row(number, customer="C1", product="球阀", day="2026-12-09", comment="", grade="满意", blanks=0):
    return f"{number},{customer},{product},{day},{comment}{(',' + grade) * (12 - blanks)}{',' * blanks}\n"


def test_a_file_of_sheets_joins_the_ledger(sent, wave, cast):
    content = HEAD + row("P1", blanks=3, comment="好") + row("P2", "C2", grade="neutral") + row("P3", "C4", "蝶阀")
    done = take(handed_over(cast, wave, content))
    assert (done.state, done.done, done.faults) == ("done", 3, [])
    sheets = {s.number: s for s in Sheet.objects.select_related("ask", "customer")}
    assert sheets["P1"].ask.customer.code == "C1"
    assert len(sheets["P1"].answers) == 9
    assert set(sheets["P1"].answers.values()) == {"satisfied"}
    assert sheets["P3"].ask is None
    assert {s.source for s in sheets.values()} == {"file"}
    assert Event.objects.filter(kind="responses.sheet.returned").count() == 3
    assert Event.objects.get(kind="responses.sheets.imported").digest == done.file.sha256


def test_doubles_unknowns_and_wrong_grades_refuse_the_whole_file(sent, wave, cast):
    enter(cast, wave, new(sent[0], number="P9"))
    content = HEAD + "".join(
        [
            row("P1", "C2"), row("P1", "C3", "蝶阀"), row("P3", "C2"), row("P4", "nobody"), row("P5", "C4", "闸阀"),
            row("P6", "C4", grade="棒"), row("P9", "C4", "蝶阀"), row("P10", sent[0].customer.code, sent[0].product.name),
            row("P11", "C3", "球阀", day="2027-02-01"),
        ]
    )  # fmt: skip
    refused = take(handed_over(cast, wave, content))
    assert refused.state == "refused"
    assert {(f["code"], f["row"]) for f in refused.faults} == {
        ("duplicate_sheet", 3), ("duplicate_respondent", 4), ("unknown_customer", 5), ("unknown_product", 6),
        ("not_a_grade", 7), ("sheet_on_record", 8), ("answered_before", 9), ("not_a_date", 10),
    }  # fmt: skip
    assert Sheet.objects.count() == 1


def test_customers_a_file_brings_are_added_only_when_asked_to(sent, wave, cast):
    content = HEAD + row("P1", "Z1", "闸阀")
    assert take(handed_over(cast, wave, content)).state == "refused"
    assert take(handed_over(cast, wave, content, add=True)).state == "done"
    assert Customer.objects.get(code="Z1").unit == wave.unit
    assert Sheet.objects.get().product.name == "闸阀"


def test_a_file_killed_in_a_batch_is_taken_exactly_once(sent, wave, cast, monkeypatch):
    monkeypatch.setattr(files.next_rows, "__defaults__", (10,))
    content = HEAD + "".join(row(f"P{n}", f"Z{n}") for n in range(25))
    intake, count = handed_over(cast, wave, content, add=True), intakes.count_rows
    intakes.advance(intake, at=LATER)
    for _ in range(3):
        monkeypatch.setattr(intakes, "count_rows", _die)
        with pytest.raises(Killed):
            intakes.advance(again(intake), at=LATER)
        monkeypatch.setattr(intakes, "count_rows", count)
        assert Sheet.objects.count() == again(intake).done
        intakes.advance(again(intake), at=LATER)
    assert (again(intake).state, Sheet.objects.count()) == ("done", 25)


class Killed(BaseException):
    """As sudden as a signal."""


def _die(*_):
    raise Killed


def test_a_wave_that_was_closed_meanwhile_takes_no_more(sent, wave, cast):
    intake = handed_over(cast, wave, HEAD + row("P1"))
    assert intakes.advance(intake, at=LATER)
    close_wave(by=cast.zhao, at=LATER, wave=wave)
    assert take(again(intake)).state == "refused"
    assert Sheet.objects.count() == 0


def test_a_file_is_handed_over_on_the_page(signed_in, sent, wave, cast):
    client = signed_in(cast.zhao)
    file = SimpleUploadedFile("sheets.csv", (HEAD + row("P1", grade="<b>")).encode())
    answer = client.post(f"/responses/{wave.pk}/import/", {"file": file})
    assert 'hx-trigger="every 2s"' in client.get(answer["Location"]).content.decode()
    intakes.take_sheets(Intake.objects.get(), at=LATER)
    refused = client.get(answer["Location"]).content.decode()
    assert "&lt;b&gt;" in refused
    assert "hx-trigger" not in refused
    assert signed_in(cast.qian).get(answer["Location"]).status_code == 404


# ABC annual survey (Kenett & Salini 2011), expected_R_descriptives.json, R 4.2.2: n, missing, mean
ABC = {"satisfaction": (262, 4, 3.5610687023), "recommendation": (261, 5, 3.7164750958)}


def test_a_real_survey_goes_from_file_to_figures(cast, p12):
    from manyi.base.people.operations import assign_role
    from manyi.flow.plan.operations import open_wave
    from manyi.flow.procedure.operations import (
        approve_revision,
        import_procedure,
        put_in_force,
        review_revision,
    )
    from manyi.flow.scores.operations import compute_scores
    from manyi.library import PROCEDURES

    if not (DATA / "ABC2.csv").exists():
        pytest.skip("the ABC survey is not here")
    text = (PROCEDURES.parent / "examples" / "b2b_annual.yaml").read_text(encoding="utf-8")
    revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
    review_revision(by=cast.wang, at=AT, revision=revision)
    approve_revision(by=cast.wang, at=AT, revision=revision)
    revision = put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
    assign_role(
        by=cast.zhang, at=AT, person=cast.li, role="market_research", unit=cast.company, from_on=date(2020, 1, 1)
    )
    wave = open_wave(
        by=cast.li,
        at=AT,
        revision=revision,
        programme="annual",
        unit=cast.company,
        year=2026,
        frame_on=date(2026, 12, 5),
    )
    done = take(handed_over(cast, wave, (DATA / "ABC2.csv").read_bytes(), "ABC2.csv", add=True, by=cast.li))
    assert (done.state, done.done, Sheet.objects.count(), Customer.objects.count()) == ("done", 266, 266, 266)
    _, result = compute_scores(by=cast.li, at=LATER, wave=wave)
    for item, (n, missing, mean) in ABC.items():
        score = result.items[item]
        assert (score.n - score.unanswered, score.unanswered) == (n, missing)
        assert float(1 + score.value * 4 / 100) == pytest.approx(mean, abs=1e-9)
