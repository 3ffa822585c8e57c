"""The dispatch ledger of a wave: sending, the sheets to print, closing what will not come back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manyi.base.people.access import may, require
from manyi.core.text import Text
from manyi.flow.dispatch.forms import CHOSEN, CloseForm, SendForm, key_of
from manyi.flow.dispatch.ledger import ledger_of
from manyi.flow.dispatch.models import Ask
from manyi.flow.dispatch.operations import Sent, close_ask, finish_sending, link_of, send_wave
from manyi.flow.dispatch.queries import (
    Pair,
    count_states,
    filter_asks,
    get_channel_titles,
    get_visible_ask,
    list_asks,
    list_candidates_shown,
    list_reached,
    list_unsent,
    list_without_address,
    pairs_of_scope,
)
from manyi.flow.dispatch.sheets import sheet_of
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules, get_visible_wave, list_steps
from manyi.flow.sample.queries import Frame, get_frame, has_frame, title_of
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.exports import XLSX, as_xlsx, download
from manyi.web.language import reader_language

PAGE = 50
PRINTED = 100
"""So many sheets are printed from one page."""
NOT_ASKED = Text("尚未调查的顾客", "Customers not asked at all")


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The ledger, how far the floors are reached, and what to do next."""
    found = get_visible_wave(request.user, pk)
    said = {key: request.GET.get(key, "") for key in ("state", "channel", "q")}
    rows = filter_asks(list_asks(found), state=said["state"], channel=said["channel"], search=said["q"].strip())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    channels = get_channel_titles(found)
    sending = next((s for s in list_steps(found, request.at) if s.step.key == "send"), None)
    words = {
        "wave": found, "page": page, "rows": [(ask, channels.get(ask.channel, ask.channel)) for ask in page],
        "channels": channels, "states": Ask.State.values, "said": said, "counts": dict(count_states(found)),
        "reached": list_reached(found), "drawn": has_frame(found), "sending": sending, **_rights(request, found),
    }  # fmt: skip
    return render(request, "dispatch/wave.html", words)


@signed_in
@require_safe
def coverage(request: PageRequest, pk: int) -> HttpResponse:
    """How far the floors are reached, as a part of another page."""
    found = get_visible_wave(request.user, pk)
    words = {"wave": found, "reached": list_reached(found), **_rights(request, found)}
    return render(request, "dispatch/coverage.html", words)


@needs("dispatch.send")
@require_http_methods(["GET", "POST"])
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Whom to ask yet, by tier: tick rows, or send to everybody of a tier."""
    found = get_visible_wave(request.user, pk)
    require(request.user, "dispatch.send", found.unit)
    frame = get_frame(found)
    unsent = list_unsent(found, frame)
    form = SendForm(
        request.POST or None, channels=get_channel_titles(found), today=timezone.localdate(request.at), unsent=unsent
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        scope = form.cleaned_data["scope"]
        pairs = (
            form.ticked(request.POST.getlist("row")) if scope == CHOSEN else pairs_of_scope(found, frame, unsent, scope)
        )
        return _sent(request, found, form, pairs)
    return render(
        request, "dispatch/send.html", {"wave": found, "form": form, **_to_send(request, found, frame, unsent)}
    )


@needs("dispatch.send")
@require_POST
def finish(request: PageRequest, pk: int) -> HttpResponse:
    """Declare the sending complete."""
    found = get_visible_wave(request.user, pk)
    finish_sending(by=request.user, at=request.at, wave=found)
    messages.success(request, _("The sending is complete; the time for returns runs."))
    return redirect("plan:wave", pk)


@needs("dispatch.send")
@require_safe
def sheets(request: PageRequest, pk: int) -> HttpResponse:
    """The sheets of a channel to print, some hundred at a time."""
    found = get_visible_wave(request.user, pk)
    require(request.user, "dispatch.send", found.unit)
    rows = filter_asks(list_asks(found), state=Ask.State.SENT, channel=request.GET.get("channel", ""))
    page = Paginator(rows, PRINTED).get_page(request.GET.get("page"))
    words = {"wave": found, "page": page, "sheets": [sheet_of(found, ask) for ask in page]}
    return render(request, "dispatch/sheets.html", words)


@needs("dispatch.send")
@require_safe
def sheet(request: PageRequest, pk: int) -> HttpResponse:
    """One sheet to print."""
    ask = get_visible_ask(request.user, pk)
    require(request.user, "dispatch.send", ask.unit)
    return render(request, "dispatch/sheets.html", {"wave": ask.wave, "sheets": [sheet_of(ask.wave, ask)]})


@signed_in
@require_safe
def row(request: PageRequest, pk: int) -> HttpResponse:
    """One row of the ledger; its personal link only for who may send."""
    ask = get_visible_ask(request.user, pk)
    may_send = may(request.user, "dispatch.send", ask.unit)
    words = {
        "wave": ask.wave, "ask": ask, "link": link_of(ask) if may_send and ask.takes_sheets else "",
        "channel": get_channel_titles(ask.wave).get(ask.channel, ask.channel), "may_send": may_send,
        "may_close": ask.state == Ask.State.SENT and may(request.user, "dispatch.close", ask.unit), "form": CloseForm(),
    }  # fmt: skip
    return render(request, "dispatch/row.html", words)


@needs("dispatch.close")
@require_POST
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close a row that will not come back."""
    ask = get_visible_ask(request.user, pk)
    close_ask(by=request.user, at=request.at, ask=ask, reason=request.POST.get("reason", ""))
    messages.success(request, _("Closed; the reason is on record."))
    return redirect("dispatch:row", pk)


@signed_in
@require_safe
def export(request: PageRequest, pk: int) -> HttpResponse:
    """The ledger as a workbook."""
    found = get_visible_wave(request.user, pk)
    head, rows = ledger_of(found, reader_language())
    return download(as_xlsx(head, rows, title=_("Ledger")), f"{found.title_zh}-{found.year}-{_('Ledger')}.xlsx", XLSX)


def _rights(request: PageRequest, wave: Wave) -> dict[str, Any]:
    may_send = wave.state == Wave.State.OPEN and may(request.user, "dispatch.send", wave.unit)
    return {"may_send": may_send, "may_close": may(request.user, "dispatch.close", wave.unit)}


def _to_send(request: PageRequest, wave: Wave, frame: Frame, unsent: list[Pair]) -> dict[str, Any]:
    """Tiers to choose from, a page of the rows of one, and whom mail cannot reach."""
    rules, scope = get_rules(wave), request.GET.get("scope", "all")
    counts = Counter(frame.tiers.get(customer) or "" for customer, _product in unsent)
    missing = pairs_of_scope(wave, frame, unsent, "missing")
    tiers = [(f"tier:{key}", title_of(rules, key), counts[key]) for key in (*(t.key for t in rules.tiers), "")]
    tiers += [("missing", NOT_ASKED, len(missing))] if len(missing) < len(unsent) else []
    wanted = pairs_of_scope(wave, frame, unsent, scope)
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    rows = list_candidates_shown(frame, list(page))
    return {
        "scope": scope, "tiers": [tier for tier in tiers if tier[2]], "total": len(unsent), "count": len(wanted),
        "page": page, "rows": [(key_of(row.pair), row, title_of(rules, row.tier)) for row in rows],
        "no_address": list_without_address(wanted), "drawn": has_frame(wave),
    }  # fmt: skip


def _sent(request: PageRequest, wave: Wave, form: SendForm, pairs: list[Pair]) -> HttpResponse:
    if not pairs:
        messages.error(request, _("Nothing was sent: tick at least one row."))
        return redirect("dispatch:send", wave.pk)
    said = form.cleaned_data
    sent: Sent = send_wave(
        by=request.user, at=request.at, wave=wave, pairs=pairs, channel=said["channel"], sent_on=said["sent_on"]
    )  # fmt: skip
    messages.success(request, _("Entered into the ledger: %(rows)s.") % {"rows": sent.rows})
    if sent.without_address:
        told = _("Not sent, because no mail address is known: %(customers)s. Choose another channel for them.")
        messages.warning(request, told % {"customers": ", ".join(sent.without_address[:20])})
    return redirect("dispatch:wave", wave.pk)
