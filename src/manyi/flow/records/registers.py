"""A register: the list of one kind of record, with the columns its procedure names, filtered, sorted and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.records.fields import say_field
from manyi.flow.records.models import Record, Taken
from manyi.flow.records.queries import Kind, list_visible_records, names_for
from manyi.flow.records.room import Names
from manyi.flow.records.slots import slots_of
from manyi.web.exports import Cell
from manyi.web.language import reader_language

PAGE, MOST_COUNTED, MOST_EXPORTED = 50, 1000, 20_000
OF_STEP = ("at", "by", "by_and_at", "outcome")
OWN = {
    "number": Text("编号", "Number"), "unit": Text("部门", "Unit"), "project": Text("项目", "Project"),
    "opened_at": Text("开立", "Opened"), "due_at": Text("期限", "Due"), "state": Text("状态", "State"),
}  # fmt: skip
SORTS = {
    "number": "number",
    "opened_at": "opened_at",
    "due_at": "due_at",
    "unit": "unit__path",
    "customer": "customer__code",
}
SHOWN_BY_DEFAULT = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: its key, head, and by what it sorts (empty: it does not)."""

    key: str
    title: Text
    sort: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words, state, unit, days, and exact values of marked fields; and the order."""

    words: str = ""
    state: str = "open"
    unit: int | None = None
    first: date | None = None
    last: date | None = None
    fields: tuple[tuple[str, str], ...] = ()
    sort: str = "-opened_at"


class Capped(Paginator):  # type: ignore[type-arg]
    """Pages of a list of which no more than a thousand rows are counted."""

    @cached_property
    def count(self) -> int:
        """How many rows, a thousand at most."""
        return min(self.counted, MOST_COUNTED)

    @cached_property
    def counted(self) -> int:
        """One more than the most where there are more."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.counted > MOST_COUNTED


def columns_of(kind: Kind) -> list[Column]:
    """The columns of a kind's register: those its procedure names, else the first fields of the form."""
    flow, slots = kind.flow, slots_of(kind.flow)
    keys = list(flow.columns) or [key for key in slots if flow.field(key)][:SHOWN_BY_DEFAULT]
    keys = ["number", *(key for key in keys if key != "number")]
    return [_column(kind, key, slots) for key in keys]


def list_register(by: Person, kind: Kind, wanted: Wanted, at: datetime) -> QuerySet[Record]:
    """The records of a kind the person sees that fit, in order."""
    rows = list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind)
    rows = _in_state(rows, wanted.state, at)
    if wanted.unit is not None:
        rows = rows.filter(unit=wanted.unit)
    if wanted.first is not None:
        rows = rows.filter(opened_at__gte=_midnight(wanted.first))
    if wanted.last is not None:
        rows = rows.filter(opened_at__lt=_midnight(wanted.last + timedelta(days=1)))
    slots = slots_of(kind.flow)
    for key, value in wanted.fields:
        if key in slots and slots[key].startswith("text"):
            rows = rows.filter(**{slots[key]: value})
    if wanted.words:
        rows = rows.filter(_has_words(wanted.words, kind))
    return rows.order_by(*order_of(kind, wanted.sort))


def order_of(kind: Kind, sort: str) -> tuple[str, str]:
    """A sort as the table knows it, the newest last of equals; what cannot be sorted by is the newest first."""
    key = sort.removeprefix("-")
    column = SORTS.get(key) or slots_of(kind.flow).get(key, "")
    if column in ("customer", "product", "project"):
        column = f"{column}__name"
    if not column:
        return "-opened_at", "-pk"
    down = "-" if sort.startswith("-") else ""
    return f"{down}{column}", f"{down or '-'}pk"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list as a page shows it."""

    record: Record
    cells: tuple[tuple[Column, Text], ...]
    state: str


def lines_of(kind: Kind, columns: Sequence[Column], records: Sequence[Record], at: datetime) -> list[Line]:
    """The rows of a page in words, with a fixed number of queries."""
    fields = [field for column in columns if (field := kind.flow.field(column.key))]
    names = names_for(fields, [record.data for record in records])
    acts = _acts(columns, records)
    return [
        Line(
            record,
            tuple((column, _said(kind, column, record, names, acts)) for column in columns),
            state_of_row(record, at),
        )
        for record in records
    ]


def cells_of(kind: Kind, columns: Sequence[Column], records: Sequence[Record], at: datetime) -> list[list[Cell]]:
    """The rows for a workbook: figures and days stay what they are."""
    slots = slots_of(kind.flow)
    lang = reader_language()
    return [
        [_cell(slots.get(column.key, ""), line.record, said.in_(lang)) for column, said in line.cells]
        + [line.record.unit.name, line.state, line.record.opened_at, line.record.due_at, line.record.closed_at]
        for line in lines_of(kind, columns, records, at)
    ]


def state_of_row(record: Record, at: datetime) -> str:
    """The word for how a record stands: open ones also say that they are overdue."""
    if record.state == Record.State.OPEN and record.due_at is not None and record.due_at <= at:
        return "overdue"
    return record.state


def _column(kind: Kind, key: str, slots: dict[str, str]) -> Column:
    flow = kind.flow
    step, _, fact = key.rpartition(".")
    if fact in OF_STEP and flow.find(step):
        found, words = flow.find(step), _OF_STEP[fact]
        title = found.title if found else Text(step, step)
        return Column(key, Text(f"{title.in_('zh')}{words.zh}", f"{title.in_('en')}{words.en}"))
    field = flow.field(key)
    if field is not None:
        figures = field.kind in ("number", "money")
        return Column(key, field.title, key if key in slots else "", figures)
    return Column(key, OWN.get(key, Text(key, key)), key if key in SORTS else "")


_OF_STEP = {
    "at": Text("时间", ": when"), "by": Text("人", ": who"), "by_and_at": Text("", ""),
    "outcome": Text("结果", ": outcome"),
}  # fmt: skip


def _said(kind: Kind, column: Column, record: Record, names: Names, acts: dict[tuple[int, str], Taken]) -> Text:
    field = kind.flow.field(column.key)
    if field is not None:
        return say_field(field, record.data.get(column.key), names)
    step, _, fact = column.key.rpartition(".")
    if step:
        act = acts.get((record.pk, step))
        return _of_act(kind, act, fact) if act else Text()
    match column.key:
        case "number":
            said = str(record)
        case "unit":
            said = record.unit.name
        case "project":
            said = record.project.name if record.project else ""
        case _:
            said = ""
    return Text(said, said)


def _of_act(kind: Kind, act: Taken, fact: str) -> Text:
    day, who = timezone.localtime(act.happened_at).strftime("%Y-%m-%d %H:%M"), act.by.name if act.by else ""
    if fact == "outcome":
        step = kind.flow.find(act.step)
        rule = step.outcome(act.outcome) if step else None
        return rule.title if rule else Text(act.outcome, act.outcome)
    said = {"at": day, "by": who}.get(fact, f"{who} {day}")
    return Text(said, said)


def _acts(columns: Sequence[Column], records: Sequence[Record]) -> dict[tuple[int, str], Taken]:
    """The last time each step was taken that a column asks for."""
    steps = {column.key.rpartition(".")[0] for column in columns if "." in column.key}
    if not steps:
        return {}
    rows = Taken.objects.filter(record__in=[record.pk for record in records], what="taken", step__in=steps)
    return {(act.record_id, act.step): act for act in rows.select_related("by").order_by("pk")}


def _in_state(rows: QuerySet[Record], state: str, at: datetime) -> QuerySet[Record]:
    if state == "overdue":
        return rows.filter(state=Record.State.OPEN, due_at__lte=at)
    return rows.filter(state=state) if state in Record.State.values else rows


def _has_words(words: str, kind: Kind) -> Q:
    found = Q(number__icontains=words) | Q(customer__name__icontains=words) | Q(customer__code__iexact=words)
    for column in slots_of(kind.flow).values():
        if column.startswith("text"):
            found |= Q(**{f"{column}__icontains": words})
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _cell(column: str, record: Record, said: str) -> Cell:
    value = getattr(record, column, None) if column.startswith(("number", "date", "amount")) else None
    return value if isinstance(value, Decimal | date) else said
