"""A letter or sheet that waits for an answer: what is out, until when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from manyi.base.people.models import Person
from manyi.flow.records.kinds.case import left
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.kinds.route import stops_of
from manyi.flow.records.models import Record
from manyi.flow.records.page import Page
from manyi.flow.records.queries import Kind, list_visible_records


def work(_by: Person, page: Page, _at: datetime) -> Words:
    """From being written to being answered and verified."""
    return {"stops": stops_of(page)}


def register(by: Person, kind: Kind, records: Sequence[Record], at: datetime) -> Words:
    """How many wait for an answer and how many of these too long; the projects whose sheets may be compiled."""
    rows = list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind)
    counts = rows.filter(state=Record.State.OPEN).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at))
    )
    projects = rows.exclude(project=None).order_by("project__short").values_list("project", "project__name").distinct()
    running = {record.pk: left(record.due_at, at) for record in records if record.due_at and record.state == "open"}
    return {"counts": counts, "projects": list(projects[:200]), "running": running}


PAGE = PageKind(sort="due_at", work=work, register=register)
