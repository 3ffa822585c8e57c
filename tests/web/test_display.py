"""Figures, days, titles, states, forms and pages as they are shown."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation
from tests.web.sample_urls import SampleForm

from manyi.core.text import Text

pytestmark = pytest.mark.usefixtures("sample_product")


def shown(source, lang="zh-hans", **values):
    with translation.override(lang):
        return Template(source).render(Context(values))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Fraction(12345, 1000), "12.35"),
        ("2467/200", "12.34"),
        (80, "80.00"),
        (Decimal("0.005"), "0.01"),
        (None, "—"),
        (0, "0.00"),
    ],
)
def test_a_score_is_rounded_half_up_at_display_only(value, told):
    assert shown("{% score v %}", v=value) == told.replace("12.34", "12.34")


@pytest.mark.parametrize(("value", "told"), [(Fraction(2, 3), "66.7%"), ("1/1", "100.0%"), (None, "—"), ("", "—")])
def test_a_share_is_per_cent_only_on_the_page(value, told):
    assert shown("{% share v %}", v=value) == told


def test_a_title_is_in_the_readers_language_and_falls_back():
    assert shown("{% text t %}", t=Text("客户", "Customers")) == "客户"
    assert shown("{% text t %}", "en", t=Text("客户", "Customers")) == "Customers"
    assert shown("{% text t %}", "en", t=Text("客户")) == "客户"
    assert shown("{% text t %}", t=None) == ""


def test_a_title_is_escaped():
    assert shown("{% text t %}", t=Text("<script>")) == "&lt;script&gt;"
    assert shown("{% badge 'open' t %}", t=Text("<b>")).count("<b>") == 0


def test_an_instant_is_told_where_the_reader_is():
    assert ">2026-12-05<" in shown("{% day d %}", d=date(2026, 12, 5))
    assert ">2026-12-06 00:30<" in shown("{% day d %}", d=datetime(2026, 12, 5, 16, 30, tzinfo=UTC))
    assert shown("{% day d %}", d=None) == "—"


def test_a_state_is_a_word_and_a_colour():
    badge = shown("{% badge 'overdue' %}", "en")
    assert "overdue" in badge
    assert "bg-red-lt" in badge
    assert "whatever" in shown("{% badge 'whatever' %}")


def test_a_bar_says_what_it_shows_and_marks_the_limit():
    bar = shown("{% bar s '3/4' 'Coverage' %}", "en", s=Fraction(2, 3))
    assert 'width="66.67"' in bar
    assert 'x="75.00"' in bar
    assert "under" in bar
    assert "Coverage 66.7%" in bar
    assert "under" not in shown("{% bar s '3/4' %}", s=Fraction(3, 4))
    assert "svg" not in shown("{% bar s %}", s=None)


def test_a_form_tells_what_is_wrong_beside_the_field():
    form = SampleForm({"customer": "<i>x</i>" * 9, "channel": "pigeon"})
    page = shown("{% fields form %}", "en", form=form)
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    assert page.count('class="invalid-feedback') == 4
    assert 'id="id_customer_error"' in page
    assert page.count("<label") >= 5
    assert "<fieldset" in page


def test_pages_keep_what_was_searched_for(signed_in, cast):
    page = signed_in(cast.li).get("/sample/?q=a%26b&page=2").content.decode()
    assert "?q=a%26b&amp;page=3" in page
    assert 'aria-current="page">2<' in page


def test_the_menu_shows_only_what_the_person_may_see(signed_in, cast):
    assert ">管理<" in signed_in(cast.zhang).get("/sample/").content.decode()
    sun = signed_in(cast.sun).get("/sample/").content.decode()
    assert ">我的工作<" in sun
    assert ">管理<" not in sun
    assert ">证据<" not in sun


def test_the_menu_marks_where_one_is(signed_in, cast):
    assert 'aria-current="page">客户<' in signed_in(cast.sun).get("/customers/").content.decode()


def test_a_page_asks_for_its_rights_once(signed_in, cast, django_assert_max_num_queries):
    client = signed_in(cast.zhang)
    with django_assert_max_num_queries(4):  # session, person, assignments, grants
        client.get("/sample/")
