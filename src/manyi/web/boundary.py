"""What no table and no paper can hold is refused at the door with one answer on both databases, never inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from manyi.web import errors

NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
"""NUL and halves of characters: PostgreSQL refuses the one, no encoding holds the other."""
MAX_PATH, MAX_QUERY_VALUE, MAX_FORM_VALUE, MAX_NAME = 1000, 2000, 50_000, 300
MAX_BODY = 64 * 1024**2
"""A larger body is not even read; a workbook of 100,000 sheets is a tenth of this."""


class BoundaryMiddleware:
    """400 for a path, field, cookie or file name that is no text or far too long; 413 for a body that is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on only with what can be stored."""
        if _length(request) > MAX_BODY:
            return errors.page(413, errors.BAD, errors.BAD_TOLD)
        if any(len(text) > limit or NOT_TEXT.search(text) for text, limit in _texts(request)):
            return errors.bad_request(request)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or "0"
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else 0


def _texts(request: HttpRequest) -> Iterator[tuple[str, int]]:
    """Everything in the request that may end in a table, with how long it may be."""
    yield request.path_info, MAX_PATH
    for name, cookie in request.COOKIES.items():
        yield name, MAX_NAME
        yield cookie, MAX_FORM_VALUE
    yield from _fields(request.GET, MAX_QUERY_VALUE)
    yield from _fields(request.POST, MAX_FORM_VALUE)
    for name, files in request.FILES.lists():
        yield name, MAX_NAME
        yield from ((file.name or "", MAX_NAME) for file in files)


def _fields(fields: QueryDict, limit: int) -> Iterator[tuple[str, int]]:
    for name, values in fields.lists():
        yield name, MAX_NAME
        yield from ((value, limit) for value in values)
