"""Signing in and out, choosing the language, the health of the server, the start page."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from manyi.web.access import PageRequest, open_to_all, signed_in
from manyi.web.forms import SignInForm

sign_in = open_to_all(LoginView.as_view(authentication_form=SignInForm, redirect_authenticated_user=True))
sign_out = open_to_all(LogoutView.as_view())
choose_language = open_to_all(require_POST(set_language))


@signed_in
@require_safe
def start(request: PageRequest) -> HttpResponse:
    """The start page is what the person has to do."""
    return redirect("duties:mine")


@open_to_all
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The server answers."""
    return HttpResponse("ok", content_type="text/plain")
