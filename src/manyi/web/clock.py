"""The clock of a page is read here, once; views pass ``request.at`` on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone


class ClockMiddleware:
    """Puts the instant at which the request came in on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read the clock once for all that happens in this request."""
        vars(request)["at"] = timezone.now()  # noqa: TID251 - the one place of the web where the clock is read
        return self.get_response(request)
