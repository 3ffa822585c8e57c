"""Reporting a duty done that no other page does: with the file, letter or message its rule asks for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.files.models import File
from manyi.base.files.operations import store_file
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.duties.models import Duty, Proof
from manyi.flow.duties.operations.ledger import discharge_duty
from manyi.flow.duties.queries import list_evidence_by_hand

MOST_NOTE = 2000
BY_HAND = "by_hand"


class CannotReportDuty(CannotDo):
    """The duty is proved by what happens elsewhere, or it is closed, or the proof is missing."""


def report_duty(
    *,
    by: Person,
    at: datetime,
    duty: Duty,
    note: str,
    happened_at: datetime,
    title: str = "",
    content: bytes = b"",
) -> Event:
    """Report a duty done whose rule asks for a proof that a person brings; a file where it asks for one.

    The right is that of the duty's role, held for its unit.
    """
    require(by, duty.rule, duty.unit)
    wanted = list_evidence_by_hand(duty)
    note = note.strip()[:MOST_NOTE]
    if not wanted:
        raise CannotReportDuty(Text("这一事项由其他页面的工作完成", "This duty is done by the work on another page"))
    if happened_at > at or (duty.begins_at is not None and happened_at < duty.begins_at):
        raise CannotReportDuty(
            Text("完成时间应在本期开始之后、现在之前", "It was done after its window began and not later than now")
        )
    if not note or ("file" in wanted and not content):
        raise CannotReportDuty(Text("请写明做了什么，并附上文件", "Say what was done, and attach the file"))
    with transaction.atomic():
        file: File | None = store_file(title=title, content=content, at=at) if content else None
        event = record_event(
            kind="duties.duty.reported", subject=f"duties.duty:{duty.pk}", unit=duty.unit, by=by, at=at,
            happened_at=happened_at, period=duty.period, digest=file.sha256 if file else "",
            facts={"rule": duty.rule, **({"file": file.pk} if file else {})}, values={"note": note},
            about=f"people.person:{by.pk}",
        )  # fmt: skip
        Proof.objects.get_or_create(duty=duty, name=BY_HAND, defaults={"event": event})
        done = discharge_duty(
            by=by, at=at, rule=duty.rule, subject=duty.subject, evidence=event, happened_at=happened_at,
            unit=duty.unit, period=duty.period, round=duty.round,
        )  # fmt: skip
        if done is None:
            raise CannotReportDuty(Text("这一事项已经完成或已豁免", "This duty is done or waived already"))
    return event
