"""Each kind of rule as sentences: who, when, on which form, to which limit, for how many points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from manyi.core.text import Text
from manyi.language.model.nouns import FactRule, Parameter, Role, Table, TierRule, UnitKind
from manyi.language.model.questionnaires import DimensionRule, QuestionnaireRule, Unanswered
from manyi.language.model.work import (
    Archive,
    DutyRule,
    FloorRule,
    Focus,
    Includes,
    MeasureRule,
    NotFor,
    Occasion,
    Playbook,
    ProgrammeRule,
    RecordRule,
    Register,
    Respondent,
    Sample,
    ScoreRule,
    Situation,
    Step,
)
from manyi.language.reading import nouns, steps, surveys, work
from manyi.language.reading.words import Book

TELLERS: dict[type, Callable[[Book, Any], Iterator[Text]]] = {
    Role: nouns.role, UnitKind: nouns.unit, FactRule: nouns.fact, Parameter: nouns.parameter, Table: nouns.table,
    TierRule: nouns.tier, QuestionnaireRule: nouns.questionnaire, DimensionRule: nouns.dimension,
    Unanswered: nouns.unanswered, Occasion: steps.occasion, Step: steps.step, Sample: surveys.sample,
    FloorRule: surveys.floor, Respondent: surveys.respondent, ScoreRule: surveys.score, Focus: surveys.focus,
    Includes: surveys.includes, RecordRule: work.record, ProgrammeRule: work.programme, Register: work.register,
    Archive: work.archive, NotFor: work.not_for, DutyRule: work.duty, MeasureRule: work.measure,
    Playbook: work.playbook, Situation: work.situation,
}  # fmt: skip


def sentences(book: Book, rule: Any) -> Iterator[Text]:
    """What ``rule`` says, one sentence after the other; nothing for what has no words of its own."""
    tell = TELLERS.get(type(rule))
    if tell:
        yield from tell(book, rule)
