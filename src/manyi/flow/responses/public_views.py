"""The respondent's page. The link is the whole authority: no session, no cookie, no script, nothing but this sheet."""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manyi.core.errors import Faults
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.queries import find_ask_by_token
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses import form as pages
from manyi.flow.responses.operations import CannotSubmit, Submission, check_answers
from manyi.flow.responses.queries import find_sheet
from manyi.flow.responses.writer import writer
from manyi.web import errors
from manyi.web.access import PageRequest, by_link
from manyi.web.language import reader_language

MOST_BODY = 200_000
"""Bytes of a filled form; a comment of 4,000 characters takes 36,000 at most."""


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PageRequest, token: str) -> HttpResponse:
    """The form, or the receipt where the sheet has come back. Looking at it changes nothing."""
    ask = find_ask_by_token(token)
    if ask is None:
        return _unknown()
    if request.method == "POST":
        return _take(request, ask, token)
    sheet = find_sheet(ask)
    if sheet is not None:
        return HttpResponse(pages.receipt_page(sheet, reader_language(), earlier=False))
    if not ask.takes_sheets:
        return _unknown()
    return HttpResponse(pages.blank_page(ask, reader_language()))


@by_link
@require_safe
def done(request: PageRequest, token: str) -> HttpResponse:
    """The receipt; it can be opened again at any time, long after the wave was closed."""
    ask = find_ask_by_token(token)
    sheet = find_sheet(ask) if ask else None
    if sheet is None:
        return _unknown()
    return HttpResponse(pages.receipt_page(sheet, reader_language(), earlier="first" in request.GET))


def _take(request: PageRequest, ask: Ask, token: str) -> HttpResponse:
    if _is_too_long(request):
        return errors.bad_request(request)
    if not ask.takes_sheets and find_sheet(ask) is None:
        return _unknown()
    filled, lang = pages.read_filled(request.POST), reader_language()
    key = _key_of(filled)
    if key is None:
        told = _("The form was incomplete. Please send it again.")
        return _again(ask, pages.Filled(filled.answers, filled.comment), told)
    try:
        answers = check_answers(get_rules(ask.wave).questionnaire, filled.answers, filled.comment)
    except Faults as faults:
        told = " ".join(fault.message.in_(lang) for fault in faults.faults if fault.column == "comment")
        return _again(ask, filled, told or _("Please choose one of the grades shown."), faults)
    if filled.blank and not filled.blank_is_meant:
        return _again(ask, filled, _("Nothing is filled in yet. Fill it in, or send the empty sheet as it is."))
    day = timezone.localdate(request.at)
    return _submit(Submission(ask.key, key, answers, filled.comment, day, request.at), ask, token, filled)


def _submit(submission: Submission, ask: Ask, token: str, filled: pages.Filled) -> HttpResponse:
    try:
        receipt = writer.submit(submission)
    except CannotSubmit:
        return _unknown()
    except (DatabaseError, TimeoutError):
        # nothing was acknowledged; the same form sent again is the same sheet
        told = _("The sheet could not be stored just now. Please send it again in a moment.")
        return _again(ask, filled, told, status=503)
    query = [word for word in ("first" * receipt.earlier, "lang=en" * (reader_language() == "en")) if word]
    place = reverse("respond:done", args=[token])
    return HttpResponseRedirect(f"{place}?{'&'.join(query)}" if query else place, status=303)


def _again(ask: Ask, filled: pages.Filled, told: str, faults: Faults | None = None, status: int = 422) -> HttpResponse:
    return HttpResponse(pages.filled_page(ask, reader_language(), filled, told, faults), status=status)


def _unknown() -> HttpResponse:
    return HttpResponse(pages.unknown_page(reader_language()), status=404)


def _is_too_long(request: PageRequest) -> bool:
    stated = request.headers.get("Content-Length") or "0"
    return not (stated.isascii() and stated.isdigit()) or len(stated) > 12 or int(stated) > MOST_BODY


def _key_of(filled: pages.Filled) -> UUID | None:
    try:
        return UUID(filled.key) if len(filled.key) <= 36 else None
    except ValueError:
        return None
