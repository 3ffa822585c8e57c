"""Warnings before something is due and after: each exactly once, whatever dies or stands still in between."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from manyi.base.evidence.operations import record_event
from manyi.base.notices.operations import News, tell
from manyi.base.people.models import Person
from manyi.base.people.queries import list_holders
from manyi.core.text import Text
from manyi.flow.duties.models import Duty, DutyWarning

Kind = DutyWarning.Kind
WORDS = {
    Kind.REMINDER: Text("即将到期", "Due soon"),
    Kind.OVERDUE: Text("已逾期", "Overdue"),
    Kind.ESCALATION: Text("逾期上报", "Overdue, brought to you"),
}


def give_warnings(*, at: datetime, most: int = 200) -> int:
    """Give the warnings that are due; how many were given. One of a duty that is closed is never given.

    A warning is marked as given, and its mails are queued, in one transaction under one condition: two who try give it
    once, and one who dies has not given it.
    """
    due = DutyWarning.objects.filter(given_at=None, due_at__lte=at, duty__state=Duty.State.OPEN)
    given = 0
    for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            given += _give(pk, at)
    return given


def _give(pk: int, at: datetime) -> bool:
    if not DutyWarning.objects.filter(pk=pk, given_at=None, duty__state=Duty.State.OPEN).update(given_at=at):
        return False
    warning = DutyWarning.objects.select_related("duty__unit", "duty__person", "duty__revision__document").get(pk=pk)
    duty = warning.duty
    told = _people(warning, at)
    tell(_news(warning), people=told, at=at, unit=duty.unit)
    subject = f"duties.duty:{duty.pk}"
    facts = {"rule": duty.rule, "warning": warning.kind, "told": len(told)}
    kind = "duties.duty.missed" if warning.kind == Kind.OVERDUE else "duties.duty.warned"
    happened_at = warning.due_at if warning.kind == Kind.OVERDUE else at
    record_event(
        kind=kind, subject=subject, unit=duty.unit, by=None, at=at, happened_at=happened_at, period=duty.period,
        facts=facts,
    )  # fmt: skip
    return True


def _people(warning: DutyWarning, at: datetime) -> list[Person]:
    """Who is told: the person who owes it, else all who hold its role; of an escalation, who holds the role named."""
    duty, today = warning.duty, timezone.localdate(at)
    if warning.role:
        return list_holders(role=warning.role, unit=duty.unit, on=today)
    if duty.person is not None and duty.person.is_active:
        return [duty.person]
    return list_holders(role=duty.role, unit=duty.unit, on=today)


def _news(warning: DutyWarning) -> News:
    duty, word = warning.duty, WORDS[Kind(warning.kind)]
    due = timezone.localtime(duty.due_at)
    title = Text(f"{word.zh}：{duty.title_zh}", f"{word.en}: {duty.title_en}")
    place = reverse("duties:duty", args=[duty.pk])
    code = f"{duty.revision.document.code} {duty.clause}"
    body = "\n".join(
        (title.zh, title.en, f"{code}  {duty.unit.name}", f"期限 / due: {due:%Y-%m-%d %H:%M}", "",
         f"{settings.MANYI_URL}{place}"),
    )  # fmt: skip
    urgent = warning.kind != Kind.REMINDER
    return News(title, place, body, f"duties.warning:{warning.pk}", urgent=urgent)
