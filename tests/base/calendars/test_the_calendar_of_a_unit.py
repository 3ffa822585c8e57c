"""A unit works by its own calendar, else by that of the unit above, else by the shipped one."""

from datetime import UTC, date, datetime

import pytest
from tests.conftest import AT

from manyi.base.calendars.days import NewDay, read_file
from manyi.base.calendars.models import WorkCalendar
from manyi.base.calendars.operations import (
    CannotChangeCalendar,
    change_week,
    confirm_year,
    fill_calendars,
    make_calendar,
    remove_day,
    set_days,
)
from manyi.base.calendars.queries import get_calendar, list_years_missing
from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.core.clocks.deadlines import due
from manyi.core.durations import parse_duration
from manyi.core.errors import Faults
from manyi.core.text import Text

FRIDAY = datetime(2026, 9, 30, 8, 30, tzinfo=UTC)  # 16:30 in Shanghai, on the eve of the National Day


@pytest.fixture
def calendar(cast):
    return make_calendar(by=cast.zhang, at=AT, name="working", unit=cast.company)


def test_a_new_company_works_by_the_shipped_hours_and_holidays(cast):
    shipped = get_calendar("working", cast.east)
    assert shipped.zone == "Asia/Shanghai"
    assert date(2026, 10, 1) in shipped.closed
    assert shipped.spans_on(date(2026, 10, 10))  # a make-up Saturday
    assert due(FRIDAY, parse_duration("8 hours"), shipped).at.isoformat() == "2026-10-08T17:00:00+08:00"


def test_what_is_stored_says_the_same_as_what_is_shipped(cast):
    before = get_calendar("working", cast.east)
    row = fill_calendars(by=cast.zhang, at=AT, unit=cast.company)
    assert row is not None
    assert fill_calendars(by=cast.zhang, at=AT, unit=cast.company) is None
    after = get_calendar("working", cast.east)
    days = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 12, 31).toordinal())]
    assert [before.spans_on(day) for day in days] == [after.spans_on(day) for day in days]
    assert before.confirmed == after.confirmed


def test_the_nearest_unit_above_decides(cast, calendar):
    own = make_calendar(by=cast.zhang, at=AT, name="working", unit=cast.east)
    change_week(by=cast.zhang, at=AT, calendar=own, zone="Asia/Shanghai", week={"sun": ["00:00-24:00"]})
    assert get_calendar("working", cast.east).spans_on(date(2026, 11, 29))
    assert not get_calendar("working", cast.south).spans_on(date(2026, 11, 29))
    assert get_calendar("night_shift", cast.east) == get_calendar("working", cast.east)


def test_the_calendar_that_never_closes_has_the_zone_of_the_unit(cast, calendar):
    change_week(by=cast.zhang, at=AT, calendar=calendar, zone="Europe/Berlin", week=calendar.week)
    assert get_calendar("continuous", cast.east).zone == "Europe/Berlin"
    assert get_calendar("continuous", cast.east).spans_on(date(2026, 10, 1))


def test_a_day_may_be_closed_opened_and_given_back_to_its_weekday(cast, calendar):
    do = {"by": cast.zhang, "at": AT, "calendar": calendar}
    sunday, tuesday = date(2026, 11, 29), date(2026, 12, 1)
    names = Text("年终盘点", "Stocktaking")
    set_days(**do, days=[NewDay(sunday, "open", names, ("09:00-12:00",)), NewDay(tuesday, "closed", names)])
    known = get_calendar("working", cast.east)
    assert [span.end for span in known.spans_on(sunday)] == [720]
    assert known.spans_on(tuesday) == ()
    assert known.names[tuesday] == names
    set_days(**do, days=[NewDay(sunday, "open", names)])  # again: the usual hours
    assert len(get_calendar("working", cast.east).spans_on(sunday)) == 2
    remove_day(**do, on=tuesday)
    assert get_calendar("working", cast.east).spans_on(tuesday)
    assert Event.objects.filter(kind__startswith="calendars.").count() == 4


@pytest.mark.parametrize(
    ("zone", "week"),
    [
        ("Asia/Shanghai", {}),
        ("Asia/Atlantis", {"mon": ["08:30-12:00"]}),
        ("../../etc/passwd", {"mon": ["08:30-12:00"]}),
        ("Asia/Shanghai", {"mon": ["8-12"]}),
        ("Asia/Shanghai", {"mon": ["25:00-26:00"]}),
        ("Asia/Shanghai", {"mon": ["08:00-08:01"] * 7}),
    ],
)
def test_what_never_opens_or_is_no_calendar_is_refused_and_nothing_changes(cast, zone, week):
    row = WorkCalendar.objects.create(
        name="working", unit=cast.company, zone="Asia/Shanghai", week={"mon": ["08:00-09:00"]}, changed_at=AT
    )
    with pytest.raises(CannotChangeCalendar):
        change_week(by=cast.zhang, at=AT, calendar=row, zone=zone, week=week)
    assert WorkCalendar.objects.get(pk=row.pk).week == {"mon": ["08:00-09:00"]}


@pytest.mark.parametrize("name", ["", "continuous", "Werktag", "工作", "a b", "x" * 61])
def test_a_name_that_no_procedure_could_write_is_refused(cast, name):
    with pytest.raises(CannotChangeCalendar):
        make_calendar(by=cast.zhang, at=AT, name=name, unit=cast.company)


def test_not_by_who_may_not_and_not_twice(cast, calendar):
    with pytest.raises(MayNot):
        make_calendar(by=cast.zhao, at=AT, name="working", unit=cast.company)
    with pytest.raises(MayNot):
        set_days(by=cast.sun, at=AT, calendar=calendar, days=[NewDay(date(2026, 1, 1), "closed", Text())])
    with pytest.raises(CannotChangeCalendar):
        make_calendar(by=cast.zhang, at=AT, name="working", unit=cast.company)


def test_a_year_in_use_is_missing_until_somebody_confirms_it(cast, calendar):
    WorkCalendar.objects.filter(pk=calendar.pk).update(years=[2025])
    calendar.refresh_from_db()
    assert list_years_missing(calendar, date(2026, 9, 30)) == [2026]
    assert list_years_missing(calendar, date(2026, 10, 1)) == [2026, 2027]
    confirm_year(by=cast.zhang, at=AT, calendar=calendar, year=2026)
    assert list_years_missing(calendar, date(2026, 9, 30)) == []
    with pytest.raises(CannotChangeCalendar):
        confirm_year(by=cast.zhang, at=AT, calendar=calendar, year=99999)


# ---- files ------------------------------------------------------------------------------------


def test_a_table_of_days_is_read_in_both_languages_and_encodings():
    text = "日期,类型,名称,时段\n2026-10-01,休,国庆节\n2026/10/10,班,调休,08:30-12:00 13:30-17:30\n2026.1.1,holiday\n"
    text = text.replace("2026.1.1", "2026.01.01")
    for content in (text.encode("utf-8-sig"), text.encode("gb18030"), text.replace("\n", "\r\n").encode()):
        days = read_file(content)
        assert [(d.on.isoformat(), d.kind, d.name.zh, len(d.spans)) for d in days] == [
            ("2026-10-01", "closed", "国庆节", 0), ("2026-10-10", "open", "调休", 2), ("2026-01-01", "closed", "", 0),
        ]  # fmt: skip


def test_every_wrong_row_is_named():
    with pytest.raises(Faults) as wrong:
        read_file("2026-10-01,休\n2026-13-01,休\n2026-10-02,maybe\n".encode())
    assert [fault.row for fault in wrong.value.faults] == [2, 3]


def test_a_calendar_file_closes_the_days_of_its_events():
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261004\nSUMMARY:国庆\nEND:VEVENT\nEND:VCALENDAR"
    assert [d.on.day for d in read_file(text.encode())] == [1, 2, 3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\xff\xfe\x00\x80" * 9,
        b"PK\x03\x04",
        b"a" * (1024**2 + 1),
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nEND:VEVENT",
        b"day,kind\n",
    ],
)
def test_what_is_no_list_of_days_is_refused(content):
    with pytest.raises(Faults):
        read_file(content)
