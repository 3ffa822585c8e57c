"""What is done with a record beside its steps: pass on, remark, correct, reopen, void, file; and what happened."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.core.text import Text
from manyi.flow.records.finding import about_of, chosen_person, chosen_unit
from manyi.flow.records.forms import CorrectForm, HappeningForm, PassForm, ReasonForm, RemarkForm
from manyi.flow.records.ground import standing_of
from manyi.flow.records.operations import archive, correct, pass_on, record_happening, remark, reopen, void
from manyi.flow.records.operations.acting import CannotRecord, CannotTake
from manyi.flow.records.operations.events import list_event_names
from manyi.flow.records.queries import get_visible_record, room_of
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.language import reader_language

NO_REASON = Text("请写明理由", "Give the reason")


@signed_in
@require_POST
def hand_on(request: PageRequest, pk: int) -> HttpResponse:
    """Pass a record on to a person or a unit."""
    found = get_visible_record(request.user, pk)
    room = room_of(request.user, standing_of(found).kind)
    form = PassForm(request.POST, room=room)
    if not form.is_valid():
        raise CannotRecord(Text("请选择人员或部门，并写明事由", "Choose a person or a unit, and say why"))
    said = form.cleaned_data
    person, unit = chosen_person(room, said["person"]), chosen_unit(room, said["unit"])
    pass_on(by=request.user, at=request.at, record=found, person=person, unit=unit, note=said["note"])
    messages.success(request, _("Passed on."))
    return redirect("records:record", pk)


@signed_in
@require_POST
def say(request: PageRequest, pk: int) -> HttpResponse:
    """Remark on a record, with files."""
    found = get_visible_record(request.user, pk)
    form = RemarkForm(request.POST, request.FILES)
    if form.is_valid():
        remark(by=request.user, at=request.at, record=found, text=form.cleaned_data["text"], files=form.uploads())
        messages.success(request, _("The remark was kept."))
    return redirect("records:record", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def put_right(request: PageRequest, pk: int, field: str) -> HttpResponse:
    """Correct one field; what stood there stays on record."""
    found = get_visible_record(request.user, pk)
    standing = standing_of(found)
    rule = standing.flow.field(field)
    if rule is None:
        raise Http404
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CorrectForm(*data, rule=rule, room=room_of(request.user, standing.kind), record=found, rows=standing.rows)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            correct(
                by=request.user, at=request.at, record=found, field=field, value=said["value"], reason=said["reason"]
            )
        except CannotTake as refused:
            form.add_error("value", refused.message.in_(reader_language()))
        else:
            messages.success(request, _("Corrected; what stood there stays in the history."))
            return redirect("records:record", pk)
    return render(request, "records/correct.html", {"record": found, "kind": standing.kind, "form": form, "rule": rule})


@signed_in
@require_POST
def open_again(request: PageRequest, pk: int) -> HttpResponse:
    """Open a closed record again."""
    found = get_visible_record(request.user, pk)
    reopen(by=request.user, at=request.at, record=found, reason=_reason(request), step=request.POST.get("step", ""))
    messages.success(request, _("The record is open again."))
    return redirect("records:record", pk)


@signed_in
@require_POST
def declare_void(request: PageRequest, pk: int) -> HttpResponse:
    """Declare a record void."""
    void(by=request.user, at=request.at, record=get_visible_record(request.user, pk), reason=_reason(request))
    messages.success(request, _("The record is void; it keeps its number."))
    return redirect("records:record", pk)


@signed_in
@require_POST
def put_away(request: PageRequest, pk: int) -> HttpResponse:
    """File a closed record."""
    archive(by=request.user, at=request.at, record=get_visible_record(request.user, pk), place=_reason(request))
    messages.success(request, _("Filed."))
    return redirect("records:record", pk)


@needs("records.happening")
@require_http_methods(["GET", "POST"])
def happened(request: PageRequest) -> HttpResponse:
    """Record that something happened: a contract signed, a delivery accepted."""
    units = [u for u in list_visible_units(request.user) if may(request.user, "records.happening", u)]
    names = sorted({name for unit in units[:1] for name in list_event_names(unit, request.at)})
    form = HappeningForm(*((request.POST,) if request.method == "POST" else ()), names=names, units=units)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        about, told = about_of(request.user, said["customer"], said["project"])
        if told:
            form.add_error(told[0], told[1].in_(reader_language()))
        else:
            record_happening(
                by=request.user, at=request.at, name=said["name"], unit=form.units[said["unit"]], about=about,
                happened_at=said["happened_at"], note=said["note"],
            )  # fmt: skip
            messages.success(request, _("On record; what it calls for will be owed."))
            return redirect("records:list")
    return render(request, "records/happening.html", {"form": form})


def _reason(request: PageRequest) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise CannotRecord(NO_REASON)
    return str(form.cleaned_data["reason"])
