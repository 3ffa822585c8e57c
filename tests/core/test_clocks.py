"""When something is due on a calendar. Golden values were counted by hand on the calendar of the year."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from bars.b08 import counted_of, differences, product
from bars.clock_cases import random_case
from hypothesis import given, settings
from hypothesis import strategies as st

from manyi.core.calendars import AnyCalendar, Calendar, Edited, continuous, parse_span
from manyi.core.clocks.counting import Pause
from manyi.core.clocks.days import end_of_day
from manyi.core.clocks.deadlines import due, elapsed, is_breached, remaining
from manyi.core.durations import parse_duration
from manyi.core.errors import Refusal

NATIONAL_DAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
MAKE_UP = {date(2026, 10, 10): (parse_span("08:30-12:00"),)}


def week(*spans: str, weekend: bool = False) -> tuple[tuple, ...]:
    open_day = tuple(map(parse_span, spans))
    return (open_day,) * 5 + ((open_day if weekend else ()),) * 2


OFFICE = Calendar("Asia/Shanghai", week("08:30-12:00", "13:30-17:30"), NATIONAL_DAYS, MAKE_UP)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def daily(zone: str, *spans: str) -> Calendar:
    return Calendar(zone, week(*spans, weekend=True))


def due_at(start: str, within: str, calendar: AnyCalendar = OFFICE, *pauses: tuple[str, str]) -> str:
    paused = [Pause(at(first), at(last)) for first, last in pauses]
    return due(at(start), parse_duration(within), calendar, paused).at.isoformat()


@pytest.mark.parametrize(
    ("start", "within", "expected"),
    [
        ("2026-11-04T09:00+08:00", "2 hours", "2026-11-04T11:00:00+08:00"),
        ("2026-11-04T11:00+08:00", "2 hours", "2026-11-04T14:30:00+08:00"),  # over lunch
        ("2026-11-04T16:30+08:00", "1 hour", "2026-11-04T17:30:00+08:00"),  # full at closing time, not next morning
        ("2026-11-06T16:00+08:00", "8 hours", "2026-11-09T16:30:00+08:00"),  # over the weekend: 90 + 210 + 180 min
        ("2026-11-07T10:00+08:00", "30 minutes", "2026-11-09T09:00:00+08:00"),  # arrives on a Saturday
        ("2026-09-30T17:30+08:00", "8 hours", "2026-10-09T09:00:00+08:00"),  # over the National Days
        ("2026-10-09T13:30+08:00", "7 hours", "2026-10-10T11:30:00+08:00"),  # into a make-up Saturday
        ("2026-11-04T09:00:20+08:00", "1 minute", "2026-11-04T09:01:20+08:00"),
    ],
)
def test_hours_run_while_the_calendar_is_open(start, within, expected):
    assert due_at(start, within) == expected


@pytest.mark.parametrize(
    ("start", "within", "expected"),
    [
        ("2026-11-04T23:00+08:00", "3 hours", "2026-11-05T02:00:00+08:00"),
        ("2026-11-05T05:00+08:00", "2 hours", "2026-11-05T23:00:00+08:00"),
        ("2026-11-06T23:00+08:00", "8 hours", "2026-11-09T23:00:00+08:00"),  # Friday's night ends on Saturday at 6
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_starts(start, within, expected):
    assert due_at(start, within, Calendar("Asia/Shanghai", week("22:00-06:00"))) == expected


def test_a_closed_day_does_not_cut_off_the_night_before_it():
    nights = Calendar("Asia/Shanghai", week("22:00-06:00", weekend=True), closed=frozenset({date(2026, 11, 5)}))
    assert due_at("2026-11-04T22:00+08:00", "9 hours", nights) == "2026-11-06T23:00:00+08:00"


def test_24_00_is_followed_by_midnight_without_a_lost_minute():
    assert due_at("2026-11-04T23:30+08:00", "1 hour", continuous("Asia/Shanghai")) == "2026-11-05T00:30:00+08:00"


@pytest.mark.parametrize(
    ("zone", "span", "start", "within", "expected"),
    [
        ("Europe/Berlin", "22:00-06:00", "2026-03-28T22:00+01:00", "8 hours", "2026-03-29T23:00:00+02:00"),  # 7 h night
        ("Europe/Berlin", "22:00-06:00", "2026-10-24T22:00+02:00", "8 hours", "2026-10-25T05:00:00+01:00"),  # 9 h night
        ("Europe/Berlin", "02:00-03:00", "2026-03-28T12:00+01:00", "30 minutes", "2026-03-30T02:30:00+02:00"),  # no 2 h
        ("America/New_York", "01:00-02:00", "2026-11-01T00:00-04:00", "2 hours", "2026-11-01T02:00:00-05:00"),  # twice
        ("Australia/Lord_Howe", "01:00-03:00", "2026-04-05T00:00+11:00", "150 minutes", "2026-04-05T03:00:00+10:30"),
        ("Australia/Lord_Howe", "01:00-03:00", "2026-10-04T00:00+10:30", "90 minutes", "2026-10-04T03:00:00+11:00"),
        ("Asia/Kathmandu", "09:00-17:00", "2026-11-04T16:45+05:45", "30 minutes", "2026-11-05T09:15:00+05:45"),
    ],
)
def test_real_minutes_count_when_clocks_change(zone, span, start, within, expected):
    assert due_at(start, within, daily(zone, span)) == expected


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([("2026-11-04T10:00+08:00", "2026-11-04T10:30+08:00")], "2026-11-04T11:30:00+08:00"),
        ([("2026-11-04T12:00+08:00", "2026-11-04T13:30+08:00")], "2026-11-04T11:00:00+08:00"),  # lunch, after the end
        ([("2026-11-03T10:00+08:00", "2026-11-04T08:00+08:00")], "2026-11-04T11:00:00+08:00"),  # before the start
        (
            [
                ("2026-11-04T09:30+08:00", "2026-11-04T10:30+08:00"),
                ("2026-11-04T10:00+08:00", "2026-11-04T11:00+08:00"),
            ],
            "2026-11-04T14:00:00+08:00",  # they overlap and count once
        ),
    ],
)
def test_a_pause_stops_the_clock_only_while_it_is_open(pauses, expected):
    assert due_at("2026-11-04T09:00+08:00", "2 hours", OFFICE, *pauses) == expected


@pytest.mark.parametrize(
    ("start", "within", "expected"),
    [
        ("2026-11-04T09:00+08:00", "same day", "2026-11-04T17:30:00+08:00"),
        ("2026-11-06T17:30+08:00", "same day", "2026-11-09T17:30:00+08:00"),  # after closing: the next open day
        ("2026-11-04T09:00+08:00", "next day", "2026-11-06T00:00:00+08:00"),
        ("2026-11-04T09:00+08:00", "3 days", "2026-11-08T00:00:00+08:00"),
        ("2026-11-04T09:00+08:00", "2 weeks", "2026-11-19T00:00:00+08:00"),
        ("2026-12-31T09:00+08:00", "2 months", "2027-03-01T00:00:00+08:00"),  # no 31 February: its last day
        ("2024-02-29T09:00+08:00", "1 year", "2025-03-01T00:00:00+08:00"),
        ("2026-11-05T09:00+08:00", "1 working day", "2026-11-07T00:00:00+08:00"),
        ("2026-11-06T09:00+08:00", "10 working days", "2026-11-21T00:00:00+08:00"),
        ("2026-09-30T09:00+08:00", "3 working days", "2026-10-11T00:00:00+08:00"),  # 8, 9 and the make-up Saturday 10
    ],
)
def test_days_end_at_midnight_and_the_same_day_at_closing_time(start, within, expected):
    assert due_at(start, within) == expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("same day", "2026-11-05T17:30:00+08:00"),
        ("3 days", "2026-11-09T00:00:00+08:00"),
        ("1 working day", "2026-11-07T00:00:00+08:00"),
    ],
)
def test_an_end_of_a_day_in_a_pause_is_not_counted(within, expected):
    assert (
        due_at("2026-11-04T09:00+08:00", within, OFFICE, ("2026-11-04T15:00+08:00", "2026-11-05T09:00+08:00"))
        == expected
    )


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Asia/Shanghai", date(2026, 11, 4), "2026-11-04T16:00+00:00"),
        ("America/Havana", date(2026, 3, 7), "2026-03-08T05:00+00:00"),  # 00:00 becomes 01:00
        ("America/Havana", date(2026, 10, 31), "2026-11-01T04:00+00:00"),  # 01:00 becomes 00:00: the day has begun
        ("America/St_Johns", date(2010, 11, 6), "2010-11-07T03:30+00:00"),  # 00:01 becomes 23:01: it comes back
    ],
)
def test_a_day_ends_once_also_when_the_clock_changes_at_midnight(zone, day, expected):
    assert end_of_day(continuous(zone).tz, day) == at(expected)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("same day", "2036-11-05T17:30:00+08:00"),
        ("2 working days", "2036-11-08T00:00:00+08:00"),
        ("3 days", "2036-11-09T00:00:00+08:00"),
        ("1 hour", "2036-11-05T14:30:00+08:00"),
    ],
)
def test_a_pause_of_years_is_passed_over_at_once(within, expected):
    began = time.process_time()
    pause = ("2026-11-04T10:00+08:00", "2036-11-05T12:30+08:00")
    assert due_at("2026-11-04T10:00+08:00", within, OFFICE, pause) == expected
    assert time.process_time() - began < 2  # minute by minute, ten years would take many seconds


def test_an_edit_counts_from_its_instant_on():
    shorter = Calendar("Asia/Shanghai", week("10:00-12:00"))
    edited = Edited(OFFICE, ((at("2026-11-04T15:00+08:00"), shorter),))
    # 14:00–15:00 by the old calendar, 10:00–12:00 by the new one
    assert due_at("2026-11-04T14:00+08:00", "3 hours", edited) == "2026-11-05T12:00:00+08:00"
    assert elapsed(at("2026-11-04T14:00+08:00"), at("2026-11-04T16:00+08:00"), edited) == timedelta(hours=1)


def test_what_has_run_and_what_is_left():
    start, deadline = at("2026-11-06T16:00+08:00"), at("2026-11-09T16:30+08:00")
    friday_evening, monday, late = (
        at("2026-11-06T20:00+08:00"),
        at("2026-11-09T14:00+08:00"),
        at("2026-11-09T17:00+08:00"),
    )
    assert elapsed(start, friday_evening, OFFICE) == timedelta(minutes=90)
    assert remaining(start, deadline, friday_evening, OFFICE) == timedelta(minutes=390)
    assert remaining(start, deadline, monday, OFFICE) == timedelta(minutes=150)
    assert remaining(start, deadline, late, OFFICE) == timedelta(minutes=-30)
    assert remaining(start, deadline, at("2026-11-01T00:00+08:00"), OFFICE) == timedelta(hours=8)
    assert elapsed(start, at("2026-11-01T00:00+08:00"), OFFICE) == timedelta()


def test_it_is_breached_from_the_deadline_on():
    deadline = at("2026-11-09T16:00+08:00")
    assert not is_breached(deadline, at("2026-11-09T07:59:59+00:00"))
    assert is_breached(deadline, at("2026-11-09T08:00:00+00:00"))


def refusal_of(start: str, within: str, calendar: Calendar = OFFICE) -> str:
    with pytest.raises(Refusal) as refused:
        due(at(start), parse_duration(within), calendar)
    return refused.value.code


def test_a_calendar_that_does_not_open_is_refused():
    with pytest.raises(Refusal) as refused:
        Calendar("Asia/Shanghai", ((),) * 7, opened={date(2026, 11, 4): ()})
    assert refused.value.code == "no_open_time"
    past = Calendar("Asia/Shanghai", ((),) * 7, opened={date(2020, 1, 1): (parse_span("08:00-09:00"),)})
    for within in ("1 minute", "8 hours", "same day"):
        assert refusal_of("2026-11-04T09:00+08:00", within, past) == "no_open_time"
    assert refusal_of("2026-11-04T09:00+08:00", "1 working day", past) == "too_far"
    assert refusal_of("2020-01-01T08:00+08:00", "61 minutes", past) == "too_far"


@pytest.mark.parametrize("within", ["99999 years", "99999 months", "99999 days", "99999 weeks", "99999 working days"])
def test_a_deadline_no_one_will_see_is_refused(within):
    assert refusal_of("2026-11-04T09:00+08:00", within) == "too_far"


@pytest.mark.parametrize(
    "start", ["2026-11-04T09:00", "1969-12-31T00:00+00:00", "9999-12-31T23:00+00:00", "0001-01-01T00:00+14:00"]
)
def test_an_instant_without_offset_or_out_of_range_is_refused(start):
    assert refusal_of(start, "1 hour") == "not_an_instant"


@pytest.mark.parametrize("within", ["99999 hours", "99999 minutes", "9999 working days", "50 years"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_long_spans_are_answered_at_once(zone, within):
    office = Calendar(zone, OFFICE.week, NATIONAL_DAYS, MAKE_UP)
    start, length = at("2026-09-30T08:00+00:00"), parse_duration(within)
    due(start, length, office)
    took = []
    for _ in range(3):
        began = time.process_time()
        due(start, length, office)
        took.append(time.process_time() - began)
    assert min(took) < 0.05


minutes = st.integers(0, 20 * 1440)
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"])


@settings(max_examples=60, deadline=None)
@given(zone=zones, first=minutes, needed=st.integers(1, 3000), pause=st.tuples(minutes, minutes).map(sorted))
def test_what_was_needed_has_run_at_the_deadline_and_not_before(zone, first, needed, pause):
    calendar = Calendar(zone, week("08:30-12:00", "13:30-17:30", "22:00-02:30"), NATIONAL_DAYS, MAKE_UP)
    origin = datetime(2026, 9, 25, tzinfo=UTC)
    start = origin + timedelta(minutes=first)
    pauses = [Pause(*(origin + timedelta(minutes=m) for m in pause))]
    within = parse_duration(f"{needed} minutes")
    deadline = due(start, within, calendar, pauses).at
    assert elapsed(start, deadline, calendar, pauses) == timedelta(minutes=needed)
    before = deadline - timedelta(seconds=1)
    assert elapsed(start, before, calendar, pauses) == timedelta(minutes=needed, seconds=-1)
    assert remaining(start, deadline, before, calendar, pauses) == timedelta(seconds=1)
    assert deadline >= due(start, within, calendar).at


def test_it_agrees_with_the_minute_counter_of_b8():
    """A few cases of the bar, so that a fault shows here as well; the bar itself runs hundreds and thousands."""
    random = Random(8)  # noqa: S311 - the same cases each time
    found = [
        told
        for case in (random_case(random) for _ in range(8))
        for told in differences(case, counted_of(case), product)
    ]
    assert found == []
