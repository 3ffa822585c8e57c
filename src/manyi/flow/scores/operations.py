"""Counting new sheets into the cube, and storing results."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from manyi.base.evidence.operations import record_event
from manyi.base.evidence.queries import list_events
from manyi.base.files.operations import store_file
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.core.waves import WaveResult
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import finish_step
from manyi.flow.plan.queries import get_rules, subject_of
from manyi.flow.responses.queries import list_counted_sheets
from manyi.flow.sample.queries import get_frame
from manyi.flow.scores.inputs import digest_of_figures, digest_of_text
from manyi.flow.scores.models import Counted, Result, WaveCount
from manyi.flow.scores.queries import (
    FORMULA,
    Cell,
    count,
    digest_of_frame,
    figures_of,
    find_latest_result,
    get_data,
    inputs_of,
)
from manyi.measure.waves import evaluate

COMPUTED = "scores.result.computed"


class CannotScore(CannotDo):
    """There is nothing to score, or somebody else is at it."""


def compute_scores(*, by: Person, at: datetime, wave: Wave) -> tuple[Result, WaveResult]:
    """Count the sheets that came since the last time, compute the wave's result and store it.

    A result whose input is unchanged is returned as it stands; nothing is written twice. All reading and reckoning is
    done before the writing begins.
    """
    require(by, "scores.compute", wave.unit)
    last = count_sheets(wave)
    if last == 0:
        raise CannotScore(Text("还没有收回调查表", "No sheet has come back yet"))
    data = get_data(wave)
    result = evaluate(get_rules(wave), data)
    inputs = inputs_of(wave, data)
    with transaction.atomic():
        counted = Counted.objects.select_for_update().get(wave=wave)
        if counted.last_sheet != last or _missed(wave, last, result):
            raise CannotScore(Text("得分正在由他人计算，请稍后再试", "Somebody else is computing; please try again"))
        stored = find_latest_result(wave)
        if stored is None or stored.inputs_digest != digest_of_text(inputs):
            stored = _store(by, at, wave, last, result, inputs)
        # collecting may have been finished only now: a result that stands discharges the step as a new one does
        event = list_events(subject_of(wave)).filter(kind=COMPUTED, digest=stored.figures_digest).last()
        if event is not None:
            finish_step(by=by, at=at, wave=wave, step="analyse", evidence=event, happened_at=at)
    return stored, result


def _missed(wave: Wave, last: int, result: WaveResult) -> bool:
    """Whether a sheet turned up among those that are counted, after they were."""
    return list_counted_sheets(wave).filter(pk__lte=last).count() != result.sheets


def _store(by: Person, at: datetime, wave: Wave, last: int, result: WaveResult, inputs: str) -> Result:
    figures = figures_of(result)
    file = store_file(title=f"inputs-{wave.programme}-{wave.year}.json", content=inputs.encode(), at=at)
    stored = Result.objects.create(
        wave=wave, computed_at=at, computed_by=by, formula=FORMULA, inputs=file, inputs_digest=digest_of_text(inputs),
        figures=figures, figures_digest=digest_of_figures(figures), last_sheet=last, sheets=result.sheets,
    )  # fmt: skip
    record_event(
        kind=COMPUTED, subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
        procedure=str(wave.revision), digest=stored.figures_digest,
        facts={"sheets": result.sheets, "formula": FORMULA, "inputs": stored.inputs_digest},
    )  # fmt: skip
    return stored


def count_sheets(wave: Wave) -> int:
    """Add the sheets that are not in the cube yet; the id of the last one counted.

    Sheets are read before the transaction, which then only writes the few cells: it is as short for a hundred
    thousand sheets as for one. Ids are given before rows commit, so a sheet may turn up behind one that was counted;
    then, and where the frame is another one, everything is counted anew.
    """
    counted, _ = Counted.objects.get_or_create(wave=wave)
    sheets = list_counted_sheets(wave)
    last = sheets.order_by("pk").values_list("pk", flat=True).last() or 0
    tiers = get_frame(wave).tiers
    frame = digest_of_frame(tiers)
    known = _cells(wave)
    fits = counted.frame == frame and sheets.filter(pk__lte=counted.last_sheet).count() == _sheets_in(known)
    if fits and last == counted.last_sheet:
        return last
    fresh = sheets.filter(pk__lte=last, pk__gt=counted.last_sheet if fits else 0).order_by("pk")
    rows = fresh.values_list("customer__code", "product__name", "answers").iterator(chunk_size=2000)
    cells = count(rows, get_rules(wave).questionnaire.item_keys, tiers)
    _replace_cells(counted, last, frame, cells + known if fits else cells)
    return last


def _replace_cells(counted: Counted, last: int, frame: str, cells: Counter[Cell]) -> None:
    with transaction.atomic():
        locked = Counted.objects.select_for_update().get(pk=counted.pk)
        if (locked.last_sheet, locked.frame) != (counted.last_sheet, counted.frame):
            return  # somebody else counted meanwhile; the caller sees it by ``last_sheet``
        wave = counted.wave
        WaveCount.objects.filter(wave=wave).delete()
        WaveCount.objects.bulk_create(
            [WaveCount(wave=wave, product=p, tier=t, item=i, grade=g, n=n) for (p, t, i, g), n in cells.items()],
            batch_size=500,
        )
        locked.last_sheet, locked.frame = last, frame
        locked.save(update_fields=("last_sheet", "frame"))


def _cells(wave: Wave) -> Counter[Cell]:
    rows = WaveCount.objects.filter(wave=wave).values_list("product", "tier", "item", "grade", "n")
    return Counter({(p, t, i, g): n for p, t, i, g, n in rows})


def _sheets_in(cells: Counter[Cell]) -> int:
    return sum(n for (_, _, item, _), n in cells.items() if not item)
