"""Records looked at afterwards: every step that was ever open on them, under any revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from manyi.core.calendars import Calendar
from manyi.core.dues import Instants
from manyi.core.flows import Act
from manyi.core.flows_past import Opening, openings_of
from manyi.core.periods import Period
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.records.ground import Standing, ground_of, instants_of
from manyi.flow.records.models import Record, Row, Taken
from manyi.flow.records.owing import window_of
from manyi.flow.records.queries import Kind, acts_of, get_flow


@dataclass(frozen=True, slots=True)
class History:
    """A record with all that was done on it, read at once for many."""

    record: Record
    acts: list[Taken]
    rows: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step that was open once, and how the record stood then."""

    standing: Standing
    opening: Opening

    @property
    def rule(self) -> str:
        """The rule of its duty: ``<kind>.<step>``."""
        return f"{self.standing.record.kind}.{self.opening.open.name}"

    def window(self, calendar: Calendar) -> Period:
        """The period it belonged to."""
        return window_of(self.standing.record, self.opening.open, calendar)

    def instants(self) -> Instants:
        """What a deadline could count from then."""
        return instants_of(self.standing)


def list_histories(document: Document, *, start: datetime, end: datetime, units: Collection[int]) -> list[History]:
    """The records of a procedure in ``units`` that were open at some time between two instants and are not void, each
    with its history: three queries."""
    ended = Q(closed_at=None) | Q(closed_at__gte=start)
    rows = Record.objects.filter(ended, document=document, opened_at__lt=end, unit__in=units)
    rows = (
        rows.exclude(state=Record.State.VOID)
        .select_related(
            "revision__document__unit", "document", "unit", "customer", "project", "product", "duty", "origin"
        )
        .prefetch_related("acts", "rows")
    )
    return [_history(record) for record in rows.order_by("pk")]


def _history(record: Record) -> History:
    found: dict[str, list[Row]] = {}
    for row in sorted(record.rows.all(), key=lambda row: (row.field, row.key)):
        if not row.removed:
            found.setdefault(row.field, []).append(row)
    return History(record, sorted(record.acts.all(), key=lambda act: act.pk), found)


def list_past_steps(
    history: History, revision: Revision, let_go: Iterable[tuple[datetime, Act]] = ()
) -> Iterator[PastStep]:
    """Every step that was open on a record under ``revision``; none where that has no such record.

    ``let_go`` are the steps that were waived, with when: the record went on without them.
    """
    record = history.record
    flow = get_flow(revision, record.kind)
    kind = Kind(revision, flow)
    timed: list[tuple[datetime, Taken | None, Act]] = [(at, None, act) for at, act in let_go]
    timed += [(one.at, one, act) for one in history.acts for act in acts_of([one])]
    timed.sort(key=lambda entry: entry[0])
    acts = [act for _, _, act in timed]
    ground = ground_of(record, kind, acts, history.rows)
    for opening in openings_of(flow, acts, ground):
        until = [one for _, one, _ in timed[: opening.after] if one is not None]
        yield PastStep(Standing(record, kind, until, history.rows, ground, opening.state), opening)
