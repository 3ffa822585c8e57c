"""A record's way looked at afterwards: everything that was ever open on it, since when, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manyi.core.flows import Act, FlowRule, Ground, Open, State, state_of


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that was open once: the state of the record then, after how many acts, and the act that did it.

    ``done`` is ``None`` where it is still open, or ``left``: the record went another way.
    """

    open: Open
    state: State
    after: int
    done: Act | None = None
    left: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The step, part or hearing, and the round."""
        return self.open.name, self.open.round


def openings_of(flow: FlowRule, acts: Sequence[Act], ground: Ground) -> tuple[Opening, ...]:
    """All that was ever open under ``flow``, in its order, when the acts are played one by one.

    The acts are facts: under other rules they are read as they happened, wherever the way would have led.

    >>> from datetime import UTC, datetime
    >>> from manyi.core.flows import FlowStep
    >>> from manyi.core.text import Text
    >>> flow = FlowRule("visit", Text("", "Visit"), (FlowStep("call", Text()), FlowStep("go", Text())))
    >>> began = datetime(2026, 1, 1, tzinfo=UTC)
    >>> found = openings_of(flow, [Act("taken", "call", began)], Ground(began))
    >>> [(one.open.name, one.done is not None) for one in found]
    [('call', True), ('go', False)]
    """
    ended: dict[tuple[str, int], Opening] = {}
    running: dict[tuple[str, int], Opening] = {}
    for n in range(len(acts) + 1):
        state = state_of(flow, acts[:n], ground)
        now = {(one.name, one.round): one for one in state.open}
        for key in [key for key in running if key not in now]:
            was = running.pop(key)
            act = acts[n - 1]
            did = _is_done_by(was.open, act)
            ended[key] = Opening(was.open, was.state, was.after, act if did else None, not did)
        for key, one in now.items():
            if key not in ended:
                running.setdefault(key, Opening(one, state, n))
    return tuple(sorted((*ended.values(), *running.values()), key=lambda one: one.after))


def _is_done_by(opened: Open, act: Act) -> bool:
    kind = "heard" if opened.is_hearing else "taken"
    return act.what == kind and act.step == opened.step.key and act.part == opened.part
