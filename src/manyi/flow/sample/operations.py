"""Freezing the frame of a wave."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import transaction

from manyi.base.customers.models import Customer
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step, subject_of
from manyi.flow.sample.models import FrameRow
from manyi.flow.sample.queries import compute_frame, has_frame


class CannotDraw(CannotDo):
    """There is nobody in the frame, or it was drawn before."""


def draw_frame(*, by: Person, at: datetime, wave: Wave) -> int:
    """Freeze who is in the wave's frame with the facts used; the number of customers."""
    require(by, "sample.draw", wave.unit)
    if has_frame(wave):
        raise CannotDraw(Text("调查总体已经确定", "The frame was drawn before"))
    frame = compute_frame(wave)
    if not frame.customers:
        raise CannotDraw(Text(f"{wave.year} 年没有符合条件的顾客", f"No customer of {wave.year} belongs to the frame"))
    ids = dict(Customer.objects.filter(code__in=frame.customers).values_list("code", "pk"))
    rows = [
        FrameRow(
            wave=wave, customer_id=ids[code], tier=frame.tiers[code] or "", facts={n: str(v) for n, v in facts.items()}
        )
        for code, facts in sorted(frame.customers.items())
    ]
    with transaction.atomic():
        FrameRow.objects.bulk_create(rows, batch_size=500)
        event = record_event(
            kind="sample.frame.drawn", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            facts={"customers": len(rows)}, digest=_digest(rows),
        )  # fmt: skip
        for step in ("plan", "draw"):
            finish_step(by=by, at=at, wave=wave, step=step, evidence=event, happened_at=at)
    return len(rows)


def _digest(rows: list[FrameRow]) -> str:
    content = [(row.customer_id, row.tier, row.facts) for row in rows]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
