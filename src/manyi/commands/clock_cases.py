"""The cases ``manyi clock`` takes, read from JSON: every fault with the number of its case and the place in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from manyi.core.calendars import DAYS, AnyCalendar, Calendar, Edited, PublicDays, Spans, parse_span
from manyi.core.clocks.counting import Pause
from manyi.core.durations import Duration, parse_duration
from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Text
from manyi.library.calendars import find_public_days

T = TypeVar("T")
CASE_KEYS = {"calendar", "from", "within", "pauses", "edits"}
CALENDAR_KEYS = {"timezone", "week", "closed", "open", "names", "holidays"}


@dataclass(frozen=True, slots=True)
class Case:
    """One question: when is what began at ``start`` due?"""

    calendar: AnyCalendar
    start: datetime
    within: Duration
    pauses: tuple[Pause, ...]


def read_cases(data: object, name: str) -> list[Case]:
    """The cases of a file's JSON; raises ``Faults`` with everything that is wrong in any of them."""
    if not isinstance(data, list):
        message = Text("应为案例的列表", "A list of cases is expected")
        hint = Text("以 [ 开始，每个元素一个案例", "Begin with [ and give one element a case")
        raise Faults([Fault("not_a_list", message, hint, table=name)])
    reader = _Reader(name)
    cases = [reader.case(item, number) for number, item in enumerate(data, start=1)]
    if reader.faults:
        raise Faults(reader.faults)
    return [case for case in cases if case is not None]


class _Reader:
    """Reads on after a fault, so that all of them are told at once."""

    def __init__(self, name: str) -> None:
        self.name, self.number = name, 0
        self.faults: list[Fault] = []

    def case(self, item: object, number: int) -> Case | None:
        self.number = number
        fields = self.mapping(item, "", CASE_KEYS, required=("calendar", "from", "within"))
        if fields is None:
            return None
        before = len(self.faults)
        calendar = self.calendar(fields["calendar"], "calendar")
        start = self.value(fields["from"], "from", instant, INSTANT)
        within = self.value(fields["within"], "within", parse_duration, DURATION)
        pauses = [self.pause(pair, f"pauses[{i}]") for i, pair in enumerate(self.items(fields, "pauses"))]
        edits = [self.edit(pair, f"edits[{i}]") for i, pair in enumerate(self.items(fields, "edits"))]
        if len(self.faults) > before or calendar is None or start is None or within is None:
            return None
        in_order = sorted((edit for edit in edits if edit), key=lambda edit: edit[0])
        edited = self.refused(lambda: Edited(calendar, tuple(in_order)), "edits") if in_order else calendar
        return Case(edited, start, within, tuple(filter(None, pauses))) if edited else None

    def calendar(self, item: object, path: str) -> Calendar | None:
        fields = self.mapping(item, path, CALENDAR_KEYS, required=("timezone", "week"))
        if fields is None:
            return None
        before = len(self.faults)
        zone = self.value(fields["timezone"], f"{path}.timezone", str, ZONE)
        week_fields = self.mapping(fields["week"], f"{path}.week", set(DAYS)) or {}
        week = tuple(self.spans(week_fields.get(day, []), f"{path}.week.{day}") for day in DAYS)
        closed = [
            self.value(day, f"{path}.closed", date.fromisoformat, DATE) for day in self.items(fields, "closed", path)
        ]
        opened = self.by_day(fields, path, "open", self.spans)
        names = self.by_day(fields, path, "names", lambda item, at: Text(str(item), str(item)))
        days = (
            self.value(fields["holidays"], f"{path}.holidays", public_days, HOLIDAYS) if "holidays" in fields else None
        )
        if len(self.faults) > before or zone is None:
            return None
        calendar = self.refused(lambda: Calendar(zone, week, frozenset(filter(None, closed)), opened, names), path)
        return calendar.observing(days) if calendar and days else calendar

    def by_day(self, fields: dict[str, object], path: str, key: str, read: Callable[[object, str], T]) -> dict[date, T]:
        found: dict[date, T] = {}
        for word, item in (self.mapping(fields.get(key, {}), f"{path}.{key}") or {}).items():
            day = self.value(word, f"{path}.{key}", date.fromisoformat, DATE)
            if day is not None:
                found[day] = read(item, f"{path}.{key}.{word}")
        return found

    def spans(self, item: object, path: str) -> Spans:
        if not isinstance(item, list):
            self.wrong("not_a_list", path, item, SPANS)
            return ()
        found = [self.value(word, f"{path}[{i}]", parse_span, SPAN) for i, word in enumerate(item)]
        return tuple(sorted(filter(None, found)))

    def pause(self, item: object, path: str) -> Pause | None:
        instants = self.pair(item, path, PAUSE)
        start, end = (self.value(word, path, instant, INSTANT) for word in instants) if instants else (None, None)
        if start is None or end is None:
            return None
        if end < start:
            self.wrong("pause_ends_early", path, item, PAUSE)
            return None
        return Pause(start, end)

    def edit(self, item: object, path: str) -> tuple[datetime, Calendar] | None:
        at, calendar = self.pair(item, path, EDIT) or (None, None)
        read = self.value(at, path, instant, INSTANT), self.calendar(calendar, f"{path}[1]")
        return (read[0], read[1]) if read[0] and read[1] else None

    # ---- the small readings ---------------------------------------------------------------------

    def mapping(
        self, item: object, path: str, known: set[str] | None = None, required: tuple[str, ...] = ()
    ) -> dict[str, object] | None:
        if not isinstance(item, dict):
            self.wrong("not_an_object", path, item, OBJECT)
            return None
        for key in sorted(item.keys() - known) if known is not None else ():
            self.wrong("unknown_key", f"{path}.{key}".lstrip("."), key, one_of(sorted(known or ())))
        missing = [key for key in required if key not in item]
        for key in missing:
            self.wrong("missing_key", f"{path}.{key}".lstrip("."), None, one_of([key]))
        return None if missing else item

    def items(self, fields: dict[str, object], key: str, path: str = "") -> list[object]:
        item = fields.get(key)
        if item is None or isinstance(item, list):
            return item or []
        self.wrong("not_a_list", f"{path}.{key}".lstrip("."), item, LIST)
        return []

    def pair(self, item: object, path: str, expected: Text) -> tuple[object, object] | None:
        if isinstance(item, list) and len(item) == 2:
            return item[0], item[1]
        self.wrong("not_a_pair", path, item, expected)
        return None

    def value(self, item: object, path: str, read: Callable[[str], T], expected: Text) -> T | None:
        if isinstance(item, str):
            try:
                return read(item)
            except ValueError:
                pass
        self.wrong("bad_value", path, item, expected)
        return None

    def refused(self, make: Callable[[], T], path: str) -> T | None:
        try:
            return make()
        except Refusal as refusal:
            fault = refusal.as_fault(self.name)
            column = path if fault.column == path else f"{path}.{fault.column}"
            self.faults.append(replace(fault, row=self.number, column=column))
            return None

    def wrong(self, code: str, path: str, got: object, expected: Text) -> None:
        shown = repr(got) if len(repr(got)) <= 60 else repr(got)[:60] + "…"
        message = Text(
            f"案例 {self.number} 的 {path or '内容'} 为 {shown}", f"Case {self.number}: {path or 'it'} is {shown}"
        )
        hint = Text(f"应为{expected.zh}", f"Expected {expected.en}")
        self.faults.append(Fault(code, message, hint, self.name, self.number, path))


def instant(text: str) -> datetime:
    """An instant with its offset; without one it could be read in several ways, and is not read."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def public_days(key: str) -> PublicDays:
    """Holidays that ship with Manyi, by key."""
    found = find_public_days(key)
    if found is None:
        raise ValueError(key)
    return found


def one_of(words: list[str]) -> Text:
    """The keys that may stand there."""
    return Text(
        f"键 {'、'.join(words)}", f"the key {' or '.join(words)}" if len(words) < 3 else f"one of {', '.join(words)}"
    )


INSTANT = Text(
    "带时区偏移的 ISO 时刻，如 2026-10-09T08:30:00+08:00", "an ISO instant with its offset: 2026-10-09T08:30:00+08:00"
)
DURATION = Text(
    "期限，如 8 hours、30 minutes、3 working days、same day",
    "a time such as 8 hours, 30 minutes, 3 working days, same day",
)
DATE = Text("日期，如 2026-10-01", "a date such as 2026-10-01")
SPAN = Text("时段，如 08:30-12:00、22:00-06:00、00:00-24:00", "a span such as 08:30-12:00, 22:00-06:00, 00:00-24:00")
SPANS = Text('时段的列表，如 ["08:30-12:00"]', 'a list of spans such as ["08:30-12:00"]')
ZONE = Text("IANA 时区名，如 Asia/Shanghai", "an IANA time zone such as Asia/Shanghai")
HOLIDAYS = Text("随附的节假日历，如 china", "holidays that ship with Manyi, such as china")
OBJECT = Text("JSON 对象 {…}", "a JSON object {…}")
LIST = Text("列表 […]", "a list […]")
PAUSE = Text("[开始，结束],结束不早于开始", "[start, end], the end not before the start")
EDIT = Text("[时刻，日历]", "[instant, calendar]")
