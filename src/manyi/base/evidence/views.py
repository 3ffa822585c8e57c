"""Pages: what happened, newest first, and whether the chain over it still holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from manyi.base.evidence.kinds import words_of
from manyi.base.evidence.models import Event
from manyi.base.evidence.queries import list_recent_events, verify_chain
from manyi.base.people.access import visible_units
from manyi.base.people.queries import list_names
from manyi.core.text import Text
from manyi.web.access import PageRequest, needs

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """An event as the page shows it: its kind in words, its actor by name."""

    event: Event
    kind: Text
    actor: str
    sealed: bool


@needs("evidence.read")
@require_safe
def list_(request: PageRequest) -> HttpResponse:
    """The newest events of the units the person sees; of one subject where one is asked for."""
    subject = request.GET.get("subject", "").strip()
    units = list(visible_units(request.user).values_list("pk", flat=True))
    page = Paginator(list_recent_events(units, subject=subject), ROWS).get_page(request.GET.get("page"))
    names = list_names({event.actor for event in page})
    rows = [Row(e, words_of(e.kind), names.get(e.actor, ""), hasattr(e, "link")) for e in page]
    return render(request, "evidence/list.html", {"rows": rows, "page_obj": page, "subject": subject})


@needs("evidence.read")
@require_POST
def verify(request: PageRequest) -> HttpResponse:
    """Recompute the whole chain now and say what was found."""
    return render(request, "evidence/verdict.html", {"verdict": verify_chain(request.at), "at": request.at})
