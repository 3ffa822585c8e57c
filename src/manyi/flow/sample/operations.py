"""Freezing the frame of a wave."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from manyi.base.customers.queries import get_customers_by_code
from manyi.base.evidence.chain import digest_of
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step
from manyi.flow.plan.queries import subject_of
from manyi.flow.sample.models import Draw, FrameRow
from manyi.flow.sample.queries import compute_frame, has_frame

BATCH = 200
BUSY = Text("另一人正在确定总体，请稍后刷新", "Somebody else is drawing the frame; look again soon")


class CannotDraw(CannotDo):
    """There is nobody in the frame, or it was drawn before."""


def draw_frame(*, by: Person, at: datetime, wave: Wave) -> int:
    """Freeze who is in the wave's frame with the facts used; the number of customers.

    Rows are written in batches; the frame counts only once its ``Draw`` stands, so that a draw that was cut off is
    begun anew.
    """
    require(by, "sample.draw", wave.unit)
    if wave.state == Wave.State.CLOSED:
        raise CannotDraw(Text("该次调查已结束", "This wave is closed"))
    if has_frame(wave):
        raise CannotDraw(Text("调查总体已经确定", "The frame was drawn before"))
    frame = compute_frame(wave)
    if not frame.customers:
        raise CannotDraw(Text(f"{wave.year} 年没有符合条件的顾客", f"No customer of {wave.year} belongs to the frame"))
    ids = {code: customer.pk for code, customer in get_customers_by_code(frame.customers).items()}
    rows = [
        FrameRow(
            wave=wave, customer_id=ids[code], tier=frame.tiers[code] or "", facts={n: str(v) for n, v in facts.items()}
        )
        for code, facts in sorted(frame.customers.items())
    ]  # fmt: skip
    try:
        _write(wave, rows)
        _complete(by=by, at=at, wave=wave, rows=rows)
    except IntegrityError:
        raise CannotDraw(BUSY) from None
    return len(rows)


def _write(wave: Wave, rows: list[FrameRow]) -> None:
    with transaction.atomic():
        FrameRow.objects.filter(wave=wave, wave__draw=None).delete()
    for start in range(0, len(rows), BATCH):
        with transaction.atomic():
            FrameRow.objects.bulk_create(rows[start : start + BATCH])


def _complete(*, by: Person, at: datetime, wave: Wave, rows: list[FrameRow]) -> None:
    digest = _digest(rows)
    with transaction.atomic():
        if FrameRow.objects.filter(wave=wave).count() != len(rows):
            raise CannotDraw(BUSY)
        Draw.objects.create(wave=wave, drawn_at=at, drawn_by=by, customers=len(rows), digest=digest)
        event = record_event(
            kind="sample.frame.drawn", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            procedure=str(wave.revision), facts={"customers": len(rows)}, digest=digest,
        )  # fmt: skip
        for step in ("plan", "draw"):
            finish_step(by=by, at=at, wave=wave, step=step, evidence=event, happened_at=at)


def _digest(rows: list[FrameRow]) -> str:
    content = [(row.customer_id, row.tier, row.facts) for row in rows]
    return digest_of(content)
