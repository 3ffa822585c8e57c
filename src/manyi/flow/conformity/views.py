"""Pages: the clauses of the procedures in force with their verdicts of a year; what a draft would have meant."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from manyi.base.people.queries import list_visible_units
from manyi.flow.conformity.forms import BoardForm, ReplayForm
from manyi.flow.conformity.queries import list_boards, list_years
from manyi.flow.conformity.replaying.run import replay as replay_draft
from manyi.flow.procedure.queries import find_revision_in_force, get_visible_revision
from manyi.web.access import PageRequest, signed_in

AT_ONCE = 50


@signed_in
@require_safe
def board(request: PageRequest) -> HttpResponse:
    """Every clause: done, late, missed, open, not due, or why it cannot be told."""
    form = BoardForm(request.GET, units=list_visible_units(request.user))
    said = form.cleaned_data if form.is_valid() else {}
    at = min(request.at, _end_of(said["as_of"])) if said.get("as_of") else request.at
    years = sorted({*list_years(request.user, request.at), timezone.localdate(at).year}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else timezone.localdate(at).year
    boards = list_boards(by=request.user, at=at, year=year, unit=said.get("unit"))
    query = request.GET.copy()
    query.pop("year", None)
    words = {"boards": boards, "years": years, "year": year, "form": form, "at": at, "query": query.urlencode()}
    return render(request, "conformity/board.html", words)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


@signed_in
@require_safe
def replay(request: PageRequest, pk: int) -> HttpResponse:
    """What a revision would have meant for the past, in the units the person sees."""
    row, today = get_visible_revision(request.user, pk), timezone.localdate(request.at)
    form = ReplayForm(request.GET, today=today)
    words: dict[str, object] = {
        "revision": row, "form": form, "in_force": find_revision_in_force(row.document, today),
    }  # fmt: skip
    if form.is_valid():
        units = frozenset(list_visible_units(request.user).values_list("pk", flat=True))
        said = form.cleaned_data
        found = replay_draft(draft=row, first=said["first"], last=said["last"], now=request.at, units=units)
        counts = [(change, found.count(change)) for change in ("only_draft", "both", "only_then")]
        page = Paginator(found.missed, AT_ONCE).get_page(request.GET.get("page"))
        words |= {"found": found, "page": page, "counts": counts}
    return render(request, "conformity/replay.html", words, status=422 if form.errors else 200)
