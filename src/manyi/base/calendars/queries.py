"""The calendar of a name for a unit, as the clocks need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from manyi.base.calendars.models import Day, WorkCalendar
from manyi.base.people.access import visible_to
from manyi.base.people.models import Person, Unit
from manyi.core.calendars import DAYS, Calendar, Spans, continuous, parse_span
from manyi.core.text import Text
from manyi.library.calendars import default_week, find_public_days

CONTINUOUS, WORKING = "continuous", "working"
SHIPPED = "china"


def get_calendar(name: str, unit: Unit) -> Calendar:
    """The calendar ``name`` of ``unit``: its own, else that of the nearest unit above it, else the shipped one.

    ``continuous`` never closes; it has the zone of the unit's working calendar. A name that nobody gave hours falls
    back to ``working``.
    """
    row = _nearest(WORKING if name == CONTINUOUS else name, unit) or _nearest(WORKING, unit)
    if name == CONTINUOUS:
        return continuous(row.zone if row else settings.TIME_ZONE)
    return calendar_of(row) if row else shipped_calendar()


def has_own_calendar(name: str, unit: Unit) -> bool:
    """Whether the unit itself has a calendar of the name."""
    return WorkCalendar.objects.filter(name=name, unit=unit).exists()


def calendar_of(row: WorkCalendar) -> Calendar:
    """A stored calendar as the clocks read it; refused where it never opens."""
    return build(zone=row.zone, week=row.week, days=row.days.all(), years=row.years)


def build(*, zone: str, week: Mapping[str, Sequence[str]], days: Iterable[Day], years: Iterable[int]) -> Calendar:
    """A calendar from its rows. A day without spans of its own is open as the first weekday that is."""
    spans = tuple(_spans(week.get(day, ())) for day in DAYS)
    usual = next(filter(None, spans), ())
    listed = list(days)
    opened = {d.on: _spans(d.spans.split()) or usual for d in listed if d.kind == Day.Kind.OPEN}
    names = {d.on: Text(d.name_zh, d.name_en) for d in listed if d.name_zh or d.name_en}
    closed = frozenset(d.on for d in listed if d.kind == Day.Kind.CLOSED)
    return Calendar(zone, spans, closed, opened, names, frozenset(years))


def shipped_calendar() -> Calendar:
    """The hours that hold where nobody entered any, with the shipped public holidays."""
    week = default_week()
    spans = tuple(_spans(week.get(day, ())) for day in DAYS)
    plain, days = Calendar(settings.TIME_ZONE, spans), find_public_days(SHIPPED)
    return plain.observing(days) if days else plain


def list_visible_calendars(by: Person) -> QuerySet[WorkCalendar]:
    """The calendars of the units a person sees."""
    return visible_to(by, WorkCalendar.objects.select_related("unit").prefetch_related("days"))


def get_visible_calendar(by: Person, pk: int) -> WorkCalendar:
    """One calendar, or ``WorkCalendar.DoesNotExist``."""
    return list_visible_calendars(by).get(pk=pk)


def list_years_missing(row: WorkCalendar, today: date) -> list[int]:
    """The years in use — this one, and from October on the next — whose holidays nobody confirmed."""
    used = [today.year, *([today.year + 1] if today.month >= 10 else [])]
    return [year for year in used if year not in row.years]


def _nearest(name: str, unit: Unit) -> WorkCalendar | None:
    rows = WorkCalendar.objects.filter(name=name).select_related("unit").prefetch_related("days")
    above = [row for row in rows if unit.path.startswith(row.unit.path)]
    return max(above, key=lambda row: len(row.unit.path), default=None)


def _spans(written: Iterable[str]) -> Spans:
    return tuple(parse_span(text) for text in written)
