"""The way of a record at a glance: every step that is on it, whose it is, and who has done it."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.core.flows import BY_FIELD, FlowStep
from manyi.core.text import Text
from manyi.flow.duties.queries import get_role_title
from manyi.flow.records.models import Taken
from manyi.flow.records.page import Page


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the way. ``state`` is done, open, waiting or to_come; ``act`` the last time it was taken."""

    title: Text
    role: Text
    sign: bool
    state: str
    act: Taken | None
    outcome: Text


def stops_of(page: Page) -> list[Stop]:
    """The steps and parts on the way of a record; those whose condition does not hold are left out unless done."""
    standing = page.standing
    acts = {act.step: act for act in standing.history if act.what == Taken.What.TAKEN}
    open_now = {one.step.key for one in standing.state.open}
    found = []
    for step, whole in standing.flow.walk():
        if step.parts or _is_off_the_way(page, step, whole, acts):
            continue
        act = acts.get(step.key)
        rule = step.outcome(act.outcome) if act else None
        state = "open" if step.key in open_now else "done" if act else "to_come"
        found.append(Stop(step.title, _role(page, step), step.sign, state, act, rule.title if rule else Text()))
    return found


def _is_off_the_way(page: Page, step: FlowStep, whole: FlowStep, acts: dict[str, Taken]) -> bool:
    if step.key in acts:
        return False
    conditions = [one.when for one in (step, whole) if one.when is not None]
    return not all(page.standing.ground.holds(when) for when in conditions)


def _role(page: Page, step: FlowStep) -> Text:
    key = step.role.removeprefix(BY_FIELD)
    field = page.standing.flow.field(key) if step.role.startswith(BY_FIELD) else None
    return field.title if field else get_role_title(page.standing.record.revision, key) if key else Text()
