"""The board: every clause of the procedures in force with what can be said of it in a year, and its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_all_units, list_held_roles, list_visible_units
from manyi.core.conformity import Judgement, Verdict, verdict_of
from manyi.core.text import Lang, Text
from manyi.flow.conformity.facts import PeriodFacts, WaveFacts
from manyi.flow.conformity.judging import judge
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import count_owed, list_duties_of
from manyi.flow.findings.measuring import list_measured
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import list_visible_waves, list_waves_in, subject_of
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import (
    find_revision_in_force,
    list_documents,
    list_visible_documents,
    read_revision,
)
from manyi.flow.records.queries import count_kept
from manyi.flow.scores.queries import list_results_as_of
from manyi.language.model.procedure import Path
from manyi.language.reading import title_of_paths

MOMENT = timedelta(microseconds=1)
COUNTED = (Verdict.MISSED, Verdict.OPEN, Verdict.DONE_LATE, Verdict.DONE, Verdict.NOT_EVALUATED)


@dataclass(frozen=True, slots=True)
class RuleOnBoard:
    """Rules that serve a clause and of which the same is said."""

    title: Text
    judgement: Judgement
    wave: Wave | None
    kind: str = ""
    """The register whose records it rests on, as addresses name it."""


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

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """The stable JSON form."""
        return {
            "procedure": self.document.key, "revision": self.revision.label,
            "counts": dict(self.counts), "clauses": [_clause_as_json(clause, lang) for clause in self.clauses],
        }  # fmt: skip


def _clause_as_json(clause: ClauseOnBoard, lang: Lang) -> dict[str, Any]:
    rules = [
        {
            "title": rule.title.in_(lang), "verdict": rule.judgement.verdict.value,
            "reason": rule.judgement.reason.in_(lang), "subject": rule.judgement.subject,
        }
        for rule in clause.rules
    ]  # fmt: skip
    return {"clause": clause.number, "verdict": clause.verdict.value, "rules": rules}


def list_boards(*, by: Person | None, at: datetime, year: int, unit: Unit | None = None, only: str = "") -> list[Board]:
    """The procedures in force at the instant ``at`` that the person sees, each clause judged for ``year`` as it stood
    then.

    ``by`` is ``None`` for the operator of the installation, who sees all; ``unit`` narrows to it and all below and
    ``only`` to one procedure by its key. All is computed from what is on record; the number of queries does not grow.
    """
    today = timezone.localdate(at)
    held = list_held_roles(today)
    revisions = [r for r in _in_force(by, today) if only in ("", r.document.key)]
    units = _units(by, unit)
    start, end = _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
    documents = [revision.document_id for revision in revisions]
    owed = count_owed(documents, units=units, start=start, end=end, at=at)
    kept = count_kept(documents, units=units, start=start, end=end, at=at)
    waves = _list_waves(year, units, at)
    boards = []
    for revision in revisions:
        document = revision.document
        here = frozenset(role for role, path in held if _meet(path, document.unit.path))
        facts = PeriodFacts(
            read_revision(revision), year, timezone.localtime(at), today,
            tuple(w for w in waves if w.wave.revision.document_id == document.pk), here,
            {(rule, clause): counts for of, rule, clause, counts in owed if of == document.pk},
            {kind: counts for (of, kind), counts in kept.items() if of == document.pk},
            {one.rule.key: one for one in list_measured(revision, units=units, at=min(at, end - MOMENT))},
        )  # fmt: skip
        boards.append(Board(document, revision, _clauses(facts)))
    return boards


def list_years(by: Person, at: datetime) -> list[int]:
    """The years a board can be shown for: those with a wave, and this one; newest first."""
    years = set(list_visible_waves(by).order_by().values_list("year", flat=True))
    return sorted(years | {timezone.localdate(at).year}, reverse=True)


def _in_force(by: Person | None, today: date) -> list[Revision]:
    documents = list_documents() if by is None else list_visible_documents(by)
    found = []
    for document in documents:
        revision = find_revision_in_force(document, today)
        if revision is not None:
            revision.document = document
            found.append(revision)
    return found


def _units(by: Person | None, unit: Unit | None) -> frozenset[int]:
    seen = list_all_units() if by is None else list_visible_units(by)
    rows = seen.filter(path__startswith=unit.path) if unit is not None else seen
    return frozenset(rows.values_list("pk", flat=True))


def _list_waves(year: int, units: frozenset[int], at: datetime) -> tuple[WaveFacts, ...]:
    waves = list(list_waves_in(units).filter(year=year, opened_at__lte=at))
    results = list_results_as_of(waves, at)
    owed: dict[str, dict[str, Duty]] = defaultdict(dict)
    for duty in list_duties_of([subject_of(wave) for wave in waves]).filter(opened_at__lte=at):
        closed = duty.closed_at is not None and duty.closed_at <= at
        if not (closed and duty.state == Duty.State.SUPERSEDED):
            owed[duty.subject][duty.rule] = duty
    return tuple(
        WaveFacts(wave, results[wave.pk].figures if wave.pk in results else None, owed[subject_of(wave)], at)
        for wave in waves
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


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
    rules = [
        RuleOnBoard(title_of_paths(facts.procedure, there), j, waves.get(j.subject), _register(facts, there[0]))
        for j, there in said.items()
    ]
    clause = facts.procedure.clauses[number]
    verdict = verdict_of(_telling(said))
    if not rules and not clause.informative:
        verdict = Verdict.NOT_EVALUATED
    return ClauseOnBoard(number, clause.text, verdict, tuple(rules))


def _register(facts: PeriodFacts, path: Path) -> str:
    """The register of a kind of record that is kept here; reports are found with their wave."""
    kind = str(path[1]) if path[0] == "records" else ""
    rule = facts.procedure.records.get(kind)
    return f"{facts.procedure.procedure.key}.{kind}" if rule is not None and not rule.contains else ""


def _telling(said: Mapping[Judgement, list[Path]]) -> list[Judgement]:
    """What a clause is judged by: that somebody holds a role is not yet its work done, where there is work."""
    work = [j for j, paths in said.items() if paths[0][0] != "roles" or j.verdict != Verdict.DONE]
    return work or list(said)


def _deepest(paths: list[Path]) -> list[Path]:
    """Of a rule and a part of it that serve the same clause only the part: it says more exactly what is meant."""
    return [path for path in paths if not any(other != path and other[: len(path)] == path for other in paths)]


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
