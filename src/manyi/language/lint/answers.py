"""F — answers: nobody verifies what he did, and what is asked leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manyi.core.predicates import facts_in
from manyi.core.text import Text
from manyi.language.lint.conditions import conditions
from manyi.language.lint.places import StepAt, steps, works
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.work import Step, steps_of

VERIFYING = re.compile(r"验证|核验|复核|复验|\bverif|\bre-?check", re.IGNORECASE)


@check("F4", "error", "验证人可能就是实施人", "the verifier may be the doer")
def the_verifier_may_be_the_doer(procedure: Procedure) -> Iterator[Found]:
    """A step that by its name verifies, and may send work back, says whose it may not be, unless it is done outside."""
    settled = {doubt.path for doubt in procedure.settled}
    for at in steps(procedure):
        step = at.step
        if step.key in {name.split(".")[-1] for name in step.independent_of if name != f"{at.work.key}.{step.key}"}:
            yield _same_hand((*at.path, "independent_of"))
        elif _verifies(procedure, at) and not step.independent_of and not _outside(procedure, step):
            yield _same_hand(at.path, settled=(*at.path, "independent_of") in settled)
        elif _one_hand(procedure, at):
            yield _same_hand((*at.path, "role"))


def _verifies(procedure: Procedure, at: StepAt) -> bool:
    title = procedure.title_of(at.step.key, at.step.title)
    before = [step.key for step in at.work.rule.steps]
    before = before[: before.index(at.step.key)] if at.step.key in before else []
    sends_back = any(outcome.then in before for outcome in at.step.outcomes.values())
    return sends_back and any(VERIFYING.search(words) for words in (title.zh, title.en, at.step.key))


def _outside(procedure: Procedure, step: Step) -> bool:
    role = procedure.roles.get(step.role or "")
    return step.role == "customer" or bool(role and role.external)


def _one_hand(procedure: Procedure, at: StepAt) -> bool:
    """Independent of a step that the same single person does."""
    role = procedure.roles.get(at.step.role or "")
    doers = {step.key: step.role for step in steps_of(at.work.rule)}
    return bool(role and role.one_person and any(doers.get(name) == at.step.role for name in at.step.independent_of))


def _same_hand(path: Path, *, settled: bool = False) -> Found:
    return Found(
        path,
        Text("没有写明验证人不得是实施人", "nothing says that who verifies is not who did it"),
        Text("写明 independent_of，或作为所定的值说明理由", "Give independent_of, or settle it with a reason"),
        state="settled" if settled else "open",
    )


@check("F7", "warning", "是否题没有后果", "a yes or no that leads nowhere")
def a_question_without_consequence(procedure: Procedure) -> Iterator[Found]:
    """The answer decides no outcome, stands in no condition and in no register."""
    asked = {name.split(".")[-1] for c in conditions(procedure) for name in facts_in(c.predicate)}
    for at in steps(procedure):
        if at.step.outcomes:
            continue
        rule = at.work.rule
        used = asked | set(rule.register_.columns if rule.register_ else ())
        used |= {o.needs for step in steps_of(rule) for o in step.outcomes.values() if o.needs}
        used |= {name for step in steps_of(rule) for name in step.evidence}
        used |= procedure.once("split by", lambda: _split_by(procedure))
        for name, field in at.step.fields.items():
            if field.type == "yes_no" and name not in used:
                yield Found(
                    (*at.path, "fields", name),
                    Text(f"“{name}”答是答否都没有后果", f"nothing follows from the answer to “{name}”"),
                    Text("用于 outcomes、when、指标或登记簿", "Use it in outcomes, when, a measure or the register"),
                )


def _split_by(procedure: Procedure) -> set[str]:
    """Fields a report or a measure splits its figures by, or shows."""
    found: set[str] = set()
    for work in works(procedure):
        for block in work.rule.contains:
            found |= {
                name.split(".")[-1] for name in (*block.by, *block.per, *block.facts, block.of or "", block.sum or "")
            }
    for measure in procedure.measures.values():
        found |= {*measure.per, measure.distinct or "", measure.of.split(".")[-1]}
    return found
