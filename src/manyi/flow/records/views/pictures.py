"""A picture of a record in the place of a page: guarded as its file is, shown only where its bytes are a picture."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from manyi.base.files.queries import read_file
from manyi.flow.records.pictures import HEIC, picture_type
from manyi.flow.records.queries import get_visible_attachment
from manyi.web.access import PageRequest, signed_in
from manyi.web.exports import download


@signed_in
@require_safe
def picture(request: PageRequest, pk: int) -> HttpResponse:
    """The picture; a file that is none, whatever its name says, leaves as a file to keep."""
    stored = get_visible_attachment(request.user, pk).file
    content = read_file(stored)
    kind = picture_type(content)
    answer = download(content, stored.title, kind or stored.kind)
    if kind and kind != HEIC:
        answer["Content-Disposition"] = content_disposition_header(False, stored.title) or "inline"
    return answer
