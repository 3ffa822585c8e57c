"""Finding kinds of records, records, what was done on them, and how they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from manyi.base.customers.queries import name_rows as name_customers
from manyi.base.people.access import verbs_of, visible_units
from manyi.base.people.models import Person
from manyi.base.people.queries import list_role_names, name_rows
from manyi.core.flows import Act, FieldRule, FlowRule
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import list_duties_of
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import find_revision_in_force, list_visible_documents, read_revision
from manyi.flow.records.models import Attachment, Party, Record, Row, SavedView, Taken
from manyi.flow.records.room import Names, Room
from manyi.language.flows import flow_of
from manyi.web.language import reader_language

SUBJECT, ROW = "records.record:", ":row:"
FLOW_ACTS = ("taken", "tried", "heard", "event", "reopened")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record under the revision that says what it is."""

    revision: Revision
    flow: FlowRule

    @property
    def document(self) -> Document:
        """The procedure it belongs to."""
        return self.revision.document

    @property
    def key(self) -> str:
        """How addresses name it: ``P12.corrective_action``."""
        return f"{self.document.key}.{self.flow.kind}"

    @property
    def title(self) -> Text:
        """What people call it."""
        return self.flow.title


def subject_of(record: Record) -> str:
    """How evidence and duties name a record."""
    return f"{SUBJECT}{record.pk}"


def subject_of_row(row: Row) -> str:
    """How duties name a row of tasks: the record, and which row."""
    return f"{SUBJECT}{row.record_id}{ROW}{row.key}"


def get_flow(revision: Revision, kind: str) -> FlowRule:
    """What a revision says of one kind of record."""
    return _flow(revision.text, kind)


@lru_cache(maxsize=512)
def _flow(text: str, kind: str) -> FlowRule:
    return flow_of(read_revision(Revision(text=text)), kind)


def list_kinds(by: Person, on: date) -> list[Kind]:
    """Every kind of record of the procedures in force on a day that the person sees; reports are made elsewhere."""
    found = []
    for document in list_visible_documents(by):
        revision = find_revision_in_force(document, on)
        if revision is not None:
            revision.document = document
            kinds = (Kind(revision, get_flow(revision, key)) for key in read_revision(revision).records)
            found += [kind for kind in kinds if not kind.flow.is_report]
    return found


def get_kind(by: Person, name: str, on: date) -> Kind:
    """A kind by its key, or by its bare name where that is in one procedure only; ``Record.DoesNotExist`` else."""
    for kind in list_kinds(by, on):
        if name in (kind.key, kind.flow.kind):
            return kind
    raise Record.DoesNotExist(name)


def kind_of_record(record: Record) -> Kind:
    """The kind of a record, under the revision it began with."""
    return Kind(record.revision, get_flow(record.revision, record.kind))


def kind_of_duty(duty: Duty) -> Kind | None:
    """The kind of record a duty asks for; ``None`` where it asks for none."""
    name = duty.rule.partition(".")[0]
    if name not in read_revision(duty.revision).records:
        return None
    kind = Kind(duty.revision, get_flow(duty.revision, name))
    begins = bool(kind.flow.steps) and duty.rule == f"{name}.{kind.flow.steps[0].key}"
    return kind if begins and not kind.flow.is_report and not duty.subject.startswith(SUBJECT) else None


def list_visible_records(by: Person) -> QuerySet[Record]:
    """The records of the person's units and below, those the person has in hand, and those the person was let into."""
    if not by.is_active:
        return Record.objects.none()
    units = list(visible_units(by).values_list("pk", flat=True))
    let_in = Party.objects.filter(Q(person=by) | Q(unit__in=units)).values("record")
    seen = Q(unit__in=units) | Q(owner=by) | Q(with_unit__in=units) | Q(pk__in=let_in)
    return Record.objects.filter(seen)


def get_visible_record(by: Person, pk: int) -> Record:
    """One record with what its page shows, or ``Record.DoesNotExist``."""
    rows = list_visible_records(by).select_related(
        "revision__document__unit", "document", "unit", "with_unit", "owner", "opened_by", "customer__unit", "product",
        "project__customer", "origin", "duty",
    )  # fmt: skip
    return rows.get(pk=pk)


def get_visible_attachment(by: Person, pk: int) -> Attachment:
    """One file of a record the person sees, or ``Attachment.DoesNotExist``."""
    rows = Attachment.objects.select_related("file").filter(record__in=list_visible_records(by))
    return rows.get(pk=pk)


def get_visible_row(by: Person, pk: int) -> Row:
    """One row of a record the person sees, or ``Row.DoesNotExist``."""
    rows = Row.objects.select_related("record__revision__document", "record__unit")
    return rows.filter(record__in=list_visible_records(by)).get(pk=pk)


def list_acts(record: Record) -> list[Taken]:
    """The history of a record in its order."""
    return list(record.acts.select_related("by").order_by("pk"))


def acts_of(history: Iterable[Taken]) -> list[Act]:
    """The history as the flow reads it."""
    return [
        Act(one.what, one.step, one.happened_at, one.part, one.outcome, one.by_id)  # type: ignore[arg-type]
        for one in history
        if one.what in FLOW_ACTS
    ]


def list_rows(record: Record) -> dict[str, list[Row]]:
    """The rows of a record by field; those that were removed are left out."""
    found: dict[str, list[Row]] = {}
    for row in record.rows.filter(removed="").select_related("done_by").order_by("field", "key"):
        found.setdefault(row.field, []).append(row)
    return found


def list_open_by_subject(subjects: Iterable[str]) -> list[Record]:
    """Open records by how duties name them and their rows."""
    keys = {int(subject.removeprefix(SUBJECT).partition(":")[0]) for subject in subjects}
    return list(Record.objects.filter(pk__in=keys, state=Record.State.OPEN).order_by("pk"))


def list_duties(record: Record) -> list[Duty]:
    """All that was owed on a record, its rows left out; the duty it answers comes first."""
    own = list(list_duties_of([subject_of(record)]))
    return [*([record.duty] if record.duty else []), *own]


def room_of(by: Person, kind: Kind) -> Room:
    """What a form of a kind is filled in with."""
    return Room(by, read_revision(kind.revision), kind.document.unit, list_visible_records(by))


def names_for(fields: Sequence[FieldRule], values: Iterable[dict[str, object]]) -> Names:
    """The names of everything the values of these fields refer to, one query for each kind that is referred to."""
    wanted: dict[str, set[int]] = {}
    for data in values:
        _collect(fields, data, wanted)
    found: dict[str, dict[Any, str]] = {}
    for of, keys in wanted.items():
        if of == "record":
            found[of] = {r.pk: str(r) for r in Record.objects.filter(pk__in=keys).only("pk", "number")}
        else:
            named = name_rows(of, keys) if of in ("user", "unit") else name_customers(of, keys)
            found[of] = {**named}
    lang = reader_language()
    found["role"] = {key: title.in_(lang) for key, title in list_role_names().items()}
    return Names(found)


def _collect(fields: Sequence[FieldRule], data: dict[str, object], wanted: dict[str, set[int]]) -> None:
    for one in fields:
        value = data.get(one.key)
        of = "user" if one.kind == "users" else one.kind
        if one.columns and isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    _collect(one.columns, row, wanted)
        elif of in ("customer", "product", "project", "unit", "user", "record") and value not in (None, "", []):
            keys = value if isinstance(value, list) else [value]
            wanted.setdefault(of, set()).update(key for key in keys if isinstance(key, int))


def list_kinds_to_open(by: Person, on: date) -> list[Kind]:
    """The kinds of which the person may open a record, somewhere."""
    verbs = verbs_of(by)
    return [kind for kind in list_kinds(by, on) if f"{kind.flow.kind}.open" in verbs]


def count_open(by: Person, kinds: Sequence[Kind], at: datetime) -> dict[tuple[int, str], tuple[int, int]]:
    """How many records of each kind are open and how many of these are overdue, by document and kind: one query."""
    documents = {kind.document.pk for kind in kinds}
    rows = list_visible_records(by).filter(state=Record.State.OPEN, document__in=documents)
    overdue = Count("pk", filter=Q(due_at__lte=at))
    found = rows.order_by().values_list("document", "kind").annotate(count=Count("pk"), late=overdue)
    return {(document, kind): (count, late) for document, kind, count, late in found}


def count_kept(
    documents: Iterable[int], *, units: Collection[int], start: datetime, end: datetime, at: datetime
) -> dict[tuple[int, str], tuple[int, int]]:
    """How many records of each kind that happened from ``start`` until before ``end`` were on record at the instant
    ``at``, and how many of these were still open then, by document and kind: one grouped query. Void ones do not count.
    """
    rows = Record.objects.filter(document__in=list(documents), unit__in=units, opened_at__lte=at)
    rows = rows.filter(happened_at__gte=start, happened_at__lt=end)
    rows = rows.exclude(state=Record.State.VOID, closed_at__lte=at)
    running = Count("pk", filter=Q(closed_at=None) | Q(closed_at__gt=at))
    found = rows.order_by().values_list("document", "kind").annotate(count=Count("pk"), running=running)
    return {(document, kind): (count, left) for document, kind, count, left in found}


def list_views(by: Person, kind: Kind) -> QuerySet[SavedView]:
    """The views of a register a person saved."""
    return SavedView.objects.filter(person=by, document=kind.document, kind=kind.flow.kind)


def local_day(record: Record) -> date:
    """The day on which what a record is about happened, on the calendar the installation lives by."""
    return timezone.localdate(record.happened_at)
