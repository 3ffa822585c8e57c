"""The board: every clause of the procedures in force with what can be said of it in a year, and its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from manyi.base.people.models import Person
from manyi.base.people.queries import list_held_roles
from manyi.core.conformity import Judgement, Verdict, verdict_of
from manyi.core.text import Text
from manyi.flow.conformity.facts import PeriodFacts, WaveFacts
from manyi.flow.conformity.judging import judge
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import list_visible_duties
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import list_visible_waves, subject_of
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import list_standings, read_revision
from manyi.flow.scores.queries import list_latest_results
from manyi.language.model.procedure import Path
from manyi.language.reading import title_of_paths

COUNTED = (Verdict.MISSED, Verdict.OPEN, Verdict.DONE_LATE, Verdict.DONE, Verdict.NOT_EVALUATED)


@dataclass(frozen=True, slots=True)
class RuleOnBoard:
    """Rules that serve a clause and of which the same is said."""

    title: Text
    judgement: Judgement
    wave: Wave | None


@dataclass(frozen=True, slots=True)
class ClauseOnBoard:
    """One clause: its text, its verdict, and the rules behind it."""

    number: str
    text: Text | None
    verdict: Verdict
    rules: tuple[RuleOnBoard, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One procedure in force in a year."""

    document: Document
    revision: Revision
    clauses: tuple[ClauseOnBoard, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many clauses have each verdict, those that call for work first."""
        said = [clause.verdict for clause in self.clauses]
        return [(verdict.value, said.count(verdict)) for verdict in COUNTED if verdict in said]


def list_boards(*, by: Person, at: datetime, year: int) -> list[Board]:
    """The procedures in force that the person sees, each clause judged for ``year`` from what is on record."""
    today = timezone.localdate(at)
    standings = [s for s in list_standings(by, today) if s.in_force is not None]
    waves = _list_waves(by, year)
    held = list_held_roles(today)
    boards = []
    for standing in standings:
        document, revision = standing.document, standing.in_force
        if revision is None:
            continue
        here = frozenset(role for role, path in held if _meet(path, document.unit.path))
        own = tuple(w for w in waves if w.wave.revision.document_id == document.pk)
        facts = PeriodFacts(read_revision(revision), year, timezone.localtime(at), today, own, here)
        boards.append(Board(document, revision, _clauses(facts)))
    return boards


def list_years(by: Person, at: datetime) -> list[int]:
    """The years a board can be shown for: those with a wave, and this one; newest first."""
    years = set(list_visible_waves(by).order_by().values_list("year", flat=True))
    return sorted(years | {timezone.localdate(at).year}, reverse=True)


def _list_waves(by: Person, year: int) -> tuple[WaveFacts, ...]:
    waves = list(list_visible_waves(by).filter(year=year))
    results = list_latest_results(waves)
    owed: dict[str, dict[str, Duty]] = defaultdict(dict)
    duties = list_visible_duties(by).filter(subject__in=[subject_of(wave) for wave in waves])
    for duty in duties.exclude(state=Duty.State.SUPERSEDED).order_by("pk"):
        owed[duty.subject][duty.rule] = duty
    return tuple(
        WaveFacts(wave, results[wave.pk].figures if wave.pk in results else None, owed[subject_of(wave)])
        for wave in waves
    )


def _clauses(facts: PeriodFacts) -> tuple[ClauseOnBoard, ...]:
    served = facts.procedure.rules_by_clause()
    return tuple(
        _clause(facts, number, [] if clause.informative else served.get(number, []))
        for number, clause in facts.procedure.clauses.items()
    )


def _clause(facts: PeriodFacts, number: str, paths: list[Path]) -> ClauseOnBoard:
    waves = {w.subject: w.wave for w in facts.waves}
    said: dict[Judgement, list[Path]] = defaultdict(list)
    for path in _deepest(paths):
        for judgement in judge(facts, path, number):
            said[judgement].append(path)
    rules = [RuleOnBoard(title_of_paths(facts.procedure, there), j, waves.get(j.subject)) for j, there in said.items()]
    clause = facts.procedure.clauses[number]
    verdict = verdict_of(_telling(said))
    if not rules and not clause.informative:
        verdict = Verdict.NOT_EVALUATED
    return ClauseOnBoard(number, clause.text, verdict, tuple(rules))


def _telling(said: Mapping[Judgement, list[Path]]) -> list[Judgement]:
    """What a clause is judged by: that somebody holds a role is not yet its work done, where there is work."""
    work = [j for j, paths in said.items() if paths[0][0] != "roles" or j.verdict != Verdict.DONE]
    return work or list(said)


def _deepest(paths: list[Path]) -> list[Path]:
    """Of a rule and a part of it that serve the same clause only the part: it says more exactly what is meant."""
    return [path for path in paths if not any(other != path and other[: len(path)] == path for other in paths)]


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
