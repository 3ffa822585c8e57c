"""Why a deadline is where it is: the explanation that is kept as evidence, one line for each thing that matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby, pairwise

from manyi.core.calendars import AnyCalendar, calendar_on
from manyi.core.clocks.counting import DAY, ZERO, Pause, Stretch, count, steady, stretches
from manyi.core.clocks.days import closing_of, end_of_day, ends_in_pause, local_day, resumed_on
from manyi.core.durations import Duration
from manyi.core.text import Text

WEEKDAYS = (
    Text("周一", "Mon"), Text("周二", "Tue"), Text("周三", "Wed"), Text("周四", "Thu"), Text("周五", "Fri"),
    Text("周六", "Sat"), Text("周日", "Sun"),
)  # fmt: skip
UNITS = {
    "minute": Text("分钟", "minute"), "hour": Text("小时", "hour"), "day": Text("天", "day"),
    "working_day": Text("个工作日", "working day"), "week": Text("周", "week"), "month": Text("个月", "month"),
    "year": Text("年", "year"),
}  # fmt: skip
CLOSED = Text("休息", "closed")
PAUSED = Text("暂停中，不计", "paused, not counted")
COUNTED = Text("计入", "counted")
NOT_COUNTED = Text("起始日，不计", "the first day, not counted")
TOO_LATE = Text("已过关门时间，转到下一个开放日", "past closing time, so the next open day counts")
HEAD, TAIL = 21, 7
"""Days told one by one at the beginning and at the end; what lies between them is summed up in one line."""


@dataclass(frozen=True)
class Told:
    """A deadline to be explained; ``last`` is the day whose end it is, for terms of days."""

    start: datetime
    at: datetime
    within: Duration
    calendar: AnyCalendar
    pauses: Sequence[Pause]
    last: date | None

    @cached_property
    def first_day(self) -> date | None:
        """The working day that is not counted: the term starts on it, or on a day before it whose end was paused."""
        tz = self.calendar.tz
        day = local_day(tz, self.start)
        starts = bool(self.calendar.spans_on(day))
        while starts and (self.last is None or day <= self.last):
            resumed = resumed_on(tz, end_of_day(tz, day), self.pauses)
            if resumed is None and self.calendar.spans_on(day):
                return day
            day = max(day + DAY, resumed or day)
        return None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, where it belongs in time, and the further days that may be told with it."""

    at: datetime
    text: Text


def explained(told: Told) -> tuple[Text, ...]:
    """The explanation of a deadline, in the order of time."""
    windows = list(_windows(told))
    lines = [*_clock_changes(told, windows), *_paused(told), *_edits(told), *_summed(told, windows)]
    for first, last, in_full in windows:
        if in_full:
            lines += _counted(told, first, last) if told.last is None else _days(told, first, last)
    ordered = sorted(lines, key=lambda line: line.at)
    return (_opening(told), *(line.text for line in ordered), *_unconfirmed(told), _closing(told))


def _windows(told: Told) -> Iterator[tuple[date, date, bool]]:
    """First and last day of each part, and whether it is told day by day."""
    first, last = local_day(told.calendar.tz, told.start), told.last or _day_before(told)
    last = max(first, last)
    if (last - first).days <= 2 * (HEAD + TAIL):
        yield first, last, True
        return
    yield first, first + (HEAD - 1) * DAY, True
    yield first + HEAD * DAY, last - TAIL * DAY, False
    yield last - (TAIL - 1) * DAY, last, True


def _day_before(told: Told) -> date:
    """The day of the last needed minute."""
    return local_day(told.calendar.tz, told.at - timedelta(microseconds=1))


def _bounds(told: Told, first: date, last: date) -> tuple[datetime, datetime]:
    tz = told.calendar.tz
    return max(told.start, end_of_day(tz, first - DAY)), min(told.at, end_of_day(tz, last))


# ---- hours: what was counted -------------------------------------------------------------------


def _counted(told: Told, first: date, last: date) -> Iterator[_Line]:
    """A line for each day on which something was counted, one for the days in a row on which nothing was."""
    low, high = _bounds(told, first, last)
    found = _joined(stretches(told.calendar, low, high, told.pauses))
    tz = told.calendar.tz
    by_day = {day: list(group) for day, group in groupby(found, key=lambda stretch: local_day(tz, stretch[0]))}
    covered = {day for start, end in found for day in _days_of(local_day(tz, start), local_day(tz, end - _A_MOMENT))}
    idle = [day for day in _days_of(first, last) if day not in covered]
    for day, group in by_day.items():
        yield _Line(group[0][0], _stretches_told(told, day, group))
    if low == told.start and first in idle and told.calendar.spans_on(first):
        yield _Line(low, _nothing_left(told, first))
        idle.remove(first)
    yield from _runs(told, [(day, _idle_label(told, day)) for day in idle])


_A_MOMENT = timedelta(microseconds=1)


def _joined(found: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for start, end in found:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _stretches_told(told: Told, day: date, group: list[Stretch]) -> Text:
    zh, en = [], []
    for start, end in group:
        first, last = _wall(told, start), _wall(told, end)
        ends_on = local_day(told.calendar.tz, end - _A_MOMENT)
        last = "24:00" if last == "00:00" else last
        same = ends_on == day
        zh.append(f"{first}–{last}" if same else f"{first}–{_day(told, ends_on).zh} {last}")
        en.append(f"{first}–{last}" if same else f"{first}–{_day(told, ends_on).en} {last}")
    counted = _time(sum((end - start for start, end in group), ZERO))
    name = _name(told, day)
    return Text(
        f"{_day(told, day).zh}{name.zh and f' {name.zh}'} {'、'.join(zh)}：{counted.zh}",
        f"{_day(told, day).en}{name.en and f' {name.en}'} {', '.join(en)}: {counted.en}",
    )


def _nothing_left(told: Told, day: date) -> Text:
    clock, where = _wall(told, told.start), _day(told, day)
    return Text(f"{where.zh} {clock}–{clock}：0 分钟", f"{where.en} {clock}–{clock}: 0 min")


def _idle_label(told: Told, day: date) -> Text:
    if told.calendar.spans_on(day):
        return Text("不计", "not counted")
    return _named(_name(told, day))


def _named(name: Text) -> Text:
    return Text(f"{name.zh} {CLOSED.zh}", f"{name.en}, {CLOSED.en}") if name.in_("zh") else CLOSED


# ---- days: which were counted ------------------------------------------------------------------


def _days(told: Told, first: date, last: date) -> Iterator[_Line]:
    """Runs of days that are told alike: counted, closed, or ending in a pause."""
    labels = [(day, _day_label(told, day)) for day in _days_of(first, last)]
    yield from _runs(told, [(day, label) for day, label in labels if label is not None])


def _day_label(told: Told, day: date) -> Text | None:
    opens = bool(told.calendar.spans_on(day))
    if told.within.amount == 0:
        return _passed_over(told, day, opens) if told.last and day < told.last else None
    if told.within.unit == "working_day" and not opens:
        return _named(_name(told, day))
    if told.pauses and ends_in_pause(end_of_day(told.calendar.tz, day), told.pauses):
        return PAUSED
    if told.within.unit == "working_day":
        return NOT_COUNTED if day == told.first_day else COUNTED
    return None


def _passed_over(told: Told, day: date, opens: bool) -> Text:
    """Why the same day is not this day."""
    closing = closing_of(told.calendar, day) if opens else None
    if closing is None:
        return _named(_name(told, day))
    return PAUSED if ends_in_pause(closing, told.pauses) else TOO_LATE


def _runs(told: Told, labels: list[tuple[date, Text]]) -> Iterator[_Line]:
    run: list[date] = []
    for (day, label), (following, next_label) in pairwise([*labels, (date.max, CLOSED)]):
        run.append(day)
        if following != day + DAY or next_label != label:
            where = _range(told, run)
            at = max(told.start, end_of_day(told.calendar.tz, run[0] - DAY))
            said = _working_days(len(run)) if label is COUNTED else label
            yield _Line(at, Text(f"{where.zh}：{said.zh}", f"{where.en}: {said.en}"))
            run = []


def _working_days(amount: int) -> Text:
    return Text(f"{amount} 个工作日", f"{amount} working day{'s' if amount != 1 else ''}")


# ---- what else matters -------------------------------------------------------------------------


def _paused(told: Told) -> Iterator[_Line]:
    for pause in told.pauses:
        start, end = max(pause.start, told.start), min(pause.end, told.at)
        if start >= told.at or end <= told.start:
            continue
        lost = _time(count(told.calendar, start, end).counted)
        since, until = _moment(told, start), _moment(told, pause.end)
        yield _Line(
            start,
            Text(
                f"暂停 {since.zh} – {until.zh}：{lost.zh}开放时间不计",
                f"Paused {since.en} – {until.en}: {lost.en} of open time not counted",
            ),
        )


def _edits(told: Told) -> Iterator[_Line]:
    for at, _ in getattr(told.calendar, "edits", ()):
        if told.start < at < told.at:
            when = _moment(told, at)
            yield _Line(at, Text(f"{when.zh} 起按修改后的日历", f"From {when.en} by the edited calendar"))


def _clock_changes(told: Told, windows: list[tuple[date, date, bool]]) -> Iterator[_Line]:
    for first, last, in_full in windows:
        low, high = _bounds(told, first, last)
        for one, other in pairwise(steady(told.calendar.tz, low, high) if in_full else ()):
            shift = round((other.offset - one.offset) / timedelta(minutes=1))
            if shift:
                when = _day(told, local_day(told.calendar.tz, other.start))
                zh, en = ("拨快", "forward") if shift > 0 else ("拨慢", "back")
                text = Text(f"{when.zh} 时钟{zh} {abs(shift)} 分钟", f"{when.en} clocks go {en} {abs(shift)} min")
                yield _Line(other.start, text)


def _summed(told: Told, windows: list[tuple[date, date, bool]]) -> Iterator[_Line]:
    """What lies between the days told one by one: what they leave of the whole."""
    for first, last, in_full in windows:
        if in_full:
            continue
        where, told_days = _range(told, [first, last]), [(low, high) for low, high, full in windows if full]
        if told.last is None:
            parts = (count(told.calendar, *_bounds(told, *part), pauses=told.pauses).counted for part in told_days)
            said = _time(_need(told) - sum(parts, ZERO))
        elif told.within.unit == "working_day":
            days = (day for low, high in told_days for day in _days_of(low, high))
            said = _working_days(told.within.amount - sum(_day_label(told, day) is COUNTED for day in days))
        else:
            days_between = (last - first).days + 1
            said = Text(f"{days_between} 天", f"{days_between} days")
        yield _Line(_bounds(told, first, last)[0], Text(f"{where.zh}：共 {said.zh}", f"{where.en}: {said.en} in all"))


def _unconfirmed(told: Told) -> Iterator[Text]:
    first, last = local_day(told.calendar.tz, told.start), _day_before(told)
    confirmed = calendar_on(told.calendar, last).confirmed
    missing = [year for year in range(first.year, last.year + 1) if confirmed is not None and year not in confirmed]
    if missing:
        years = str(missing[0]) if len(missing) == 1 else f"{missing[0]}–{missing[-1]}"
        yield Text(
            f"注意：{years} 年的节假日安排尚未正式公布，期限可能变动",
            f"Note: the public holidays of {years} are not official yet; the deadline may change",
        )


# ---- first and last line -----------------------------------------------------------------------


def _opening(told: Told) -> Text:
    zone, start = told.calendar.zone, _moment(told, told.start, year=True)
    amount, unit = told.within.amount, UNITS[told.within.unit]
    if told.last is not None and amount == 0:
        return Text(f"自 {start.zh} 起，当天（{zone}）", f"From {start.en}, the same day ({zone})")
    how = {
        "minute": Text("开放时间", " of open time"),
        "hour": Text("开放时间", " of open time"),
        "working_day": Text("止于 24:00", ", to midnight"),
    }.get(told.within.unit, Text("自然日，止于 24:00", " on the calendar, to midnight"))
    plural = "" if amount == 1 else "s"
    return Text(
        f"自 {start.zh} 起 {amount} {unit.zh}，{how.zh}（{zone}）",
        f"From {start.en}: {amount} {unit.en}{plural}{how.en} ({zone})",
    )


def _closing(told: Told) -> Text:
    if told.last is None:
        at = _moment(told, told.at, year=True)
        need = _time(_need(told))
        return Text(f"到期 {at.zh}，计满 {need.zh}", f"Due {at.en}, after {need.en}")
    wall = _wall(told, told.at)
    if wall == "00:00":
        day = _day(told, told.last, year=True)
        return Text(f"到期 {day.zh} 24:00", f"Due {day.en} 24:00")
    at = _moment(told, told.at, year=True)
    return Text(f"到期 {at.zh}", f"Due {at.en}")


# ---- words -------------------------------------------------------------------------------------


def _need(told: Told) -> timedelta:
    return told.within.amount * timedelta(**{f"{told.within.unit}s": 1})


def _days_of(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _name(told: Told, day: date) -> Text:
    return calendar_on(told.calendar, day).names.get(day, Text())


def _time(length: timedelta) -> Text:
    seconds = round(length / timedelta(seconds=1))
    minutes, rest = divmod(seconds, 60)
    return (
        Text(f"{minutes} 分钟", f"{minutes} min")
        if not rest
        else Text(f"{minutes} 分 {rest} 秒", f"{minutes} min {rest} s")
    )


def _wall(told: Told, at: datetime) -> str:
    local = at.astimezone(told.calendar.tz)
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _day(told: Told, day: date, *, year: bool = False) -> Text:
    weekday = WEEKDAYS[day.weekday()]
    other = year or day.year != local_day(told.calendar.tz, told.start).year
    number = day.isoformat() if other else f"{day.month:02}-{day.day:02}"
    return Text(f"{number} {weekday.zh}", f"{weekday.en} {number}")


def _range(told: Told, days: list[date]) -> Text:
    first, last = _day(told, days[0]), _day(told, days[-1])
    if len(days) == 1:
        return first
    joint = ("、", ", ") if len(days) == 2 and days[1] == days[0] + DAY else (" – ", " – ")
    return Text(f"{first.zh}{joint[0]}{last.zh}", f"{first.en}{joint[1]}{last.en}")


def _moment(told: Told, at: datetime, *, year: bool = False) -> Text:
    day, wall = _day(told, local_day(told.calendar.tz, at), year=year), _wall(told, at)
    return Text(f"{day.zh} {wall}", f"{day.en} {wall}")
