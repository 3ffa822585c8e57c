"""What a changed procedure would have meant for the past: the same work held against the terms of two revisions.

Nothing here knows of a database, and nothing is written: the past is given as plain values, the terms as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from manyi.core.calendars import AnyCalendar
from manyi.core.dues import Due, Term, due_of
from manyi.core.errors import Refusal
from manyi.core.periods import Period
from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class Clock:
    """The time a revision gives for something: the term, the calendar it runs on, and the window of the work."""

    term: Term
    calendar: AnyCalendar
    opened: datetime
    window: Period
    instants: Mapping[str, datetime | date]


@dataclass(frozen=True, slots=True)
class Past:
    """Something that had to be done: by which rule, on what, and when it happened.

    ``done_at`` is ``None`` where it never was; ``let_go``: waived, or no longer wanted, so that nothing was missed.
    """

    rule: str
    title: Text
    clause: str
    subject: str
    label: str
    unit: str
    done_at: datetime | None
    let_go: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """When it was due under one revision, why then, and whether it was missed."""

    due: Due
    missed: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing of the past under the revision then in force (``before``) and under the draft (``after``).

    ``None``: that revision does not ask for it.
    """

    past: Past
    before: Judged | None
    after: Judged | None

    @property
    def change(self) -> str:
        """``both``, ``only_draft``, ``only_then``, ``none`` (missed never)."""
        then, now = (side is not None and side.missed for side in (self.before, self.after))
        return {(True, True): "both", (False, True): "only_draft", (True, False): "only_then"}.get((then, now), "none")


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the draft asks for and the revision then in force did not: nothing on record can tell how it would have
    gone. ``times`` says how often it would have been asked."""

    rule: str
    title: Text
    clause: str
    times: int


def due_under(clock: Clock) -> Due:
    """When something is due; what cannot be worked out is due at the end of its window, and says so."""
    try:
        return due_of(
            clock.term, opened=clock.opened, window=clock.window, calendar=clock.calendar, instants=clock.instants
        )
    except Refusal as refusal:
        told = refusal.as_fault().message
        end = due_of(Term(clock.term.clause), opened=clock.opened, window=clock.window, calendar=clock.calendar)
        said = Text(f"期限无法计算：{told.zh}", f"The time cannot be worked out: {told.en}")
        return Due(end.at, (said, *end.why))


def judge(past: Past, due: Due, *, now: datetime) -> Judged:
    """Whether ``past`` was missed: it was done at the due time or later, or is not done although that time has come.

    >>> from datetime import UTC
    >>> due = Due(datetime(2026, 5, 1, 16, tzinfo=UTC), ())
    >>> late = Past("a.b", Text(), "", "", "", "", datetime(2026, 5, 1, 16, tzinfo=UTC))
    >>> judge(late, due, now=datetime(2026, 6, 1, tzinfo=UTC)).missed
    True
    """
    return Judged(due, not past.let_go and (past.done_at or now) >= due.at)


def missed(compared: Iterable[Compared]) -> tuple[Compared, ...]:
    """Those missed on either side: first what only the draft misses, then both, then what the draft would have spared;
    each in the order of its due time."""
    order = {"only_draft": 0, "both": 1, "only_then": 2}
    found = [one for one in compared if one.change in order]
    return tuple(sorted(found, key=lambda one: (order[one.change], _due(one), one.past.rule, one.past.subject)))


def _due(one: Compared) -> float:
    side = one.after if one.after is not None and one.after.missed else one.before
    return side.due.at.timestamp() if side is not None else 0.0
