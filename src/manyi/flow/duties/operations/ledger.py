"""Opening, discharging and waiving what is owed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import find_holder
from manyi.core.steps import Due, StepRule
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.procedure.models import Revision

MOST_REASON = 500
MOST_TITLE = 200


class CannotWaive(CannotDo):
    """A duty that is not open cannot be waived, and none without a reason."""


def open_duty(
    *,
    by: Person | None,
    at: datetime,
    step: StepRule,
    rule: str,
    due: Due,
    revision: Revision,
    unit: Unit,
    subject: str,
    period: str,
) -> Duty:
    """Write down what is owed; what is owed already (same rule, unit, subject, period) is returned as it stands.

    ``by`` is ``None`` where the clock opens it.
    """
    with transaction.atomic():
        duty, created = Duty.objects.exclude(state=Duty.State.SUPERSEDED).get_or_create(
            rule=rule,
            unit=unit,
            subject=subject,
            period=period,
            defaults={
                "title_zh": step.title.in_("zh")[:MOST_TITLE],
                "title_en": step.title.in_("en")[:MOST_TITLE],
                "clause": step.clause,
                "revision": revision,
                "role": step.role,
                "person": find_holder(role=step.role, unit=unit, on=due.on),
                "opened_at": at,
                "due_at": end_of_day(due.on),
                "why": [{"zh": line.zh, "en": line.en} for line in due.why],
            },
        )
        if created:
            record_event(
                kind="duties.duty.opened", subject=f"duties.duty:{duty.pk}", unit=unit, by=by, at=at, period=period,
                facts={"rule": rule, "due_at": duty.due_at.isoformat()},
            )  # fmt: skip
    return duty


def discharge_duty(
    *, by: Person, at: datetime, rule: str, subject: str, evidence: Event, happened_at: datetime
) -> Duty | None:
    """Close the open duty of ``rule`` on ``subject`` with the evidence that it was done; ``None``: none is open."""
    with transaction.atomic():
        duty = Duty.objects.select_for_update().filter(rule=rule, subject=subject, state=Duty.State.OPEN).first()
        if duty is None:
            return None
        duty.state, duty.closed_at, duty.happened_at, duty.evidence = Duty.State.DISCHARGED, at, happened_at, evidence
        duty.save(update_fields=("state", "closed_at", "happened_at", "evidence"))
        record_event(
            kind="duties.duty.discharged", subject=f"duties.duty:{duty.pk}", unit=duty.unit, by=by, at=at,
            happened_at=happened_at, period=duty.period, facts={"late": happened_at >= duty.due_at},
        )  # fmt: skip
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
        record_event(
            kind="duties.duty.waived", subject=f"duties.duty:{duty.pk}", unit=duty.unit, by=by, at=at,
            period=duty.period, facts={"rule": duty.rule},
        )  # fmt: skip
    return duty


def end_of_day(day: date) -> datetime:
    """The instant at which ``day`` is over, on the calendar the installation lives by."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
