"""What is on record about one procedure in one period: waves with their results, what was owed, who holds its roles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from manyi.core.conformity import Judgement, Owed, Verdict, judge_owed
from manyi.core.dues import next_day_of_year
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.findings.measuring import Measured
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules, list_rules_of_steps, start_of_fixed, subject_of
from manyi.language.model import Procedure


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """One wave with the figures stored last, if any, and what is or was owed in it, by rule."""

    wave: Wave
    figures: dict[str, Any] | None
    owed: dict[str, Duty]
    at: datetime

    @property
    def subject(self) -> str:
        """How the evidence names it."""
        return subject_of(self.wave)

    def is_running(self, rule: str) -> bool:
        """Whether the step that would settle a figure is not closed yet."""
        duty = self.owed.get(rule)
        return duty is None or duty.closed_at is None or duty.closed_at > self.at

    def fixed_day(self, rule: str) -> date | None:
        """The day of the year by which a step has to be done whatever comes before it; ``None``: it has none."""
        rules = get_rules(self.wave)
        step = dict(list_rules_of_steps(rules)).get(rule)
        if step is None or step.yearly is None:
            return None
        return next_day_of_year(step.yearly.month, step.yearly.day, start_of_fixed(rules, self.wave, rule))


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """Everything the judgements of one procedure rest on; ``now`` is the instant as of which they are made."""

    procedure: Procedure
    year: int
    now: datetime
    today: date
    waves: tuple[WaveFacts, ...]
    held: frozenset[str]
    owed: Mapping[tuple[str, str], Owed]
    kept: Mapping[str, tuple[int, int]]
    measured: Mapping[str, Measured]

    def owed_by(self, rules: Iterable[str], clause: str) -> Owed:
        """What these rules made owed: of a rule whose duties name several clauses, those of ``clause``."""
        total = Owed()
        for rule in rules:
            mine = {c: counts for (known, c), counts in self.owed.items() if known == rule}
            total = sum([mine[clause]] if clause in mine else mine.values(), total)
        return total

    def waves_of(self, programme: str) -> tuple[WaveFacts, ...]:
        """The waves of one programme."""
        return tuple(w for w in self.waves if w.wave.programme == programme)

    def with_figures(self, programme: str = "") -> Iterator[tuple[WaveFacts, dict[str, Any]]]:
        """The waves that have a result, of one programme or of all."""
        for wave in self.waves:
            if wave.figures is not None and programme in ("", wave.wave.programme):
                yield wave, wave.figures

    def judge_rule(self, rule: str, programme: str = "") -> Iterator[Judgement]:
        """What is said of a step in every wave: of what is owed, else of what is yet to be."""
        for wave in self.waves_of(programme) if programme else self.waves:
            if rule in wave.owed:
                yield judge_duty(wave.owed[rule], self.now)
            elif rule in dict(list_rules_of_steps(get_rules(wave.wave))):
                yield self._not_owed(wave, rule)

    def _not_owed(self, wave: WaveFacts, rule: str) -> Judgement:
        day = wave.fixed_day(rule)
        if day is not None and day < self.today:
            told = Text(f"期限 {day} 已过，前一步尚未完成", f"it was due {day}; the step before it is not done")
            return Judgement(Verdict.MISSED, told, subject=wave.subject)
        told = Text("前一步完成后开始", "begins after the step before it")
        return Judgement(Verdict.NOT_DUE, told, subject=wave.subject)


def judge_duty(duty: Duty, now: datetime) -> Judgement:
    """One duty as it stood at an instant: done, late, open, missed, or waived."""
    due = duty.due_on.isoformat()
    closed = duty.closed_at is not None and duty.closed_at <= now
    done_at = duty.happened_at if closed and duty.state == Duty.State.DISCHARGED else None
    waived = duty.reason if closed and duty.state == Duty.State.WAIVED else ""
    return judge_owed(
        due_at=duty.due_at, done_at=done_at, waived=waived, now=now, due=Text(due, due), subject=duty.subject
    )
