"""Opening, discharging, superseding and waiving what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import find_holder
from manyi.core.text import Text
from manyi.flow.duties.models import Duty, DutyWarning
from manyi.flow.procedure.models import Revision

MOST_REASON = 500
MOST_TITLE = 200
Kind = DutyWarning.Kind


class CannotWaive(CannotDo):
    """A duty that is not open cannot be waived, and none without a reason."""


def open_duty(
    *,
    by: Person | None,
    at: datetime,
    rule: str,
    title: Text,
    clause: str,
    role: str,
    due_at: datetime,
    why: Sequence[Text],
    revision: Revision,
    unit: Unit,
    subject: str,
    period: str = "",
    person: Person | None = None,
    round: int = 1,
    begins_at: datetime | None = None,
    warn_at: Sequence[datetime] = (),
    escalate: tuple[str, datetime] | None = None,
) -> Duty:
    """Write down what is owed; what is owed already (same rule, unit, subject, period, round) is returned as it stands.

    ``by`` is ``None`` where the clock opens it; without ``person`` it is owed by the one who holds the role. Warnings
    are planned with it: at ``warn_at``, when it is overdue, and to the role of ``escalate`` at its instant.
    """
    with transaction.atomic():
        duty, created = Duty.objects.exclude(state=Duty.State.SUPERSEDED).get_or_create(
            rule=rule,
            unit=unit,
            subject=subject,
            period=period,
            round=round,
            defaults={
                "title_zh": title.in_("zh")[:MOST_TITLE],
                "title_en": title.in_("en")[:MOST_TITLE],
                "clause": clause,
                "revision": revision,
                "role": role,
                "person": person or find_holder(role=role, unit=unit, on=timezone.localdate(at)),
                "opened_at": at,
                "begins_at": begins_at,
                "due_at": due_at,
                "why": [{"zh": line.zh, "en": line.en} for line in why],
            },
        )
        if created:
            _plan_warnings(duty, warn_at, escalate)
            facts = {"rule": rule, "due_at": due_at.isoformat(), **({"round": round} if round > 1 else {})}
            event = _record(duty, "opened", by, at, facts)
            if begins_at is None and period:
                _carry_on(duty, by, at, event)
    return duty


def discharge_duty(
    *,
    by: Person | None,
    at: datetime,
    rule: str,
    subject: str,
    evidence: Event,
    happened_at: datetime,
    unit: Unit | None = None,
    period: str | None = None,
    round: int | None = None,
) -> Duty | None:
    """Close the open duty of ``rule`` on ``subject`` with the evidence that it was done; ``None``: none is open.

    ``unit``, ``period`` and ``round`` say which, where there may be several; else it is the one due first.
    """
    narrowed = {"unit": unit, "period": period, "round": round}
    named = {key: value for key, value in narrowed.items() if value is not None}
    with transaction.atomic():
        rows = Duty.objects.select_for_update(of=("self",)).select_related("unit")
        duty = rows.filter(rule=rule, subject=subject, state=Duty.State.OPEN, **named).order_by("due_at", "pk").first()
        if duty is None:
            return None
        duty.state, duty.closed_at, duty.happened_at, duty.evidence = Duty.State.DISCHARGED, at, happened_at, evidence
        duty.save(update_fields=("state", "closed_at", "happened_at", "evidence"))
        facts = {"rule": rule, "of": subject, "late": happened_at >= duty.due_at}
        _record(duty, "discharged", by, at, facts, happened_at)
    return duty


def supersede_duty(*, by: Person | None, at: datetime, duty: Duty, reason: str, evidence: Event | None = None) -> Duty:
    """Close an open duty because another stands in its place; one that is closed already is left as it is.

    With ``evidence`` what it asked for goes on elsewhere: it is not opened again.
    """
    with transaction.atomic():
        still_open = Duty.objects.filter(pk=duty.pk, state=Duty.State.OPEN)
        told = reason.strip()[:MOST_REASON]
        if still_open.update(state=Duty.State.SUPERSEDED, closed_at=at, reason=told, evidence=evidence):
            _record(duty, "superseded", by, at, {"rule": duty.rule})
        duty.refresh_from_db()
    return duty


def waive_duty(*, by: Person, at: datetime, duty: Duty, reason: str) -> Duty:
    """Let an open duty go, with the reason; only by who may."""
    require(by, "duties.waive", duty.unit)
    reason = reason.strip()
    if not reason or len(reason) > MOST_REASON:
        raise CannotWaive(
            Text(f"请写明理由（不超过 {MOST_REASON} 字）", f"Give a reason of at most {MOST_REASON} characters")
        )
    with transaction.atomic():
        still_open = Duty.objects.filter(pk=duty.pk, state=Duty.State.OPEN)
        if not still_open.update(state=Duty.State.WAIVED, closed_at=at, reason=reason):
            raise CannotWaive(Text("这一事项已经完成或已豁免", "This duty is done or waived already"))
        duty.refresh_from_db()
        _record(duty, "waived", by, at, {"rule": duty.rule})
    return duty


def _carry_on(duty: Duty, by: Person | None, at: datetime, event: Event) -> None:
    """What was opened ahead for the period goes on as ``duty``, now that its work has begun under a name of its own."""
    ahead = Duty.objects.filter(
        rule=duty.rule, unit=duty.unit, period__startswith=duty.period, state=Duty.State.OPEN, begins_at__isnull=False
    )
    for before in ahead.select_related("unit").order_by("due_at", "pk")[:1]:
        supersede_duty(by=by, at=at, duty=before, reason="已开始 / begun", evidence=event)


def _plan_warnings(duty: Duty, warn_at: Sequence[datetime], escalate: tuple[str, datetime] | None) -> None:
    """The warnings a duty may come to need: which, depends on the rule alone, not on when it is written down."""
    planned = [
        DutyWarning(duty=duty, kind=Kind.REMINDER, due_at=when) for when in sorted(set(warn_at)) if when < duty.due_at
    ]
    planned.append(DutyWarning(duty=duty, kind=Kind.OVERDUE, due_at=duty.due_at))
    if escalate is not None:
        role, when = escalate
        planned.append(DutyWarning(duty=duty, kind=Kind.ESCALATION, role=role, due_at=when))
    DutyWarning.objects.bulk_create(planned)


def _record(
    duty: Duty,
    what: str,
    by: Person | None,
    at: datetime,
    facts: dict[str, object],
    happened_at: datetime | None = None,
) -> Event:
    return record_event(
        kind=f"duties.duty.{what}", subject=f"duties.duty:{duty.pk}", unit=duty.unit, by=by, at=at,
        happened_at=happened_at, period=duty.period, facts=facts,
    )  # fmt: skip
