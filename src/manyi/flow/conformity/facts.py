"""What is on record about one procedure in one period: waves with their results, what was owed, who holds its roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from manyi.core.conformity import Judgement, judge_owed
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import subject_of
from manyi.language.model import Procedure


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """One wave with the figures stored last, if any, and what is or was owed in it, by rule."""

    wave: Wave
    figures: dict[str, Any] | None
    owed: dict[str, Duty]

    @property
    def subject(self) -> str:
        """How the evidence names it."""
        return subject_of(self.wave)

    def is_running(self, rule: str) -> bool:
        """Whether the step that would settle a figure is not closed yet."""
        duty = self.owed.get(rule)
        return duty is None or duty.state == Duty.State.OPEN


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """Everything the judgements of one procedure rest on."""

    procedure: Procedure
    year: int
    now: datetime
    today: date
    waves: tuple[WaveFacts, ...]
    held: frozenset[str]

    def waves_of(self, programme: str) -> tuple[WaveFacts, ...]:
        """The waves of one programme."""
        return tuple(w for w in self.waves if w.wave.programme == programme)

    def with_figures(self, programme: str = "") -> Iterator[tuple[WaveFacts, dict[str, Any]]]:
        """The waves that have a result, of one programme or of all."""
        for wave in self.waves:
            if wave.figures is not None and programme in ("", wave.wave.programme):
                yield wave, wave.figures

    def judge_rule(self, rule: str) -> Iterator[Judgement]:
        """What is said of everything owed by one rule."""
        for wave in self.waves:
            if rule in wave.owed:
                yield judge_duty(wave.owed[rule], self.now)


def judge_duty(duty: Duty, now: datetime) -> Judgement:
    """One duty: done, late, open, missed, or waived."""
    due = duty.due_on.isoformat()
    done_at = duty.happened_at if duty.state == Duty.State.DISCHARGED else None
    waived = duty.reason if duty.state == Duty.State.WAIVED else ""
    return judge_owed(
        due_at=duty.due_at, done_at=done_at, waived=waived, now=now, due=Text(due, due), subject=duty.subject
    )
