"""Records as the cases a measure counts: what was registered in a window, as plain facts. One query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from fractions import Fraction

from manyi.core.flows import FlowRule
from manyi.core.predicates import Facts, Value
from manyi.flow.procedure.models import Revision
from manyi.flow.records.fields import kind_of
from manyi.flow.records.models import Record
from manyi.flow.records.queries import get_flow

SEVERAL = "\x1f"
"""Between the values of a field that holds several, where a figure is made for each."""


def list_cases(
    revision: Revision,
    kind: str,
    *,
    start: datetime | None,
    end: datetime,
    units: Collection[int],
    named: Iterable[str] = (),
) -> list[Facts]:
    """The records of a kind that happened from ``start`` (``None``: ever) until before ``end``, void ones left out.

    Fields in ``named`` are given as they are kept, to be told apart by; all others as conditions see them.
    """
    rows = Record.objects.filter(document=revision.document, kind=kind, happened_at__lt=end, unit__in=units)
    if start is not None:
        rows = rows.filter(happened_at__gte=start)
    rows = rows.exclude(state=Record.State.VOID).select_related("unit", "customer", "project")
    flow, wanted = get_flow(revision, kind), frozenset(named)
    return [_facts(record, flow, wanted) for record in rows.order_by("pk").iterator(chunk_size=2000)]


def _facts(record: Record, flow: FlowRule, named: frozenset[str]) -> Facts:
    facts: dict[str, Value] = {
        "number": record.number or None, "outcome": record.outcome or None, "unit": str(record.unit_id),
        "unit.short": record.unit.key, "unit.kind": record.unit.kind, "channel": record.channel or None,
        "user": str(record.opened_by_id) if record.opened_by_id else None,
        "customer": str(record.customer_id) if record.customer_id else None,
        "product": str(record.product_id) if record.product_id else None,
        "project": str(record.project_id) if record.project_id else None,
        "closed_at": record.closed_at.isoformat() if record.closed_at else None,
    }  # fmt: skip
    if record.customer:
        facts["country"] = facts["customer.country"] = record.customer.country or None
    if record.amount is not None:
        facts["amount"] = Fraction(record.amount)
    for one in flow.fields:
        kept = record.data.get(one.key)
        if kept in (None, "", []):
            continue
        if one.key in named:
            facts[one.key] = SEVERAL.join(str(v) for v in kept) if isinstance(kept, list) else str(kept)
            continue
        value = kind_of(one).publish(kept)
        facts[one.key] = True if isinstance(value, tuple) else value
    return facts
