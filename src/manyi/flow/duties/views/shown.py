"""A duty as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.places import place_of
from manyi.flow.duties.queries import SOON, get_role_title


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


def shown(duties: Iterable[Duty], at: datetime) -> list[Owed]:
    """Duties in their order, ready for a page at an instant."""
    return [
        Owed(
            duty, get_role_title(duty.revision, duty.role), place_of(duty),
            tuple(Text(line.get("zh", ""), line.get("en", "")) for line in duty.why), state_of(duty, at),
            timezone.localtime(duty.due_at).strftime("%H:%M:%S") != "00:00:00",
        )
        for duty in duties
    ]  # fmt: skip


def state_of(duty: Duty, at: datetime) -> str:
    """The word for how a duty stands at an instant."""
    if duty.state != Duty.State.OPEN:
        return "done_late" if duty.was_late else duty.state
    if duty.due_at <= at:
        return "overdue"
    return "due_soon" if duty.due_at <= at + SOON else "open"
