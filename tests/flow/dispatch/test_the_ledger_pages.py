"""Sending from the pages, the ledger, the printed sheets, the workbook."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.conftest import AT

from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.flow.dispatch.forms import key_of
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.operations import link_of, send_wave
from manyi.flow.dispatch.sheets import sheet_of
from manyi.flow.duties.models import Duty

HOSTILE = "=cmd|'/c calc'!A1<script>"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(AT + timedelta(hours=1), tick=False)


def url(name, thing):
    return reverse(f"dispatch:{name}", args=[thing.pk])


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def many(cast, count):
    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    register_customers(**do, rows=[NewCustomer(f"M{n:05}", f"客户{n}") for n in range(count)])
    register_sales(**do, rows=[NewSale(f"M{n:05}", "备件", 2026, Decimal(9)) for n in range(count)])


class TestSending:
    def test_the_ticked_rows_are_sent(self, wave, cast, signed_in):
        said = {"channel": "mail", "sent_on": "2026-12-01", "scope": "chosen"}
        rows = [key_of(("C1", "球阀")), key_of(("C3", "蝶阀")), key_of(("Q9", "球阀"))]
        response = signed_in(cast.zhao).post(url("send", wave), {**said, "row": rows})
        assert response.url == url("wave", wave)
        assert set(Ask.objects.values_list("customer__code", flat=True)) == {"C1", "C3"}

    def test_everybody_of_a_tier_is_one_rule_however_many_they_are(self, wave, cast, signed_in):
        many(cast, 600)
        client = signed_in(cast.zhao)
        html = text(client.get(url("send", wave), {"scope": "tier:key_accounts"}))
        assert html.count('type="checkbox"') == 50
        said = {"channel": "mail", "sent_on": "2026-12-01", "scope": "tier:key_accounts"}
        client.post(url("send", wave), said)
        assert Ask.objects.count() == 605  # all share the first place of their product: the tie is inside

    def test_missing_addresses_are_shown_before_and_told_after(self, wave, cast, signed_in):
        client = signed_in(cast.zhao)
        assert "C4</span>" in text(client.get(url("send", wave)))
        said = {"channel": "email", "sent_on": "2026-12-01", "scope": "all"}
        html = text(client.post(url("send", wave), said, follow=True))
        assert "C4" in html
        assert Ask.objects.count() == 4

    def test_a_day_to_come_is_not_taken(self, wave, cast, signed_in):
        said = {"channel": "mail", "sent_on": "2026-12-02", "scope": "all"}
        assert "is-invalid" in text(signed_in(cast.zhao).post(url("send", wave), said))
        assert not Ask.objects.exists()

    def test_who_may_not_gets_nowhere(self, wave, cast, signed_in):
        for person, code in ((cast.he, 403), (cast.li, 403), (cast.qian, 404)):
            assert signed_in(person).get(url("send", wave)).status_code == code
            assert signed_in(person).post(url("finish", wave)).status_code == code

    def test_finishing_leads_to_what_comes_next(self, sent, wave, cast, signed_in):
        html = text(signed_in(cast.zhao).post(url("finish", wave), follow=True))
        assert "向品保部反馈发放情况" in html
        assert Duty.objects.get(rule="annual_survey.send").state == "discharged"


class TestTheLedger:
    def test_it_shows_rows_and_coverage_and_is_searched(self, sent, wave, cast, signed_in):
        client = signed_in(cast.he)
        html = text(client.get(url("wave", wave)))
        assert all(ask.number in html for ask in sent)
        assert "100.0%" in html
        found = text(client.get(url("wave", wave), {"q": sent[0].number}))
        assert sent[0].number in found
        assert sent[-1].number not in found
        assert text(client.get(url("wave", wave), {"q": "9" * 40, "state": "x", "channel": "<b>"}))

    def test_the_link_is_only_for_who_sends(self, sent, cast, signed_in):
        link = link_of(sent[0])
        assert link in text(signed_in(cast.zhao).get(url("row", sent[0])))
        for person in (cast.he, cast.li, cast.wang):
            assert link not in text(signed_in(person).get(url("row", sent[0])))
            assert signed_in(person).get(url("sheet", sent[0])).status_code == 403
        assert signed_in(cast.qian).get(url("row", sent[0])).status_code == 404

    def test_a_row_is_closed_with_its_reason_as_text(self, sent, cast, signed_in):
        client = signed_in(cast.zhao)
        client.post(url("close", sent[0]), {"reason": "<b>停业</b>"})
        html = text(client.get(url("row", sent[0])))
        assert "&lt;b&gt;停业&lt;/b&gt;" in html
        assert link_of(sent[0]) not in html

    def test_it_asks_the_database_the_same_for_many_rows(self, wave, cast, signed_in, django_assert_max_num_queries):
        client, counts = signed_in(cast.zhao), []
        for count in (3, 30):
            many(cast, count)
            send_wave(
                by=cast.zhao, at=AT, wave=wave, pairs=[(f"M{n:05}", "备件") for n in range(count)], channel="mail",
                sent_on=AT.date(),
            )  # fmt: skip
            for name in ("wave", "sheets"):
                with django_assert_max_num_queries(40) as captured:
                    text(client.get(url(name, wave)))
                counts.append(len(captured))
        assert counts[:2] == counts[2:]

    def test_it_leaves_as_a_workbook_without_links_and_without_formulas(self, wave, cast, signed_in):
        do = {"by": cast.zhao, "at": AT, "unit": cast.company}
        register_customers(**do, rows=[NewCustomer("H1", HOSTILE)])
        register_sales(**do, rows=[NewSale("H1", "球阀", 2026, Decimal(5))])
        send_wave(by=cast.zhao, at=AT, wave=wave, pairs=[("H1", "球阀")], channel="mail", sent_on=AT.date())
        response = signed_in(cast.he).get(url("export", wave))
        assert response.headers["Content-Disposition"].startswith("attachment")
        rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
        assert len(rows) == 2
        assert HOSTILE in rows[1]
        assert "/s/" not in str(rows)


@pytest.mark.accepts("D9-16")
class TestThePrintedSheet:
    def test_it_names_product_number_and_every_item_and_grade(self, sent, cast, signed_in):
        html = text(signed_in(cast.zhao).get(url("sheet", sent[0])))
        for words in (
            sent[0].number,
            "球阀",
            "上海海川化工",
            "主要质量指标",
            "与竞争对手的比较",
            "比较满意",
            "QP-CS-12",
        ):
            assert words in html
        assert html.count('class="grade-box"') == 12 * 5
        assert "data:image/svg+xml" in html

    def test_a_closed_row_has_no_code_any_more(self, sent, wave):
        assert sheet_of(wave, sent[0]).qr
        sent[0].state = Ask.State.CLOSED
        assert sheet_of(wave, sent[0]).qr == ""

    def test_all_of_a_channel_are_printed_together(self, sent, wave, cast, signed_in):
        client = signed_in(cast.zhao)
        assert text(client.get(url("sheets", wave))).count('<article class="sheet">') == 5
        assert text(client.get(url("sheets", wave), {"channel": "mail"})).count('<article class="sheet">') == 1
