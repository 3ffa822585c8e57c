"""The explanation of a deadline: what a person checks it by, and what is kept as evidence."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from manyi.core.calendars import Calendar, Edited, continuous, parse_span
from manyi.core.clocks.counting import Pause
from manyi.core.clocks.deadlines import due
from manyi.core.durations import parse_duration
from manyi.library.calendars import find_public_days

HOURS = (parse_span("08:30-12:00"), parse_span("13:30-17:30"))
CHINA = find_public_days("china")
assert CHINA
OFFICE = Calendar("Asia/Shanghai", (HOURS,) * 5 + ((),) * 2).observing(CHINA)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def told(start: str, within: str, calendar=OFFICE, pauses=()) -> list[str]:
    return [line.en for line in due(at(start), parse_duration(within), calendar, pauses).explanation]


def test_each_day_is_told_with_what_counted_and_why_not():
    found = due(at("2026-09-30T17:30+08:00"), parse_duration("16 hours"), OFFICE)
    assert [line.zh for line in found.explanation] == [
        "自 2026-09-30 周三 17:30 起 16 小时，开放时间（Asia/Shanghai）",
        "09-30 周三 17:30–17:30：0 分钟",
        "10-01 周四 – 10-07 周三：国庆节 休息",
        "10-08 周四 08:30–12:00、13:30–17:30：450 分钟",
        "10-09 周五 08:30–12:00、13:30–17:30：450 分钟",
        "10-10 周六 调休上班 08:30–09:30：60 分钟",
        "到期 2026-10-10 周六 09:30，计满 960 分钟",
    ]
    assert [line.en for line in found.explanation] == [
        "From Wed 2026-09-30 17:30: 16 hours of open time (Asia/Shanghai)",
        "Wed 09-30 17:30–17:30: 0 min",
        "Thu 10-01 – Wed 10-07: National Day, closed",
        "Thu 10-08 08:30–12:00, 13:30–17:30: 450 min",
        "Fri 10-09 08:30–12:00, 13:30–17:30: 450 min",
        "Sat 10-10 make-up workday 08:30–09:30: 60 min",
        "Due Sat 2026-10-10 09:30, after 960 min",
    ]


def test_a_pause_is_told_with_the_open_time_it_took():
    lines = told(
        "2026-11-04T09:00+08:00", "4 hours", pauses=[Pause(at("2026-11-04T11:00+08:00"), at("2026-11-04T14:00+08:00"))]
    )
    assert "Paused Wed 11-04 11:00 – Wed 11-04 14:00: 90 min of open time not counted" in lines


def test_it_says_that_the_same_day_became_another_one():
    assert told("2026-11-06T18:00+08:00", "same day")[1:] == [
        "Fri 11-06: past closing time, so the next open day counts",
        "Sat 11-07, Sun 11-08: closed",
        "Due Mon 2026-11-09 17:30",
    ]


def test_working_days_are_counted_in_runs():
    assert told("2026-11-05T09:00+08:00", "3 working days")[1:] == [
        "Thu 11-05: the first day, not counted",
        "Fri 11-06: 1 working day",
        "Sat 11-07, Sun 11-08: closed",
        "Mon 11-09, Tue 11-10: 2 working days",
        "Due Tue 2026-11-10 24:00",
    ]


def test_a_pause_over_the_first_day_makes_a_later_day_the_first():
    paused = [Pause(at("2026-11-04T10:00+08:00"), at("2026-11-06T15:00+08:00"))]
    assert told("2026-11-04T10:00+08:00", "2 working days", pauses=paused)[1:] == [
        "Paused Wed 11-04 10:00 – Fri 11-06 15:00: 1110 min of open time not counted",
        "Wed 11-04, Thu 11-05: paused, not counted",
        "Fri 11-06: the first day, not counted",
        "Sat 11-07, Sun 11-08: closed",
        "Mon 11-09, Tue 11-10: 2 working days",
        "Due Tue 2026-11-10 24:00",
    ]


def test_a_change_of_the_clock_and_an_edit_are_told():
    assert "Sun 03-29 clocks go forward 60 min" in told(
        "2026-03-28T12:00+01:00", "48 hours", continuous("Europe/Berlin")
    )
    edited = Edited(OFFICE, ((at("2026-11-04T15:00+08:00"), OFFICE),))
    assert "From Wed 11-04 15:00 by the edited calendar" in told("2026-11-04T14:00+08:00", "3 hours", edited)


def test_it_warns_of_a_year_whose_holidays_are_not_official():
    warned = "Note: the public holidays of 2027 are not official yet; the deadline may change"
    assert warned in told("2026-12-31T16:00+08:00", "8 hours")
    assert warned not in told("2026-12-30T16:00+08:00", "8 hours")


@pytest.mark.parametrize("within", ["8 hours", "30 minutes", "400 hours", "9999 hours"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_the_minutes_told_add_up_to_the_minutes_needed(zone, within):
    calendar = Calendar(zone, (HOURS,) * 5 + ((parse_span("22:00-06:00"),),) * 2, closed=frozenset({date(2026, 3, 9)}))
    pauses = [Pause(at("2026-03-06T15:00+00:00"), at("2026-03-07T15:00+00:00"))]
    lines = told("2026-03-05T10:00+00:00", within, calendar, pauses)
    assert len(lines) <= 60
    told_minutes = sum(int(m[1]) for line in lines[1:-1] if (m := re.search(r": (\d+) min(?: in all)?$", line)))
    needed = parse_duration(within)
    assert told_minutes == needed.amount * (60 if needed.unit == "hour" else 1)
