"""The scores of a wave: compute, read, look at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.files.queries import read_file
from manyi.core.text import Text
from manyi.flow.plan.queries import get_rules, get_visible_wave
from manyi.flow.scores.models import Chart, Result
from manyi.flow.scores.operations import compute_scores
from manyi.flow.scores.queries import (
    count_waiting_sheets,
    find_latest_result,
    get_visible_chart,
    get_visible_result,
    list_charts,
    list_results,
)
from manyi.flow.scores.tables import CHARTS, read_tables
from manyi.flow.scores.telling import tell
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.exports import download
from manyi.web.language import reader_language


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """A wave's result: the latest, or an earlier one that is asked for."""
    wave = get_visible_wave(request.user, pk)
    latest = find_latest_result(wave)
    asked = request.GET.get("result", "")
    result = get_visible_result(request.user, int(asked)) if asked.isdecimal() and len(asked) < 18 else latest
    if result is not None and result.wave_id != wave.pk:
        raise type(result).DoesNotExist
    words = {
        "wave": wave,
        "result": result,
        "latest": latest,
        "earlier": list(list_results(wave)[:50]),
        "waiting": count_waiting_sheets(wave, latest),
        "tables": read_tables(result.figures, get_rules(wave)) if result else None,
        "charts": _charts(result) if result else [],
        "told": tell(result) if result else None,
    }
    return render(request, "scores/wave.html", words)


@needs("scores.compute")
@require_POST
def compute(request: PageRequest, pk: int) -> HttpResponse:
    """Count what came back and compute."""
    wave = get_visible_wave(request.user, pk)
    before = find_latest_result(wave)
    result, _figures = compute_scores(by=request.user, at=request.at, wave=wave)
    if before is not None and before.pk == result.pk:
        messages.info(request, _("Nothing changed since the last time; the result stands."))
    else:
        messages.success(request, _("The scores were computed."))
    return redirect("scores:wave", pk=wave.pk)


@signed_in
@require_safe
def pictures(request: PageRequest, pk: int) -> HttpResponse:
    """The part of the page that waits for the pictures of a result."""
    result = get_visible_result(request.user, pk)
    words = {"result": result, "charts": _charts(result), "told": tell(result)}
    return render(request, "scores/pictures.html", words)


@signed_in
@require_safe
def chart(request: PageRequest, pk: int) -> HttpResponse:
    """One picture; it never changes, and it is nobody else's."""
    response = download(read_file(get_visible_chart(request.user, pk).file), f"chart-{pk}.svg", "image/svg+xml")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@signed_in
@require_safe
def inputs(request: PageRequest, pk: int) -> HttpResponse:
    """What a result was computed from, for who wants to compute it again."""
    result = get_visible_result(request.user, pk)
    return download(read_file(result.inputs), result.inputs.title, "application/json")


def _charts(result: Result) -> list[tuple[Chart, Text]]:
    return [(chart, CHARTS[chart.name]) for chart in list_charts(result, reader_language())]
