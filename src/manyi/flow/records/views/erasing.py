"""Erasing a person at a customer who asked for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.base.customers.queries import get_visible_contact
from manyi.flow.records.forms import ReasonForm
from manyi.flow.records.operations.erasing import erase_person
from manyi.web.access import PageRequest, needs


@needs("customers.manage")
@require_http_methods(["GET", "POST"])
def erase(request: PageRequest, pk: int) -> HttpResponse:
    """Say what goes and what stays, and erase once a reason is given."""
    contact = get_visible_contact(request.user, pk)
    customer = contact.customer_id
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        erase_person(by=request.user, at=request.at, contact=contact, reason=form.cleaned_data["reason"])
        messages.success(request, _("The person is erased; the evidence says that it was done, not who it was."))
        return redirect("customers:customer", customer)
    return render(request, "records/erase.html", {"contact": contact, "form": form})
