"""The periods that work is owed for."""

from datetime import date, timedelta

import pytest

from manyi.core.periods import CADENCES, next_period, parse_period, period_of, periods, previous_period


@pytest.mark.parametrize("cadence", CADENCES)
def test_every_day_lies_in_exactly_one_period_and_the_key_leads_back(cadence):
    day = date(2023, 12, 20)
    while day < date(2029, 1, 10):
        period = period_of(cadence, day)
        assert day in period
        assert parse_period(period.key) == period
        assert next_period(cadence, period).first == period.last + timedelta(days=1)
        assert previous_period(cadence, period).last == period.first - timedelta(days=1)
        day += timedelta(days=3)


def test_the_first_days_of_january_may_belong_to_the_last_week_of_the_year_before():
    assert period_of("week", date(2027, 1, 1)).key == "2026-W53"


def test_all_periods_that_touch_a_time_are_listed():
    assert [p.key for p in periods("quarter", date(2026, 3, 31), date(2026, 10, 1))] == [
        "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["", "26", "2026-H3", "2026-Q0", "2026-13", "2026-W54", "2026-02-30", "2026-1"])
def test_what_is_no_period_is_refused(key):
    with pytest.raises(ValueError, match=r"\A"):
        parse_period(key)
