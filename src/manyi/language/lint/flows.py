"""O and F — occasions and steps: events that exist, flows that end, proof that something produces."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.events import SOURCE_AGAIN, events_of
from manyi.language.facts import fields_of
from manyi.language.lint.places import Work, nearly, occasions, steps, works
from manyi.language.lint.run import Found, check
from manyi.language.lint.settled_values import same
from manyi.language.model.procedure import Procedure
from manyi.language.model.work import EVIDENCE

ENDS = ("next", "close")
BEGIN = -1


@check("O1", "error", "不存在的事件", "an unknown event")
def an_unknown_event(procedure: Procedure) -> Iterator[Found]:
    """Nothing records it, so the work it begins would never begin."""
    known = events_of(procedure)
    for at in occasions(procedure):
        for event in at.occasion.event:
            if event not in known:
                yield _unknown((*at.path, "event"), event, known)
    for at_step in steps(procedure):
        for event in at_step.step.event:
            if event not in known and event != SOURCE_AGAIN:
                yield _unknown((*at_step.path, "event"), event, known)


def _unknown(path: tuple[str | int, ...], event: str, known: frozenset[str]) -> Found:
    return Found(path, Text(f"没有事件“{event}”", f"there is no event “{event}”"), nearly(event, known))


@check("O3", "warning", "没有人能作出这个决定", "nobody inside the company holds the calling role")
def nobody_can_call(procedure: Procedure) -> Iterator[Found]:
    """A role outside the company has nobody who can sign in and decide."""
    for at in occasions(procedure):
        role = procedure.roles.get(at.occasion.called_by or "")
        if at.occasion.called_by == "customer" or (role and role.external):
            yield Found(
                (*at.path, "called_by"),
                Text(f"“{at.occasion.called_by}”不在公司内", f"“{at.occasion.called_by}” is outside the company"),
                Text("改为公司内的角色，或写 intake", "Name a role of the company, or write intake"),
            )


@check("F1", "error", "下一步骤不存在或到不了", "a next step that is unknown, or a step never reached")
def next_step_unknown_or_unreachable(procedure: Procedure) -> Iterator[Found]:
    """Outcomes lead to a step of the same flow, ``next`` or ``close``."""
    for work in works(procedure):
        own = {step.key for step in work.rule.steps}
        for number, step in enumerate(work.rule.steps):
            for name, outcome in step.outcomes.items():
                if outcome.then not in own and outcome.then not in ENDS:
                    yield Found(
                        (*work.path, "steps", number, "outcomes", name),
                        Text(f"没有步骤“{outcome.then}”", f"there is no step “{outcome.then}”"),
                        nearly(outcome.then, own | set(ENDS)),
                    )
        reached = _reachable(_leads(work), {BEGIN})
        for number, step in enumerate(work.rule.steps):
            if number not in reached:
                yield Found(
                    (*work.path, "steps", number),
                    Text(f"步骤“{step.key}”永远到不了", f"the step “{step.key}” is never reached"),
                    Text("检查前面步骤的结果去向", "Look at where the outcomes before it lead"),
                )


@check("F2", "error", "流程没有终点", "no way to close")
def no_way_to_close(procedure: Procedure) -> Iterator[Found]:
    """From every step some way leads to the end."""
    for work in works(procedure):
        leads = _leads(work)
        for number in sorted(_reachable(leads, {BEGIN})):
            if 0 <= number < len(work.rule.steps) and len(work.rule.steps) not in _reachable(leads, {number}):
                yield Found(
                    (*work.path, "steps", number),
                    Text(
                        f"从步骤“{work.rule.steps[number].key}”无法结束",
                        f"no way leads from “{work.rule.steps[number].key}” to the end",
                    ),
                    Text("给某个结果写 close", "Let an outcome lead to close"),
                )
                break


@check("F3", "warning", "循环没有次数、期限或责任人", "a loop without attempts, a term or a person")
def a_loop_without_end(procedure: Procedure) -> Iterator[Found]:
    """Going back is fine as long as somebody, or some limit, ends it."""
    for work in works(procedure):
        for number, step in enumerate(work.rule.steps):
            for name, outcome in step.outcomes.items():
                back = next((n for n in range(number + 1) if work.rule.steps[n].key == outcome.then), None)
                loop = work.rule.steps[back : number + 1] if back is not None else ()
                if loop and not any(s.attempts or s.within or s.due or s.role for s in loop):
                    yield Found(
                        (*work.path, "steps", number, "outcomes", name),
                        Text("可以无休止地退回", "it can go back for ever"),
                        Text("写明 attempts、within、due 或 role", "Give attempts, within, due or role"),
                    )


@check("F5", "warning", "一个步骤有两个责任角色", "two roles for one step")
def two_roles_for_one_step(procedure: Procedure) -> Iterator[Found]:
    """The document gives the same step to different roles."""
    for doubt in procedure.settled:
        readings = list(doubt.readings.items())
        if doubt.path[-1] == "role" and any(not same(r, readings[0][1]) for _, r in readings[1:]):
            says = ", ".join(f"{clause}: {reading}" for clause, reading in readings)
            yield Found(
                doubt.path,
                Text(f"文件指定了不同的角色（{says}）", f"the document names different roles ({says})"),
                Text("决定由谁负责并写明理由", "Settle who does it, with a reason"),
                clause=readings[0][0],
                state="open" if doubt.value is None else "settled",
            )


@check("F6", "error", "没有任何东西产生这项证据", "evidence that nothing produces")
def evidence_nothing_produces(procedure: Procedure) -> Iterator[Found]:
    """Proof is a paper of a known kind, a field of the form, or an event."""
    events = events_of(procedure)
    for at in steps(procedure):
        known = {*EVIDENCE, *fields_of(at.work.rule), *events}
        for name in at.step.evidence:
            if name not in known:
                yield Found(
                    (*at.path, "evidence"),
                    Text(f"没有任何东西产生“{name}”", f"nothing produces “{name}”"),
                    nearly(name, {*EVIDENCE, *fields_of(at.work.rule)}),
                )


@check("F8", "error", "责任人来自之后才填写的字段", "a role from a field that is filled later")
def a_role_from_a_later_field(procedure: Procedure) -> Iterator[Found]:
    """Who does a step has to be known when it opens."""
    for at in steps(procedure):
        field = (at.step.role or "").removeprefix("field.")
        if at.step.role and at.step.role.startswith("field.") and field in fields_of(at.work.rule):
            number = int(at.path[3])
            if not any(field in step.fields for step in at.work.rule.steps[:number]):
                yield Found(
                    (*at.path, "role"),
                    Text(f"打开此步骤时“{field}”还没有填写", f"“{field}” is not filled when this step opens"),
                    Text("把该字段移到之前的步骤", "Move the field to an earlier step"),
                )


def _leads(work: Work) -> dict[int, set[int]]:
    """Where every step may lead; the number after the last stands for the end. A step with ``when`` may be passed."""
    numbers = {step.key: number for number, step in enumerate(work.rule.steps)}
    end = len(work.rule.steps)
    leads: dict[int, set[int]] = {}
    for number, step in enumerate(work.rule.steps):
        targets = {outcome.then for outcome in step.outcomes.values()} or {"next"}
        if step.attempts:
            targets.add("next")
        leads[number] = {
            number + 1 if target == "next" else end if target == "close" else numbers.get(target, number)
            for target in targets
        }
    leads[BEGIN] = {0}
    for number, step in enumerate(work.rule.steps):
        if step.when is not None:
            for targets_of in leads.values():
                targets_of |= {number + 1} if number in targets_of else set()
    return leads


def _reachable(leads: dict[int, set[int]], start: set[int]) -> set[int]:
    found, todo = set(start), list(start)
    while todo:
        for target in leads.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found
