"""The start page says what is to be done, why that day, and leads to where it is done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.base.people.operations import assign_role
from manyi.flow.dispatch.operations import finish_sending
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import list_my_duties, split_by_time


def page(client, name, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def test_who_has_to_send_sees_it_with_its_place_and_reason(wave, cast, signed_in, time_machine):
    time_machine.move_to(AT)
    html = page(signed_in(cast.zhao), "duties:mine")
    assert "发放调查表并建立台账" in html
    assert reverse("dispatch:wave", args=[wave.pk]) in html
    assert "2026-12-05" in html
    assert "5.3.1.3" in html


def test_it_is_nobody_elses_work(wave, cast, signed_in, time_machine):
    time_machine.move_to(AT)
    for person in (cast.li, cast.he, cast.wang, cast.sun):
        assert "发放调查表并建立台账" not in page(signed_in(person), "duties:mine")


def test_another_company_sees_none_of_it(wave, cast, signed_in, time_machine):
    time_machine.move_to(AT)
    client = signed_in(cast.qian)
    assert "发放调查表并建立台账" not in page(client, "duties:mine")
    assert "发放调查表并建立台账" not in page(client, "duties:list", state="all")


def test_whoever_holds_the_role_now_sees_it_though_another_was_named(wave, cast):
    assign_role(
        by=cast.zhang, at=AT, person=cast.he, role="sales_company", unit=cast.company, from_on=date(2026, 12, 1)
    )
    assert [duty.rule for duty in list_my_duties(cast.he, date(2026, 12, 1))] == ["annual_survey.send"]


def test_a_role_held_for_one_office_is_no_role_for_the_company(wave, cast):
    assign_role(by=cast.zhang, at=AT, person=cast.sun, role="sales_company", unit=cast.east, from_on=date(2026, 12, 1))
    assert list(list_my_duties(cast.sun, date(2026, 12, 1))) == []


@pytest.mark.parametrize(
    ("now", "place"),
    [
        (datetime(2026, 12, 5, 15, 59, tzinfo=UTC), 1),  # a minute before the fifth of December ends in Shanghai
        (datetime(2026, 12, 5, 16, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 28, 15, 59, tzinfo=UTC), 2),
        (datetime(2026, 11, 28, 16, 0, tzinfo=UTC), 1),
    ],
)
def test_it_is_overdue_soon_or_later_to_the_minute(wave, now, place):
    parts = split_by_time(list(Duty.objects.all()), now)
    assert [len(part) for part in parts] == [int(n == place) for n in range(3)]


def test_the_list_shows_what_was_done_and_how_late(sent, wave, cast, signed_in):
    finish_sending(by=cast.zhao, at=AT + timedelta(days=20), wave=wave)
    html = page(signed_in(cast.he), "duties:list", state="discharged")
    assert "发放调查表并建立台账" in html
    assert "发放调查表并建立台账" not in page(signed_in(cast.he), "duties:list", state="waived")


def test_only_who_may_waive_gets_the_page(wave, cast, signed_in):
    url = reverse("duties:waive", args=[Duty.objects.get().pk])
    assert signed_in(cast.zhao).get(url).status_code == 403
    assert signed_in(cast.qian).get(url).status_code == 404
    client = signed_in(cast.li)
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "<b>改期</b>"}).status_code == 302
    html = page(client, "duties:list", state="waived")
    assert "&lt;b&gt;改期&lt;/b&gt;" in html


def test_the_pages_ask_the_database_the_same_for_many_duties(wave, cast, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.zhao)
    first = Duty.objects.get()
    counts = []
    for many in (3, 30):
        for n in range(Duty.objects.count(), many):
            Duty.objects.create(
                rule=f"x.{n}", title_zh="事项", title_en="Thing", clause="1", revision=first.revision, unit=first.unit,
                role=first.role, subject=f"x:{n}", period="2026", opened_at=AT, due_at=AT, why=[],
            )  # fmt: skip
        for name in ("duties:mine", "duties:list"):
            with django_assert_max_num_queries(30) as captured:
                page(client, name)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
