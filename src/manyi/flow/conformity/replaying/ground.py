"""What a replay rests on: the draft, the time it covers, the ledger of that time, and the calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from manyi.base.calendars.queries import get_calendar
from manyi.base.people.models import Unit
from manyi.core.calendars import Calendar
from manyi.core.dues import Due
from manyi.core.replay import Clock, Compared, Judged, Past, Unknown, due_under, judge
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import read_revision
from manyi.language.model import Procedure


@dataclass(slots=True)
class Ground:
    """The draft and the past. ``found`` and ``unknown`` are what the collectors bring; ``used`` the duties told of."""

    document: Document
    draft: Revision
    first: date
    last: date
    start: datetime
    end: datetime
    now: datetime
    units: Collection[int]
    ledger: list[Duty]
    found: list[Compared] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    asked: Counter[tuple[str, Text, str]] = field(default_factory=Counter)
    calendars: dict[tuple[str, int], Calendar] = field(default_factory=dict)

    @property
    def procedure(self) -> Procedure:
        """What the draft says."""
        return read_revision(self.draft)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """What only the draft asks for, with how often."""
        return tuple(Unknown(rule, title, clause, times) for (rule, title, clause), times in self.asked.items())

    def calendar(self, name: str, unit: Unit) -> Calendar:
        """A calendar of a unit, read once."""
        if (name, unit.pk) not in self.calendars:
            self.calendars[name, unit.pk] = get_calendar(name, unit)
        return self.calendars[name, unit.pk]

    def covers(self, at: datetime) -> bool:
        """Whether an instant lies in the time that is replayed; what is due at its last midnight does."""
        return self.start < at <= self.end

    def tell(self, past: Past, before: Due | None, clock: Clock | None) -> None:
        """Hold one thing of the past against both sides, and keep it where either was due in the time replayed."""
        sides: list[Judged | None] = [judge(past, before, now=self.now) if before else None, None]
        if clock is not None:
            sides[1] = judge(past, due_under(clock), now=self.now)
        if any(side is not None and self.covers(side.due.at) for side in sides):
            self.found.append(Compared(past, *sides))


def past_of(duty: Duty, label: str) -> Past:
    """A duty of the ledger as a thing of the past."""
    done = duty.happened_at if duty.state == Duty.State.DISCHARGED else None
    return Past(
        duty.rule, Text(duty.title_zh, duty.title_en), duty.clause, duty.subject, label, duty.unit.name, done,
        let_go=duty.state == Duty.State.WAIVED,
    )  # fmt: skip


def due_then(duty: Duty) -> Due:
    """When it was due under the revision it was opened under, as the ledger says."""
    return Due(duty.due_at, tuple(Text(line.get("zh", ""), line.get("en", "")) for line in duty.why))


def local_day(at: datetime) -> date:
    """The day of an instant on the calendar the installation lives by."""
    return timezone.localdate(at)
