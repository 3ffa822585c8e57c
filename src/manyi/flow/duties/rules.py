"""Which rules make what owed, by document and day, and for whom: what the procedures say, read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from manyi.base.calendars.queries import get_calendar
from manyi.base.customers.queries import list_product_keys
from manyi.base.people.models import Unit
from manyi.base.people.queries import list_units_below
from manyi.core.dues import Due, Instants, Term, due_of, escalation_at, warnings_of
from manyi.core.errors import Refusal
from manyi.core.occasions import OwedRule
from manyi.core.periods import Period
from manyi.core.text import Text
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import IN_USE, read_revision
from manyi.language.duties import owed_rules

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reign:
    """A revision and the days on which it holds: from ``first`` to ``last`` (``None``: until another one comes)."""

    revision: Revision
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the revision is the one that holds on ``day``."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom something is owed: the unit, the role where it is one for each role, and a mark for the rest."""

    unit: Unit
    role: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """When something is due, why, and when it is warned of."""

    due: Due
    warn_at: tuple[datetime, ...]
    escalate: tuple[str, datetime] | None


def reigns_of(document: Document) -> list[Reign]:
    """The revisions that are, were or will be in force, each with its days, in their order."""
    used = [r for r in document.revisions.all() if r.in_force_from is not None and r.state in IN_USE]
    used.sort(key=lambda r: (r.in_force_from, r.state == Revision.State.IN_FORCE, r.pk))
    starts = [r.in_force_from for r in used if r.in_force_from is not None]
    ends = [start - DAY for start in starts[1:]]
    found = [Reign(r, first, last) for r, first, last in zip(used, starts, [*ends, None], strict=True)]
    for reign in found:
        reign.revision.document = document
    return [reign for reign in found if reign.last is None or reign.first <= reign.last]


def get_owed_rules(revision: Revision) -> tuple[OwedRule, ...]:
    """What comes to be owed under a revision."""
    return _owed_rules(revision.text)


@lru_cache(maxsize=64)
def _owed_rules(text: str) -> tuple[OwedRule, ...]:
    return owed_rules(read_revision(Revision(text=text)))


def owners_of(rule: OwedRule, per: Sequence[str], revision: Revision, unit: Unit) -> Iterator[Owner]:
    """For whom an occasion makes ``rule`` owed: once for ``unit``, or once for each of what ``per`` names.

    ``unit`` is the procedure's own, or the one in which the event happened. A role given by the field ``per`` is the
    one it is opened for.
    """
    roles = read_revision(revision).roles
    if not per:
        yield Owner(unit)
    for name in per:
        if name in roles:
            yield Owner(unit, role=name if rule.role == "field.per" else "", mark=name)
        elif name == "product":
            yield from (Owner(unit, mark=f"product.{key}") for key in list_product_keys())
        else:
            yield from (Owner(one) for one in _units_of_kind(name, unit))


def _units_of_kind(kind: str, unit: Unit) -> list[Unit]:
    below = [one for one in list_units_below(unit) if one.pk != unit.pk]
    if kind == "unit":
        return below or [unit]
    return [one for one in [unit, *below] if one.kind == kind]


def owed_of(rule: OwedRule, *, opened: datetime, unit: Unit, instants: Instants, window: Period | None = None) -> Owed:
    """When ``rule`` is due that opens at ``opened``, and when it is warned of; without ``window`` it is of its year.

    A time that cannot be worked out — a calendar that never opens, a date nobody gave — does not keep a duty from being
    owed: it is due at the end of its window, and the explanation says what is missing.
    """
    calendar = get_calendar(rule.calendar, unit)
    if window is None:
        day = opened.astimezone(calendar.tz).date()
        window = Period(str(day.year), day, date(day.year, 12, 31))
    try:
        due = due_of(rule.term, opened=opened, window=window, calendar=calendar, instants=instants)
    except Refusal as refusal:
        end = due_of(Term(rule.term.clause), opened=opened, window=window, calendar=calendar)
        told = refusal.as_fault().message
        due = Due(end.at, (Text(f"期限无法计算：{told.zh}", f"The time cannot be worked out: {told.en}"), *end.why))
    warn_at = warnings_of(rule.remind, opened=opened, due_at=due.at, calendar=calendar)
    return Owed(due, warn_at, escalation_at(rule.escalate, due_at=due.at, calendar=calendar))
