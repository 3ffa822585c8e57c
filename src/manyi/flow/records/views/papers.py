"""A record on paper: the page to print, and the Word document."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manyi.base.files.operations import KINDS
from manyi.flow.records.ground import standing_of
from manyi.flow.records.paper import paper_of
from manyi.flow.records.queries import get_visible_record
from manyi.web.access import PageRequest, signed_in
from manyi.web.exports import download
from manyi.web.language import reader_language


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
    as_word = import_module("manyi.papers.word").as_word  # the pages load it only when somebody asks for a document
    return download(as_word(paper, {}), f"{paper.title} {found}.docx", KINDS[".docx"])
