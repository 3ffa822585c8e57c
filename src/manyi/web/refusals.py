"""What a person sees when an operation refuses: a message where the person stood, or a page that says why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from manyi.base.people.access import CannotDo, MayNot
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.web import errors
from manyi.web.language import reader_language

NOT_POSSIBLE = Text("现在不能这样做", "This cannot be done now")
SHOWN_FAULTS = 200
"""So many faults stand on the page; the rest is counted."""


def answer(request: HttpRequest, error: CannotDo | Faults | Refusal) -> HttpResponse:
    """The answer to a refusal of an operation or an input with faults."""
    if isinstance(error, MayNot):
        return errors.page(403, errors.FORBIDDEN, error.message)
    if isinstance(error, CannotDo):
        return _not_possible(request, error.message)
    return _faulty(request, Faults([error.as_fault()]) if isinstance(error, Refusal) else error)


def _not_possible(request: HttpRequest, told: Text) -> HttpResponse:
    """Back to the page the person came from, with the message; where that is unknown, a page of its own."""
    before = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    if request.method != "POST" or not known or not _has_session(request):
        return errors.page(409, NOT_POSSIBLE, told)
    messages.error(request, told.in_(reader_language()))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": before})
    return redirect(before)


def _faulty(request: HttpRequest, error: Faults) -> HttpResponse:
    if not _has_session(request):
        return errors.bad_request(request)
    shown = error.faults[:SHOWN_FAULTS]
    words = {"faults": shown, "more": len(error.faults) - len(shown), "count": len(error.faults)}
    return render(request, "faults.html", words, status=422)


def _has_session(request: HttpRequest) -> bool:
    """Whether a person is signed in here: on a respondent's page nobody is asked for."""
    access = getattr(request, "access", None)
    if access is not None and access.kind == "by_link":
        return False
    return hasattr(request, "_messages") and bool(request.user.is_authenticated)
