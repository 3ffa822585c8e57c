"""The steps of records under a draft: each that was ever open, with the time the draft gives for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from manyi.core.dues import Due, Term
from manyi.core.flows import HEARING, Act, FlowStep
from manyi.core.replay import Clock, Past, due_under
from manyi.core.text import Text
from manyi.flow.conformity.replaying.ground import Ground, due_then, past_of
from manyi.flow.duties.models import Duty
from manyi.flow.records.past import History, PastStep, list_histories, list_past_steps
from manyi.flow.records.queries import get_flow, subject_of

Owed = dict[tuple[str, int], Duty]


def replay_records(ground: Ground) -> None:
    """Every record that was open in the time replayed."""
    by_subject: dict[str, list[Duty]] = defaultdict(list)
    for duty in ground.ledger:
        by_subject[duty.subject].append(duty)
    made = ground.procedure.records
    for history in list_histories(ground.document, start=ground.start, end=ground.end, units=ground.units):
        own = by_subject[subject_of(history.record)]
        called = history.record.duty
        first = [called] if called is not None and called.state != Duty.State.SUPERSEDED else []
        owed = {(duty.rule, duty.round): duty for duty in (*first, *own)}
        ground.used.update(duty.pk for duty in owed.values())
        _replay(ground, history, owed, is_made=history.record.kind in made)


def _replay(ground: Ground, history: History, owed: Owed, *, is_made: bool) -> None:
    record, let_go = history.record, _let_go(owed)
    then = {step.opening.key: step for step in list_past_steps(history, record.revision, let_go)}
    under = {s.opening.key: s for s in list_past_steps(history, ground.draft, let_go)} if is_made else {}
    flow = get_flow(ground.draft, record.kind) if is_made else None
    for key, step in then.items():
        duty = owed.get((step.rule, step.opening.open.round))
        if duty is None and step.opening.left:
            continue
        here = under.get(key)
        rule = here.opening.open.step if here else flow.find(step.opening.open.step.key) if flow else None
        clock = _clock(ground, here or step, rule, flow.calendar, duty) if rule is not None and flow else None
        before = due_then(duty) if duty else _due_then(ground, step)
        ground.tell(_past(step, duty), before, clock)
    for key, step in under.items():
        if key not in then and flow is not None and _is_new(record.revision, record.kind, step):
            title = step.opening.open.step.title
            ground.asked[step.rule, title, step.opening.open.step.clause] += ground.covers(step.opening.open.since)


def _is_new(revision: object, kind: str, step: PastStep) -> bool:
    """Whether the rules of its time did not know the step at all; a way that only led elsewhere is no new demand."""
    return get_flow(revision, kind).find(step.opening.open.step.key) is None  # type: ignore[arg-type]


def _let_go(owed: Owed) -> list[tuple[datetime, Act]]:
    """The steps whose duty was waived, as acts: the record went on without them."""
    found = []
    for (rule, _), duty in owed.items():
        step, *rest = rule.split(".")[1:]
        if duty.state == Duty.State.WAIVED and duty.closed_at is not None and step != "archive":
            what = "heard" if rest[:1] == [HEARING] else "taken"
            found.append((duty.closed_at, Act(what, step, duty.closed_at, rest[-1] if rest else "")))  # type: ignore[arg-type]
    return found


def _past(step: PastStep, duty: Duty | None) -> Past:
    record, done, opened = step.standing.record, step.opening.done, step.opening.open
    kind, own = step.standing.flow.title, opened.step.title
    title = Text(f"{kind.in_('zh')}：{own.in_('zh')}", f"{kind.in_('en')}: {own.in_('en')}")
    if duty is not None and duty.state != Duty.State.OPEN:
        return replace(past_of(duty, str(record)), title=title)
    return Past(
        step.rule, title, opened.step.clause, subject_of(record), str(record), record.unit.name,
        done.happened_at if done else None, let_go=step.opening.left,
    )  # fmt: skip


def _due_then(ground: Ground, step: PastStep) -> Due:
    return due_under(_clock(ground, step, step.opening.open.step, step.standing.flow.calendar, None))


def _clock(ground: Ground, step: PastStep, rule: FlowStep, calendar_name: str, duty: Duty | None) -> Clock:
    """The time ``rule`` gives. A record that a duty called for counts from what opened that duty."""
    calendar = ground.calendar(calendar_name, step.standing.record.unit)
    opened = step.opening.open.since
    if duty is not None and duty.pk == step.standing.record.duty_id:
        opened = duty.begins_at or min(opened, duty.opened_at)
    term = rule.timing.term or Term(rule.clause)
    return Clock(term, calendar, opened, step.window(calendar), step.instants())
