"""A record on paper: the page to print, and the Word document."""

from __future__ import annotations

from importlib import import_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manyi.base.files.operations import KINDS
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Record
from manyi.flow.records.paper import compiled_paper, paper_of
from manyi.flow.records.queries import get_kind, get_visible_record, list_visible_records
from manyi.papers.blocks import Report
from manyi.web.access import PageRequest, signed_in
from manyi.web.exports import download
from manyi.web.language import reader_language

MOST = 500


@signed_in
@require_safe
def print_(request: PageRequest, pk: int) -> HttpResponse:
    """The form with its code, number, fields and signatures, to be printed."""
    found = get_visible_record(request.user, pk)
    paper = paper_of(standing_of(found), reader_language())
    return render(request, "records/print.html", {"record": found, "paper": paper})


@signed_in
@require_safe
def word(request: PageRequest, pk: int) -> HttpResponse:
    """The same as a Word document."""
    found = get_visible_record(request.user, pk)
    paper = paper_of(standing_of(found), reader_language())
    return _word(paper, f"{paper.title} {found}")


@signed_in
@require_safe
def compiled(request: PageRequest, kind: str) -> HttpResponse:
    """All records of a kind of one project as one Word document, in the order of their numbers."""
    found = get_kind(request.user, kind, timezone.localdate(request.at))
    asked = request.GET.get("project", "")
    rows = list_visible_records(request.user).filter(document=found.document, kind=found.flow.kind)
    rows = rows.exclude(state=Record.State.VOID).select_related(
        "revision__document", "document", "unit", "with_unit", "owner", "opened_by", "customer", "product", "project",
        "origin", "duty",
    )  # fmt: skip
    records = (
        list(rows.filter(project=int(asked)).order_by("pk")[:MOST]) if asked.isdecimal() and len(asked) < 18 else []
    )
    if not records or records[0].project is None:
        messages.error(request, _("There is no sheet of this project."))
        return redirect("records:kind", found.key)
    title, standings = records[0].project.name, [standing_of(record) for record in records]
    paper = compiled_paper(found, title, standings, reader_language())
    return _word(paper, f"{paper.title} {title}")


def _word(paper: Report, name: str) -> HttpResponse:
    as_word = import_module("manyi.papers.word").as_word  # the pages load it only when somebody asks for a document
    return download(as_word(paper, {}), f"{name}.docx", KINDS[".docx"])
