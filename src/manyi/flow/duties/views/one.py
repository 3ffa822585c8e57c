"""One duty: why it is due then, what proves it, who was warned; reporting it done, letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.base.people.access import may
from manyi.flow.duties.forms import ReportForm, WaiveForm
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import report_duty, waive_duty
from manyi.flow.duties.places import place_of_proof
from manyi.flow.duties.queries import get_visible_duty, list_evidence_by_hand, list_proofs, list_warnings
from manyi.flow.duties.views.shown import shown
from manyi.web.access import PageRequest, needs, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def duty(request: PageRequest, pk: int) -> HttpResponse:
    """A duty with the explanation of its deadline; the form to report it done where it is done here."""
    found = get_visible_duty(request.user, pk)
    form = _report_form(request, found)
    if request.method == "POST" and form is not None and form.is_valid():
        report_duty(by=request.user, at=request.at, duty=found, **form.said(request.at))
        messages.success(request, _("Reported done; it is on record."))
        return redirect("duties:duty", pk)
    words = {
        "owed": shown([found], request.at)[0], "form": form,
        "proofs": [(words, event, place_of_proof(found, name)) for name, words, event in list_proofs(found)],
        "warnings": list_warnings(found, request.at),
    }  # fmt: skip
    return render(request, "duties/duty.html", words)


@needs("duties.waive")
@require_http_methods(["GET", "POST"])
def waive(request: PageRequest, pk: int) -> HttpResponse:
    """Let a duty go, with the reason."""
    found = get_visible_duty(request.user, pk)
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waive_duty(by=request.user, at=request.at, duty=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("Waived; the reason is on record."))
        return redirect("duties:mine")
    return render(request, "duties/waive.html", {"form": form, "owed": shown([found], request.at)[0]})


def _report_form(request: PageRequest, found: Duty) -> ReportForm | None:
    """The form, where the duty waits for a proof that this person may bring."""
    wanted = list_evidence_by_hand(found)
    if found.state != Duty.State.OPEN or not wanted or not may(request.user, found.rule, found.unit):
        return None
    return ReportForm(request.POST or None, request.FILES or None, wanted=wanted, today=request.at)
