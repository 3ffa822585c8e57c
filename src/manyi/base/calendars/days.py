"""Days that differ, as files bring them: a table (day, closed or open, name) or a calendar file of holidays."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from manyi.base.calendars.models import Day
from manyi.core.errors import Fault, Faults
from manyi.core.ics import read_days
from manyi.core.text import Text

BIGGEST = 1024**2
CLOSED_WORDS = {"closed", "holiday", "休", "休息", "放假", "节假日"}
OPEN_WORDS = {"open", "work", "班", "上班", "调休上班", "补班", "工作日"}
MOST_FAULTS = 50
EXAMPLE = Text(
    "每行依次写日期（2026-10-01）、休或班、名称，以英文逗号分开",
    "Each row is a day (2026-10-01), closed or open, and a name, with commas between",
)


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day about to be closed or opened; without ``spans`` it is open as the first weekday that is."""

    on: date
    kind: str
    name: Text
    spans: tuple[str, ...] = ()


def read_file(content: bytes) -> list[NewDay]:
    """The days of a CSV (day, closed or open, name, spans) or of a calendar file, whose events are closed days.

    Raises ``Faults`` with every row that is wrong; nothing of such a file is taken.
    """
    if len(content) > BIGGEST:
        raise Faults([_fault("too_big", None, Text("文件超过 1 MB", "The file is larger than 1 MB"))])
    text = _decoded(content)
    if text.lstrip("\ufeff").lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return _of_calendar(text)
    return _of_table(text)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Faults([_fault("not_text", None, Text("文件不是文本", "The file is no text"))])


def _of_calendar(text: str) -> list[NewDay]:
    try:
        events = read_days(text.lstrip("\ufeff").lstrip())
    except ValueError as wrong:
        told = Text(f"日历文件中有一处不能读：{str(wrong)[:60]}", f"A day cannot be read: {str(wrong)[:60]}")
        raise Faults([_fault("not_a_day", None, told)]) from None
    days = [
        NewDay(event.first + timedelta(days=n), Day.Kind.CLOSED, event.name)
        for event in events
        for n in range((event.last - event.first).days + 1)
    ]
    return _some(days)


def _of_table(text: str) -> list[NewDay]:
    days, faults = [], []
    try:
        rows = list(csv.reader(StringIO(text.replace("\x00", ""))))
    except csv.Error:
        raise Faults([_fault("not_a_table", None, Text("文件不是表格", "The file is no table"))]) from None
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not cells[0][:1].isdigit()):
            continue
        try:
            days.append(_of_row(cells))
        except ValueError as wrong:
            told = Text(f"“{str(wrong)[:40]}”不能读", f"“{str(wrong)[:40]}” cannot be read")
            faults.append(_fault("not_a_day", number, told))
    if faults:
        raise Faults(faults[:MOST_FAULTS])
    return _some(days)


def _of_row(cells: list[str]) -> NewDay:
    on = date.fromisoformat(cells[0].replace("/", "-").replace(".", "-"))
    word = (cells[1] if len(cells) > 1 else "").lower()
    if word in CLOSED_WORDS:
        kind = Day.Kind.CLOSED
    elif word in OPEN_WORDS:
        kind = Day.Kind.OPEN
    else:
        raise ValueError(cells[1] if len(cells) > 1 else cells[0])
    name = cells[2] if len(cells) > 2 else ""
    spans = tuple(cells[3].split()) if len(cells) > 3 else ()
    return NewDay(on, kind, Text(name, name), spans)


def _some(days: list[NewDay]) -> list[NewDay]:
    if not days:
        raise Faults([_fault("empty", None, Text("文件中没有日期", "There is no day in the file"))])
    return days


def _fault(code: str, row: int | None, message: Text) -> Fault:
    return Fault(code, message, EXAMPLE, table="calendar", row=row)
