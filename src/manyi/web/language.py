"""In which language a page speaks: the address says (``?lang=en``), else the person's choice, else the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from manyi.core.text import Lang

BY_ADDRESS = {"zh": "zh-hans", "en": "en"}


class LanguageMiddleware:
    """Chinese unless something says otherwise; needs no session, so that it works on respondents' pages too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Speak the reader's language while this request is answered."""
        code = BY_ADDRESS.get(request.GET.get("lang", "")) or translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if "lang" not in request.GET and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            patch_vary_headers(response, ("Accept-Language",))
        return response


def reader_language() -> Lang:
    """The language in which data titles and messages are shown to the reader of this page."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"
