"""Saying that a playbook was acted by."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from manyi.base.people.access import require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Record, Use
from manyi.flow.records.operations.acting import CannotRecord, record_act
from manyi.flow.records.owing import may_do
from manyi.flow.records.playbooks import advice_of, books_of


def use_playbook(*, by: Person, at: datetime, record: Record, playbook: str, situation: str) -> Use:
    """Note that who works on a record acted by a situation of its playbook; noted once, whoever says it again."""
    standing = standing_of(record)
    step = next((one for one in standing.state.open if may_do(by, standing, one, timezone.localdate(at))), None)
    if step is None:
        require(by, f"{record.kind}.open", record.unit)
    known = {one.key for one in advice_of(record.revision, playbook)} if playbook in books_of(standing.kind) else set()
    if situation not in known:
        raise CannotRecord(Text("该程序没有这种情形", "The procedure knows no such situation"))
    with transaction.atomic():
        use, is_new = Use.objects.get_or_create(
            record=record, playbook=playbook, situation=situation,
            defaults={"by": by, "at": at, "step": step.step.key if step else ""},
        )  # fmt: skip
        if is_new:
            facts = {"playbook": playbook, "situation": situation, "step": use.step}
            record_act("records.playbook.used", record, by, at, facts=facts)
    return use
