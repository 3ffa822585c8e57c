"""The pages: who may changes hours and days there, everybody else reads them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import AT

from manyi.base.calendars.models import WorkCalendar
from manyi.base.calendars.operations import make_calendar

WEEK = {"zone": "Asia/Shanghai", "mon": "08:00-12:00 13:00-17:00", "tue": "", "wed": "08:00-12:00；13:00-17:00"}


@pytest.fixture
def row(p12, cast, time_machine):
    time_machine.move_to(AT)
    return make_calendar(by=cast.zhang, at=AT, name="working", unit=cast.company)


def url(name, row):
    return reverse(f"calendars:{name}", args=[row.pk])


def test_without_a_calendar_the_page_says_what_holds(p12, cast, signed_in):
    html = signed_in(cast.zhang).get(reverse("calendars:list")).content.decode()
    assert "08:30-12:00" in html
    assert reverse("calendars:new") in html


def test_the_keeper_of_the_procedure_changes_the_week(row, cast, signed_in):
    client = signed_in(cast.li)
    assert client.post(url("week", row), WEEK).status_code == 302
    row.refresh_from_db()
    assert row.week["mon"] == ["08:00-12:00", "13:00-17:00"]
    assert row.week["wed"] == ["08:00-12:00", "13:00-17:00"]
    assert row.week["tue"] == []


def test_a_week_that_never_opens_is_refused_in_words(row, cast, signed_in):
    answer = signed_in(cast.li).post(url("week", row), {"zone": "Asia/Shanghai", "mon": "8 bis 12"})
    assert answer.status_code in (409, 422)
    assert "时段" in answer.content.decode()


def test_days_are_closed_imported_dropped_and_confirmed(row, cast, signed_in):
    client = signed_in(cast.zhang)
    said = {"first": "2026-12-30", "last": "2026-12-31", "kind": "closed", "name": "盘点"}
    assert client.post(url("days", row), said)["Location"].endswith("?year=2026")
    file = SimpleUploadedFile("x.csv", "2028-01-01,休,元旦\n".encode())
    assert client.post(url("file", row), {"file": file}).status_code == 302
    html = client.get(url("calendar", row), {"year": "2028"}).content.decode()
    assert "元旦" in html
    client.post(url("drop", row), {"on": "2026-12-30"})
    assert list(
        row.days.filter(on__gte=date(2026, 12, 30), on__lte=date(2026, 12, 31)).values_list("on", flat=True)
    ) == [date(2026, 12, 31)]
    client.post(url("confirm", row), {"year": "2028"})
    assert 2028 in WorkCalendar.objects.get().years


@pytest.mark.parametrize(
    "said",
    [
        {"first": "2026-12-30", "last": "2026-12-01", "kind": "closed"},
        {"first": "2026-01-01", "last": "2026-12-31", "kind": "closed"},
        {"first": "x", "kind": "closed"},
        {"first": "2026-12-30", "kind": "perhaps"},
    ],
)
def test_days_that_make_no_sense_are_asked_for_again(row, cast, signed_in, said):
    assert signed_in(cast.zhang).post(url("days", row), said).status_code == 422


def test_an_empty_or_broken_file_is_refused(row, cast, signed_in):
    client = signed_in(cast.zhang)
    for content in (b"", b"x", b"2026-99-01,closed"):
        answer = client.post(url("file", row), {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code in (409, 422)
    assert client.post(url("drop", row), {"on": "gestern"}).status_code in (409, 422)


def test_who_may_not_reads_only(row, cast, signed_in):
    client = signed_in(cast.zhao)
    html = client.get(url("calendar", row)).content.decode()
    assert "<button" not in html.partition("<main")[2]
    assert client.post(url("week", row), WEEK).status_code == 403
    assert signed_in(cast.qian).get(url("calendar", row)).status_code == 404


def test_a_year_without_data_is_warned_of(row, cast, signed_in):
    WorkCalendar.objects.update(years=[2025])
    html = signed_in(cast.zhang).get(url("calendar", row)).content.decode()
    assert "2026, 2027 年的节假日尚未确认" in html


def test_the_pages_ask_a_fixed_number_of_questions(row, cast, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.zhang)
    for address in (url("calendar", row), reverse("calendars:list")):
        with django_assert_max_num_queries(20):
            client.get(address)
