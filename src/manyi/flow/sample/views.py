"""The frame of a wave: its tiers and floors, who is in which and why, and freezing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.customers.queries import list_visible_customers
from manyi.base.people.access import may
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules, get_visible_wave
from manyi.flow.sample.operations import draw_frame
from manyi.flow.sample.queries import (
    Frame,
    Member,
    explain,
    find_draw,
    get_frame,
    list_codes,
    list_members,
    list_outside,
    list_shares,
    title_of,
)
from manyi.web.access import PageRequest, needs, signed_in

PAGE = 50
FOUND = 20
"""So many customers a search explains."""


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The frame: what has to be reached, and the customers of a tier with why they are in it."""
    found = get_visible_wave(request.user, pk)
    frame, draw = get_frame(found), find_draw(found)
    search, tier = request.GET.get("q", "").strip(), request.GET.get("tier")
    page = Paginator(list_codes(frame, tier), PAGE).get_page(request.GET.get("page"))
    members = _search(request, found, frame, search) if search else list_members(found, frame, list(page))
    words = {
        "wave": found, "draw": draw, "shares": list_shares(found, frame), "count": len(frame.customers),
        "outside": len(list_outside(found, frame)), "no_tier": len(list_codes(frame, "")), "members": members,
        "page": page, "search": search, "tier": tier, "tier_title": title_of(get_rules(found), tier),
        "may_draw": not draw and found.state == Wave.State.OPEN and may(request.user, "sample.draw", found.unit),
    }  # fmt: skip
    return render(request, "sample/wave.html", words)


@needs("sample.draw")
@require_POST
def draw(request: PageRequest, pk: int) -> HttpResponse:
    """Freeze the frame."""
    found = get_visible_wave(request.user, pk)
    customers = draw_frame(by=request.user, at=request.at, wave=found)
    messages.success(request, _("The frame is drawn: %(count)s customers.") % {"count": customers})
    return redirect("sample:wave", pk)


def _search(request: PageRequest, wave: Wave, frame: Frame, search: str) -> list[Member]:
    return explain(wave, frame, list(list_visible_customers(request.user, search)[:FOUND]))
