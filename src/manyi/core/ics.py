"""Calendars as files (iCalendar, RFC 5545): what is owed goes out in it, public holidays come in by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from manyi.core.text import Text

OCTETS = 75
MOST_DAYS = 400
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\r\n": "\\n", "\n": "\\n", "\r": "\\n"}
_ESCAPE = re.compile(r"\r\n|[\\;,\n\r]")
_UNESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar that goes out: a whole day (``date``) or an instant."""

    uid: str
    at: date | datetime
    title: str
    text: str = ""
    url: str = ""
    changed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NamedDays:
    """Days with one name, as a file of holidays states them."""

    first: date
    last: date
    name: Text


def write_calendar(entries: Iterable[Entry], *, name: str) -> str:
    """The file: lines end in CRLF and are folded at 75 octets, texts are escaped, control characters left out.

    >>> "SUMMARY:a\\\\, b" in write_calendar([Entry("1", date(2026, 12, 5), "a, b")], name="x")
    True
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Manyi//duties//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for entry in entries:
        lines += _entry(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(entry: Entry) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{escaped(entry.uid)}", f"DTSTAMP:{_instant(entry.changed_at)}"]
    if isinstance(entry.at, datetime):
        lines.append(f"DTSTART:{_instant(entry.at)}")
    else:
        lines += [
            f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]  # fmt: skip
    lines.append(f"SUMMARY:{escaped(entry.title)}")
    if entry.text:
        lines.append(f"DESCRIPTION:{escaped(entry.text)}")
    if entry.url:
        lines.append(f"URL:{_CONTROL.sub('', entry.url)}")
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """A text as a property holds it."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], _CONTROL.sub("", text))


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never cut inside a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode("utf-8", "replace"))
        if size + width > OCTETS - bool(pieces):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + sign, size + width
    return "\r\n ".join([*pieces, piece])


def read_days(text: str) -> tuple[NamedDays, ...]:
    """The whole days of every event in a file; ``ValueError`` for a text that is no calendar or has a broken day."""
    lines = re.sub(r"\r?\n[ \t]", "", text.removeprefix("\ufeff")).splitlines()
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise ValueError("BEGIN:VCALENDAR")
    return tuple(_events(lines))


def _events(lines: Iterable[str]) -> Iterator[NamedDays]:
    known: dict[str, str] | None = None
    for line in lines:
        head, _, value = line.partition(":")
        key = head.partition(";")[0].strip().upper()
        if (key, value.strip().upper()) == ("BEGIN", "VEVENT"):
            known = {}
        elif (key, value.strip().upper()) == ("END", "VEVENT") and known is not None:
            yield _named(known)
            known = None
        elif known is not None:
            known.setdefault(key, value.strip())


def _named(known: dict[str, str]) -> NamedDays:
    first = _day(known.get("DTSTART", ""))
    end = _day(known["DTEND"]) - timedelta(days=1) if known.get("DTEND") else first
    name = _UNESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], known.get("SUMMARY", ""))
    if not timedelta() <= end - first + timedelta(days=1) <= timedelta(days=MOST_DAYS):
        raise ValueError(known["DTSTART"])
    return NamedDays(first, max(first, end), Text(name.strip()[:80], name.strip()[:80]))


def _day(text: str) -> date:
    if not re.match(r"\d{8}(T\d{6}Z?)?$", text):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
