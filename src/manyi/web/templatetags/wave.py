"""The tabs of a wave's pages: one for each stage a wave goes through, in the order of the procedure."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from manyi.base.people.access import visible_units
from manyi.stages import STAGES

register = template.Library()
THROUGH = ("plan", "sample", "dispatch", "responses", "scores", "findings", "reports")


@register.inclusion_tag("parts/wave_tabs.html", takes_context=True)
def wave_tabs(context: Context, wave: Any, here: str) -> dict[str, Any]:
    """The tab bar; every one of these stages has a page named ``wave``.

    A branch sees the sheets of its own customers while the wave is the company's: then there is a title and no tabs.
    """
    if not visible_units(context["user"]).filter(pk=wave.unit_id).exists():
        return {"wave": wave, "tabs": []}
    tabs = [
        {"label": stage.label, "url": reverse(f"{stage.word}:wave", args=[wave.pk]), "here": stage.word == here}
        for stage in STAGES
        if stage.word in THROUGH
    ]
    return {"wave": wave, "tabs": tabs}
