"""Calendars as values, and the calendar of China that ships with Manyi."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from manyi.core.calendars import Calendar, Edited, Span, parse_span
from manyi.core.errors import Refusal
from manyi.library.calendars import find_public_days, list_public_days

HOURS = (parse_span("09:00-18:00"),)
WEEK = (HOURS,) * 5 + ((),) * 2


@pytest.mark.parametrize(
    "text",
    ["8-9", "08:30", "25:00-26:00", "08:60-09:00", "08:00-24:01", "24:00-06:00", "08:00-08:00", "08:00-12:00x"],
)
def test_a_span_that_is_none_is_not_read(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [("22:00-00:00", Span(1320, 1440)), ("16:00-24:00", Span(960, 1440)), ("8:30–12:00", Span(510, 720))],
)
def test_a_span_may_reach_midnight(text, span):
    assert parse_span(text) == span


def test_open_days_override_closed_ones_and_both_the_week():
    monday, saturday = date(2026, 11, 2), date(2026, 11, 7)
    calendar = Calendar("Asia/Shanghai", WEEK, frozenset({monday, saturday}), {saturday: (Span(0, 60),)})
    assert calendar.spans_on(monday) == ()
    assert calendar.spans_on(saturday) == (Span(0, 60),)
    assert calendar.spans_on(date(2026, 11, 3)) == HOURS


@pytest.mark.parametrize("zone", ["Mars/Base", "", "Asia", "../etc/passwd", "a\0b"])
def test_an_unknown_time_zone_is_refused(zone):
    with pytest.raises(Refusal) as refused:
        Calendar(zone, WEEK)
    assert refused.value.code == "unknown_timezone"


def test_an_edit_cannot_move_the_calendar_to_another_zone():
    with pytest.raises(Refusal):
        Edited(
            Calendar("Asia/Shanghai", WEEK), ((datetime(2026, 11, 4, tzinfo=UTC), Calendar("Asia/Kathmandu", WEEK)),)
        )


def test_a_company_s_own_day_stands_against_the_public_one():
    china = find_public_days("china")
    own = Calendar("Asia/Shanghai", WEEK, frozenset({date(2026, 10, 10)}), {date(2026, 10, 1): HOURS}).observing(china)
    assert own.spans_on(date(2026, 10, 1)) == HOURS  # open on the National Day
    assert own.spans_on(date(2026, 10, 10)) == ()  # closed on the make-up Saturday
    assert own.spans_on(date(2026, 9, 20)) == HOURS


def test_the_years_of_china_are_those_of_a_second_source():
    """Every day of the confirmed years against the package ``chinesecalendar`` 1.11."""
    china = find_public_days("china")
    calendar = Calendar("Asia/Shanghai", WEEK).observing(china)
    assert china.confirmed >= {2024, 2025, 2026}
    day, wrong = date(min(china.confirmed), 1, 1), []
    while day.year <= 2026:
        if bool(calendar.spans_on(day)) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        # the State Council's notices for 2024, 2025 and 2026
        (date(2024, 2, 10), date(2024, 2, 17), "春节"),
        (date(2025, 1, 28), date(2025, 2, 4), "春节"),
        (date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节"),
        (date(2026, 2, 15), date(2026, 2, 23), "春节"),
        (date(2026, 9, 25), date(2026, 9, 27), "中秋节"),
        (date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
    ],
)
def test_holidays_last_as_the_notices_say(first, last, name):
    china = find_public_days("china")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert {china.closed[day].zh for day in days} == {name}
    assert first - timedelta(days=1) not in china.closed
    assert last + timedelta(days=1) not in china.closed


def test_years_without_a_notice_are_there_but_not_confirmed():
    china = find_public_days("china")
    assert 2027 not in china.confirmed
    assert date(2027, 10, 1) in china.closed


def test_only_what_is_shipped_is_found():
    assert list_public_days() == ["china"]
    assert find_public_days("../calendars/china") is None
