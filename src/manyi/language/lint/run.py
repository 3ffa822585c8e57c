"""Running the checks over the values that hold, and over every reading of what was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from manyi.core.errors import Faults
from manyi.core.text import Lang, Text
from manyi.language.load import build
from manyi.language.model.procedure import NOTHING_KNOWN, Around, Path, Procedure
from manyi.language.settled import with_readings
from manyi.language.wording import path_text

Severity = Literal["error", "warning", "note"]
State = Literal["open", "settled"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing found: ``settled`` means that only a reading has it, and the value that holds has not."""

    id: str
    severity: Severity
    state: State
    clause: str
    line: int
    path: str
    message: Text
    hint: Text

    def as_json(self, lang: Lang = "zh") -> dict[str, object]:
        """The stable JSON form."""
        return {
            "id": self.id, "severity": self.severity, "state": self.state, "clause": self.clause, "line": self.line,
            "path": self.path, "message": self.message.in_(lang), "hint": self.hint.in_(lang),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says, at a path of the file; without a ``clause``, the one that governs the path is told."""

    path: Path
    message: Text
    hint: Text
    clause: str = ""
    state: State = "open"


Check = Callable[[Procedure], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A check with its id and severity."""

    id: str
    severity: Severity
    title: Text
    check: Check


REGISTRY: list[Registered] = []


def check(id_: str, severity: Severity, zh: str, en: str) -> Callable[[Check], Check]:
    """Register a check under its id."""

    def register(function: Check) -> Check:
        REGISTRY.append(Registered(id_, severity, Text(zh, en), function))
        return function

    return register


def lint(procedure: Procedure, around: Around = NOTHING_KNOWN) -> tuple[LintFinding, ...]:
    """Everything the checks find, in the order of the file; each finding once.

    ``around`` is what is known outside the file; what is not known there is not asked for.
    """
    procedure.among(around)
    open_ = list(_run(procedure))
    told = {(f.id, f.path, f.message) for f in open_}
    settled = []
    for doubt, clause, values in with_readings(procedure.raw, procedure.settled):
        try:
            variant: Procedure = (
                build(values, {}, "reading").remember(procedure.lines, procedure.settled, values).among(around)
            )
        except Faults:
            continue  # a reading that is no value at all is what the settlement is for
        for finding in _run(variant):
            if (finding.id, finding.path, finding.message) not in told:
                told.add((finding.id, finding.path, finding.message))
                settled.append(replace(finding, state="settled", clause=clause or finding.clause, line=doubt.line))
    return tuple(sorted([*open_, *settled], key=lambda f: (f.line, f.id, f.path)))


def open_findings(procedure: Procedure, *severities: Severity) -> tuple[LintFinding, ...]:
    """What the values that hold have open, of these severities; the readings of settled values are not tried."""
    return tuple(f for f in _run(procedure, frozenset(severities)) if f.state == "open")


def open_errors(procedure: Procedure) -> tuple[LintFinding, ...]:
    """Only what stops a procedure from being used."""
    return open_findings(procedure, "error")


def governing_clause(values: Any, path: Path) -> str:
    """The clause nearest around ``path``: the clause itself inside ``clauses``, else the first its rule names."""
    if path[:1] == ("clauses",) and len(path) > 1:
        return str(path[1])
    nearest = ""
    for part in (*path, None):
        if isinstance(values, dict) and values.get("clause"):
            named = values["clause"]
            nearest = str(named[0] if isinstance(named, list) else named)
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            break
    return nearest


def _run(
    procedure: Procedure, severities: frozenset[str] = frozenset({"error", "warning", "note"})
) -> Iterator[LintFinding]:
    for registered in REGISTRY:
        if registered.severity not in severities:
            continue
        for found in registered.check(procedure):
            yield LintFinding(
                registered.id, registered.severity, found.state,
                found.clause or governing_clause(procedure.raw, found.path), procedure.line_of(found.path),
                path_text(found.path), found.message, found.hint,
            )  # fmt: skip
