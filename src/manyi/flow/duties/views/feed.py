"""The calendar link: made, revoked, and what it gives to whoever holds it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manyi.core.ics import Entry, write_calendar
from manyi.flow.duties.models import Duty, Feed
from manyi.flow.duties.operations import make_feed, revoke_feed
from manyi.flow.duties.queries import find_feed, find_feed_of, list_my_duties
from manyi.web.access import PageRequest, read_by_link, signed_in

SIGNER = Signer(salt="manyi.duties.feed")
MOST = 500
NAME = "满意：我的工作 / Manyi: my work"


@signed_in
@require_http_methods(["GET", "POST"])
def feed(request: PageRequest) -> HttpResponse:
    """The person's own link: shown, made, made anew, revoked."""
    if request.method == "POST":
        if "revoke" in request.POST:
            revoke_feed(by=request.user, at=request.at)
            messages.success(request, _("The link leads nowhere any more."))
        else:
            make_feed(by=request.user, at=request.at)
            messages.success(request, _("The link is ready; links made before lead nowhere any more."))
        return redirect("duties:feed")
    known = find_feed_of(request.user)
    return render(request, "duties/feed.html", {"feed": known, "link": link_of(known) if known else ""})


@read_by_link
@require_safe
def calendar(request: PageRequest, token: str) -> HttpResponse:
    """What the person of the link has to do, as a calendar file; titles of procedures only, no customer is named."""
    known = find_feed(_key(token))
    if known is None:
        raise Http404
    duties = list_my_duties(known.person, timezone.localdate(request.at))[:MOST]
    text = write_calendar([_entry(duty) for duty in duties], name=NAME)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def link_of(known: Feed) -> str:
    """The address a calendar program is given."""
    return f"{settings.MANYI_URL}{reverse('duties:calendar', args=[SIGNER.sign(known.key.hex)])}"


def _key(token: str) -> str:
    try:
        return SIGNER.unsign(token)
    except BadSignature:
        raise Http404 from None


def _entry(duty: Duty) -> Entry:
    due: datetime = timezone.localtime(duty.due_at)
    whole_day = due - timedelta(microseconds=1)
    line: dict[str, str] = next(iter(duty.why), {})
    told = "\n".join(
        (f"{duty.revision.document.code} {duty.clause} · {duty.unit.name}", line.get("zh", ""), line.get("en", ""))
    )
    return Entry(
        uid=f"duty-{duty.pk}@manyi",
        at=whole_day.date() if due.date() != whole_day.date() else due,
        title=f"{duty.title_zh} / {duty.title_en}",
        text=told,
        url=f"{settings.MANYI_URL}{reverse('duties:duty', args=[duty.pk])}",
        changed_at=duty.opened_at,
    )
