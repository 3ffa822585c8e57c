"""Steps of a piece of work: who, by when, counted from what."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from manyi.core.dues import Point, Term, Warn, Yearly
from manyi.core.durations import Duration
from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step as a procedure states it.

    ``due`` is a point in time; ``within`` counts from the step ``counted_from`` or, where that is empty, from the
    opening. A step with neither is due at the end of its window. ``inform`` are the roles that receive the result.
    ``remind`` and ``escalate`` are the warnings before it is due and after.
    """

    key: str
    title: Text
    clause: str
    role: str
    due: Point | None = None
    within: Duration | None = None
    counted_from: str = ""
    at_least: Fraction | None = None
    inform: tuple[str, ...] = ()
    remind: tuple[Warn, ...] = ()
    escalate: tuple[str, Duration] | None = None

    @property
    def term(self) -> Term:
        """The time of the step, as ``core.dues`` asks for it."""
        return Term(self.clause, self.within, self.due, self.counted_from)

    @property
    def yearly(self) -> Yearly | None:
        """The day of the year by which it has to be done, where the procedure names one."""
        return self.due if isinstance(self.due, Yearly) else None
