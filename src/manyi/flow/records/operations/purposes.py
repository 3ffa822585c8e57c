"""What a record is used for: one that is not for a purpose is not linked where that purpose is served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from manyi.core.errors import Fault
from manyi.core.flows import FieldRule, FlowRule
from manyi.core.text import Text
from manyi.flow.records.fields import kind_of
from manyi.flow.records.ground import PURPOSES, list_serving
from manyi.flow.records.models import Record
from manyi.flow.records.operations.acting import CannotRecord
from manyi.flow.records.queries import kind_of_record
from manyi.flow.records.storing import fault


def check_purposes(flow: FlowRule, fields: Sequence[FieldRule], kept: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the records a form names: those that are not for what ``flow`` decides."""
    named = dict(_named(fields, kept)) if flow.purpose else {}
    if not named:
        return []
    rows = list(Record.objects.filter(pk__in=named).select_related("revision", "unit", "customer", "project"))
    serving = {one.pk for one in list_serving(rows, flow.purpose)}
    hint = Text("去掉这份记录，或选符合例外的记录", "Leave it out, or choose one to which the exception applies")
    return [fault("not_for", named[row.pk], _told(row, flow.purpose), hint) for row in rows if row.pk not in serving]


def require_purpose(flow: FlowRule, origin: Record | None) -> None:
    """Refuse a record that would come from one that is not for what it decides."""
    if origin is not None and flow.purpose and not list_serving([origin], flow.purpose):
        raise CannotRecord(_told(origin, flow.purpose))


def _named(fields: Sequence[FieldRule], kept: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The records a form names, each with the field that does; a table by its own key."""
    for one in fields:
        value = kept.get(one.key)
        if one.kind == "record" and isinstance(value, int):
            yield value, one.key
        elif kind_of(one).is_rows and isinstance(value, list):
            yield from ((key, one.key) for row in value for key, _ in _named(one.columns, row))


def _told(record: Record, purpose: str) -> Text:
    what, limit = PURPOSES.get(purpose, Text(purpose, purpose)), kind_of_record(record).flow.not_for
    clause = limit.clause if limit else ""
    return Text(
        f"记录 {record} 不得用于{what.zh}（条款 {clause}），不能引用",
        f"Record {record} is not for {what.en} (clause {clause}) and cannot be used here",
    )
