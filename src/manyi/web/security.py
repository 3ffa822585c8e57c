"""What a browser is told on every page beside the content policy, and that respondents' pages leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from manyi.web.access import Access, declared

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb",
    )
)  # fmt: skip


class HeadersMiddleware:
    """Stands outside sessions, so that what it takes from a respondent's page cannot be put back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        access: Access | None = getattr(request, "access", None)
        if access is None:
            return response
        response.headers.setdefault("Cache-Control", "no-store")
        if access.kind == "by_link":
            response.cookies.clear()
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Note what the route declares, for this class and for pages of refusals."""
        vars(request)["access"] = declared(view)
