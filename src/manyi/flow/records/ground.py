"""What conditions see of a record as it stands: its fields, its steps, whom it is about, the figures in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from manyi.core.figures import from_text
from manyi.core.flows import HEARING, Act, FlowRule, Ground, State, state_of
from manyi.core.flows_acts import EVERYONE
from manyi.core.flows_conditions import holds_of_several
from manyi.core.predicates import Value
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import list_duties_of
from manyi.flow.procedure.queries import read_revision
from manyi.flow.records.fields import kind_of
from manyi.flow.records.models import Record, Row, Taken
from manyi.flow.records.queries import Kind, acts_of, kind_of_record, list_acts, list_rows, subject_of

Several = dict[str, tuple[Value, ...]]
PURPOSES = {"appraisal": Text("考核", "appraisal")}


@dataclass(frozen=True, slots=True)
class Standing:
    """A record with its rules, its history and what follows from both."""

    record: Record
    kind: Kind
    history: list[Taken]
    rows: dict[str, list[Row]]
    ground: Ground
    state: State

    @property
    def flow(self) -> FlowRule:
        """The rules of its kind."""
        return self.kind.flow


def standing_of(record: Record) -> Standing:
    """How a record stands now."""
    kind, history, rows = kind_of_record(record), list_acts(record), list_rows(record)
    acts = [act for _, act in sorted([*_timed(history), *_waived(record)], key=lambda pair: pair[0])]
    ground = ground_of(record, kind, acts, rows)
    state = state_of(kind.flow, acts, ground) if record.state == Record.State.OPEN else State(closed=True)
    return Standing(record, kind, history, rows, ground, state)


def _timed(history: Sequence[Taken]) -> list[tuple[datetime, Act]]:
    """The acts with when they were entered: that is their order, whenever they happened."""
    return [(one.at, act) for one in history for act in acts_of([one])]


def _waived(record: Record) -> list[tuple[datetime, Act]]:
    """A step whose duty was let go counts as done: the record goes on without it."""
    found: list[tuple[datetime, Act]] = []
    for duty in list_duties_of([subject_of(record)]).filter(state=Duty.State.WAIVED):
        step, *rest = duty.rule.split(".")[1:]
        if duty.closed_at is not None and step != "archive":
            part = rest[-1] if rest else ""
            found.append(
                (duty.closed_at, Act("heard" if rest[:1] == [HEARING] else "taken", step, duty.closed_at, part))
            )
    return found


def ground_of(record: Record, kind: Kind, acts: Sequence[Act], rows: Mapping[str, Sequence[Row]]) -> Ground:
    """What conditions and parts are decided on."""
    facts, several = facts_of(record, kind, acts, rows)
    chosen = {key: tuple(str(one) for one in values) for key, values in several.items()}
    chosen |= {key: (str(record.data[key]),) for key in record.data if key not in chosen and record.data[key]}
    linked: dict[str, tuple[str, ...]] = {}
    if any(step.each for step in kind.flow.steps):
        linked = _linked(record, kind.flow)
    holds = partial(_holds, facts=facts, several=several)
    return Ground(record.happened_at, holds, chosen, linked)


def _holds(predicate: Any, *, facts: dict[str, Value], several: Several) -> bool:
    return holds_of_several(predicate, facts, several)


def facts_of(
    record: Record, kind: Kind, acts: Sequence[Act], rows: Mapping[str, Sequence[Row]]
) -> tuple[dict[str, Value], Several]:
    """The facts of a record by name, and the fields that hold several values."""
    facts: dict[str, Value] = {**_of_subjects(record), **_of_record(record), **_parameters(kind), **_steps(acts)}
    several: Several = {}
    for one in kind.flow.fields:
        if kind_of(one).is_rows or one.kind == "log":
            several[one.key] = tuple(True for _ in rows.get(one.key, ()))
            facts[one.key] = True if several[one.key] else None
            continue
        kept = record.data.get(one.key)
        if kept in (None, "", []):
            continue
        value = kind_of(one).publish(kept)
        if isinstance(value, tuple):
            several[one.key], facts[one.key] = value, True
        else:
            facts[one.key] = value
    return facts, several


def published_facts(standing: Standing) -> dict[str, object]:
    """The fields that other rules look at, as an event may say them: choices, figures, days, and that a text is there.

    Personal text and references never leave; a text is published as yes or no.
    """
    found: dict[str, object] = {}
    for key in standing.flow.published:
        one, kept = standing.flow.field(key), standing.record.data.get(key)
        if one is None:
            continue
        value = kind_of(one).publish(kept) if kept not in (None, "", []) else None
        if kind_of(one).is_rows:
            value = bool(standing.rows.get(key))
        if isinstance(value, Fraction):
            found[key] = float(value) if value.denominator != 1 else int(value)
        elif value is not None:
            found[key] = list(value) if isinstance(value, tuple) else value
    return found


def serves(standing: Standing, purpose: str) -> bool:
    """Whether a record may be linked or counted for a purpose: unless it is not for it, or its exception holds."""
    limit = standing.flow.not_for
    if limit is None or limit.purpose != purpose:
        return True
    return limit.but_when is not None and standing.ground.holds(limit.but_when)


def list_serving(records: Iterable[Record], purpose: str) -> list[Record]:
    """Of several records those that may serve a purpose; a kind that is for everything costs no look at its record."""
    return [one for one in records if _is_for_all(one, purpose) or serves(standing_of(one), purpose)]


def _is_for_all(record: Record, purpose: str) -> bool:
    limit = kind_of_record(record).flow.not_for
    return not purpose or limit is None or limit.purpose != purpose


def instants_of(standing: Standing) -> dict[str, datetime | date]:
    """The times a deadline may count from or stand beside: steps done, date fields, opening and receipt."""
    record = standing.record
    found: dict[str, datetime | date] = {"opened_at": record.opened_at, "received_at": record.happened_at}
    for one in standing.flow.fields:
        kept = record.data.get(one.key)
        if kept and one.kind == "date":
            found[one.key] = date.fromisoformat(kept)
        elif kept and one.kind == "datetime":
            found[one.key] = datetime.fromisoformat(kept)
    found |= {act.outcome: act.happened_at for act in standing.history if act.what == "event" and act.outcome}
    return found | {key: act.happened_at for key, act in standing.state.done.items()}


def doers_of(standing: Standing) -> dict[str, frozenset[int]]:
    """Who did each step so far, who took part at all, and who did the steps of linked records that are named."""
    found: dict[str, set[int]] = {EVERYONE: set()}
    for act in standing.history:
        if act.by_id is not None:
            found[EVERYONE].add(act.by_id)
            if act.what in ("taken", "tried"):
                found.setdefault(act.step, set()).add(act.by_id)
    named = {name for step, _ in standing.flow.walk() for name in step.independent_of if "." in name}
    if named:
        linked = _linked_records(standing.record, standing.flow)
        for act in Taken.objects.filter(record__in=linked, what="taken").exclude(by=None).select_related("record"):
            if (name := f"{act.record.kind}.{act.step}") in named and act.by_id is not None:
                found.setdefault(name, set()).add(act.by_id)
    return {key: frozenset(people) for key, people in found.items()}


def _linked_records(record: Record, flow: FlowRule) -> list[Record]:
    """The record it came from, those that came from it, and those its fields name."""
    named = [record.data.get(one.key) for one in flow.fields if one.kind == "record"]
    found = [*([record.origin] if record.origin else []), *record.opened.all()]
    return [*found, *Record.objects.filter(pk__in=[key for key in named if isinstance(key, int)])]


def _linked(record: Record, flow: FlowRule) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in _linked_records(record, flow):
        found[one.kind] = (*found.get(one.kind, ()), str(one.pk))
    return found


def _steps(acts: Iterable[Act]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for act in acts:
        if act.what == "taken":
            found[f"{act.step}.done"] = True
            found[f"{act.step}.at"] = act.happened_at.isoformat()
            found[f"{act.step}.by"] = str(act.by) if act.by else None
            found[f"{act.step}.outcome"] = act.outcome or None
            found["outcome"] = act.outcome or found.get("outcome")
    return found


def _of_record(record: Record) -> dict[str, Value]:
    return {
        "number": record.number or None, "opened_at": record.opened_at.isoformat(),
        "received_at": record.happened_at.isoformat(), "unit": record.unit.key, "period": record.period or None,
        "closed_at": record.closed_at.isoformat() if record.closed_at else None, "channel": record.channel or None,
        "unit.short": record.unit.key, "unit.kind": record.unit.kind,
    }  # fmt: skip


def _of_subjects(record: Record) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if customer := record.customer:
        own = {"code": customer.code, "name": customer.name, "country": customer.country or None}
        found |= {**own, **{f"customer.{key}": value for key, value in own.items()}}
    if project := record.project:
        found |= {
            "project.short": project.short, "project.representative": project.representative,
            "project.value": Fraction(project.value) if project.value is not None else None,
            "project.completed_on": project.completed_on.isoformat() if project.completed_on else None,
        }  # fmt: skip
    if record.amount is not None:
        found["amount"] = Fraction(Decimal(record.amount))
    return found


def _parameters(kind: Kind) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, parameter in read_revision(kind.revision).parameters.items():
        if parameter.value is not None:
            try:
                found[key] = from_text(parameter.value)
            except ValueError:
                found[key] = parameter.value
    return found
