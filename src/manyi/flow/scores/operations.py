"""Counting new sheets into the cube, and storing results."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.db.models import F

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.core.waves import WaveResult
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step, subject_of
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.models import Sheet
from manyi.flow.sample.queries import get_frame
from manyi.flow.scores.models import Counted, Result, WaveCount
from manyi.flow.scores.queries import count, find_latest_result, get_result
from manyi.papers.figures import figures_as_json

FORMULA = "points/1"


class CannotScore(CannotDo):
    """There is nothing to score."""


def compute_scores(*, by: Person, at: datetime, wave: Wave) -> tuple[Result, WaveResult]:
    """Count the sheets that came since the last time, compute the wave's result and store it.

    A result whose sheets and inputs are unchanged is returned as it stands; nothing is written twice.
    """
    require(by, "scores.compute", wave.unit)
    with transaction.atomic():
        last = count_sheets(wave)
        if last == 0:
            raise CannotScore(Text("还没有收回调查表", "No sheet has come back yet"))
        result = get_result(wave)
        figures = figures_as_json(result)
        digest = hashlib.sha256(json.dumps(figures, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        stored = find_latest_result(wave)
        if stored is not None and stored.inputs_digest == digest and stored.last_sheet == last:
            return stored, result
        stored = Result.objects.create(
            wave=wave, computed_at=at, computed_by=by, formula=FORMULA, inputs_digest=digest, last_sheet=last,
            sheets=result.sheets, figures=figures,
        )  # fmt: skip
        event = record_event(
            kind="scores.result.computed", subject=subject_of(wave), unit=wave.unit, by=by, at=at,
            period=str(wave.year), facts={"sheets": result.sheets, "formula": FORMULA}, digest=digest,
        )  # fmt: skip
        finish_step(by=by, at=at, wave=wave, step="analyse", evidence=event, happened_at=at)
    return stored, result


def count_sheets(wave: Wave) -> int:
    """Add the sheets that are not in the cube yet; the id of the last one counted. Call it inside a transaction."""
    counted, _ = Counted.objects.select_for_update().get_or_create(wave=wave)
    fresh = Sheet.objects.filter(wave=wave, pk__gt=counted.last_sheet).order_by("pk")
    last = fresh.values_list("pk", flat=True).last()
    if last is None:
        return counted.last_sheet
    rows = fresh.filter(pk__lte=last).values_list("customer__code", "product__name", "answers").iterator()
    cells = count(rows, get_rules(wave).questionnaire.item_keys, get_frame(wave).tiers)
    for (product, tier, item, grade), n in cells.items():
        cell = {"wave": wave, "product": product, "tier": tier, "item": item, "grade": grade}
        if not WaveCount.objects.filter(**cell).update(n=F("n") + n):
            WaveCount.objects.create(**cell, n=n)
    counted.last_sheet = last
    counted.save(update_fields=("last_sheet",))
    return last
