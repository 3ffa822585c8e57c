"""May this act be taken: every reason against it, said so that a person can put it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from manyi.core.errors import Fault
from manyi.core.flows import NOT_REACHED, FieldRule, FlowRule, FlowStep, Ground, Open, OutcomeRule, State
from manyi.core.text import Text

EVERYONE = "everyone"
NOT_REACHED_WORDS = Text("未联系上", "Not reached")


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody wants to do with a step: the outcome chosen, which fields will be filled, which proofs are there.

    ``filled`` holds every field of the record that has a value once this is done; ``proofs`` the kinds of proof given;
    ``tasks_open`` the task fields with rows that are not done; ``events`` the events known to have happened.
    """

    by: int
    at: datetime
    happened_at: datetime
    outcome: str = ""
    signed: bool = False
    filled: frozenset[str] = frozenset()
    proofs: frozenset[str] = frozenset()
    tasks_open: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    doers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Who did each step so far, by its key; of linked records by ``kind.step``; ``everyone`` who took part at all."""


def refusals(flow: FlowRule, state: State, step: str, part: str, offer: Offer, ground: Ground) -> tuple[Fault, ...]:
    """Why ``offer`` cannot be taken for a step or part; empty where it can."""
    known = flow.find(step)
    if known is None:
        return (_fault("unknown_step", f"没有步骤“{step}”", f"There is no step “{step}”", *_RELOAD),)
    opened = state.find(step, part)
    if opened is None:
        return (_not_open(state, known),)
    return (
        *_wrong_time(offer, ground),
        *_wrong_person(opened, offer),
        *_wrong_outcome(opened, offer, ground),
        *([] if is_try(opened, offer.outcome) else _missing(opened, offer)),
    )


def misses_of(step: FlowStep) -> frozenset[str]:
    """The outcomes of a step with attempts that say: try again: those that lead to itself, or *not reached*."""
    if not step.attempts:
        return frozenset()
    again = frozenset(outcome.key for outcome in step.outcomes if outcome.then == step.key)
    return again or frozenset({NOT_REACHED})


def is_try(opened: Open, outcome: str) -> bool:
    """Whether an outcome only logs a try, because another one is allowed."""
    return outcome in misses_of(opened.step) and not opened.is_last_try


def settled_outcome(opened: Open, outcome: str) -> str:
    """What an outcome comes to: a step whose attempts are used up takes its last outcome, or is *not reached*."""
    if outcome in misses_of(opened.step) and outcome != NOT_REACHED and opened.is_last_try:
        return opened.step.outcomes[-1].key
    return outcome


def outcomes_of(opened: Open, ground: Ground) -> tuple[OutcomeRule, ...]:
    """The outcomes that may be chosen now."""
    allowed = tuple(o for o in opened.step.outcomes if o.when is None or ground.holds(o.when))
    if NOT_REACHED not in misses_of(opened.step) or opened.step.outcome(NOT_REACHED):
        return allowed
    done = allowed if opened.step.outcomes else (OutcomeRule("", Text("完成", "Done")),)
    return (*done, OutcomeRule(NOT_REACHED, NOT_REACHED_WORDS))


def needed_fields(opened: Open, outcome: str) -> tuple[str, ...]:
    """The fields without which the step cannot be done with this outcome."""
    rule = opened.step.outcome(outcome)
    needs = (rule.needs,) if rule and rule.needs else ()
    own = [one.key for one in opened.step.fields if not one.optional]
    return tuple(dict.fromkeys((*own, *needs)))


def _not_open(state: State, step: FlowStep) -> Fault:
    if step.key in state.done:
        return _fault(
            "taken_already", f"“{step.title.zh or step.key}”已经完成", f"“{step.title.en or step.key}” is done already",
            "刷新页面查看当前步骤", "Reload the page to see which step is next",
        )  # fmt: skip
    return _fault(
        "not_open", f"现在还不到“{step.title.zh or step.key}”", f"It is not the turn of “{step.title.en or step.key}”",
        "先完成前面的步骤", "Do the steps before it first",
    )  # fmt: skip


def _wrong_time(offer: Offer, ground: Ground) -> Iterator[Fault]:
    if offer.happened_at > offer.at:
        yield _fault(
            "in_future", "完成时间不能晚于现在", "It cannot have been done later than now", *_TIME, column="happened_at"
        )
    elif offer.happened_at < ground.opened_at:
        yield _fault(
            "before_the_event", f"完成时间早于事情发生的时间（{ground.opened_at:%Y-%m-%d %H:%M} UTC）",
            f"It would be done before it began ({ground.opened_at:%Y-%m-%d %H:%M} UTC)", *_TIME, column="happened_at",
        )  # fmt: skip


def _wrong_person(opened: Open, offer: Offer) -> Iterator[Fault]:
    for name in opened.step.independent_of:
        if offer.by in offer.doers.get(name, frozenset()):
            yield _fault(
                "not_independent", "做过这项工作的人不能验证它", "Who did the work does not judge it",
                "请由没有参与的人完成这一步", "Have somebody do this step who had no part in it",
            )  # fmt: skip
            return


def _wrong_outcome(opened: Open, offer: Offer, ground: Ground) -> Iterator[Fault]:
    allowed = {outcome.key for outcome in outcomes_of(opened, ground)}
    if opened.held_back and not is_try(opened, offer.outcome):
        yield _fault(
            "not_heard", "还有意见没有听取", "Somebody is to be heard first",
            "先请会签方写明意见", "Have their remark recorded first",
        )  # fmt: skip
    if offer.outcome in allowed or not (allowed or offer.outcome):
        return
    if not offer.outcome:
        yield _fault("no_outcome", "请选择结果", "Choose the outcome", "选择其中一项", "Choose one of them", "outcome")
    elif opened.step.outcome(offer.outcome):
        yield _fault(
            "outcome_not_allowed", "按目前的情况不能选这一结果", "This outcome is not possible as things stand",
            "核对表中内容，或选其他结果", "Check what the form says, or choose another outcome", "outcome",
        )  # fmt: skip
    else:
        yield _fault("unknown_outcome", "没有这种结果", "There is no such outcome", *_RELOAD, "outcome")


def _missing(opened: Open, offer: Offer) -> Iterator[Fault]:
    titles: dict[str, FieldRule] = {one.key: one for one in opened.step.fields}
    for key in needed_fields(opened, offer.outcome):
        if key not in offer.filled:
            title = titles[key].title if key in titles else Text(key, key)
            yield _fault(
                "field_missing",
                f"“{title.in_('zh')}”未填写",
                f"“{title.in_('en')}” is empty",
                "请填写",
                "Fill it in",
                key,
            )
    if opened.step.sign and not offer.signed:
        yield _fault("not_signed", "这一步需要签名", "This step is signed", "勾选签名", "Tick the signature", "signed")
    for proof in opened.step.evidence:
        if proof in offer.tasks_open:
            yield _fault(
                "tasks_open", "还有事项没有完成", "Some of the tasks are not done",
                "先逐项完成", "Do them first, one by one", proof,
            )  # fmt: skip
        elif proof not in offer.proofs | offer.filled | offer.events:
            yield _fault(
                "proof_missing", f"缺少证据：{proof}", f"Proof is missing: {proof}",
                "附上文件或写明出处", "Attach a file, or say where it is", f"proof_{proof}",
            )  # fmt: skip


_RELOAD = ("刷新页面后重试", "Reload the page and try again")
_TIME = ("更正时间", "Correct the time")


def _fault(code: str, zh: str, en: str, hint_zh: str, hint_en: str, column: str = "") -> Fault:
    return Fault(code, Text(zh, en), Text(hint_zh, hint_en), column=column)
