"""Giving a unit its hours, closing and opening days, taking holidays in; it counts for what is opened from then on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from manyi.base.calendars.days import NewDay
from manyi.base.calendars.models import Day, WorkCalendar
from manyi.base.calendars.queries import SHIPPED, WORKING, build, has_own_calendar
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.core.calendars import DAYS, parse_span
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.library.calendars import default_week, find_public_days

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
MOST_SPANS, MOST_DAYS = 6, 5000
Week = Mapping[str, Sequence[str]]


class CannotChangeCalendar(CannotDo):
    """The calendar would never open, or is written in a way that is no calendar."""


def fill_calendars(*, by: Person, at: datetime, unit: Unit) -> WorkCalendar | None:
    """Give a new company its working calendar from the shipped data; ``None`` where it has one."""
    return None if has_own_calendar(WORKING, unit) else make_calendar(by=by, at=at, name=WORKING, unit=unit)


def make_calendar(*, by: Person, at: datetime, name: str, unit: Unit) -> WorkCalendar:
    """A calendar of ``unit`` with the shipped hours and holidays, to be changed as the unit works."""
    require(by, "calendars.manage", unit)
    name = name.strip()
    if not NAME.fullmatch(name) or name == "continuous":
        raise CannotChangeCalendar(
            Text(
                "名称应与程序中的写法一致：小写字母、数字和下划线",
                "The name is the one procedures write: lower case letters, digits and underscores",
            )
        )
    if has_own_calendar(name, unit):
        raise CannotChangeCalendar(Text(f"“{unit.name}”已有这一日历", f"{unit.name} has this calendar already"))
    public = find_public_days(SHIPPED)
    with transaction.atomic():
        calendar = WorkCalendar.objects.create(
            name=name, unit=unit, zone=settings.TIME_ZONE, week=default_week(), changed_at=at,
            years=sorted(public.confirmed) if public else [],
        )  # fmt: skip
        if public:
            days = [NewDay(on, Day.Kind.CLOSED, names) for on, names in public.closed.items()]
            days += [NewDay(on, Day.Kind.OPEN, names) for on, names in public.make_up.items()]
            _write_days(calendar, days)
        _record("calendars.calendar.added", calendar, by, at, {"name": name})
    return calendar


def change_week(*, by: Person, at: datetime, calendar: WorkCalendar, zone: str, week: Week) -> WorkCalendar:
    """The hours of each weekday, and the time zone they are told in."""
    require(by, "calendars.manage", calendar.unit)
    written = {day: _spans(week.get(day, ())) for day in DAYS}
    _check(zone, written, calendar.days.all(), calendar.years)
    with transaction.atomic():
        calendar.zone, calendar.week, calendar.changed_at = zone, written, at
        calendar.save(update_fields=("zone", "week", "changed_at"))
        _record("calendars.calendar.changed", calendar, by, at, {"zone": zone, "week": written})
    return calendar


def set_days(*, by: Person, at: datetime, calendar: WorkCalendar, days: Sequence[NewDay]) -> int:
    """Close or open days, over what was said of them before; how many. All or none."""
    require(by, "calendars.manage", calendar.unit)
    if not 0 < len(days) <= MOST_DAYS:
        raise CannotChangeCalendar(Text(f"应为 1 至 {MOST_DAYS} 天", f"Between 1 and {MOST_DAYS} days"))
    for day in days:
        _spans(day.spans)
    with transaction.atomic():
        _write_days(calendar, days)
        _check(calendar.zone, calendar.week, calendar.days.all(), calendar.years)
        facts = {
            "days": len(days),
            "from": min(d.on for d in days).isoformat(),
            "to": max(d.on for d in days).isoformat(),
        }
        _record("calendars.days.set", calendar, by, at, facts)
    return len(days)


def remove_day(*, by: Person, at: datetime, calendar: WorkCalendar, on: date) -> None:
    """The day is as its weekday says again."""
    require(by, "calendars.manage", calendar.unit)
    with transaction.atomic():
        if calendar.days.filter(on=on).delete()[0]:
            _check(calendar.zone, calendar.week, calendar.days.all(), calendar.years)
            _record("calendars.days.removed", calendar, by, at, {"on": on.isoformat()})


def confirm_year(*, by: Person, at: datetime, calendar: WorkCalendar, year: int) -> None:
    """Say that the holidays of a year are complete as they stand; until then every clock of that year is warned of."""
    require(by, "calendars.manage", calendar.unit)
    if not 2000 <= year <= 2200:
        raise CannotChangeCalendar(Text("年份应在 2000 至 2200 之间", "A year from 2000 to 2200"))
    with transaction.atomic():
        calendar.years = sorted({*calendar.years, year})
        calendar.save(update_fields=("years",))
        _record("calendars.calendar.approved", calendar, by, at, {"year": year})


def _write_days(calendar: WorkCalendar, days: Iterable[NewDay]) -> None:
    rows = {
        day.on: Day(
            calendar=calendar, on=day.on, kind=day.kind, spans=" ".join(day.spans), name_zh=day.name.in_("zh")[:80],
            name_en=day.name.in_("en")[:80],
        )
        for day in days
    }  # fmt: skip
    fields = ("kind", "spans", "name_zh", "name_en")
    Day.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=("calendar", "on"), update_fields=fields, batch_size=500
    )


def _spans(written: Iterable[str]) -> list[str]:
    spans = [text.replace("–", "-").replace("—", "-").replace("：", ":").strip() for text in written]
    spans = [text for text in spans if text]
    for text in spans:
        try:
            parse_span(text)
        except ValueError:
            raise CannotChangeCalendar(
                Text(f"“{text}”不是时段，例如 08:30-12:00", f"“{text}” is no span, such as 08:30-12:00")
            ) from None
    if len(spans) > MOST_SPANS:
        raise CannotChangeCalendar(Text(f"一天最多 {MOST_SPANS} 段", f"At most {MOST_SPANS} spans a day"))
    return spans


def _check(zone: str, week: Week, days: Iterable[Day], years: Iterable[int]) -> None:
    """Refused where the calendar would never open, or its zone is none."""
    try:
        build(zone=zone, week=week, days=days, years=years)
    except Refusal as refusal:
        raise CannotChangeCalendar(
            Text(f"应为{refusal.expected.zh}。{refusal.hint.zh}", f"Expected {refusal.expected.en}. {refusal.hint.en}")
        ) from None


def _record(kind: str, calendar: WorkCalendar, by: Person, at: datetime, facts: Mapping[str, object]) -> None:
    subject = f"calendars.calendar:{calendar.pk}"
    record_event(kind=kind, subject=subject, unit=calendar.unit, by=by, at=at, facts=facts)
