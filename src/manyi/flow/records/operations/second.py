"""The second of two who write at once: what was filled in before the record moved on does not overwrite it unseen."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from manyi.base.people.models import Person
from manyi.core.errors import Fault
from manyi.core.flows import FlowStep
from manyi.core.text import Text
from manyi.flow.records.ground import Standing
from manyi.flow.records.models import Taken
from manyi.flow.records.operations.acting import CannotTake
from manyi.flow.records.owing import may_do

STEP_ACTS = (Taken.What.TAKEN, Taken.What.TRIED)
AGAIN = Text("请对照现在的内容，确认后再提交", "Compare with what stands now, then send it again")
GONE = Text(
    "您已不能办理这一步；您填写的内容保留在下面", "The step is no longer yours to take; what you typed is below"
)


class MovedOn(CannotTake):
    """Since the form was shown the record has moved on: by whose act, and whether the step is still there to take."""

    def __init__(self, act: Taken, *, is_open: bool) -> None:
        self.act, self.is_open = act, is_open
        super().__init__([_told(act, is_open)])


def require_unmoved(by: Person, at: datetime, standing: Standing, step: str, part: str, seen: int | None) -> None:
    """Refuse what was filled in on a record that has moved on since, where that touches the step; ``MovedOn`` else.

    It does where the step is no longer open, or no longer this person's, or was taken and opened anew, or where one of
    its fields was filled or corrected meanwhile. ``seen`` is how many acts the record had then; ``None``: not said.
    """
    known = standing.flow.find(step)
    since = standing.history[seen:] if seen is not None else []
    if not since or known is None:
        return
    opened = standing.state.find(step, part)
    is_open = opened is not None and may_do(by, standing, opened, timezone.localdate(at))
    touching = [act for act in since if _touches(act, known, part)]
    if touching or not is_open:
        raise MovedOn(touching[-1] if touching else since[-1], is_open=is_open)


def _touches(act: Taken, step: FlowStep, part: str) -> bool:
    if act.what in STEP_ACTS and (act.step, act.part) == (step.key, part):
        return True
    if act.what == Taken.What.CORRECTED:
        changed = {str(act.data.get("field", ""))}
    else:
        changed = set(act.data) if act.what in STEP_ACTS else set()
    return any(one.key in changed for one in step.fields)


def _told(act: Taken, is_open: bool) -> Fault:
    name, when = act.by.name if act.by else "—", timezone.localtime(act.at)
    began = Text(
        f"您填写期间，{name}已于 {when:%Y-%m-%d %H:%M} 办理了这份记录",
        f"While you were writing, {name} worked on this record ({when:%Y-%m-%d %H:%M})",
    )
    ended = AGAIN if is_open else GONE
    return Fault("moved_on", Text(f"{began.zh}。{ended.zh}", f"{began.en}. {ended.en}"), ended)
