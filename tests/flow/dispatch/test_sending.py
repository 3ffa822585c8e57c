"""The ledger holds what went out, once, in short transactions, and nothing that did not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from tests.conftest import AT

from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.base.evidence.models import Event
from manyi.base.outbox.models import Mail
from manyi.base.people.access import MayNot
from manyi.flow.dispatch import operations
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.operations import CannotSend, close_ask, finish_sending, link_of, send_wave
from manyi.flow.dispatch.queries import list_reached, list_unsent, pairs_of_scope
from manyi.flow.duties.models import Duty
from manyi.flow.plan.operations import close_wave
from manyi.flow.sample.queries import get_frame

DAY = date(2026, 12, 1)


@pytest.fixture
def send(wave, cast):
    def send(*pairs, by=cast.zhao, at=AT, channel="mail", sent_on=DAY):
        return send_wave(by=by, at=at, wave=wave, pairs=pairs, channel=channel, sent_on=sent_on)

    return send


@pytest.mark.accepts("D9-16", "D9-17")
def test_every_product_a_customer_bought_is_a_row_of_its_own(wave, cast, send):
    pairs = list_unsent(wave, get_frame(wave))
    assert ("C1", "球阀") in pairs
    assert ("C1", "蝶阀") in pairs
    assert send(*pairs).rows == 5
    assert list_unsent(wave, get_frame(wave)) == []
    numbers = [ask.number for ask in Ask.objects.all()]
    assert len(set(numbers)) == 5
    assert all(number.startswith("2026-") for number in numbers)


def test_sending_again_adds_nothing(send):
    assert send(("C1", "球阀"), ("C1", "球阀")).rows == 1
    assert send(("C1", "球阀"), ("C2", "球阀")).rows == 1
    assert Ask.objects.count() == 2


@pytest.mark.accepts("D9-14")
def test_mail_goes_to_the_outbox_with_the_personal_link(send):
    sent = send(("C1", "球阀"), ("C4", "球阀"), channel="email")
    assert (sent.rows, sent.without_address) == (1, ("C4",))
    mail = Mail.objects.get()
    assert mail.to == "c1@customer.example"
    assert link_of(Ask.objects.get()) in mail.body
    assert "球阀" in mail.subject


def test_by_post_no_mail_leaves(send):
    send(("C1", "球阀"))
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sent_on": date(2026, 12, 2)}, "after today"),
        ({"sent_on": date(2025, 12, 31)}, "before 2026"),
        ({"channel": "pigeon"}, "no channel"),
    ],
)
def test_what_cannot_be_is_refused(send, changed, said):
    with pytest.raises(CannotSend, match=said):
        send(("C1", "球阀"), **changed)
    assert not Ask.objects.exists()


def test_today_is_the_day_of_the_company_not_of_greenwich(send):
    just_after_midnight = datetime(2026, 12, 1, 16, 1, tzinfo=UTC)
    assert send(("C1", "球阀"), at=just_after_midnight, sent_on=date(2026, 12, 2)).rows == 1


def test_only_by_who_may_only_to_the_units_own_customers_only_while_open(wave, cast, send):
    for person in (cast.he, cast.li, cast.sun, cast.qian):
        with pytest.raises(MayNot):
            send(("C1", "球阀"), by=person)
    register_customers(by=cast.qian, at=AT, unit=cast.elsewhere, rows=[NewCustomer("Q1", "外部")])
    with pytest.raises(CannotSend, match="another unit"):
        send(("Q1", "球阀"))
    close_wave(by=cast.zhao, at=AT, wave=wave)
    with pytest.raises(CannotSend):
        send(("C1", "球阀"))
    assert not Ask.objects.exists()


def test_many_rows_go_in_batches_each_with_its_event(wave, cast, send, monkeypatch):
    monkeypatch.setattr(operations, "BATCH", 4)
    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    register_customers(**do, rows=[NewCustomer(f"M{n}", f"客户{n}") for n in range(10)])
    register_sales(**do, rows=[NewSale(f"M{n}", "泵", 2026, Decimal(9)) for n in range(10)])
    assert send(*[(f"M{n}", "泵") for n in range(10)]).rows == 10
    assert [e.facts["rows"] for e in Event.objects.filter(kind="dispatch.asks.sent")] == [4, 4, 2]


def test_a_sending_cut_off_after_a_batch_is_finished_by_sending_again(wave, cast, send, monkeypatch):
    monkeypatch.setattr(operations, "BATCH", 2)
    pairs = list_unsent(wave, get_frame(wave))
    write, calls = operations._send_batch, []

    def cut(**said):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(**said)

    monkeypatch.setattr(operations, "_send_batch", cut)
    with pytest.raises(KeyboardInterrupt):
        send(*pairs)
    assert Ask.objects.count() == 2
    assert send(*pairs).rows == 3
    assert Ask.objects.count() == len(pairs)
    assert sum(e.facts["rows"] for e in Event.objects.filter(kind="dispatch.asks.sent")) == len(pairs)


def test_two_who_send_the_same_at_once_do_not_double_a_row(wave, cast, send, monkeypatch):
    send(("C1", "球阀"))
    monkeypatch.setattr(operations, "list_asked_pairs", lambda _wave: set())
    with transaction.atomic(), pytest.raises(CannotSend, match="else"):
        send(("C1", "球阀"), ("C2", "球阀"))
    assert Ask.objects.count() == 1


@pytest.mark.accepts("D9-17")
class TestFinishing:
    def test_it_is_done_on_the_day_the_last_sheet_went_out_though_entered_later(self, wave, cast, send):
        later = AT + timedelta(days=9)
        send(("C1", "球阀"), at=later, sent_on=date(2026, 12, 4))
        finish_sending(by=cast.zhao, at=later, wave=wave)
        duty = Duty.objects.get(rule="annual_survey.send")
        assert not duty.was_late
        assert duty.closed_at == later  # and that it was entered late stays visible
        assert Duty.objects.get(rule="annual_survey.collect").due_on == date(2027, 1, 4)

    def test_after_the_fifth_it_is_late(self, wave, cast, send):
        later = AT + timedelta(days=9)
        send(("C1", "球阀"), at=later, sent_on=date(2026, 12, 6))
        finish_sending(by=cast.zhao, at=later, wave=wave)
        assert Duty.objects.get(rule="annual_survey.send").was_late

    def test_not_with_an_empty_ledger(self, wave, cast):
        with pytest.raises(CannotSend):
            finish_sending(by=cast.zhao, at=AT, wave=wave)


class TestClosingARow:
    def test_its_link_takes_no_sheet_any_more(self, sent, cast):
        ask = close_ask(by=cast.zhao, at=AT, ask=sent[0], reason="客户已停业")
        assert (ask.state, ask.reason, ask.takes_sheets) == ("closed", "客户已停业", False)

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
    def test_not_without_a_reason(self, sent, cast, reason):
        with pytest.raises(CannotSend):
            close_ask(by=cast.zhao, at=AT, ask=sent[0], reason=reason)

    def test_not_one_that_came_back_meanwhile(self, sent, cast):
        Ask.objects.filter(pk=sent[0].pk).update(state="returned")
        with pytest.raises(CannotSend):
            close_ask(by=cast.zhao, at=AT, ask=sent[0], reason="停业")
        with pytest.raises(MayNot):
            close_ask(by=cast.he, at=AT, ask=sent[1], reason="停业")


@pytest.mark.accepts("D9-14", "D9-15")
def test_coverage_counts_customers_and_names_who_is_missing(wave, send):
    send(("C1", "球阀"), ("C1", "蝶阀"), ("C2", "球阀"), ("C3", "蝶阀"))
    rows = {row.share.key: row for row in list_reached(wave)}
    assert (rows["all"].coverage.asked, rows["all"].coverage.population) == (3, 4)
    assert rows["all"].coverage.met is False  # 75 % of 78 %
    assert rows["all"].coverage.missing == ("C4",)
    assert (rows["all"].short, rows["all"].unsent) == (1, 1)
    frame = get_frame(wave)
    unsent = list_unsent(wave, frame)
    for scope in ("all", "missing", "tier:key_accounts", "missing:key_accounts"):
        assert pairs_of_scope(wave, frame, unsent, scope) == [("C4", "球阀")]
    for scope in ("nonsense", "tier:others", "missing:others", "tier:"):
        assert pairs_of_scope(wave, frame, unsent, scope) == []


def test_a_customer_asked_on_one_product_is_not_missing(wave, send):
    send(("C1", "球阀"))
    frame = get_frame(wave)
    unsent = list_unsent(wave, frame)
    assert ("C1", "蝶阀") in pairs_of_scope(wave, frame, unsent, "tier:key_accounts")
    assert ("C1", "蝶阀") not in pairs_of_scope(wave, frame, unsent, "missing")
