"""A revision as its page shows it: every clause with the rules that serve it, what was settled, what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from manyi.core.text import Text
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import list_findings, read_revision
from manyi.language.lint import LintFinding
from manyi.language.lint.run import governing_clause
from manyi.language.model.procedure import Clause, Procedure
from manyi.language.model.values import Settled
from manyi.language.reading import Reading, name_of, read_clauses, title_of_path

TOLD_BY_DOUBTS = "V5"
"""The check that lists what was settled: the page tells it beside the clause, with readings and reason."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A settled value in words: where, what holds, what the clauses say, and why."""

    title: Text
    line: int
    value: Text | None
    readings: tuple[tuple[str, Text], ...]
    reason: Text | None


@dataclass(frozen=True, slots=True)
class ClauseOnPage:
    """One clause with all that belongs beside it; what has no clause stands under an empty number, last."""

    number: str
    clause: Clause | None
    rules: tuple[Reading, ...]
    doubts: tuple[Doubt, ...]
    findings: tuple[LintFinding, ...]


def read_page(revision: Revision) -> tuple[ClauseOnPage, ...]:
    """The whole revision, clause by clause in the order of the document."""
    procedure = read_revision(revision)
    doubts: dict[str, list[Doubt]] = defaultdict(list)
    findings: dict[str, list[LintFinding]] = defaultdict(list)
    for settled in procedure.settled:
        doubts[_place(procedure, governing_clause(procedure.raw, settled.path))].append(_doubt(procedure, settled))
    for finding in (f for f in list_findings(revision) if f.id != TOLD_BY_DOUBTS):
        findings[_place(procedure, finding.clause)].append(finding)
    clauses = [
        ClauseOnPage(c.number, c.clause, c.rules, tuple(doubts[c.number]), tuple(findings[c.number]))
        for c in read_clauses(procedure)
    ]
    if doubts[""] or findings[""]:
        clauses.append(ClauseOnPage("", None, (), tuple(doubts[""]), tuple(findings[""])))
    return tuple(clauses)


def count_findings(clauses: Iterable[ClauseOnPage]) -> dict[str, int]:
    """How many findings are open, by severity, and how many doubts were settled."""
    counts = {"error": 0, "warning": 0, "note": 0, "settled": 0}
    for clause in clauses:
        counts["settled"] += len(clause.doubts)
        for finding in clause.findings:
            counts[finding.severity] += finding.state == "open"
    return counts


def _place(procedure: Procedure, clause: str) -> str:
    return clause if clause in procedure.clauses else ""


def _doubt(procedure: Procedure, settled: Settled) -> Doubt:
    readings = tuple((clause, _said(procedure, reading)) for clause, reading in settled.readings.items())
    value = None if settled.value is None else _said(procedure, settled.value)
    return Doubt(title_of_path(procedure, settled.path), settled.line, value, readings, settled.reason)


def _said(procedure: Procedure, value: Any) -> Text:
    """A value of the file as people read it: titles in both languages, keys by their names."""
    if isinstance(value, dict) and set(value) <= {"zh", "en"}:
        return Text(str(value.get("zh", "")), str(value.get("en", "")))
    if isinstance(value, dict):
        parts = [(_said(procedure, key), _said(procedure, part)) for key, part in value.items()]
        return Text("、".join(f"{k.zh} {v.zh}" for k, v in parts), ", ".join(f"{k.en} {v.en}" for k, v in parts))
    if isinstance(value, list):
        said = [_said(procedure, part) for part in value]
        return Text("、".join(part.in_("zh") for part in said), ", ".join(part.in_("en") for part in said))
    return name_of(procedure, "" if value is None else str(value))
