"""Page: the clauses of the procedures in force with their verdicts of a year."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from manyi.flow.conformity.queries import list_boards, list_years
from manyi.web.access import PageRequest, signed_in


@signed_in
@require_safe
def board(request: PageRequest) -> HttpResponse:
    """Every clause: done, late, missed, open, not due, or why it cannot be told."""
    years = list_years(request.user, request.at)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else timezone.localdate(request.at).year
    boards = list_boards(by=request.user, at=request.at, year=year)
    return render(request, "conformity/board.html", {"boards": boards, "years": years, "year": year})
