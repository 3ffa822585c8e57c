"""Calendar files: written so that every reader takes them, read without believing them."""

from datetime import UTC, date, datetime

import pytest

from manyi.core.ics import Entry, NamedDays, escaped, folded, read_days, write_calendar
from manyi.core.text import Text

ENTRY = Entry(
    "duty-1@manyi",
    date(2026, 12, 5),
    "年度调查：发放;记录, 台账\n第二行\\",
    "条款 5.3.1.3",
    "https://x.example/duties/1/",
)


def test_every_line_ends_in_crlf_and_holds_at_most_75_octets():
    text = write_calendar([ENTRY, Entry("2", datetime(2026, 12, 5, 9, tzinfo=UTC), "满" * 200)], name="我的工作")
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "VERSION:2.0" in lines


def test_texts_are_escaped_and_nothing_written_in_them_becomes_a_property():
    text = write_calendar([Entry("1", date(2026, 12, 5), "x\r\nATTENDEE:mailto:a@b\x00\x07")], name="n")
    assert "SUMMARY:x\\nATTENDEE:mailto:a@b" in text
    assert "\r\nATTENDEE" not in text
    assert "\x00" not in text
    assert escaped("a\\b;c,d\ne") == r"a\\b\;c\,d\ne"


def test_a_whole_day_ends_at_the_next_and_an_instant_is_in_utc():
    text = write_calendar([ENTRY, Entry("2", datetime(2026, 12, 5, 9, 30, tzinfo=UTC), "x")], name="n")
    assert "DTSTART;VALUE=DATE:20261205\r\nDTEND;VALUE=DATE:20261206" in text
    assert "DTSTART:20261205T093000Z" in text


def test_folding_never_cuts_a_character_and_unfolds_to_the_same():
    line = "SUMMARY:" + "满意度调查" * 40
    assert folded(line).replace("\r\n ", "") == line


def test_what_was_written_is_read_again():
    (found,) = read_days(write_calendar([ENTRY], name="n"))
    assert found == NamedDays(date(2026, 12, 5), date(2026, 12, 5), Text(ENTRY.title, ENTRY.title))


def test_holidays_of_several_days_are_read():
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261008\nSUMMARY:国庆节\nEND:VEVENT\nEND:VCALENDAR\n"
    assert read_days(text) == (NamedDays(date(2026, 10, 1), date(2026, 10, 7), Text("国庆节", "国庆节")),)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026-10-01\nEND:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261301\nEND:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nDTEND:20990101\nEND:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260105\nDTEND:20260101\nEND:VEVENT",
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(text):
    with pytest.raises(ValueError, match=r"\A"):
        read_days(text)
