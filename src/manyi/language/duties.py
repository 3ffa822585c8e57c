"""What a procedure comes to owe, and by which occasions, as plain values of the core."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.dues import Term
from manyi.core.occasions import OnEvent, OwedRule, Recurring
from manyi.core.periods import CADENCES, Cadence
from manyi.core.text import Text
from manyi.language.model.procedure import Procedure
from manyi.language.model.work import DutyRule, Occasion, RecordRule, Step
from manyi.language.timing import duration_of, escalation_of, point_of, reminders_of, value_of

PLAIN = "duties"
"""The rule of a duty without a sheet of its own is ``duties.<key>``."""


def owed_rules(procedure: Procedure) -> tuple[OwedRule, ...]:
    """Every rule that comes to be owed by the calendar or by an event; what begins by hand or from outside is not."""
    work = [*procedure.records.items(), *procedure.programmes.items()]
    found = [_of_work(procedure, kind, rule) for kind, rule in work if rule.steps]
    found += [_of_duty(procedure, key, duty) for key, duty in procedure.duties.items()]
    return tuple(rule for rule in found if rule.opens)


def _of_work(procedure: Procedure, kind: str, rule: RecordRule) -> OwedRule:
    step = rule.steps[0]
    clause = next(iter((*step.clause, *rule.clause)), "")
    title, own = procedure.title_of(kind, rule.title), procedure.title_of(step.key, step.title)
    return OwedRule(
        rule=f"{kind}.{step.key}",
        kind=kind,
        title=Text(f"{title.in_('zh')}：{own.in_('zh')}", f"{title.in_('en')}: {own.in_('en')}"),
        clause=clause,
        role=_role_of(step),
        term=Term(clause, duration_of(procedure, step.within), point_of(step.due), step.from_ or ""),
        opens=tuple(_occasions(procedure, rule.opens)),
        calendar=rule.calendar or procedure.procedure.calendar,
        not_before=point_of(step.not_before),
        remind=reminders_of(procedure, step),
        escalate=escalation_of(procedure, step),
    )


def _of_duty(procedure: Procedure, key: str, duty: DutyRule) -> OwedRule:
    clause = next(iter(duty.clause), "")
    return OwedRule(
        rule=f"{PLAIN}.{key}",
        kind=f"{PLAIN}.{key}",
        title=procedure.title_of(key, duty.title),
        clause=clause,
        role=duty.role,
        term=Term(clause, duration_of(procedure, duty.within), point_of(duty.due)),
        opens=tuple(_occasions(procedure, (duty,))),
        calendar=procedure.procedure.calendar,
        evidence=tuple(duty.evidence),
    )


def _occasions(procedure: Procedure, opens: tuple[Occasion, ...]) -> Iterator[Recurring | OnEvent]:
    for occasion in opens:
        clause = next(iter(occasion.clause), "")
        cadence = _cadence_of(procedure, occasion.every)
        if cadence is not None:
            yield Recurring(cadence, occasion.in_, occasion.covers, occasion.times or 1, occasion.per, clause)
        elif occasion.event:
            yield OnEvent(tuple(occasion.event), occasion.when, occasion.where, occasion.per, clause)


def _role_of(step: Step) -> str:
    """The role of a step; of steps side by side, that of the first."""
    return step.role or next((part.role for part in step.all if part.role), "")


def _cadence_of(procedure: Procedure, every: str | None) -> Cadence | None:
    if every is None:
        return None
    written = every if every in CADENCES else value_of(procedure, every)
    return next((cadence for cadence in CADENCES if cadence == written), None)
