"""The inbox beside its list: the public pages customers come in by."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.flow.records.entrances import get_visible_entrance, link_of, list_entrances
from manyi.flow.records.operations import close_entrance, open_entrance, takes_arrivals
from manyi.flow.records.queries import get_kind
from manyi.web.access import PageRequest, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def entrances(request: PageRequest, kind: str) -> HttpResponse:
    """The public pages of a kind of case with their link and its square code; opening one."""
    found = get_kind(request.user, kind, timezone.localdate(request.at))
    verb = f"{found.flow.kind}.open"
    units = [unit for unit in list_visible_units(request.user) if may(request.user, verb, unit)]
    if request.method == "POST":
        asked = request.POST.get("unit", "")
        unit = next((one for one in units if str(one.pk) == asked), units[0] if units else found.document.unit)
        open_entrance(by=request.user, at=request.at, kind=found, unit=unit)
        messages.success(request, _("The public page is open. Print its code or send its link."))
        return redirect("records:entrances", found.key)
    rows = [(one, link_of(one), _code(link_of(one))) for one in list_entrances(request.user, found)]
    words = {"kind": found, "rows": rows, "units": units, "takes": takes_arrivals(found)}
    return render(request, "records/case/entrances.html", words)


@signed_in
@require_POST
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close a public page."""
    entrance = get_visible_entrance(request.user, pk)
    close_entrance(by=request.user, at=request.at, entrance=entrance)
    messages.success(request, _("The public page is closed; its link leads nowhere now."))
    return redirect("records:entrances", f"{entrance.document.key}.{entrance.kind}")


def _code(link: str) -> str:
    return segno.make(link, error="m").svg_data_uri(scale=4, border=2)
