"""Working on a record: starting one, its page with the next act on top, and every act that is done there."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manyi.base.files.queries import read_file
from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.core.flows import FlowStep
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import get_visible_duty
from manyi.flow.records.compared import compared_of
from manyi.flow.records.forms import FIELD, PassForm, ReasonForm, RemarkForm, StartForm, StepForm
from manyi.flow.records.ground import Standing, standing_of
from manyi.flow.records.kinds import page_kind, templates_for
from manyi.flow.records.models import Record
from manyi.flow.records.operations import CannotTake, MovedOn, do_task, hear, open_record, take_step
from manyi.flow.records.operations.keeping import may_pass_on
from manyi.flow.records.operations.second import require_unmoved
from manyi.flow.records.page import page_of
from manyi.flow.records.playbooks import shown_beside
from manyi.flow.records.queries import (
    Kind,
    get_kind,
    get_visible_attachment,
    get_visible_record,
    get_visible_row,
    kind_of_duty,
    room_of,
)
from manyi.web.access import PageRequest, signed_in
from manyi.web.exports import download
from manyi.web.language import reader_language


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: PageRequest, kind: str) -> HttpResponse:
    """Open a record: one form, one save. With ``?duty=`` it is the record a duty asks for."""
    duty = _duty(request)
    asked = kind_of_duty(duty) if duty else None
    duty = duty if asked else None
    found = asked or get_kind(request.user, kind, timezone.localdate(request.at))
    form = _start_form(request, found, duty)
    outcomes = found.flow.steps[0].outcomes if found.flow.steps else ()
    if request.method == "POST" and form.is_valid():
        try:
            record = open_record(
                by=request.user, at=request.at, kind=found, duty=duty, **form.chosen(),
                filling=form.filling(request.POST.get("outcome", "")),
            )  # fmt: skip
        except CannotTake as refused:
            form.refuse(refused.faults)
        else:
            messages.success(request, _("Recorded under the number %(number)s.") % {"number": record})
            return redirect("records:record", record.pk)
    words = {"kind": found, "form": form, "duty": duty, "outcomes": outcomes}
    words |= page_kind(found.flow).start(request.user, found, request.GET.dict())
    return render(request, templates_for(found.flow, "start.html"), words)


@signed_in
@require_safe
def record(request: PageRequest, pk: int) -> HttpResponse:
    """One record: the next act on top, then what it says, what was done, what is owed."""
    found = get_visible_record(request.user, pk)
    return _page(request, found)


@signed_in
@require_POST
def step(request: PageRequest, pk: int, step: str) -> HttpResponse:
    """Take a step, or a part of one. Where the record has moved on since the form was shown, nothing that was typed is
    lost: it stands beside what stands now."""
    found = get_visible_record(request.user, pk)
    standing = standing_of(found)
    rule = standing.flow.find(step)
    if rule is None:
        raise Http404
    part, outcome = request.POST.get("part", ""), request.POST.get("outcome", "")
    form = _step_form(request, standing, rule, bound=True)
    try:
        require_unmoved(request.user, request.at, standing, step, part, _seen(request))
        if form.is_valid():
            filling = replace(form.filling(outcome), seen=_seen(request))
            take_step(by=request.user, at=request.at, record=found, step=step, part=part, filling=filling)
            messages.success(request, _("Done: %(what)s.") % {"what": rule.title.in_(reader_language())})
            return redirect("records:record", pk)
    except MovedOn as moved:
        now = get_visible_record(request.user, pk)
        return _page(request, now, form=form, failed=(step, part), status=409, moved=moved)
    except CannotTake as refused:
        form.refuse(refused.faults)
    return _page(request, found, form=form, failed=(step, part), status=422)


@signed_in
@require_POST
def opinion(request: PageRequest, pk: int, step: str) -> HttpResponse:
    """Say what a role says that is heard before a step."""
    found = get_visible_record(request.user, pk)
    note, role = request.POST.get("note", ""), request.POST.get("part", "")
    hear(by=request.user, at=request.at, record=found, step=step, role=role, note=note)
    messages.success(request, _("Your remark is on record."))
    return redirect("records:record", pk)


@signed_in
@require_POST
def task(request: PageRequest, pk: int) -> HttpResponse:
    """Report a task done."""
    row = get_visible_row(request.user, pk)
    do_task(by=request.user, at=request.at, row=row, note=request.POST.get("note", ""))
    messages.success(request, _("The task is done."))
    return redirect("records:record", row.record_id)


@signed_in
@require_safe
def file(request: PageRequest, pk: int) -> HttpResponse:
    """A file of a record."""
    stored = get_visible_attachment(request.user, pk).file
    return download(read_file(stored), stored.title, stored.kind)


def _page(
    request: PageRequest,
    found: Record,
    form: StepForm | None = None,
    failed: tuple[str, str] | None = None,
    status: int = 200,
    moved: MovedOn | None = None,
) -> HttpResponse:
    standing = standing_of(found)
    page = page_of(request.user, standing, request.at)
    forms = []
    for one in page.next:
        own = (one.opened.step.key, one.opened.part) == failed and form is not None
        fresh = _step_form(request, standing, one.opened.step) if one.mine and not one.opened.is_hearing else None
        forms.append((one, form if own else fresh))
    room = room_of(request.user, standing.kind)
    may_pass = found.state == Record.State.OPEN and may_pass_on(request.user, standing, request.at)
    words = {
        "record": found, "page": page, "kind": standing.kind, "forms": forms, "pass_form": PassForm(room=room),
        "remark_form": RemarkForm(), "reason_form": ReasonForm(), "may_pass": may_pass,
        "remarks": found.remarks.select_related("by"), "may": _rights(request, standing), "at": request.at,
        "playbook": shown_beside(standing), "filed": any(act.what == "archived" for act in standing.history),
    }  # fmt: skip
    seen = None if moved else _seen(request)
    words["seen"] = len(standing.history) if seen is None else seen
    if moved and form is not None:
        words |= {"moved": moved.faults, "compared": compared_of(form, standing, request.POST.get("outcome", ""))}
    words |= page_kind(standing.flow).work(request.user, page, request.at)
    return render(request, templates_for(standing.flow, "record.html"), words, status=status)


def _seen(request: PageRequest) -> int | None:
    """How many acts the record had when the form was shown; ``None`` where the form does not say."""
    said = request.POST.get("acts", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _rights(request: PageRequest, standing: Standing) -> dict[str, bool]:
    """What the person may do beside the steps."""
    unit, is_open = standing.record.unit, standing.record.state == Record.State.OPEN
    closed = standing.record.state == Record.State.CLOSED
    filling = any(may(request.user, f"{standing.record.kind}.{s.key}", unit) for s, _whole in standing.flow.walk())
    keeps = may(request.user, "records.correct", unit)
    return {
        "correct": keeps or (is_open and filling),
        "void": standing.record.state != Record.State.VOID and may(request.user, "records.void", unit),
        "reopen": closed and may(request.user, "records.reopen", unit),
        "archive": closed and may(request.user, f"{standing.record.kind}.archive", unit),
    }


def _step_form(request: PageRequest, standing: Standing, step: FlowStep, *, bound: bool = False) -> StepForm:
    data = (request.POST, request.FILES) if bound else ()
    return StepForm(
        *data, step=step, flow=standing.flow, room=room_of(request.user, standing.kind), by=request.user,
        record=standing.record, rows=standing.rows, at=request.at,
    )  # fmt: skip


def _start_form(request: PageRequest, kind: Kind, duty: Duty | None) -> StartForm:
    verb = f"{kind.flow.kind}.open"
    units = [duty.unit] if duty else [u for u in list_visible_units(request.user) if may(request.user, verb, u)]
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    first = kind.flow.steps[0] if kind.flow.steps else FlowStep("open", kind.title)
    room = room_of(request.user, kind)
    said = {name: value for name, value in request.GET.items() if name.startswith(FIELD) or name == "channel"}
    return StartForm(
        *data, units=units, step=first, flow=kind.flow, room=room, by=request.user, initial=said, at=request.at
    )


def _duty(request: PageRequest) -> Duty | None:
    asked = request.GET.get("duty", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return None
    return get_visible_duty(request.user, int(asked))
