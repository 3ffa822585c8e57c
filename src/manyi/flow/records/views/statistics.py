"""The statistics of a register: over a period, on a page and as a workbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manyi.flow.records.queries import get_kind
from manyi.flow.records.statistics import offer_periods, read_period, reckon
from manyi.web.access import PageRequest, signed_in
from manyi.web.exports import XLSX, Cell, as_xlsx, download
from manyi.web.language import reader_language


@signed_in
@require_safe
def page(request: PageRequest, kind: str) -> HttpResponse:
    """How many, of what kind, how fast, at what cost."""
    today = timezone.localdate(request.at)
    found = get_kind(request.user, kind, today)
    period = read_period(request.GET.get("period", ""), today)
    words = {"kind": found, "told": reckon(request.user, found, period), "periods": offer_periods(today)}
    return render(request, "records/statistics.html", words)


@signed_in
@require_safe
def export(request: PageRequest, kind: str) -> HttpResponse:
    """The same as a workbook."""
    today, lang = timezone.localdate(request.at), reader_language()
    found = get_kind(request.user, kind, today)
    told = reckon(request.user, found, read_period(request.GET.get("period", ""), today))
    rows: list[list[Cell]] = [
        [_("Records"), "", told.count, ""], [_("Period before"), "", told.before, ""],
        [_("Still open"), "", told.still_open, ""],
        [_("Steps in time"), "", told.on_time, ""], [_("Steps late"), "", told.late, ""],
    ]  # fmt: skip
    for one, parts in told.by_field:
        rows += [[one.title.in_(lang), p.title.in_(lang), p.count, f"{float(p.reached):.1%}"] for p in parts]
    rows += [[_("Month"), month, n, ""] for month, n, _part in told.months]
    rows += [[title.in_(lang), currency, amount, ""] for title, currency, amount in told.money]
    head = [_("Figure"), _("Value"), _("Number"), _("Reached so far")]
    name = f"{found.title.in_(lang)} {told.period.key}.xlsx"
    return download(as_xlsx(head, rows, told.period.key), name, XLSX)
