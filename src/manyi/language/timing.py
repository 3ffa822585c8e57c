"""Times of the language as plain values of the core; a parameter stands for the figure it holds."""

from __future__ import annotations

from manyi.core.dues import Point, Yearly, parse_point
from manyi.core.durations import Duration, parse_duration
from manyi.language.model.procedure import Procedure
from manyi.language.model.values import DayOfYear
from manyi.language.model.work import Step


def duration_of(procedure: Procedure, said: Duration | str | None) -> Duration | None:
    """A duration, or the one a parameter holds; ``None`` where it is still open or there is none."""
    if not isinstance(said, str):
        return said
    try:
        return parse_duration(value_of(procedure, said))
    except ValueError:
        return None


def point_of(said: DayOfYear | str | None) -> Point | None:
    """A point in time."""
    if isinstance(said, DayOfYear):
        return Yearly(said.month, said.day)
    return parse_point(said) if said else None


def reminders_of(procedure: Procedure, step: Step) -> tuple[tuple[Duration, bool], ...]:
    """The warnings before a step is due (``True``) or so long after it opened."""
    spans = ((duration_of(procedure, one.span), one.before) for one in step.remind)
    return tuple((span, before) for span, before in spans if span is not None)


def escalation_of(procedure: Procedure, step: Step) -> tuple[str, Duration] | None:
    """Who is told, and how long after the step was due."""
    after = duration_of(procedure, step.escalate.after) if step.escalate else None
    return (step.escalate.to, after) if step.escalate and after else None


def value_of(procedure: Procedure, parameter: str) -> str:
    """What a parameter holds, as it is written; empty where it is open."""
    known = procedure.parameters.get(parameter)
    return str(known.value) if known and known.value is not None else ""
