"""My work, all that is owed, and letting a duty go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manyi.core.text import Text
from manyi.flow.duties.forms import WaiveForm
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import waive_duty
from manyi.flow.duties.queries import (
    SOON,
    get_role_title,
    get_visible_duty,
    is_of_report,
    list_my_duties,
    list_visible_duties,
    split_by_time,
)
from manyi.web.access import PageRequest, needs, signed_in

PAGE = 50
WAVE = "plan.wave:"
PLACES = {
    "draw": "sample:wave",
    "send": "dispatch:wave",
    "collect": "responses:wave",
    "analyse": "scores:wave",
}
"""Where a step of a wave is done; every other step of a survey is reported done on the wave's own page."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty as a page shows it: who, where it is done, why that day."""

    duty: Duty
    role: Text
    url: str
    why: tuple[Text, ...]
    state: str


@signed_in
@require_safe
def mine(request: PageRequest) -> HttpResponse:
    """What the person has to do: overdue, within a week, later."""
    duties = list(list_my_duties(request.user, timezone.localdate(request.at))[:500])
    overdue, soon, later = (_shown(part, request.at) for part in split_by_time(duties, request.at))
    return render(request, "duties/mine.html", {"overdue": overdue, "soon": soon, "later": later, "count": len(duties)})


@signed_in
@require_safe
def all_duties(request: PageRequest) -> HttpResponse:
    """All duties the person sees, by state."""
    state = request.GET.get("state", "open")
    rows = _in_state(list_visible_duties(request.user), state, request.at)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    states = (*Duty.State.values[:1], "overdue", *Duty.State.values[1:], "all")
    words = {"page": page, "duties": _shown(page, request.at), "state": state, "states": states}
    return render(request, "duties/list.html", words)


@needs("duties.waive")
@require_http_methods(["GET", "POST"])
def waive(request: PageRequest, pk: int) -> HttpResponse:
    """Let a duty go, with the reason."""
    duty = get_visible_duty(request.user, pk)
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        waive_duty(by=request.user, at=request.at, duty=duty, reason=form.cleaned_data["reason"])
        messages.success(request, _("Waived; the reason is on record."))
        return redirect("duties:mine")
    return render(request, "duties/waive.html", {"form": form, "owed": _shown([duty], request.at)[0]})


def place_of(duty: Duty) -> str:
    """The page on which a duty is done; empty where there is none."""
    if not duty.subject.startswith(WAVE):
        return ""
    page = "reports:wave" if is_of_report(duty) else PLACES.get(duty.step, "plan:wave")
    return reverse(page, args=[int(duty.subject.removeprefix(WAVE))])


def _shown(duties: Iterable[Duty], at: datetime) -> list[Owed]:
    return [
        Owed(
            duty, get_role_title(duty.revision, duty.role), place_of(duty),
            tuple(Text(line.get("zh", ""), line.get("en", "")) for line in duty.why), _state(duty, at),
        )
        for duty in duties
    ]  # fmt: skip


def _state(duty: Duty, at: datetime) -> str:
    if duty.state != Duty.State.OPEN:
        return "done_late" if duty.was_late else duty.state
    if duty.due_at <= at:
        return "overdue"
    return "due_soon" if duty.due_at <= at + SOON else "open"


def _in_state(rows: QuerySet[Duty], state: str, at: datetime) -> QuerySet[Duty]:
    if state == "overdue":
        return rows.filter(state=Duty.State.OPEN, due_at__lte=at)
    return rows.filter(state=state) if state in Duty.State.values else rows.order_by("-due_at", "-pk")
