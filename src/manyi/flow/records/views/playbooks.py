"""Playbooks: saying that one was used, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.flow.records.operations import use_playbook
from manyi.flow.records.playbooks import list_effects
from manyi.flow.records.queries import get_kind, get_visible_record
from manyi.web.access import PageRequest, signed_in


@signed_in
@require_POST
def use(request: PageRequest, pk: int) -> HttpResponse:
    """Say that a situation of the playbook was acted by."""
    found = get_visible_record(request.user, pk)
    said = {name: request.POST.get(name, "")[:60] for name in ("playbook", "situation")}
    use_playbook(by=request.user, at=request.at, record=found, **said)
    messages.success(request, _("Noted."))
    return redirect("records:record", pk)


@signed_in
@require_safe
def effect(request: PageRequest, kind: str) -> HttpResponse:
    """How records ended that were worked on by each situation, beside the others."""
    found = get_kind(request.user, kind, timezone.localdate(request.at))
    return render(request, "records/effect.html", {"kind": found, "effects": list_effects(request.user, found)})
