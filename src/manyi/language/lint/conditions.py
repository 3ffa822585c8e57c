"""Every condition of a procedure, and the facts it may look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from manyi.core.predicates import Predicate
from manyi.language.facts import FACTS, facts_everywhere, facts_of_record, facts_of_sheet
from manyi.language.lint.places import OccasionAt, occasions, programmes, steps, works
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import KEY
from manyi.language.model.work import ProgrammeRule
from manyi.language.predicates import parse_predicate


class Condition(NamedTuple):
    """A condition at its place, with every name it may use."""

    path: Path
    predicate: Predicate
    known: Collection[str]


def conditions(procedure: Procedure) -> tuple[Condition, ...]:
    """All of them, chapter by chapter."""
    return procedure.once("conditions", lambda: tuple(_conditions(procedure)))


def _conditions(procedure: Procedure) -> Iterator[Condition]:
    everywhere = facts_everywhere(procedure)
    for key, fact in procedure.facts.items():
        if fact.where is not None:
            yield Condition(("facts", key, "where"), fact.where, everywhere | {*FACTS["sale"], *FACTS["record"]})
    for key, tiers in procedure.tiers.items():
        for number, tier in enumerate(tiers):
            yield Condition(("tiers", key, number, "where"), tier.where, everywhere)
    for key, form in procedure.questionnaires.items():
        for number, level in enumerate(form.levels):
            known = everywhere | set(form.aspects)
            yield Condition(("questionnaires", key, "levels", number, "where"), level.where, known)
    for path, _, rule in programmes(procedure):
        yield from _of_programme(path, rule, everywhere)
    for at in occasions(procedure):
        yield from _of_occasion(procedure, at, everywhere)
    yield from _of_steps(procedure)
    yield from _of_the_rest(procedure)


def _of_programme(path: Path, rule: ProgrammeRule, known: frozenset[str]) -> Iterator[Condition]:
    if rule.where is not None:
        yield Condition((*path, "where"), rule.where, known)
    for number, floor in enumerate(rule.sample.floors):
        if not KEY.fullmatch(floor.of):
            yield Condition((*path, "sample", "floors", number, "of"), parse_predicate(floor.of), known)
    for number, respondent in enumerate(rule.respondents):
        if respondent.where is not None:
            contact = known | set(FACTS["contact"])
            yield Condition((*path, "respondents", number, "where"), respondent.where, contact)


def _of_occasion(procedure: Procedure, at: OccasionAt, everywhere: frozenset[str]) -> Iterator[Condition]:
    if at.occasion.where is not None:
        yield Condition((*at.path, "where"), at.occasion.where, everywhere)
    if at.occasion.when is not None:
        published = everywhere
        for event in at.occasion.event:
            published |= facts_of_event(procedure, event)
        if at.work is not None and not at.occasion.event:
            published |= facts_of_record(procedure, at.work.rule)
        yield Condition((*at.path, "when"), at.occasion.when, published)


def _of_steps(procedure: Procedure) -> Iterator[Condition]:
    for path, step, work in steps(procedure):
        known = facts_of_record(procedure, work.rule)
        if isinstance(work.rule, ProgrammeRule):
            known |= facts_of_sheet(procedure, work.rule.form)
        if step.when is not None:
            yield Condition((*path, "when"), step.when, known)
        for word in ("consult", "inform"):
            for number, hearing in enumerate(getattr(step, word)):
                if hearing.when is not None:
                    yield Condition((*path, word, number, "when"), hearing.when, known)
        for name, outcome in step.outcomes.items():
            if outcome.when is not None:
                yield Condition((*path, "outcomes", name, "when"), outcome.when, known)


def _of_the_rest(procedure: Procedure) -> Iterator[Condition]:
    for work in works(procedure):
        if work.rule.not_for and work.rule.not_for.except_ is not None:
            known = facts_of_record(procedure, work.rule)
            yield Condition((*work.path, "not_for", "except"), work.rule.not_for.except_, known)
    for key, measure in procedure.measures.items():
        counted = facts_of_event(procedure, measure.of)
        for word in ("where", "among"):
            if (predicate := getattr(measure, word)) is not None:
                yield Condition(("measures", key, word), predicate, counted)


def facts_of_event(procedure: Procedure, event: str) -> frozenset[str]:
    """What is published with an event, or known of a kind of work: of a sheet, a record, or of every subject."""
    kind = event.split(".")[0]
    if kind in procedure.programmes:
        return facts_of_sheet(procedure, procedure.programmes[kind].form)
    if kind in procedure.records:
        return facts_of_record(procedure, procedure.records[kind])
    everywhere = facts_everywhere(procedure)
    return everywhere.union(*FACTS.values())
