"""Walking a procedure: its work, its steps, and names that are nearly right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import NamedTuple

from manyi.core.text import Text
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.work import Occasion, ProgrammeRule, RecordRule, Step


class Work(NamedTuple):
    """A programme or a kind of record, and where it stands."""

    path: Path
    key: str
    rule: RecordRule


class StepAt(NamedTuple):
    """A step, where it stands, and whose it is."""

    path: Path
    step: Step
    work: Work


class OccasionAt(NamedTuple):
    """What a piece of work begins with, and where it stands; ``work`` is ``None`` for a duty."""

    path: Path
    occasion: Occasion
    work: Work | None


def programmes(procedure: Procedure) -> Iterator[tuple[Path, str, ProgrammeRule]]:
    """Every survey."""
    for key, rule in procedure.programmes.items():
        yield ("programmes", key), key, rule


def works(procedure: Procedure) -> Iterator[Work]:
    """Programmes, then records."""
    for key, rule in procedure.programmes.items():
        yield Work(("programmes", key), key, rule)
    for key, record in procedure.records.items():
        yield Work(("records", key), key, record)


def steps(procedure: Procedure) -> tuple[StepAt, ...]:
    """Every step of every programme and record, and the parts of those done side by side."""
    return procedure.once("steps", lambda: tuple(_steps(procedure)))


def _steps(procedure: Procedure) -> Iterator[StepAt]:
    for work in works(procedure):
        for number, step in enumerate(work.rule.steps):
            path = (*work.path, "steps", number)
            yield StepAt(path, step, work)
            for inner, part in enumerate(step.all):
                alone = not isinstance(procedure.raw[str(work.path[0])][work.key]["steps"][number].get("all"), list)
                yield StepAt((*path, "all", *(() if alone else (inner,))), part, work)


def occasions(procedure: Procedure) -> tuple[OccasionAt, ...]:
    """Every occasion of programmes, records and duties."""
    return procedure.once("occasions", lambda: tuple(_occasions(procedure)))


def _occasions(procedure: Procedure) -> Iterator[OccasionAt]:
    for work in works(procedure):
        several = isinstance(procedure.raw[str(work.path[0])][work.key].get("opens"), list)
        for number, occasion in enumerate(work.rule.opens):
            yield OccasionAt((*work.path, "opens", *((number,) if several else ())), occasion, work)
    for key, duty in procedure.duties.items():
        yield OccasionAt(("duties", key), duty, None)


def nearly(name: str, known: Collection[str]) -> Text:
    """What was perhaps meant, or what there is."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    if close:
        return Text(f"是否应为“{close[0]}”？", f"Did you mean “{close[0]}”?")
    some = sorted(known)[:8]
    if not some:
        return Text("先给出定义", "Define it first")
    return Text(f"已定义的有：{'、'.join(some)}", f"There are: {', '.join(some)}")
