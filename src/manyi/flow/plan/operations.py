"""Opening a wave, and carrying it from step to step: every open step is a duty."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.core.steps import due_of
from manyi.core.text import Text
from manyi.flow.duties.operations import discharge_duty, open_duty
from manyi.flow.duties.queries import list_done_days
from manyi.flow.plan.models import Wave, Yardstick
from manyi.flow.plan.queries import get_rules
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import find_revision_in_force, get_wave_rules


class CannotOpenWave(CannotDo):
    """The wave cannot be opened as asked."""


class CannotChangeWave(CannotDo):
    """The wave is closed; what it says stands."""


def open_wave(
    *, by: Person, at: datetime, revision: Revision, programme: str, unit: Unit, year: int, frame_on: date
) -> Wave:
    """Open the wave of ``programme`` for ``year`` under a revision in force, and the duty of its first step."""
    require(by, "plan.open_wave", unit)
    if find_revision_in_force(revision.document, timezone.localdate(at)) != revision:
        raise CannotOpenWave(
            Text("该版本的程序未生效,不能据以开展调查", "No wave can be opened: this revision is not in force")
        )
    rules = get_wave_rules(revision, programme)
    try:
        with transaction.atomic():
            wave = Wave.objects.create(
                revision=revision, programme=rules.programme, title_zh=rules.programme_title.in_("zh"),
                title_en=rules.programme_title.in_("en"), unit=unit, year=year, opened_at=at, frame_on=frame_on,
            )  # fmt: skip
            record_event(
                kind="plan.wave.opened", subject=subject_of(wave), unit=unit, by=by, at=at, period=str(year),
                procedure=str(revision), facts={"programme": rules.programme, "frame_on": frame_on.isoformat()},
            )  # fmt: skip
            _open_step(by=by, at=at, wave=wave, index=0)
    except IntegrityError:
        raise CannotOpenWave(
            Text(f"{year} 年的这项调查已经开展", f"This survey already has its wave of {year}"),
        ) from None
    return wave


def finish_step(*, by: Person, at: datetime, wave: Wave, step: str, evidence: Event, happened_at: datetime) -> None:
    """Discharge the duty of ``step`` with its evidence and open the duty of the step after it."""
    with transaction.atomic():
        done = discharge_duty(
            by=by, at=at, rule=f"{wave.programme}.{step}", subject=subject_of(wave), evidence=evidence,
            happened_at=happened_at,
        )  # fmt: skip
        if done is None:
            return
        keys = [rule.key for rule in get_rules(wave).steps]
        _open_step(by=by, at=at, wave=wave, index=keys.index(step) + 1)


def set_yardstick(
    *, by: Person, at: datetime, wave: Wave, kind: str, of: str, key: str = "", product: str = "", score: Decimal
) -> Yardstick:
    """Set a target, or the previous result, that a figure of the wave is held against."""
    require(by, "plan.set_target", wave.unit)
    if wave.state == Wave.State.CLOSED:
        raise CannotChangeWave(Text("该次调查已结束", "This wave is closed"))
    with transaction.atomic():
        yardstick, _ = Yardstick.objects.update_or_create(
            wave=wave, kind=kind, of=of, key=key, product=product, defaults={"score": score}
        )
        record_event(
            kind=f"plan.{kind}.set", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            facts={"of": of, "key": key, "product": product, "score": str(score)},
        )  # fmt: skip
    return yardstick


def close_wave(*, by: Person, at: datetime, wave: Wave) -> Wave:
    """Close a wave: no more sheets come in."""
    require(by, "plan.close_wave", wave.unit)
    with transaction.atomic():
        wave.state = Wave.State.CLOSED
        wave.save(update_fields=("state",))
        record_event(
            kind="plan.wave.closed", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year)
        )
    return wave


def subject_of(wave: Wave) -> str:
    """How evidence and duties name a wave."""
    return f"plan.wave:{wave.pk}"


def _open_step(*, by: Person, at: datetime, wave: Wave, index: int) -> None:
    rules = get_rules(wave)
    if index >= len(rules.steps):
        return
    step = rules.steps[index]
    opened_on = timezone.localdate(wave.opened_at)
    window_end = date(max(wave.year, opened_on.year), 12, 31)
    due = due_of(step, opened_on, window_end, list_done_days(subject_of(wave)))
    open_duty(
        by=by, at=at, step=step, rule=f"{wave.programme}.{step.key}", due=due, revision=wave.revision, unit=wave.unit,
        subject=subject_of(wave), period=str(wave.year),
    )  # fmt: skip
