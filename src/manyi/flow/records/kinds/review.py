"""A routed review: who has to say what before something is accepted, and who has."""

from __future__ import annotations

from datetime import datetime

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.procedure.queries import read_revision
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.kinds.route import stops_of
from manyi.flow.records.page import Page
from manyi.language.model import Procedure


def work(_by: Person, page: Page, _at: datetime) -> Words:
    """Who has to sign and who has, and what may not happen before the review is closed."""
    stops, procedure = stops_of(page), read_revision(page.standing.kind.revision)
    signing = [stop for stop in stops if stop.sign]
    gates = [gate_title(procedure, name) for name in page.standing.flow.gates]
    signed = sum(stop.state == "done" for stop in signing)
    return {"stops": stops, "gates": gates, "signed": signed, "to_sign": len(signing)}


def gate_title(procedure: Procedure, event: str) -> Text:
    """What an event is called: by the step that makes it happen, else by the words of the procedure."""
    steps = (step for record in procedure.records.values() for step in record.steps if step.emits == event)
    own = next((step.title for step in steps), None)
    return procedure.title_of(event, own)


PAGE = PageKind(work=work)
