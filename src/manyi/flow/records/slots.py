"""The columns of a register: which fields of a form are copied into the typed columns that filter and sort."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone

from manyi.core.flows import FieldRule, FlowRule
from manyi.flow.records.fields import kind_of, say_field
from manyi.flow.records.models import SLOTS, Record
from manyi.flow.records.room import Names

COMMON = {"customer": "customer", "product": "product", "project": "project", "money": "amount"}
"""Kinds of fields of which the first is a column of every record."""
TYPES = {"number": "number", "date": "date", "datetime": "date"}
LONGEST = 200


@lru_cache(maxsize=512)
def slots_of(flow: FlowRule) -> dict[str, str]:
    """Which column holds which field: those the register names first, then the rest in the order of the form.

    A column once given stays: it follows from the form alone, and a form is never changed for a record that has begun.
    """
    fields = {one.key: one for one in flow.fields}
    wanted = [fields[key] for key in flow.columns if key in fields]
    wanted += [one for one in flow.fields if one not in wanted]
    found: dict[str, str] = {}
    used: dict[str, int] = {}
    for one in wanted:
        common = COMMON.get(one.kind)
        if common and common not in found.values():
            found[one.key] = common
            continue
        if kind_of(one).is_rows or kind_of(one).is_files or one.kind == "log":
            continue
        slot = TYPES.get(one.kind, "text")
        if used.get(slot, 0) < SLOTS:
            used[slot] = used.get(slot, 0) + 1
            found[one.key] = f"{slot}_{used[slot]}"
    return found


def fill_slots(record: Record, flow: FlowRule, names: Names) -> None:
    """Copy the fields of the form into the columns; the record is not saved."""
    for key, column in slots_of(flow).items():
        one = flow.field(key)
        if one is not None:
            _fill(record, column, one, record.data.get(key), names)


def _fill(record: Record, column: str, one: FieldRule, kept: Any, names: Names) -> None:
    empty = kept in (None, "", [])
    if column in ("customer", "product", "project"):
        if not empty or one.key in record.data:
            setattr(record, f"{column}_id", None if empty else kept)
    elif column == "amount":
        record.amount = None if empty else Decimal(kept["amount"])
        record.currency = "" if empty else kept["currency"]
    elif column.startswith("number"):
        setattr(record, column, None if empty else Decimal(kept))
    elif column.startswith("date"):
        setattr(record, column, None if empty else _day(kept))
    else:
        setattr(record, column, "" if empty else _words(one, kept, names))


def _day(kept: str) -> date:
    return timezone.localdate(datetime.fromisoformat(kept)) if "T" in kept else date.fromisoformat(kept)


def _words(one: FieldRule, kept: Any, names: Names) -> str:
    """What filters and sorts: the key of a choice, the name of what is referred to, else the words themselves."""
    if one.kind in ("choice", "from_table", "from_playbook", "role"):
        return str(kept)[:LONGEST]
    if one.kind in ("any_of", "roles"):
        return ",".join(kept)[:LONGEST]
    return say_field(one, kept, names).zh.replace("\n", " ")[:LONGEST]
