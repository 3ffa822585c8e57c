"""When something is due, in every form a procedure may write it, and why."""

from datetime import date, datetime

import pytest

from manyi.core.calendars import Calendar, continuous, parse_span
from manyi.core.dues import (
    Beside,
    Term,
    Yearly,
    due_of,
    earliest_of,
    escalation_at,
    moved,
    parse_point,
    warning_at,
    warnings_of,
)
from manyi.core.durations import Duration, parse_duration
from manyi.core.errors import Refusal
from manyi.core.periods import Period, period_of

DAY = (parse_span("08:30-12:00"), parse_span("13:30-17:30"))
OFFICE = Calendar("Asia/Shanghai", (DAY,) * 5 + ((),) * 2, closed=frozenset({date(2026, 12, 31)}))
DECEMBER = Period("2026", date(2026, 12, 1), date(2026, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


OPENED = at("2026-12-01T10:00")  # a Tuesday


def due(term, *, opened=OPENED, window=DECEMBER, calendar=OFFICE, **instants):
    return due_of(term, opened=opened, window=window, calendar=calendar, instants=instants)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("8 hours", "2026-12-02T10:30"),  # 2 + 4 open hours on Tuesday: 10:00–12:00, 13:30–17:30; then 08:30–10:30
        ("15 minutes", "2026-12-01T10:15"),
        ("same day", "2026-12-01T17:30"),
        ("next day", "2026-12-03T00:00"),
        ("3 days", "2026-12-05T00:00"),
        ("10 working days", "2026-12-16T00:00"),
        ("2 weeks", "2026-12-16T00:00"),
        ("1 month", "2027-01-02T00:00"),
        ("1 year", "2027-12-02T00:00"),
    ],
)
def test_within_runs_on_the_calendar(written, expected):
    assert due(Term("5.1", within=parse_duration(written))).at == at(expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12-05", "2026-12-06T00:00"),
        ("01-31", "2027-02-01T00:00"),
        ("02-31", "2027-03-01T00:00"),
        ("end of period", "2027-01-01T00:00"),
        ("last working day", "2026-12-31T00:00"),  # the 31st is closed
    ],
)
def test_a_point_in_time_is_over_when_its_day_is(written, expected):
    assert due(Term("5.1", at=parse_point(written))).at == at(expected)


def test_what_is_opened_after_its_day_of_the_window_is_late_at_once():
    assert due(Term(at=Yearly(12, 5)), opened=at("2026-12-20T09:00")).at == at("2026-12-06T00:00")


def test_without_a_time_it_is_due_at_the_end_of_the_window():
    owed = due(Term("5.1"))
    assert owed.at == at("2027-01-01T00:00")
    assert owed.why[0].zh == "条款 5.1：本期结束前"


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("15 minutes before agreed_at", at("2026-12-08T09:00"), "2026-12-08T08:45"),
        ("2 hours after agreed_at", at("2026-12-08T23:00"), "2026-12-09T01:00"),
        ("2 days before agreed_at", at("2026-12-08T09:00"), "2026-12-06T09:00"),
        ("3 working days before agreed_at", at("2026-12-08T09:00"), "2026-12-03T09:00"),
        ("2 days after agreed_at", at("2026-12-08T09:00"), "2026-12-11T00:00"),
        ("2 days after agreed_at", date(2026, 12, 8), "2026-12-11T00:00"),
        ("2 days before agreed_at", date(2026, 12, 8), "2026-12-07T00:00"),
        ("agreed_at", date(2026, 12, 8), "2026-12-09T00:00"),
        ("agreed_at", at("2026-12-08T09:00"), "2026-12-08T09:00"),
    ],
)
def test_beside_another_instant(written, value, expected):
    assert due(Term("3", at=parse_point(written)), agreed_at=value).at == at(expected)


def test_beside_what_has_no_time_yet_is_refused_with_its_name():
    with pytest.raises(Refusal) as refused:
        due(Term("3", at=parse_point("15 minutes before agreed_at")))
    assert refused.value.param == "agreed_at"


def test_the_clock_counts_from_the_step_it_names():
    term = Term("5.3.2", within=parse_duration("1 month"), starts="send")
    assert due(term, send=at("2026-12-31T08:00")).at == at("2027-02-01T00:00")
    assert "send" in due(term, send=at("2026-12-31T08:00")).why[0].zh
    assert due(term, send=date(2026, 12, 31)).at == at("2027-02-01T00:00")
    assert due(term).at == at("2027-01-02T00:00")
    assert "尚未发生" in due(term).why[0].zh


def test_it_says_the_clause_the_calendar_and_what_was_skipped():
    lines = due(Term("6", within=parse_duration("8 hours")), opened=at("2026-12-04T16:30")).why
    zh, en = "\n".join(line.zh for line in lines), "\n".join(line.en for line in lines)
    assert "条款 6" in zh
    assert "周六" in zh
    assert "Asia/Shanghai" in en
    assert "Sat" in en


def test_on_a_calendar_that_never_closes_hours_run_through_the_night():
    assert due(
        Term(within=parse_duration("8 hours")), opened=at("2026-12-04T20:00"), calendar=continuous("Asia/Shanghai")
    ).at == at("2026-12-05T04:00")


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("01-31", None, "2027-01-31T00:00"),
        ("end of period", None, "2026-12-31T00:00"),
        ("visited_on", date(2026, 12, 8), "2026-12-08T00:00"),
        ("2 days after visited_on", at("2026-12-08T15:00"), "2026-12-10T00:00"),
        ("30 minutes before visited_on", at("2026-12-08T15:00"), "2026-12-08T14:30"),
    ],
)
def test_not_before_a_day_is_from_its_beginning(written, value, expected):
    known = {} if value is None else {"visited_on": value}
    assert earliest_of(parse_point(written), window=DECEMBER, calendar=OFFICE, instants=known) == at(expected)


def test_a_month_without_a_working_day_is_refused():
    closed = Calendar("Asia/Shanghai", ((),) * 7, opened={date(2027, 6, 1): DAY})
    with pytest.raises(Refusal):
        due(Term(at="last working day"), calendar=closed)


@pytest.mark.parametrize("text", ["", "13", "soon after x y", "5 parsecs after x", "A", "2026-12-05"])
def test_what_is_no_point_in_time_is_refused(text):
    with pytest.raises(ValueError, match=r"\A"):
        parse_point(text)


def test_warnings_lie_before_the_due_time_or_after_the_opening():
    kept = {"opened": OPENED, "due_at": at("2026-12-16T00:00"), "calendar": OFFICE}
    assert warning_at((Duration(2, "day"), True), **kept) == at("2026-12-14T00:00")
    assert warning_at((Duration(10, "day"), False), **kept) == at("2026-12-11T10:00")
    assert warning_at((Duration(3, "working_day"), True), **kept) == at("2026-12-11T00:00")


def test_warnings_outside_the_time_of_the_work_are_left_out():
    kept = {"opened": OPENED, "due_at": at("2026-12-03T00:00"), "calendar": OFFICE}
    warnings = [(Duration(1, "day"), True), (Duration(5, "day"), True), (Duration(10, "day"), False)]
    assert warnings_of(warnings, **kept) == (at("2026-12-02T00:00"),)


def test_an_escalation_comes_so_long_after_it_was_due():
    assert escalation_at(None, due_at=OPENED, calendar=OFFICE) is None
    assert escalation_at(("boss", Duration(2, "day")), due_at=OPENED, calendar=OFFICE) == (
        "boss",
        at("2026-12-03T10:00"),
    )
    late = at("2026-12-04T17:00")
    assert escalation_at(("boss", Duration(2, "hour")), due_at=late, calendar=OFFICE) == (
        "boss",
        at("2026-12-07T10:00"),
    )


def test_moving_keeps_the_time_on_the_wall_over_a_change_of_the_clock():
    berlin = continuous("Europe/Berlin")
    start = datetime.fromisoformat("2026-10-26T09:00+01:00")
    assert moved(start, Duration(2, "day"), berlin, before=True) == datetime.fromisoformat("2026-10-24T09:00+02:00")


def test_beside_is_what_was_written():
    assert parse_point("2 working days after delivery.accepted") == Beside(
        "delivery.accepted", Duration(2, "working_day")
    )
    assert period_of("year", date(2026, 5, 1)).last == date(2026, 12, 31)
