"""The measures of a procedure as plain values of the core; a parameter stands for the figure it holds."""

from __future__ import annotations

from fractions import Fraction

from manyi.core.figures import from_text
from manyi.core.limits import Word
from manyi.core.measures import ByCase, LimitSaid, MeasureRule
from manyi.core.periods import CADENCES
from manyi.core.text import Text
from manyi.language.model.procedure import Procedure
from manyi.language.model.questionnaires import GradedScale
from manyi.language.model.values import Cell
from manyi.language.model.work import MeasureRule as MeasureSaid
from manyi.language.timing import duration_of, value_of

WORDS: tuple[Word, ...] = ("at_least", "at_most", "above", "below")
YARDSTICKS = ("target", "previous")


def measures_of(procedure: Procedure) -> tuple[MeasureRule, ...]:
    """Every measure, in the order of the file."""
    return procedure.once(
        "measures_of", lambda: tuple(_measure(procedure, k, m) for k, m in procedure.measures.items())
    )


def _measure(procedure: Procedure, key: str, said: MeasureSaid) -> MeasureRule:
    word = next((word for word in WORDS if getattr(said, word) is not None), None)
    every = said.every if said.every is None or said.every in CADENCES else value_of(procedure, said.every)
    return MeasureRule(
        key=key,
        title=procedure.title_of(key, said.title),
        clauses=tuple(said.clause),
        figure=said.figure,
        of=said.of,
        where=said.where,
        among=said.among,
        distinct=said.distinct or "",
        per=tuple(said.per),
        every=next((cadence for cadence in CADENCES if cadence == every), None),
        over=duration_of(procedure, said.over),
        word=word,
        limit=_limit(procedure, said, getattr(said, word)) if word else None,
    )


def _limit(procedure: Procedure, said: MeasureSaid, limit: Fraction | str | Cell) -> LimitSaid:
    if isinstance(limit, Fraction):
        return limit
    if isinstance(limit, Cell):
        return _by_case(procedure, limit)
    if limit in YARDSTICKS:
        return limit
    return _figure(value_of(procedure, limit)) if limit in procedure.parameters else _grade(procedure, said, limit)


def _by_case(procedure: Procedure, cell: Cell) -> ByCase:
    table = procedure.tables.get(cell.from_)
    column = cell.column or cell.match.rpartition(".")[2]
    rows = table.rows if table else ()
    pairs = ((str(row.get(column, "")), _figure(str(row.get(cell.take, "")))) for row in rows)
    return ByCase(cell.match, tuple((name, value) for name, value in pairs if value is not None))


def _figure(written: str) -> Fraction | None:
    try:
        return from_text(written[:-1]) / 100 if written.endswith("%") else from_text(written)
    except ValueError:
        return None


def _grade(procedure: Procedure, said: MeasureSaid, key: str) -> Fraction | None:
    """The raw score of a grade of the programme's form."""
    programme = procedure.programmes.get(said.of)
    form = procedure.questionnaires.get(programme.form) if programme else None
    scale = form.scale if form else None
    return scale.grades.get(key) if isinstance(scale, GradedScale) else None


def roles_in(limit: LimitSaid) -> tuple[str, ...]:
    """The values a limit by table names, such as roles whose holders are owed a figure each."""
    return tuple(name for name, _ in limit.rows) if isinstance(limit, ByCase) else ()


def title_of(procedure: Procedure, value: str) -> Text:
    """What a value in a key is called: a word of the file, a role, or itself."""
    role = procedure.roles.get(value)
    return procedure.title_of(value, role.title if role else None)
