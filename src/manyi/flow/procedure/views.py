"""Pages: the procedures, a new revision from a file, one revision clause by clause, approving, putting in force."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.people.access import CannotDo, may
from manyi.core.errors import Faults
from manyi.flow.procedure import operations
from manyi.flow.procedure.forms import EditForm, ImportForm, InForceForm
from manyi.flow.procedure.queries import (
    find_last_day,
    find_predecessor,
    find_sheet_form,
    get_visible_revision,
    list_changes,
    list_comparable,
    list_findings_of_text,
    list_sheet_forms,
    list_standings,
    next_acts,
    read_revision,
)
from manyi.flow.procedure.reading import count_findings, read_page
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.language import reader_language


@signed_in
@require_safe
def list_(request: PageRequest) -> HttpResponse:
    """The procedures with what is in force, what is coming, and what waits for somebody."""
    standings = list_standings(request.user, timezone.localdate(request.at))
    return render(request, "procedure/list.html", {"standings": standings})


@needs("procedure.import")
def import_(request: PageRequest) -> HttpResponse:
    """A file becomes a draft."""
    form = ImportForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        draft = operations.import_procedure(
            by=request.user, at=request.at, text=form.text(), unit=form.cleaned_data["unit"],
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        messages.success(request, _("The draft is on record. Read it through; somebody else approves it."))
        return redirect("procedure:revision", draft.pk)
    return render(request, "procedure/import.html", {"form": form})


@signed_in
@require_safe
def revision(request: PageRequest, pk: int) -> HttpResponse:
    """The document clause by clause, with the rules beside it."""
    row = get_visible_revision(request.user, pk)
    clauses, today = read_page(row), timezone.localdate(request.at)
    words = {
        "revision": row, "clauses": clauses, "counts": count_findings(clauses), "sheets": list_sheet_forms(row),
        "predecessor": find_predecessor(request.user, row), "drafted_it": row.drafted_by_id == request.user.pk,
        "in_force_form": InForceForm(today=today), "last_day": find_last_day(row),
        "coming": row.in_force_from is not None and row.in_force_from > today,
        **{f"may_{act}": may(request.user, f"procedure.{act}", row.document.unit) for act in next_acts(row)},
    }  # fmt: skip
    return render(request, "procedure/revision.html", words)


@signed_in
@require_safe
def text(request: PageRequest, pk: int) -> HttpResponse:
    """The file itself."""
    row = get_visible_revision(request.user, pk)
    response = HttpResponse(row.text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="revision-{row.pk}.yaml"'
    return response


@signed_in
@require_safe
def sheet(request: PageRequest, pk: int, form: str) -> HttpResponse:
    """How customers will see a questionnaire of this revision."""
    row = get_visible_revision(request.user, pk)
    found = find_sheet_form(row, form)
    if found is None:
        raise Http404
    return render(request, "procedure/sheet.html", {"revision": row, "form": found})


@signed_in
@require_safe
def document(request: PageRequest, pk: int) -> HttpResponse:
    """The document as it is printed: signatures, clauses, forms, what was settled."""
    row = get_visible_revision(request.user, pk)
    words = {"revision": row, "procedure": read_revision(row), "clauses": read_page(row)}
    return render(request, "procedure/document.html", words)


@signed_in
@require_safe
def compare(request: PageRequest, pk: int) -> HttpResponse:
    """What differs between a revision and another one of the document."""
    row = get_visible_revision(request.user, pk)
    others = list_comparable(request.user, row)
    asked = request.GET.get("with", "")
    other = next((r for r in others if str(r.pk) == asked), None) if asked else find_predecessor(request.user, row)
    if asked and other is None:
        raise Http404
    words = {"revision": row, "others": others, "other": other, "changes": list_changes(other, row) if other else ()}
    return render(request, "procedure/compare.html", words)


@needs("procedure.import")
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """The text of a revision, changed, checked, and kept as a new draft."""
    row = get_visible_revision(request.user, pk)
    form = EditForm(request.POST or None, initial={"text": row.text, "reason": ""})
    words: dict[str, object] = {"revision": row, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if "save" in request.POST:
                draft = operations.import_procedure(
                    by=request.user, at=request.at, text=form.cleaned_data["text"], unit=row.document.unit,
                    reason=form.cleaned_data["reason"], document=row.document,
                )  # fmt: skip
                messages.success(request, _("The draft is on record. Read it through; somebody else approves it."))
                return redirect("procedure:compare", draft.pk)
            words["findings"] = list_findings_of_text(form.cleaned_data["text"])
        except Faults as wrong:
            words["faults"] = wrong.faults
        except CannotDo as refused:
            form.add_error(None, refused.message.in_(reader_language()))
    return render(request, "procedure/edit.html", words, status=422 if words.get("faults") or form.errors else 200)


@needs("procedure.review")
@require_POST
def review(request: PageRequest, pk: int) -> HttpResponse:
    """Sign that a draft was read through."""
    row = get_visible_revision(request.user, pk)
    operations.review_revision(by=request.user, at=request.at, revision=row)
    messages.success(request, _("Reviewed. It can be approved now."))
    return redirect("procedure:revision", pk)


@needs("procedure.approve")
@require_POST
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a draft."""
    row = get_visible_revision(request.user, pk)
    operations.approve_revision(by=request.user, at=request.at, revision=row)
    messages.success(request, _("Approved. It holds once it is put in force."))
    return redirect("procedure:revision", pk)


@needs("procedure.put_in_force")
@require_POST
def put_in_force(request: PageRequest, pk: int) -> HttpResponse:
    """Put an approved revision in force from a day on."""
    row = get_visible_revision(request.user, pk)
    form = InForceForm(request.POST, today=timezone.localdate(request.at))
    if not form.is_valid():
        messages.error(request, _("Give the day from which the revision holds."))
        return redirect("procedure:revision", pk)
    day = form.cleaned_data["from_date"]
    operations.put_in_force(by=request.user, at=request.at, revision=row, from_date=day)
    messages.success(request, _("In force from %(day)s.") % {"day": day.isoformat()})
    return redirect("procedure:revision", pk)
