"""A duty as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from manyi.base.evidence.kinds import words_of
from manyi.base.evidence.models import Event
from manyi.base.evidence.queries import list_events_by_number
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.places import place_of
from manyi.flow.duties.queries import SOON, get_role_title

EVENT = "event:"


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty with who owes it, where it is done, why then, and how it stands."""

    duty: Duty
    role: Text
    url: str
    why: tuple[Text, ...]
    state: str
    at_a_time: bool
    """Whether it is due at an hour, not at the end of a day."""
    cause: Text | None = None
    """What happened that called for it."""


def shown(duties: Iterable[Duty], at: datetime) -> list[Owed]:
    """Duties in their order, ready for a page at an instant."""
    listed = list(duties)
    causes = list_events_by_number([number for duty in listed if (number := _event_of(duty))])
    return [
        Owed(
            duty, get_role_title(duty.revision, duty.role), place_of(duty),
            tuple(Text(line.get("zh", ""), line.get("en", "")) for line in duty.why), state_of(duty, at),
            timezone.localtime(duty.due_at).strftime("%H:%M:%S") != "00:00:00", _cause(causes.get(_event_of(duty))),
        )
        for duty in listed
    ]  # fmt: skip


def _event_of(duty: Duty) -> int:
    """The number of the event that called for a duty; 0 where none did."""
    number = duty.subject.removeprefix(EVENT).partition(":")[0] if duty.subject.startswith(EVENT) else ""
    return int(number) if number.isdigit() else 0


def _cause(event: Event | None) -> Text | None:
    """The event in words, with the number of what it is about and its day: no name, no text of a customer."""
    if event is None:
        return None
    words, number = words_of(event.kind), event.subject.partition(":")[2]
    day = timezone.localdate(event.happened_at).isoformat()
    return Text(f"{words.zh} {number}（{day}）", f"{words.en} {number} ({day})")


def state_of(duty: Duty, at: datetime) -> str:
    """The word for how a duty stands at an instant."""
    if duty.state != Duty.State.OPEN:
        return "done_late" if duty.was_late else duty.state
    if duty.due_at <= at:
        return "overdue"
    return "due_soon" if duty.due_at <= at + SOON else "open"
