"""An observation of work: what was done well, what was not, and what was done about it at once.

Its register shows what is covered: where a measure of the procedure asks for every combination of some fields of the
form (a figure of ``cells``), how often each was planned and observed in the running period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from math import prod

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from manyi.base.people.models import Person
from manyi.core.flows import FieldRule
from manyi.core.measures import MeasureRule, window_of
from manyi.core.periods import Period, period_of
from manyi.core.text import Text
from manyi.flow.procedure.queries import read_revision
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.models import Record, Row
from manyi.flow.records.queries import Kind, get_flow, list_visible_records
from manyi.language.measures import measures_of
from manyi.language.model import Procedure

Key = tuple[str, ...]
DAY, MOST_CELLS = timedelta(days=1), 600


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination: how often it was planned, and how often it was done."""

    planned: int
    done: int

    @property
    def is_missing(self) -> bool:
        """Whether it was planned and nothing was done so far."""
        return self.planned > 0 and self.done == 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """The combinations of a period: ``heads`` are those of all fields but the first, each row is one of its values."""

    title: Text
    window: Period
    corner: Text
    heads: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[Cell, ...]], ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every combination."""
        return tuple(cell for _, cells in self.rows for cell in cells)

    @property
    def covered(self) -> int:
        """How many combinations were done at least once."""
        return sum(cell.done > 0 for cell in self.cells)

    @property
    def missing(self) -> int:
        """How many were planned and not done."""
        return sum(cell.is_missing for cell in self.cells)


def register(by: Person, kind: Kind, _records: Sequence[Record], at: datetime) -> Words:
    """What is covered of what has to be; nothing where no measure asks for it."""
    return {"matrix": matrix_of(by, kind, at)}


def matrix_of(by: Person, kind: Kind, at: datetime) -> Matrix | None:
    """Planned and done, from what the person sees: one query each. ``None`` where no measure without a condition asks
    for the combinations of fields that can be listed."""
    procedure, today = read_revision(kind.revision), timezone.localdate(at)
    rule = next((rule for rule in measures_of(procedure) if _asks(rule, kind)), None)
    fields = [one for name in rule.per if (one := kind.flow.field(name))] if rule else []
    axes = [_values(procedure, one) for one in fields]
    size = prod(len(axis) for axis in axes)
    if rule is None or len(fields) != len(rule.per) or not 0 < size <= MOST_CELLS:
        return None
    window = window_of(rule, today) or period_of("quarter", today)
    planned, done = _planned(by, kind, rule.per, window), _done(by, kind, rule.per, window)
    columns = [
        (tuple(key for key, _ in c), _joined([t for _, t in c])) for c in product(*(a.items() for a in axes[1:]))
    ]
    rows = [
        (title, tuple(Cell(planned[first, *rest], done[first, *rest]) for rest, _ in columns))
        for first, title in axes[0].items()
    ]
    corner = _joined([one.title for one in fields])
    return Matrix(rule.title, window, corner, tuple(head for _, head in columns), tuple(rows))


def _asks(rule: MeasureRule, kind: Kind) -> bool:
    has_condition = rule.where is not None or rule.among is not None
    return rule.figure == "cells" and rule.of == kind.flow.kind and bool(rule.per) and not has_condition


def _values(procedure: Procedure, one: FieldRule) -> Mapping[str, Text]:
    """What may be chosen in a field, in its order; nothing where that is no list."""
    if one.kind == "choice":
        return dict(one.choices)
    if one.kind != "from_table" or one.of not in procedure.tables:
        return {}
    table = procedure.tables[one.of]
    said = [str(row.get(next(iter(table.columns), ""), "")) for row in table.rows]
    return {value: procedure.title_of(value) for value in said if value}


def _planned(by: Person, kind: Kind, per: Key, window: Period) -> Counter[Key]:
    """The tasks of other kinds of record that name a day of the window and every field of ``per``."""
    wanted = Q(pk__in=[])
    for name in read_revision(kind.revision).records:
        for one in get_flow(kind.revision, name).fields:
            day = next((column.key for column in one.columns if column.kind == "date"), "")
            if one.kind == "tasks" and day and set(per) <= {column.key for column in one.columns}:
                within = {f"data__{day}__gte": window.first.isoformat(), f"data__{day}__lte": window.last.isoformat()}
                wanted |= Q(record__kind=name, field=one.key, **within)
    records = list_visible_records(by).filter(document=kind.document).exclude(state=Record.State.VOID)
    found = Row.objects.filter(wanted, record__in=records, removed="").values_list("data", flat=True)
    return Counter(tuple(str(data.get(name)) for name in per) for data in found)


def _done(by: Person, kind: Kind, per: Key, window: Period) -> Counter[Key]:
    """The records of the kind that happened in the window, by their fields."""
    rows = list_visible_records(by).filter(
        document=kind.document, kind=kind.flow.kind, happened_at__gte=_midnight(window.first),
        happened_at__lt=_midnight(window.last + DAY),
    )  # fmt: skip
    named = {f"cell_{n}": KeyTextTransform(name, "data") for n, name in enumerate(per)}
    found = rows.exclude(state=Record.State.VOID).order_by().annotate(**named).values_list(*named)
    return Counter({tuple(key): count for *key, count in found.annotate(count=Count("pk"))})


def _joined(titles: Sequence[Text]) -> Text:
    return Text(" × ".join(t.in_("zh") for t in titles), " × ".join(t.in_("en") for t in titles))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


PAGE = PageKind(register=register)
