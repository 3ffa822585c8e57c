"""The frame is frozen with the facts used; the floors say how many have to be asked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.base.customers.queries import list_visible_customers
from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.flow.plan.operations import close_wave
from manyi.flow.sample.models import FrameRow
from manyi.flow.sample.operations import CannotDraw, draw_frame
from manyi.flow.sample.queries import (
    explain,
    get_frame,
    has_frame,
    list_codes,
    list_coverage,
    list_outside,
    list_shares,
)


def more(cast, count, amount="1000"):
    """``count`` further customers, each with sales of one product of its own."""
    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    register_customers(**do, rows=[NewCustomer(f"M{n:04}", f"客户{n}") for n in range(count)])
    register_sales(**do, rows=[NewSale(f"M{n:04}", "备件", 2026, Decimal(amount) + n) for n in range(count)])


def sell(cast, code, amount):
    register_sales(by=cast.zhao, at=AT, unit=cast.company, rows=[NewSale(code, "球阀", 2026, Decimal(amount))])


def test_the_facts_stay_as_they_were_when_it_was_drawn(wave, cast):
    assert draw_frame(by=cast.zhao, at=AT, wave=wave) == 4
    before = get_frame(wave)
    sell(cast, "C4", "9000000")
    assert get_frame(wave) == before
    assert int(before.customers["C1"]["annual_sales"]) == 6_200_000
    assert Event.objects.get(kind="sample.frame.drawn").facts == {"customers": 4}


@pytest.mark.accepts("D9-15")
def test_top_twenty_of_a_product_or_more_than_five_million_is_a_key_account(wave, cast):
    more(cast, 25)  # M0005 … M0024 are the twenty that buy most of their product
    register_customers(by=cast.zhao, at=AT, unit=cast.company, rows=[NewCustomer("F1", "Foreign Ltd", country="DE")])
    sell(cast, "F1", "5000000.01")
    tiers = get_frame(wave).tiers
    assert {code for code in tiers if code.startswith("M") and tiers[code] == "key_accounts"} == {
        f"M{n:04}" for n in range(5, 25)
    }
    assert tiers["F1"] == "key_accounts"


@pytest.mark.accepts("D9-15")
def test_exactly_five_million_and_place_twenty_one_are_not_but_a_tie_at_place_twenty_is(wave, cast):
    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    codes = [f"T{n:02}" for n in range(23)]
    register_customers(**do, rows=[NewCustomer(code, code) for code in codes])
    # nineteen above; two share place 20; one is 22nd with exactly five million over all
    amounts = ["6000000"] * 19 + ["5500000"] * 2 + ["5000000", "4000000"]
    register_sales(**do, rows=[NewSale(c, "泵", 2026, Decimal(a)) for c, a in zip(codes, amounts, strict=True)])
    tiers = get_frame(wave).tiers
    assert [tiers[code] for code in codes[17:]] == ["key_accounts"] * 4 + ["others"] * 2


@pytest.mark.accepts("D9-14", "D9-15")
def test_the_floors_ask_for_seventy_eight_and_ninety_per_cent(wave, cast):
    more(cast, 46)
    shares = {share.key: share for share in list_shares(wave, get_frame(wave))}
    assert (shares["all"].population, shares["all"].needed) == (50, 39)  # 78 % of 50
    assert (shares["key_accounts"].population, shares["key_accounts"].needed) == (24, 22)  # 90 % of 24 is 21.6
    assert shares["others"].needed is None
    codes = sorted(get_frame(wave).customers)
    met = {row.tier: row.met for row in list_coverage(wave, frozenset(codes[:39]))}
    assert met["all"] is True
    assert {row.tier: row.met for row in list_coverage(wave, frozenset(codes[:38]))}["all"] is False


def test_only_once_only_with_customers_only_by_who_may(wave, cast):
    with pytest.raises(MayNot):
        draw_frame(by=cast.he, at=AT, wave=wave)
    draw_frame(by=cast.zhao, at=AT, wave=wave)
    with pytest.raises(CannotDraw):
        draw_frame(by=cast.zhao, at=AT, wave=wave)
    wave.year = 1999
    FrameRow.objects.all().delete()
    wave.draw.delete()
    with pytest.raises(CannotDraw):
        draw_frame(by=cast.zhao, at=AT, wave=wave)


def test_a_closed_wave_gets_no_frame(wave, cast):
    close_wave(by=cast.zhao, at=AT, wave=wave)
    with pytest.raises(CannotDraw):
        draw_frame(by=cast.zhao, at=AT, wave=wave)


def test_a_draw_that_was_cut_off_counts_for_nothing_and_is_begun_anew(wave, cast):
    customer = list_visible_customers(cast.zhao).get(code="C3")
    FrameRow.objects.create(wave=wave, customer=customer, tier="left over", facts={})
    assert not has_frame(wave)
    assert get_frame(wave).tiers["C3"] == "key_accounts"
    draw_frame(by=cast.zhao, at=AT, wave=wave)
    assert FrameRow.objects.get(customer=customer).tier == "key_accounts"
    assert FrameRow.objects.count() == 4


def test_a_search_says_why_in_and_why_out(wave, cast):
    do = {"by": cast.zhao, "at": AT, "unit": cast.company}
    draw_frame(by=cast.zhao, at=AT, wave=wave)
    register_customers(**do, rows=[NewCustomer("N1", "无销售"), NewCustomer("N2", "退货"), NewCustomer("N3", "迟到")])
    register_sales(**do, rows=[NewSale("N2", "球阀", 2026, Decimal("-5")), NewSale("N3", "球阀", 2026, Decimal("5"))])
    found = explain(wave, get_frame(wave), list(list_visible_customers(cast.zhao)))
    said = {member.customer.code: member for member in found}
    assert said["C1"].tier.zh == "重点顾客"
    assert [check.holds for check in said["C1"].checks] == [True, True]
    assert "5000000" in "".join(check.words.zh for check in said["C1"].checks).replace(",", "")
    assert [said[code].out.en[:12] for code in ("N1", "N2", "N3")] == ["No sales of ", "The conditio", "Recorded aft"]
    assert list_outside(wave, get_frame(wave)) == ["N2", "N3"]


def test_the_largest_come_first(wave):
    assert list_codes(get_frame(wave), None) == ["C1", "C2", "C3", "C4"]


class TestThePage:
    @pytest.fixture(autouse=True)
    def _now(self, time_machine):
        time_machine.move_to(AT + timedelta(hours=1), tick=False)

    def test_it_draws_and_shows_facts_and_reasons(self, wave, cast, signed_in):
        client, url = signed_in(cast.zhao), reverse("sample:wave", args=[wave.pk])
        assert reverse("sample:draw", args=[wave.pk]) in client.get(url).content.decode()
        client.post(reverse("sample:draw", args=[wave.pk]))
        html = client.get(url).content.decode()
        assert reverse("sample:draw", args=[wave.pk]) not in html
        assert "6,200,000" in html
        assert "重点顾客" in html
        assert has_frame(wave)

    def test_hostile_names_and_searches_are_text(self, wave, cast, signed_in):
        register_customers(
            by=cast.zhao, at=AT, unit=cast.company, rows=[NewCustomer("<script>x", "<img src=x onerror=alert(1)>")]
        )
        html = signed_in(cast.zhao).get(reverse("sample:wave", args=[wave.pk]), {"q": "<script>"}).content.decode()
        assert "<img src=x" not in html
        assert "<script>x" not in html
        assert "&lt;img src=x" in html

    def test_the_auditor_looks_and_does_not_draw(self, wave, cast, signed_in):
        client = signed_in(cast.he)
        assert client.get(reverse("sample:wave", args=[wave.pk])).status_code == 200
        assert client.post(reverse("sample:draw", args=[wave.pk])).status_code == 403
        assert signed_in(cast.qian).get(reverse("sample:wave", args=[wave.pk])).status_code == 404

    def test_it_asks_the_database_the_same_for_many_customers(
        self, wave, cast, signed_in, django_assert_max_num_queries
    ):
        client, counts = signed_in(cast.zhao), []
        for many in (3, 30):
            more(cast, many)
            with django_assert_max_num_queries(40) as captured:
                assert client.get(reverse("sample:wave", args=[wave.pk])).status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1]
