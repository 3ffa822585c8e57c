"""The four kinds of work: programmes, records, duties, measures; and what they are made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from manyi.language.model.blocks import Block
from manyi.language.model.fields import Field as FormField
from manyi.language.model.values import (
    KEY,
    Cadence,
    Clauses,
    Condition,
    Day,
    Dotted,
    Held,
    Integer,
    Key,
    Keys,
    Model,
    Month,
    Names,
    Number,
    Remind,
    Within,
    Words,
    Wrong,
    Yes,
    _many,
    exactly_one,
)
from manyi.language.predicates import parse_predicate

EVIDENCE = ("file", "letter", "fax", "email", "message", "call", "answer", "receipt", "signature", "archived")


class Occasion(Model):
    """What a piece of work begins with: exactly one of cadence, event, intake or a role's decision."""

    every: Cadence | None = None
    event: Names = ()
    intake: Keys = ()
    called_by: Key | None = None
    clause: Clauses = ()
    when: Condition | None = None
    where: Condition | None = None
    per: Annotated[tuple[Key, ...], BeforeValidator(_many)] = ()
    in_: Month | None = Field(default=None, alias="in")
    times: Integer | None = None
    covers: Literal["same", "previous"] = "same"
    ask: Key | None = None
    within: Within | None = None

    @model_validator(mode="after")
    def _one_beginning(self) -> Occasion:
        exactly_one(self, ("every", "event", "intake", "called_by"))
        return self


def _role(value: Any) -> Any:
    """A role, or ``{field: x}``: whoever is chosen in that field."""
    if isinstance(value, dict) and set(value) == {"field"}:
        return f"field.{value['field']}"
    return value


RoleName = Annotated[Dotted, BeforeValidator(_role)]


def _roles(value: Any) -> tuple[Any, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(
        {"role": v} if isinstance(v, str) or (isinstance(v, dict) and set(v) == {"field"}) else v for v in values
    )


class Hearing(Model):
    """A role that is heard or told, perhaps only when a condition holds."""

    role: RoleName
    when: Condition | None = None


Hearings = Annotated[tuple[Hearing, ...], BeforeValidator(_roles)]


class Outcome(Model):
    """Where an outcome leads: another step, the next, or the end; and what it opens."""

    then: str = "next"
    open: Key | None = None
    needs: Key | None = None
    when: Condition | None = None


def _outcomes(value: Any) -> Any:
    if not isinstance(value, dict):
        raise Wrong("应为 {结果: 步骤}", "expected {outcome: step}")
    return {k: {"then": v} if isinstance(v, str) else v for k, v in value.items()}


class Draw(Model):
    """A seeded random draw to work on."""

    of: Dotted
    n: Integer


class Escalate(Model):
    """Who is told when the step is overdue by so much."""

    to: RoleName
    after: Within


def _parts(value: Any) -> Any:
    """The steps side by side; one written alone is ``{role: {field: x}, …}``, and a part may be named by its role."""
    parts = value if isinstance(value, list) else [value]
    return [{"key": _named(part.get("role")), **part} if isinstance(part, dict) else part for part in parts]


def _named(role: Any) -> Any:
    return role.get("field") if isinstance(role, dict) else role


class Step(Held):
    """One step: who, by when, filling what, with which proof, leading where."""

    key: Key
    title: Words | None = None
    clause: Clauses = ()
    role: RoleName | None = None
    within: Within | None = None
    due: Day | None = None
    not_before: Day | None = None
    from_: Dotted | None = Field(default=None, alias="from")
    event: Names = ()
    fields: dict[Key, FormField] = {}
    sign: Yes = False
    evidence: Names = ()
    consult: Hearings = ()
    inform: Hearings = ()
    independent_of: Names = ()
    in_person: Yes = False
    all: Annotated[tuple[Step, ...], BeforeValidator(_parts)] = ()
    each: Key | None = None
    attempts: Integer | None = None
    draw: Draw | None = None
    outcomes: Annotated[dict[Key, Outcome], BeforeValidator(_outcomes)] = {}
    when: Condition | None = None
    remind: Annotated[tuple[Remind, ...], BeforeValidator(_many)] = ()
    escalate: Escalate | None = None
    playbook: Dotted | None = None
    emits: Dotted | None = None


class Register(Model):
    """The list kept of a kind of record."""

    clause: Clauses
    title: Words
    per: Key | None = None
    columns: Annotated[tuple[Dotted, ...], Field(min_length=1, max_length=12)]


class Archive(Model):
    """What is filed when a record is closed, by whom, for how long."""

    clause: Clauses
    role: RoleName
    keep: Within | None = None


class NotFor(Model):
    """A purpose this record may not be used for, and when it may after all."""

    purpose: Literal["appraisal"]
    clause: Clauses
    except_: Condition | None = Field(default=None, alias="except")


class RecordRule(Model):
    """A kind of numbered record; with ``contains`` it is a report."""

    clause: Clauses = ()
    title: Words
    code: str = ""
    of: Literal["customer", "project", "contract"] | None = None
    number: str = ""
    calendar: str | None = None
    opens: Annotated[tuple[Occasion, ...], BeforeValidator(_many)] = ()
    steps: tuple[Step, ...] = ()
    playbook: Dotted | None = None
    page: Literal["case", "review", "letter", "meeting", "on_site", "observation"] | None = None
    contains: tuple[Block, ...] = ()
    register_: Register | None = Field(default=None, alias="register")
    archive: Archive | None = None
    gates: Names = ()
    purpose: Literal["appraisal"] | None = None
    not_for: NotFor | None = None


def steps_of(rule: RecordRule) -> tuple[Step, ...]:
    """Every step in the order of the flow; the parts of a step that stands for several follow it."""
    return tuple(part for step in rule.steps for part in (step, *step.all))


def _of(value: Any) -> str:
    """``all``, a tier by name, or a condition."""
    if isinstance(value, str) and not KEY.fullmatch(value):
        parse_predicate(value)
    elif not isinstance(value, str):
        raise Wrong("应为 all、顾客分层或条件", "expected all, a tier or a condition")
    return value


class FloorRule(Held):
    """A share of a part of the frame (``all``, a tier, or a condition) that has to be asked."""

    clause: Clauses
    of: Annotated[str, BeforeValidator(_of)]


class Sample(Model):
    """How the sample of a programme is drawn and what it has to reach."""

    clause: Clauses = ()
    tiers: Key | None = None
    floors: tuple[FloorRule, ...] = ()
    frame_on: Day | None = None
    counts: Literal["asked", "reached", "answered"] = "asked"
    draw: Literal["all", "random", "in order of tiers", "by hand"] = "all"


class Respondent(Model):
    """Which department of a customer is asked."""

    clause: Clauses
    where: Condition | None = None
    department: str


class ScoreRule(Model):
    """How sheets become a score."""

    clause: Clauses = ()
    method: Literal["mean", "points", "gap"]
    by: Key | None = None
    over: Literal["returned", "sent"] = "returned"
    overall: Literal["weighted by sales", "mean"] = "mean"
    unmeasured: Literal["named", "renormalised"] = "named"


class Focus(Model):
    """What needs attention."""

    clause: Clauses
    lowest: Literal["item", "dimension", "product", "tag"] | None = None
    per: Key | None = None
    written: Key | None = None
    fell: tuple[Literal["item", "dimension", "product", "tag"], ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Focus:
        exactly_one(self, ("lowest", "written", "fell"))
        return self


class Includes(Model):
    """Programmes whose sheets enter this one's yearly result."""

    clause: Clauses
    of: Keys


class ProgrammeRule(RecordRule):
    """A survey: a record with a form, a frame, a sample and a score."""

    form: Key
    where: Condition | None = None
    per: Literal["product", "project"] | None = None
    channels: Keys = ()
    sample: Sample = Sample()
    respondents: tuple[Respondent, ...] = ()
    score: ScoreRule | None = None
    focus: tuple[Focus, ...] = ()
    includes: Includes | None = None


class DutyRule(Occasion):
    """Owed, without a sheet of its own; discharged by nothing but the evidence named."""

    title: Words | None = None
    role: Key
    due: Day | None = None
    evidence: Names = ()
    inform: Hearings = ()


class MeasureRule(Held):
    """A figure against a limit."""

    title: Words | None = None
    clause: Clauses
    figure: Literal["count", "share", "change", "score", "cells"]
    of: Dotted
    where: Condition | None = None
    among: Condition | None = None
    distinct: Key | None = None
    per: Annotated[tuple[Key, ...], BeforeValidator(_many)] = ()
    every: Cadence | None = None
    over: Within | None = None
    level: Number | None = None


class Situation(Model):
    """One situation of a playbook: how to behave."""

    key: Key
    title: Words | None = None
    clause: Clauses = ()
    do: tuple[Words, ...] = ()
    say: tuple[Words, ...] = ()
    never_say: tuple[Words, ...] = ()
    ask: tuple[Words, ...] = ()


class Playbook(Model):
    """Conduct shown where the work is done."""

    title: Words | None = None
    clause: Clauses = ()
    always: tuple[Words, ...] = ()
    situations: tuple[Situation, ...] = ()
    say: tuple[Words, ...] = ()
    never_say: tuple[Words, ...] = ()
