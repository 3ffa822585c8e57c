"""Points of attention follow from the stored result: clause, figure, limit, words, and the sheets behind them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.flow.findings.queries import get_attention
from manyi.flow.plan.operations import set_yardstick
from manyi.flow.plan.queries import get_rules
from manyi.flow.scores.operations import compute_scores


@pytest.fixture
def result(sent, wave, cast):
    """球阀 is liked but for its safety, 蝶阀 is not; one customer of the east and one of the south wrote why."""
    do = {"by": cast.li, "at": AT, "wave": wave}
    set_yardstick(**do, kind="target", of="overall", score=Decimal(99))
    set_yardstick(**do, kind="previous", of="item", key="safety", score=Decimal(100))
    by_row = {(a.customer.code, a.product.name): a for a in sent}
    give(by_row["C1", "球阀"], all_items("satisfied") | {"safety": "neutral"}, "<script>太慢</script>")
    give(by_row["C3", "蝶阀"], all_items("dissatisfied"), "漏水")
    return compute_scores(**do)[0]


def attention(person, result, wave):
    return get_attention(person, result, get_rules(wave))


@pytest.mark.accepts("D9-25", "D9-28")
def test_each_point_names_its_clause_figure_and_limit(result, wave, cast):
    found = attention(cast.li, result, wave)
    points = {point.kind: point for point in (*found.missed, *found.others)}
    target = points["below_target"]
    assert (target.clause, target.limit, target.misses_limit) == ("5.5.1", Fraction(99), True)
    assert target.value == Fraction(result.figures["overall"]["exact"])
    assert (points["return_below_floor"].clause, points["return_below_floor"].limit) == ("5.3.2", Fraction(3, 5))
    assert {points[kind].clause for kind in ("lowest_item", "lowest_product", "written_dissatisfaction")} == {"5.6.3"}
    assert found.declined_by == "5.6.3"
    assert "球阀·产品安全性 60.00 分" in " ".join(p.told.zh for p in found.others if p.kind == "lowest_item")
    assert "蝶阀" in points["lowest_product"].told.zh
    assert [(fall.title.zh, fall.previous, fall.by < 0) for fall in found.declined] == [("产品安全性", 100, True)]


def test_comments_are_shown_to_who_sees_the_sheet(result, wave, cast):
    assert [s.comment for s in attention(cast.li, result, wave).written] == ["<script>太慢</script>", "漏水"]
    east = attention(cast.sun, result, wave)
    assert ([s.comment for s in east.written], east.unseen) == (["<script>太慢</script>"], 1)


def test_the_page_shows_them_and_lets_nothing_run(result, wave, cast, signed_in):
    told = signed_in(cast.li).get(reverse("findings:wave", args=[wave.pk]), {"lang": "en"}).content.decode()
    assert "5.5.1" in told
    assert "99.00" in told
    assert "&lt;script&gt;太慢" in told
    assert "<script>太慢" not in told
    assert "below the target" in told
    zh = signed_in(cast.li).get(reverse("findings:wave", args=[wave.pk]), {"lang": "zh"}).content.decode()
    assert "低于目标值 99.00 分" in zh


def test_a_sheet_that_came_later_is_not_named_before_it_is_counted(result, sent, wave, cast):
    by_row = {(a.customer.code, a.product.name): a for a in sent}
    give(by_row["C2", "球阀"], all_items("neutral"), "新的意见")
    assert len(attention(cast.li, result, wave).written) == 2


def test_without_scores_it_leads_to_them_and_foreign_people_get_nothing(wave, cast, signed_in):
    url = reverse("findings:wave", args=[wave.pk])
    assert reverse("scores:wave", args=[wave.pk]) in signed_in(cast.li).get(url).content.decode()
    assert signed_in(cast.qian).get(url).status_code == 404


def test_the_page_asks_as_often_for_many_comments_as_for_few(
    result, sent, wave, cast, signed_in, django_assert_max_num_queries
):
    client = signed_in(cast.li)
    with django_assert_max_num_queries(20):
        client.get(reverse("findings:wave", args=[wave.pk]))
