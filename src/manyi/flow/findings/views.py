"""What needs attention after a wave."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manyi.flow.findings.queries import get_attention
from manyi.flow.plan.queries import get_rules, get_visible_wave
from manyi.flow.scores.queries import count_waiting_sheets, find_latest_result
from manyi.web.access import PageRequest, signed_in

AT_ONCE = 50


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The points of attention of a wave's latest result."""
    wave = get_visible_wave(request.user, pk)
    result = find_latest_result(wave)
    words: dict[str, object] = {"wave": wave, "result": result}
    if result is not None:
        attention = get_attention(request.user, result, get_rules(wave))
        sheets = Paginator(attention.written, AT_ONCE).get_page(request.GET.get("page"))
        words |= {"attention": attention, "page": sheets, "waiting": count_waiting_sheets(wave, result)}
    return render(request, "findings/wave.html", words)
