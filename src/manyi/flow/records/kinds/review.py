"""A routed review: who has to say what before something is accepted, and who has."""

from __future__ import annotations

from datetime import datetime

from manyi.base.people.models import Person
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.kinds.route import stops_of
from manyi.flow.records.page import Page


def work(_by: Person, page: Page, _at: datetime) -> Words:
    """Who has to sign and who has, and what may not happen before the review is closed."""
    stops = stops_of(page)
    signing = [stop for stop in stops if stop.sign]
    signed = sum(stop.state == "done" for stop in signing)
    return {"stops": stops, "gates": page.standing.flow.gates, "signed": signed, "to_sign": len(signing)}


PAGE = PageKind(work=work)
