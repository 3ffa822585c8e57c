"""What an event in the evidence is called in the language of procedures, and the facts it publishes.

Only kinds and facts of events are looked at; the stages that record them are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from manyi.base.evidence.models import Event
from manyi.base.evidence.queries import list_openings
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import read_revision

Published = Mapping[str, Any]
ENDS = ("opened", "closed", "archived")
KINDS = (
    "records.record.opened", "records.record.closed", "records.record.archived", "records.step.taken",
    "records.happening.recorded", "responses.sheet.returned", "plan.wave.opened", "plan.wave.closed",
    "plan.sheets.archived", "reports.report.approved", "reports.report.archived", "duties.duty.discharged",
    "duties.duty.missed",
    "findings.focus.found", "findings.measure.breached", "findings.measure.met_again",
    "procedure.revision.put_in_force", "people.unit.added",
)  # fmt: skip
"""The kinds that may open or discharge something; all others are passed over."""
OF_WAVES = ("responses.sheet.returned", "plan.wave.closed", "plan.sheets.archived")
"""The kinds of events of a wave that need not say its programme themselves."""
ANEW = ("procedure.revision.put_in_force", "people.unit.added")
"""After these the calendar is asked again what comes round."""


OWN = ("values", "kind", "step", "event", "fields")
"""What an event says of itself; the fields of the form it is about may stand apart under ``fields``."""


def names_of(event: Event, revision: Revision) -> frozenset[str]:
    """The names of ``event`` under a revision: ``complaint.handle``, ``complaint.handle.done``, ``contract.signed``."""
    reader = _READERS.get(event.kind)
    return frozenset(reader(event, event.facts, revision)) if reader else frozenset()


def facts_of(event: Event, revision: Revision) -> dict[str, Any]:
    """The facts of ``event`` that conditions may name. A written remark on a sheet is known by its being there."""
    facts = {key: value for key, value in event.facts.items() if key not in OWN}
    facts |= event.facts.get("fields") or {}
    if event.kind == "responses.sheet.returned" and event.facts.get("written"):
        rule = read_revision(revision).programmes.get(_programme(event))
        facts |= {focus.written: True for focus in (rule.focus if rule else ()) if focus.written}
    return {key: value for key, value in facts.items() if value is not None}


def _of_record(event: Event, facts: Published, _revision: Revision) -> list[str]:
    past = event.kind.rpartition(".")[2]
    return [f"{facts.get('kind')}.{past}"] if past in ENDS else []


def _of_step(_event: Event, facts: Published, revision: Revision) -> list[str]:
    kind, step = str(facts.get("kind", "")), str(facts.get("step", ""))
    names = [f"{kind}.{step}"]
    if facts.get("outcome"):
        names.append(f"{kind}.{step}.{facts['outcome']}")
    rule = read_revision(revision).records.get(kind)
    names += [known.emits for known in (rule.steps if rule else ()) if known.key == step and known.emits]
    return names


def _of_happening(_event: Event, facts: Published, _revision: Revision) -> list[str]:
    return [str(facts.get("event", ""))]


def _of_sheet(event: Event, _facts: Published, _revision: Revision) -> list[str]:
    programme = _programme(event)
    return [f"{programme}.sheet"] if programme else []


def _of_wave(event: Event, _facts: Published, _revision: Revision) -> list[str]:
    programme = _programme(event)
    return [f"{programme}.{event.kind.rpartition('.')[2]}"] if programme else []


def _of_sheets(event: Event, _facts: Published, _revision: Revision) -> list[str]:
    programme = _programme(event)
    return [f"{programme}.sheets.archived"] if programme else []


def _of_report(event: Event, facts: Published, _revision: Revision) -> list[str]:
    """A report is closed when the first of its papers is approved."""
    past = "closed" if event.kind.endswith(".approved") else "archived"
    return [f"{facts['kind']}.{past}"] if facts.get("kind") else []


def _of_duty(_event: Event, facts: Published, revision: Revision) -> list[str]:
    """A step of a survey or of a report is done when its duty is; steps of records have an event of their own."""
    rule = str(facts.get("rule", ""))
    kind = rule.partition(".")[0]
    known = read_revision(revision)
    record = known.records.get(kind)
    return [rule] if kind in known.programmes or (record is not None and record.contains) else []


def _of_missed(_event: Event, facts: Published, _revision: Revision) -> list[str]:
    rule = str(facts.get("rule", "")).removeprefix("duties.")
    return [f"{rule}.missed"]


def _of_focus(_event: Event, facts: Published, _revision: Revision) -> list[str]:
    return [f"{facts.get('programme')}.focus"]


def _of_measure(event: Event, facts: Published, _revision: Revision) -> list[str]:
    return [f"{facts.get('measure')}.{event.kind.rpartition('.')[2]}"]


def tell_programmes(events: Sequence[Event]) -> None:
    """Let every event of a wave say its programme, as that one does with which the wave was opened: one query."""
    waves = {event: _wave_of(event) for event in events if "programme" not in event.facts and event.kind in OF_WAVES}
    opened = list_openings("plan.wave.opened", set(waves.values()))
    for event, wave in waves.items():
        if wave in opened:
            event.facts = {**event.facts, "programme": opened[wave].facts.get("programme", "")}


def _wave_of(event: Event) -> str:
    wave = event.facts.get("wave")
    return f"plan.wave:{wave}" if wave else event.subject


def _programme(event: Event) -> str:
    return str(event.facts.get("programme") or "")


_READERS: dict[str, Callable[[Event, Published, Revision], list[str]]] = {
    "records.record.opened": _of_record,
    "records.record.closed": _of_record,
    "records.record.archived": _of_record,
    "records.step.taken": _of_step,
    "records.happening.recorded": _of_happening,
    "responses.sheet.returned": _of_sheet,
    "plan.wave.opened": _of_wave,
    "plan.wave.closed": _of_wave,
    "plan.sheets.archived": _of_sheets,
    "reports.report.approved": _of_report,
    "reports.report.archived": _of_report,
    "duties.duty.discharged": _of_duty,
    "duties.duty.missed": _of_missed,
    "findings.focus.found": _of_focus,
    "findings.measure.breached": _of_measure,
    "findings.measure.met_again": _of_measure,
}
