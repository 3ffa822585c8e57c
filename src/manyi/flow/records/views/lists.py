"""The registers: all kinds, the list of one, its workbook, and the views a person saved of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.people.queries import list_visible_units
from manyi.core.text import Text
from manyi.flow.records.forms import FilterForm
from manyi.flow.records.kinds import page_kind, templates_for
from manyi.flow.records.operations.views import drop_view, save_view
from manyi.flow.records.queries import Kind, count_open, get_kind, list_kinds, list_kinds_to_open, list_views
from manyi.flow.records.registers import (
    MOST_EXPORTED,
    PAGE,
    Capped,
    cells_of,
    columns_of,
    lines_of,
    list_register,
)
from manyi.flow.records.suggesting import suggest
from manyi.web.access import PageRequest, rights, signed_in
from manyi.web.exports import XLSX, as_xlsx, download
from manyi.web.language import reader_language


@signed_in
@require_safe
def all_kinds(request: PageRequest) -> HttpResponse:
    """Every register the person may see, by procedure, with how much is open."""
    today = timezone.localdate(request.at)
    kinds = list_kinds(request.user, today)
    may_open = {kind.key for kind in list_kinds_to_open(request.user, today)}
    counts = count_open(request.user, kinds, request.at)
    rows = [(kind, counts.get((kind.document.pk, kind.flow.kind), (0, 0)), kind.key in may_open) for kind in kinds]
    return render(request, "records/list.html", {"rows": rows})


@signed_in
@require_safe
def one_kind(request: PageRequest, kind: str) -> HttpResponse:
    """The register of one kind: filtered, sorted, a page at a time."""
    found = _kind(request, kind)
    form = FilterForm(_asked(request), flow=found.flow, units=list(list_visible_units(request.user)))
    sort = request.GET.get("sort", page_kind(found.flow).sort)
    rows = list_register(request.user, found, form.wanted(sort), request.at)
    paginator = Capped(rows.select_related("unit", "customer", "project", "owner"), PAGE)
    page, columns = paginator.get_page(request.GET.get("page")), columns_of(found)
    words = {
        "kind": found, "form": form, "page": page, "columns": columns, "more": paginator.has_more, "sort": sort,
        "lines": lines_of(found, columns, list(page), request.at), "views": list_views(request.user, found),
        "may_open": f"{found.flow.kind}.open" in rights(request), "query": _query(request),
    }  # fmt: skip
    words |= page_kind(found.flow).register(request.user, found, list(page), request.at)
    return render(request, templates_for(found.flow, "kind.html"), words)


@signed_in
@require_safe
def export(request: PageRequest, kind: str) -> HttpResponse:
    """What the list shows as a workbook."""
    found = _kind(request, kind)
    form = FilterForm(_asked(request), flow=found.flow, units=list(list_visible_units(request.user)))
    rows = list_register(request.user, found, form.wanted(request.GET.get("sort", "-opened_at")), request.at)
    columns = columns_of(found)
    records = list(rows.select_related("unit", "customer", "project", "owner")[:MOST_EXPORTED])
    lang = reader_language()
    own = [
        Text("部门", "Unit"),
        Text("状态", "State"),
        Text("开立", "Opened"),
        Text("期限", "Due"),
        Text("关闭", "Closed"),
    ]
    head = [title.in_(lang) for title in (*(column.title for column in columns), *own)]
    content = as_xlsx(head, cells_of(found, columns, records, request.at))
    return download(content, f"{found.title.in_(lang)}.xlsx", XLSX)


@signed_in
@require_POST
def keep_view(request: PageRequest, kind: str) -> HttpResponse:
    """Save the filters and order of the list under a name."""
    found = _kind(request, kind)
    query = request.POST.get("query", "")
    save_view(by=request.user, kind=found, name=request.POST.get("name", ""), query=query)
    messages.success(request, _("The view was saved."))
    return redirect(f"{reverse('records:kind', args=[found.key])}?{query}")


@signed_in
@require_POST
def lose_view(request: PageRequest, kind: str, pk: int) -> HttpResponse:
    """Delete one of one's own views; one that is gone already stays gone."""
    found = _kind(request, kind)
    if view := list_views(request.user, found).filter(pk=pk).first():
        drop_view(by=request.user, view=view)
    return redirect("records:kind", found.key)


@signed_in
@require_safe
def find(request: PageRequest) -> HttpResponse:
    """What fits the first letters of a customer, project or record, for a field that looks one up."""
    options = suggest(request.user, request.GET.get("of", ""), request.GET.get("q", ""))
    return render(request, "records/options.html", {"options": options})


def _kind(request: PageRequest, key: str) -> Kind:
    return get_kind(request.user, key, timezone.localdate(request.at))


def _asked(request: PageRequest) -> dict[str, str]:
    return {"state": "open", **request.GET.dict()}


def _query(request: PageRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
