"""A meeting: its notice, who came, what was said and decided, and which decisions are still to be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from manyi.base.people.models import Person
from manyi.core.flows import FieldRule
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import list_duties_of
from manyi.flow.records.fields import say_field
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.kinds.route import stops_of
from manyi.flow.records.models import Record, Row
from manyi.flow.records.page import Page
from manyi.flow.records.queries import Kind, list_visible_records, names_for, subject_of_row
from manyi.flow.records.room import Names

MOST, MOST_READ = 50, 1000


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that is not carried out yet: of which meeting, what in words, until when."""

    row: Row
    said: tuple[Text, ...]
    duty: Duty | None


def work(_by: Person, page: Page, _at: datetime) -> Words:
    """From the notice to the minutes."""
    return {"stops": stops_of(page)}


def register(by: Person, kind: Kind, _records: Sequence[Record], at: datetime) -> Words:
    """The decisions of all meetings that are still to be carried out, the one that is due first on top."""
    tasks = {one.key: one for one in kind.flow.fields if one.kind == "tasks"}
    rows = Row.objects.select_related("record").filter(
        record__in=list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind).exclude(state="void"),
        field__in=tasks, done_at=None, removed="",
    )  # fmt: skip
    found = list(rows.order_by("-record", "key")[:MOST_READ])
    names = names_for([column for one in tasks.values() for column in one.columns], [row.data for row in found])
    duties = {duty.subject: duty for duty in list_duties_of([subject_of_row(row) for row in found])}
    decisions = [Decision(row, _said(tasks[row.field], row, names), duties.get(subject_of_row(row))) for row in found]
    decisions.sort(key=lambda one: one.duty.due_at.timestamp() if one.duty else float("inf"))
    return {"decisions": decisions[:MOST], "more": max(len(decisions) - MOST, 0)}


def _said(field: FieldRule, row: Row, names: Names) -> tuple[Text, ...]:
    return tuple(say_field(one, row.data[one.key], names) for one in field.columns if row.data.get(one.key))


PAGE = PageKind(work=work, register=register)
