"""The pages of returns: how many came back, the sheets, sheets on paper, files of sheets."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.base.customers.queries import (
    find_product,
    find_visible_customer,
    get_visible_customer,
    get_visible_intake,
    list_visible_intakes,
)
from manyi.base.files.intakes import list_faults
from manyi.base.files.operations import request_intake, resume_intake, stop_intake
from manyi.base.people.access import may, require
from manyi.core.forms import Questionnaire
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules, get_visible_wave, list_waves_by_subject
from manyi.flow.responses import intake as intakes
from manyi.flow.responses.forms import FileForm, PaperForm, VisitForm
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.operations import NewSheet, enter_sheet, finish_collecting
from manyi.flow.responses.queries import (
    get_open_ask,
    get_returns,
    get_visible_sheet,
    is_late,
    list_open_asks,
    list_visible_sheets,
)
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.language import reader_language

ROWS = 50


@signed_in
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The returns of a wave and its sheets."""
    found = get_visible_wave(request.user, pk)
    rules = get_rules(found)
    sheets = list_visible_sheets(request.user).filter(wave=found)
    page = Paginator(sheets, ROWS).get_page(request.GET.get("page"))
    items = len(rules.questionnaire.items)
    rows = [(s, items - len(s.answers), is_late(rules, s.ask.sent_on if s.ask else None, s.returned_on)) for s in page]
    context = {
        "wave": found, "returns": get_returns(found, rules), "page": page, "rows": rows,
        "is_open": found.state == Wave.State.OPEN,
        "intakes": list_visible_intakes(request.user, intakes.PURPOSE, intakes.subjects_of(found))[:5],
    }  # fmt: skip
    return render(request, "responses/wave.html", context)


@signed_in
def sheet(request: PageRequest, pk: int) -> HttpResponse:
    """One sheet as it came."""
    found = get_visible_sheet(request.user, pk)
    rules = get_rules(found.wave)
    form = rules.questionnaire
    late = is_late(rules, found.ask.sent_on if found.ask else None, found.returned_on)
    context = {
        "wave": found.wave, "sheet": found, "groups": _answers(form, found), "late": late,
        "comment_title": rules.comment_title, "entered_late": timezone.localdate(found.recorded_at) > found.returned_on,
    }  # fmt: skip
    return render(request, "responses/sheet.html", context)


@signed_in
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The sheets a customer gave, as a part of the customer's page."""
    customer = get_visible_customer(request.user, pk)
    sheets = list_visible_sheets(request.user).filter(customer=customer)
    return render(request, "responses/of_customer.html", {"sheets": sheets[:ROWS]})


@needs("responses.enter")
def enter(request: PageRequest, pk: int) -> HttpResponse:
    """Find the ledger row a sheet on paper belongs to."""
    found = get_visible_wave(request.user, pk)
    search = request.GET.get("q", "").strip()
    asks = list_open_asks(request.user, found, search)
    page = Paginator(asks, ROWS).get_page(request.GET.get("page"))
    return render(request, "responses/enter.html", {"wave": found, "page": page, "search": search})


@needs("responses.enter")
def enter_row(request: PageRequest, pk: int, ask: int) -> HttpResponse:
    """Enter the sheet of a ledger row."""
    found = get_visible_wave(request.user, pk)
    row, rules = get_open_ask(request.user, found, ask), get_rules(found)
    form = PaperForm(rules.questionnaire, request.POST or None, comment_title=_title(rules), initial=_today(request))
    if form.is_valid():
        _enter(request, found, form, NewSheet(row.customer, row.product, {}, form.cleaned_data["returned_on"]))
        return redirect("responses:enter", pk)
    return render(request, "responses/paper.html", {"wave": found, "ask": row, "form": form})


@needs("responses.enter")
def enter_visit(request: PageRequest, pk: int) -> HttpResponse:
    """Enter a sheet that stands in no ledger: from a visit."""
    found = get_visible_wave(request.user, pk)
    rules = get_rules(found)
    form = VisitForm(
        rules.questionnaire, request.POST or None, per_product=rules.per_product, comment_title=_title(rules),
        initial=_today(request),
    )  # fmt: skip
    if form.is_valid():
        customer = find_visible_customer(request.user, form.cleaned_data["customer"])
        product = find_product(form.cleaned_data["product"]) if rules.per_product else None
        if customer is None:
            form.add_error("customer", _("There is no such customer; add it under Customers first."))
        elif rules.per_product and product is None:
            form.add_error("product", _("No sales of such a product are on record."))
        else:
            new = NewSheet(
                customer, product, {}, form.cleaned_data["returned_on"], number=form.cleaned_data["number"].strip()
            )
            _enter(request, found, form, new)
            return redirect("responses:wave", pk)
    return render(request, "responses/paper.html", {"wave": found, "ask": None, "form": form})


@needs("responses.import")
def upload(request: PageRequest, pk: int) -> HttpResponse:
    """Hand over a file of sheets; it is read outside the request."""
    found = get_visible_wave(request.user, pk)
    require(request.user, "responses.import", found.unit)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        intake = request_intake(
            purpose=intakes.PURPOSE, subject=intakes.subject_for(found, add=form.cleaned_data["add_customers"]),
            unit=found.unit.pk, title=file.name, content=file.read(), asked_by=request.user.pk, at=request.at,
        )  # fmt: skip
        return redirect("responses:intake", intake.pk)
    return render(request, "responses/import.html", {"wave": found, "form": form, "columns": _columns(found)})


@signed_in
def intake(request: PageRequest, pk: int) -> HttpResponse:
    """How far a file is; asked again and again by the page itself."""
    found = get_visible_intake(request.user, pk, intakes.PURPOSE)
    [of] = list_waves_by_subject([found.subject.removesuffix(intakes.ADD)])
    context = {
        "wave": of, "intake": found, "faults": list_faults(found)[:200], "more": max(0, len(found.faults) - 200),
        "space": "responses", "may": may(request.user, "responses.import", of.unit),
    }  # fmt: skip
    page = "intake/progress.html" if request.headers.get("HX-Request") else "responses/intake.html"
    return render(request, page, context)


@needs("responses.import")
@require_POST
def stop(request: PageRequest, pk: int) -> HttpResponse:
    """Stop a file that is being taken in."""
    found = get_visible_intake(request.user, pk, intakes.PURPOSE)
    stop_intake(found)
    return redirect("responses:intake", pk)


@needs("responses.import")
@require_POST
def resume(request: PageRequest, pk: int) -> HttpResponse:
    """Let a stopped file go on."""
    found = get_visible_intake(request.user, pk, intakes.PURPOSE)
    resume_intake(found)
    return redirect("responses:intake", pk)


@needs("responses.finish")
@require_POST
def finish(request: PageRequest, pk: int) -> HttpResponse:
    """Declare the collecting finished."""
    found = get_visible_wave(request.user, pk)
    finish_collecting(by=request.user, at=request.at, wave=found)
    messages.success(request, _("Collecting is finished. Late sheets can still be entered until the wave is closed."))
    return redirect("responses:wave", pk)


def _today(request: PageRequest) -> dict[str, object]:
    """Most sheets are entered on the day they come."""
    return {"returned_on": timezone.localdate(request.at)}


def _title(rules: WaveRules) -> str:
    return rules.comment_title.in_(reader_language())


def _enter(request: PageRequest, wave: Wave, form: PaperForm, new: NewSheet) -> None:
    filled = NewSheet(
        new.customer, new.product, form.answers(), new.returned_on, form.cleaned_data["comment"], new.number
    )
    entered = enter_sheet(by=request.user, at=request.at, wave=wave, sheet=filled)
    messages.success(request, _("Sheet %(number)s is entered.") % {"number": entered.number})


def _columns(wave: Wave) -> list[tuple[str, Text, str]]:
    """Key, title and head of every column a file of sheets has."""
    rules = get_rules(wave)
    form = rules.questionnaire
    fixed = [
        ("sheet_no", Text("表号", "Sheet no.")), ("customer_id", Text("客户编号", "Customer number")),
        *([("product", Text("产品", "Product"))] if rules.per_product else []),
        ("returned_on", Text("收回日期", "Returned on")), ("comment", Text("意见", "Remarks")),
    ]  # fmt: skip
    named = [*fixed, *((item.key, item.title) for item in form.items)]
    return [(key, title, form.columns.get(key, "")) for key, title in named if not form.columns or key in form.columns]


def _answers(form: Questionnaire, sheet: Sheet) -> list[tuple[object, list[tuple[object, object]]]]:
    titles = {grade.key: grade.title for grade in form.scale.grades}
    groups = [(group.title, [i for i in form.items if i.dimension == group.key]) for group in form.dimensions]
    groups.append((form.title, [i for i in form.items if not i.dimension]))
    return [
        (title, [(i.title, titles.get(sheet.answers.get(i.key, ""), sheet.answers.get(i.key))) for i in items])
        for title, items in groups
        if items
    ]
