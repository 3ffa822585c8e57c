"""When something a procedure demands is due, in every form a procedure may write it, and why then.

A term runs from an instant (*within*), or ends at a point in time (*due*): a day that comes back every year, an edge of
the period the work is done in, or a point before or after another instant. Work with neither is due at the end of its
window.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from manyi.core.calendars import AnyCalendar, no_open_time
from manyi.core.clocks import deadlines
from manyi.core.clocks.days import end_of_day, local_day
from manyi.core.clocks.telling import UNITS
from manyi.core.durations import Duration, date_after, parse_duration
from manyi.core.errors import Refusal
from manyi.core.periods import Period
from manyi.core.text import Text

Edge = Literal["end of period", "last working day"]
EDGES: Mapping[str, Edge] = {"end of period": "end of period", "last working day": "last working day"}
Instants = Mapping[str, datetime | date]
_OFFSET = re.compile(r"(.+) (before|after) ([a-z0-9_.]+)")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Yearly:
    """A day that comes back every year; a day past the month's end means its last."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Beside:
    """So long before or after an instant that has a name: a date field, or an event. Without ``by``: at it."""

    of: str
    by: Duration | None = None
    before: bool = False


Warn = tuple[Duration, bool]
"""A warning so long before the due time (``True``), or after the opening."""
Point = Yearly | Beside | Edge


@dataclass(frozen=True, slots=True)
class Term:
    """What a rule says of its time. ``starts`` names what the clock counts from; empty: the opening."""

    clause: str = ""
    within: Duration | None = None
    at: Point | None = None
    starts: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """Late from ``at`` on; ``why`` says it in lines a person reads, the rule and its clause first."""

    at: datetime
    why: tuple[Text, ...]


def parse_point(text: str) -> Point:
    """A point in time as procedures write it; ``ValueError`` for anything else.

    >>> parse_point("12-05"), parse_point("15 minutes before agreed_at").before
    (Yearly(month=12, day=5), True)
    """
    if match := _YEARLY.fullmatch(text):
        return Yearly(int(match[1]), int(match[2]))
    if text in EDGES:
        return EDGES[text]
    if match := _OFFSET.fullmatch(text):
        return Beside(match[3], parse_duration(match[1]), match[2] == "before")
    if re.fullmatch(r"[a-z][a-z0-9_.]*", text):
        return Beside(text)
    raise ValueError(text)


def next_day_of_year(month: int, day: int, start: date) -> date:
    """The first (month, day) that is not before ``start``; a day past the month's end means its last.

    >>> next_day_of_year(1, 31, date(2026, 12, 1)), next_day_of_year(2, 31, date(2026, 1, 1))
    (datetime.date(2027, 1, 31), datetime.date(2026, 2, 28))
    """
    for year in (start.year, start.year + 1):
        first = date(year, month, 1)
        last = date_after(first, Duration(1, "month")).toordinal() - 1
        candidate = min(first.toordinal() + day - 1, last)
        if candidate >= start.toordinal():
            return date.fromordinal(candidate)
    raise AssertionError("every day of the year comes back within a year")


def due_of(
    term: Term,
    *,
    opened: datetime,
    window: Period,
    calendar: AnyCalendar,
    instants: Instants | None = None,
    called: Mapping[str, Text] | None = None,
) -> Due:
    """When work is due that was opened at ``opened`` and belongs to ``window``.

    A recurring day is looked for from the first day of the window on: what is opened after it is late at once.
    ``instants`` are the times of what the term may name: steps done, events, date fields; a day stands for its end.
    What has not happened yet is not there: the clock then counts from the opening, and the explanation says so. A point
    beside something unknown is refused. ``called`` says what people call these instants.
    """
    known, names = instants or {}, called or {}
    if term.within is not None:
        return _within(term, term.within, opened, calendar, known, names)
    match term.at:
        case Yearly(month, day):
            on = next_day_of_year(month, day, window.first)
            return Due(
                end_of_day(calendar.tz, on),
                (_told(term, f"每年 {month} 月 {day} 日前", f"by {month:02}-{day:02}"), _until(on)),
            )
        case Beside() as beside:
            return _beside(term, beside, calendar, known, names)
        case "last working day":
            on = last_working_day(calendar, window)
            told = _told(term, f"{window.key} 的最后一个工作日", f"the last working day of {window.key}")
            return Due(end_of_day(calendar.tz, on), (told, _until(on)))
        case _:
            told = _told(term, "本期结束前", "by the end of the window")
            return Due(end_of_day(calendar.tz, window.last), (told, _until(window.last)))


def earliest_of(point: Point, *, window: Period, calendar: AnyCalendar, instants: Instants | None = None) -> datetime:
    """From when on something may be done (``not_before``): a day counts from its beginning."""
    term = Term(at=point)
    at = due_of(term, opened=start_of(window, calendar), window=window, calendar=calendar, instants=instants).at
    if isinstance(point, Beside) and isinstance((instants or {}).get(point.of), datetime) and not _whole_days(point):
        return at
    return end_of_day(calendar.tz, local_day(calendar.tz, at - timedelta(microseconds=1)) - DAY)


def warning_at(warning: Warn, *, opened: datetime, due_at: datetime, calendar: AnyCalendar) -> datetime:
    """When to warn: so long before it is due, or so long after its opening."""
    by, before = warning
    return moved(due_at if before else opened, by, calendar, before=before)


def warnings_of(
    warnings: Sequence[Warn], *, opened: datetime, due_at: datetime, calendar: AnyCalendar
) -> tuple[datetime, ...]:
    """When to warn between the opening and the due time, in order; a warning that would lie outside says nothing."""
    when = {warning_at(warning, opened=opened, due_at=due_at, calendar=calendar) for warning in warnings}
    return tuple(sorted(at for at in when if opened < at < due_at))


def escalation_at(
    told: tuple[str, Duration] | None, *, due_at: datetime, calendar: AnyCalendar
) -> tuple[str, datetime] | None:
    """Who is told that it is still not done so long after it was due, and when; minutes and hours are open time."""
    if told is None:
        return None
    role, after = told
    if after.unit in ("minute", "hour"):
        return role, deadlines.due(due_at, after, calendar).at
    return role, moved(due_at, after, calendar, before=False)


def start_of(window: Period, calendar: AnyCalendar) -> datetime:
    """The instant at which the first day of ``window`` begins."""
    return end_of_day(calendar.tz, window.first - DAY)


def _whole_days(point: Beside) -> bool:
    return point.by is not None and not point.before and point.by.unit not in ("minute", "hour")


def last_working_day(calendar: AnyCalendar, window: Period) -> date:
    """The last day of ``window`` on which the calendar opens; refused where it never does."""
    day = window.last
    while day >= window.first:
        if calendar.spans_on(day):
            return day
        day -= DAY
    raise no_open_time((window.first.year, window.last.year))


def moved(at: datetime, by: Duration, calendar: AnyCalendar, *, before: bool) -> datetime:
    """``at`` so much later, or earlier. Minutes and hours are minutes on the wall; days keep the time of day.

    Working days skip those on which the calendar does not open.
    """
    if by.unit in ("minute", "hour"):
        step = by.amount * timedelta(**{f"{by.unit}s": 1})
        return at - step if before else at + step
    local = at.astimezone(calendar.tz)
    if by.unit == "working_day":
        day = _working_days_from(calendar, local.date(), by.amount, -1 if before else 1)
    else:
        day = date_after(local.date(), Duration(-by.amount if before else by.amount, by.unit))
    return datetime.combine(day, local.timetz()).astimezone(calendar.tz)


def _working_days_from(calendar: AnyCalendar, day: date, amount: int, direction: int) -> date:
    left, bound = amount, 366 * 100
    while left and bound:
        day, bound = day + direction * DAY, bound - 1
        left -= bool(calendar.spans_on(day))
    if left:
        raise no_open_time((day.year, day.year))
    return day


def _within(
    term: Term, within: Duration, opened: datetime, calendar: AnyCalendar, known: Instants, names: Mapping[str, Text]
) -> Due:
    anchor = known.get(term.starts)
    start = (_instant if within.unit in ("minute", "hour") else _of_day)(anchor, calendar) or opened
    deadline = deadlines.due(start, within, calendar)
    long, name = _long(within), names.get(term.starts, Text(term.starts, term.starts))
    if not term.starts:
        told = _told(term, f"{long.zh}，自开始起计", f"{long.en}, from the opening")
    elif anchor is not None:
        told = _told(term, f"{long.zh}，自“{name.in_('zh')}”起计", f"{long.en}, from “{name.in_('en')}”")
    else:
        told = _told(
            term, f"{long.zh}，“{name.in_('zh')}”尚未发生，自开始起计",
            f"{long.en}; “{name.in_('en')}” has not happened, so from the opening",
        )  # fmt: skip
    return Due(deadline.at, (told, *deadline.explanation))


def _long(within: Duration) -> Text:
    if within.unit == "day" and within.amount == 0:
        return Text("当天", "the same day")
    plural = "s" if within.amount != 1 else ""
    unit = UNITS[within.unit]
    return Text(f"{within.amount} {unit.zh}内", f"within {within.amount} {unit.en}{plural}")


def _beside(term: Term, beside: Beside, calendar: AnyCalendar, known: Instants, names: Mapping[str, Text]) -> Due:
    value = known.get(beside.of)
    anchor = _instant(value, calendar)
    name = names.get(beside.of, Text(beside.of, beside.of))
    if anchor is None:
        expected = Text(f"“{name.in_('zh')}”的时间", f"the time of “{name.in_('en')}”")
        hint = Text("先填写这个时间", "Fill in this time first")
        raise Refusal("no_anchor", beside.of, None, expected, hint)
    if beside.by is None:
        return Due(anchor, (_told(term, f"至“{name.in_('zh')}”", f"at “{name.in_('en')}”"), _moment(anchor, calendar)))
    side = Text("前", "before") if beside.before else Text("后", "after")
    unit, plural = UNITS[beside.by.unit], "s" if beside.by.amount != 1 else ""
    told = _told(
        term, f"“{name.in_('zh')}”{side.zh} {beside.by.amount} {unit.zh}",
        f"{beside.by.amount} {unit.en}{plural} {side.en} “{name.in_('en')}”",
    )  # fmt: skip
    if _whole_days(beside):
        # so many days after is over at the end of a day, as every term of days
        deadline = deadlines.due(_of_day(value, calendar) or anchor, beside.by, calendar)
        return Due(deadline.at, (told, *deadline.explanation))
    at = moved(anchor, beside.by, calendar, before=beside.before)
    return Due(at, (told, _moment(at, calendar)))


def _instant(value: datetime | date | None, calendar: AnyCalendar) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return end_of_day(calendar.tz, value)


def _of_day(value: datetime | date | None, calendar: AnyCalendar) -> datetime | None:
    """An instant on the day itself: the end of a day belongs to the next one already."""
    if value is None or isinstance(value, datetime):
        return value
    return end_of_day(calendar.tz, value) - timedelta(minutes=1)


def _told(term: Term, zh: str, en: str) -> Text:
    return Text(f"条款 {term.clause}：{zh}", f"Clause {term.clause}: {en}") if term.clause else Text(zh, en)


def _until(on: date) -> Text:
    return Text(f"到期 {on} 24:00", f"Due {on} 24:00")


def _moment(at: datetime, calendar: AnyCalendar) -> Text:
    local = at.astimezone(calendar.tz)
    return Text(f"到期 {local:%Y-%m-%d %H:%M}", f"Due {local:%Y-%m-%d %H:%M}")
