"""The page by which a customer brings a case, and the one by which he follows it. The link is the whole authority.

Robots are kept out without riddles: a field nobody sees, a form nobody fills in three seconds, and no more in ten
minutes than people would write. Whoever is refused is told, and what was written stays in the form.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from manyi.flow.records.entrances import find_entrance, find_progress, follow_token, kind_in_force
from manyi.flow.records.models import Entrance
from manyi.flow.records.operations import Arrived, Busy, CannotArrive, bring_in
from manyi.flow.records.operations.acting import CannotRecord
from manyi.flow.records.operations.arriving import MOST_TEXT
from manyi.flow.records.queries import Kind
from manyi.flow.records.storing import MOST_FILE, Upload
from manyi.web.access import PageRequest, by_link
from manyi.web.language import reader_language

SALT = "manyi.records.form"
AT_LEAST, AT_MOST = timedelta(seconds=3), timedelta(hours=12)
MOST_BODY = 3 * MOST_FILE


class CaseForm(forms.Form):
    """What happened, and how the customer is reached; ``web`` is seen by robots only."""

    text = forms.CharField(
        label=gettext_lazy("What happened?"), max_length=MOST_TEXT, strip=True, widget=forms.Textarea(attrs={"rows": 6})
    )
    name = forms.CharField(label=gettext_lazy("Your name or company"), required=False, max_length=100)
    reached_at = forms.CharField(label=gettext_lazy("Telephone or e-mail"), required=False, max_length=200)
    file = forms.FileField(label=gettext_lazy("A photo or file"), required=False, allow_empty_file=True)
    web = forms.CharField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    since = forms.CharField(widget=forms.HiddenInput)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: PageRequest, token: str) -> HttpResponse:
    """The form, and where it goes when it is sent. Looking at it changes nothing."""
    entrance = find_entrance(token)
    kind = kind_in_force(entrance.document, entrance.kind, timezone.localdate(request.at)) if entrance else None
    if entrance is None or kind is None:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, kind, entrance, CaseForm(initial=_fresh(request.at)))
    if _is_too_long(request):
        return _page(request, kind, entrance, CaseForm(initial=_fresh(request.at)), _("The file is too large."), 413)
    form = CaseForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, kind, entrance, form, _("Please write what happened."))
    if told := _refused(form.cleaned_data, request.at):
        return _page(request, kind, entrance, form, told)
    said = form.cleaned_data
    try:
        arrival = bring_in(at=request.at, kind=kind, entrance=entrance, key=said["key"], arrived=_arrived(said))
    except (CannotArrive, CannotRecord) as refused:
        return _page(request, kind, entrance, form, refused.message.in_(reader_language()))
    except Busy as refused:
        return _page(request, kind, entrance, form, refused.message.in_(reader_language()), 429)
    place = reverse("feedback:follow", args=[follow_token(arrival)])
    return HttpResponseRedirect(f"{place}?lang=en" if reader_language() == "en" else place, status=303)


@by_link
@require_safe
def follow(request: PageRequest, token: str) -> HttpResponse:
    """How far a case is; the same address from the receipt to the end."""
    progress = find_progress(token)
    if progress is None:
        return _unknown(request)
    return render(request, "records/public/follow.html", {"progress": progress, "link": request.build_absolute_uri()})


def _arrived(said: dict[str, object]) -> Arrived:
    file = said.get("file")
    uploads = [Upload(file.name or "file", file.read())] if isinstance(file, UploadedFile) else []
    return Arrived(str(said["text"]), str(said["name"]), str(said["reached_at"]), uploads)


def _fresh(at: datetime) -> dict[str, object]:
    return {"key": uuid4(), "since": signing.dumps(at.timestamp(), salt=SALT)}


def _refused(said: dict[str, object], at: datetime) -> str:
    """Why a form that was sent looks like a robot's, or is too old to be sent; empty where it does not."""
    if said.get("web"):
        return _("This could not be accepted. Please leave the last field empty.")
    try:
        since = datetime.fromtimestamp(float(signing.loads(str(said["since"]), salt=SALT)), tz=at.tzinfo)
    except (signing.BadSignature, ValueError, OverflowError):
        return _("The form was incomplete. Please send it again.")
    if at - since < AT_LEAST:
        return _("That was very quick. Please look through it once more and send it again.")
    if at - since > AT_MOST:
        return _("The form was open for very long. Please send it again.")
    return ""


def _page(
    request: PageRequest, kind: Kind, entrance: Entrance, form: CaseForm, told: str = "", status: int = 422
) -> HttpResponse:
    fresh = _fresh(request.at)
    key = form["key"].value()
    hidden = {"key": key if _is_key(key) else fresh["key"], "since": fresh["since"]}
    words = {"form": form, "told": told, "kind": kind, "unit": entrance.unit, "hidden": hidden}
    return render(request, "records/public/write.html", words, status=status if told else 200)


def _is_key(key: object) -> bool:
    try:
        return bool(UUID(str(key)))
    except ValueError:
        return False


def _unknown(request: PageRequest) -> HttpResponse:
    return render(request, "records/public/unknown.html", status=404)


def _is_too_long(request: PageRequest) -> bool:
    stated = request.headers.get("Content-Length") or "0"
    return not (stated.isascii() and stated.isdigit()) or len(stated) > 12 or int(stated) > MOST_BODY
