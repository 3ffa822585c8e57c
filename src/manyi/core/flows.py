"""A record's way through its steps, as plain values: what a procedure says, what was done, what is open now.

Steps stand in order. One whose condition is false is skipped; each opens when the one before is done. An outcome may
lead elsewhere: forward, back (a new round), to the end. The acts done are the history; what follows from them is
computed, never stored, so that any past state can be asked for by leaving the later acts out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from manyi.core.dues import Point, Term, Warn
from manyi.core.durations import Duration
from manyi.core.predicates import Predicate
from manyi.core.text import Text

NEXT, CLOSE, NOT_REACHED = "next", "close", "not_reached"
HEARING, BY_FIELD = "consult", "field."

# ---- what the procedure says ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field of a form. ``kind`` is one of the closed list of field kinds.

    ``of`` names what a reference points into: a table, a record kind. ``columns`` are those of a table or of tasks.
    """

    key: str
    title: Text
    kind: str
    optional: bool = False
    default: str = ""
    choices: tuple[tuple[str, Text], ...] = ()
    columns: tuple[FieldRule, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """Where an outcome leads (a step, ``next``, ``close``), what it opens, which field it needs, when it is allowed."""

    key: str
    title: Text
    then: str = NEXT
    open: str = ""
    needs: str = ""
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A role that is heard before a step, or told after it, perhaps only under a condition."""

    role: str
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """When a step has to be done; what that means as an instant is for ``core.dues`` to say.

    ``term`` is ``None`` where the procedure states no time: the step is due at the end of its window. ``escalate``
    says who is told how long after.
    """

    term: Term | None = None
    not_before: Point | None = None
    remind: tuple[Warn, ...] = ()
    escalate: tuple[str, Duration] | None = None


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step: who, filling what, with which proof, leading where.

    ``parts`` are done side by side; a part with ``for_each`` is one for each value chosen in that field. A step with
    ``each`` is done once for each linked record of that kind. ``attempts`` is how often may be tried, 0: no limit.
    """

    key: str
    title: Text
    clause: str = ""
    role: str = ""
    fields: tuple[FieldRule, ...] = ()
    sign: bool = False
    evidence: tuple[str, ...] = ()
    consult: tuple[Heard, ...] = ()
    inform: tuple[Heard, ...] = ()
    independent_of: tuple[str, ...] = ()
    in_person: bool = False
    parts: tuple[FlowStep, ...] = ()
    for_each: str = ""
    each: str = ""
    attempts: int = 0
    outcomes: tuple[OutcomeRule, ...] = ()
    when: Predicate | None = None
    events: tuple[str, ...] = ()
    timing: Timing = Timing()
    playbook: str = ""
    emits: str = ""

    def outcome(self, key: str) -> OutcomeRule | None:
        """One of its outcomes by its key."""
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)


@dataclass(frozen=True, slots=True)
class LimitedUse:
    """A purpose a record is not for, the clause that says so, and under which condition it may serve it after all."""

    purpose: str
    clause: str = ""
    but_when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class FlowRule:
    """A kind of record: its form, number, steps, register and what it begins with."""

    kind: str
    title: Text
    steps: tuple[FlowStep, ...]
    code: str = ""
    clause: str = ""
    number: str = ""
    calendar: str = ""
    of: str = ""
    page: str = ""
    playbook: str = ""
    register_title: Text | None = None
    columns: tuple[str, ...] = ()
    archive_role: str = ""
    archive_clause: str = ""
    gates: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    channels: tuple[tuple[str, Text], ...] = ()
    is_report: bool = False
    published: tuple[str, ...] = ()
    purpose: str = ""
    not_for: LimitedUse | None = None

    def walk(self) -> Iterator[tuple[FlowStep, FlowStep]]:
        """Every step and part, each with the step of the order it belongs to."""
        for step in self.steps:
            yield step, step
            for part in step.parts:
                yield part, step

    def find(self, key: str) -> FlowStep | None:
        """A step or part by its key."""
        return next((step for step, _ in self.walk() if step.key == key), None)

    @property
    def fields(self) -> tuple[FieldRule, ...]:
        """The form: the union of the steps' fields, in their order; the first of two with one key stands."""
        found: dict[str, FieldRule] = {}
        for step, _ in self.walk():
            for one in step.fields:
                found.setdefault(one.key, one)
        return tuple(found.values())

    def field(self, key: str) -> FieldRule | None:
        """A field of the form by its key."""
        return next((one for one in self.fields if one.key == key), None)


# ---- what was done ----------------------------------------------------------------------------

What = Literal["taken", "tried", "heard", "event", "reopened"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done: a step or part ``taken``, a try that reached nobody, a role ``heard``, the ``event`` a
    step waited for, a closed record ``reopened`` at a step. ``part`` is the role heard, or the value a part is for."""

    what: What
    step: str
    happened_at: datetime
    part: str = ""
    outcome: str = ""
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What conditions and parts are decided on: ``holds`` asks a condition of the record as it stands now; ``chosen``
    are the values of fields that hold several; ``linked`` the keys of linked records by kind."""

    opened_at: datetime
    holds: Callable[[Predicate], bool] = lambda _: True
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# ---- what follows -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Something that may be done now, and is owed: a step, a part of one, or a hearing before it.

    ``since`` is when it opened, ``tries`` how often it was tried in this round. ``held_back`` are the roles that have
    to be heard first.
    """

    step: FlowStep
    round: int
    since: datetime
    part: str = ""
    is_hearing: bool = False
    role: str = ""
    tries: int = 0
    held_back: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a duty's rule calls it, after the kind: ``handle``, ``handle.consult.sales``, ``reply.east``."""
        middle = f"{HEARING}." if self.is_hearing else ""
        return f"{self.step.key}.{middle}{self.part}" if self.part else self.step.key

    @property
    def is_last_try(self) -> bool:
        """Whether the next try is the last one allowed."""
        return bool(self.step.attempts) and self.tries + 1 >= self.step.attempts


@dataclass(frozen=True, slots=True)
class State:
    """How a record stands. ``waits_for`` is the step that opens with an event; ``done`` the last act of each step."""

    open: tuple[Open, ...] = ()
    waits_for: FlowStep | None = None
    closed: bool = False
    outcome: str = ""
    done: Mapping[str, Act] = field(default_factory=dict)
    rounds: Mapping[str, int] = field(default_factory=dict)

    def find(self, step: str, part: str = "", *, hearing: bool = False) -> Open | None:
        """What is open of a step, part or hearing; ``None`` where it is not open."""
        for one in self.open:
            if (one.step.key, one.part, one.is_hearing) == (step, part, hearing):
                return one
        return None


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where the way stands: at which step (``None``: the end), since when, and what was done of it so far."""

    at: int | None
    since: datetime
    parts: frozenset[tuple[str, str]] = frozenset()
    heard: frozenset[str] = frozenset()
    tries: int = 0
    arrived: bool = False


def state_of(flow: FlowRule, acts: Sequence[Act], ground: Ground) -> State:
    """How a record stands after ``acts``, in their order. The acts decide where conditions have changed since.

    >>> from datetime import UTC
    >>> flow = FlowRule("visit", Text("", "Visit"), (FlowStep("call", Text()), FlowStep("go", Text())))
    >>> began = datetime(2026, 1, 1, tzinfo=UTC)
    >>> [one.name for one in state_of(flow, [Act("taken", "call", began)], Ground(began)).open]
    ['go']
    """
    places = {step.key: n for n, whole in enumerate(flow.steps) for step in (whole, *whole.parts)}
    cursor = _next(flow, -1, ground.opened_at, ground)
    done: dict[str, Act] = {}
    rounds: dict[str, int] = {}
    outcome = ""
    for act in acts:
        place = places.get(act.step)
        if place is None:
            continue
        if act.what == "reopened" or place != cursor.at:
            cursor = _Cursor(place, act.happened_at)
        cursor, finished = _after(flow, cursor, place, act, ground)
        if act.what == "taken":
            done[act.step] = act
        if finished:
            done[flow.steps[place].key] = act
            rounds[flow.steps[place].key] = rounds.get(flow.steps[place].key, 0) + 1
            outcome = act.outcome or outcome
    if cursor.at is None:
        return State(closed=bool(acts) or not flow.steps, outcome=outcome, done=done, rounds=rounds)
    step = flow.steps[cursor.at]
    if step.events and not cursor.arrived:
        return State(waits_for=step, outcome=outcome, done=done, rounds=rounds)
    return State(_open(step, cursor, rounds.get(step.key, 0) + 1, ground), None, False, outcome, done, rounds)


def parts_of(step: FlowStep, ground: Ground) -> tuple[tuple[FlowStep, str], ...]:
    """What a step consists of, side by side; the step itself where it is not divided.

    A division by a field nobody filled, or by records there are none of, leaves nothing to be done.
    """
    if step.each:
        return tuple((step, key) for key in ground.linked.get(step.each, ()))
    if not step.parts:
        return ((step, ""),)
    found: list[tuple[FlowStep, str]] = []
    for part in step.parts:
        if part.when is None or ground.holds(part.when):
            values = ground.chosen.get(part.for_each, ()) if part.for_each else ("",)
            found += [(part, value) for value in values]
    return tuple(found)


def roles_of(role: str, ground: Ground) -> tuple[str, ...]:
    """Who is meant by a role: itself, or whoever was chosen in the field it names (``field.departments``)."""
    return ground.chosen.get(role.removeprefix(BY_FIELD), ()) if role.startswith(BY_FIELD) else (role,)


def _is_asked(heard: Heard, ground: Ground) -> bool:
    return heard.when is None or ground.holds(heard.when)


def _after(flow: FlowRule, cursor: _Cursor, place: int, act: Act, ground: Ground) -> tuple[_Cursor, bool]:
    """The cursor after an act at the step in ``place``, and whether the whole step is done with it."""
    step = flow.steps[place]
    match act.what:
        case "heard":
            return replace(cursor, heard=cursor.heard | {act.part}), False
        case "tried":
            return replace(cursor, tries=cursor.tries + 1), False
        case "event":
            return replace(cursor, arrived=True, since=act.happened_at), False
        case "reopened":
            return replace(cursor, arrived=True), False
    taken = next((part for part in step.parts if part.key == act.step), step)
    rule = taken.outcome(act.outcome)
    then = rule.then if rule else NEXT
    parts = cursor.parts | {(act.step, act.part)}
    if then == NEXT and any((part.key, value) not in parts for part, value in parts_of(step, ground)):
        return replace(cursor, parts=parts), False
    return _go(flow, place, then, act.happened_at, ground), True


def _go(flow: FlowRule, place: int, then: str, at: datetime, ground: Ground) -> _Cursor:
    if then == CLOSE:
        return _Cursor(None, at)
    target = next((n for n, step in enumerate(flow.steps) if step.key == then), None)
    return _next(flow, place, at, ground) if target is None else _Cursor(target, at)


def _next(flow: FlowRule, place: int, at: datetime, ground: Ground) -> _Cursor:
    """The first step after ``place`` that is to be done; the end where there is none."""
    for n in range(place + 1, len(flow.steps)):
        step = flow.steps[n]
        if (step.when is None or ground.holds(step.when)) and (step.events or parts_of(step, ground)):
            return _Cursor(n, at)
    return _Cursor(None, at)


def _open(step: FlowStep, cursor: _Cursor, round_: int, ground: Ground) -> tuple[Open, ...]:
    asked = [role for heard in step.consult if _is_asked(heard, ground) for role in roles_of(heard.role, ground)]
    missing = tuple(role for role in asked if role not in cursor.heard)
    found = [Open(step, round_, cursor.since, role, True, role) for role in missing]
    for part, value in parts_of(step, ground):
        if (part.key, value) not in cursor.parts:
            role = part.role or step.role
            found.append(Open(part, round_, cursor.since, value, False, role, cursor.tries, missing))
    return tuple(found)
