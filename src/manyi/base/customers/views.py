"""The pages of the register: list, one customer, a file taken in."""

from __future__ import annotations

from fractions import Fraction

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from manyi.base.customers import intake as intakes
from manyi.base.customers.forms import CustomerForm, ProjectForm, RegisterForm, said_of
from manyi.base.customers.models import Customer
from manyi.base.customers.operations import CannotRegister, add_customer, add_project, change_customer
from manyi.base.customers.queries import (
    find_latest_year,
    find_visible_customer,
    get_visible_customer,
    get_visible_intake,
    list_contacts,
    list_sales_of,
    list_sales_of_year,
    list_visible_customers,
    list_visible_intakes,
    list_visible_projects,
)
from manyi.base.files.intakes import list_faults
from manyi.base.files.operations import request_intake, resume_intake, stop_intake
from manyi.base.people.access import may, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_visible_units
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.language import reader_language

ROWS = 50
SHOWN_FAULTS = 200
KEEPING = ("customers.manage", "customers.import")


@signed_in
def listing(request: PageRequest) -> HttpResponse:
    """All customers the person sees, with what they bought in the latest year."""
    search = request.GET.get("q", "").strip()
    page = Paginator(list_visible_customers(request.user, search), ROWS).get_page(request.GET.get("page"))
    year = find_latest_year(request.user)
    sales = list_sales_of_year([customer.pk for customer in page], year) if year else {}
    rows = [(customer, sales.get(customer.pk)) for customer in page]
    return render(request, "customers/list.html", {"page": page, "rows": rows, "year": year, "search": search})


@signed_in
def customer(request: PageRequest, pk: int) -> HttpResponse:
    """One customer: facts, contacts, sales by year, sheets."""
    found = get_visible_customer(request.user, pk)
    context = {
        "customer": found, "contacts": list_contacts(found), "years": _by_year(found),
        "may_change": any(may(request.user, verb, found.unit) for verb in KEEPING),
    }  # fmt: skip
    return render(request, "customers/customer.html", context)


@signed_in
def new(request: PageRequest) -> HttpResponse:
    """Add one customer."""
    form = CustomerForm(_units(request.user), request.POST or None, initial={"unit": request.user.unit.key})
    if form.is_valid():
        added = add_customer(by=request.user, at=request.at, unit=form.chosen, row=form.row())
        messages.success(request, _("The customer is on record."))
        return redirect("customers:customer", added.pk)
    return render(request, "customers/edit.html", {"form": form, "customer": None})


@signed_in
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change one customer."""
    found = get_visible_customer(request.user, pk)
    said = said_of(found, list_contacts(found).first())
    form = CustomerForm(_units(request.user), request.POST or None, initial=said, fixed_code=True)
    if form.is_valid():
        change_customer(by=request.user, at=request.at, customer=found, unit=form.chosen, row=form.row())
        messages.success(request, _("The change is on record."))
        return redirect("customers:customer", pk)
    return render(request, "customers/edit.html", {"form": form, "customer": found})


@needs("customers.manage")
def projects(request: PageRequest) -> HttpResponse:
    """All projects the person sees, and a form to add one."""
    form = ProjectForm(_units(request.user), request.POST or None, initial={"unit": request.user.unit.key})
    if form.is_valid():
        said, code = form.cleaned_data, form.cleaned_data["customer"]
        found = find_visible_customer(request.user, code) if code else None
        if code and found is None:
            form.add_error("customer", _("No customer has this number."))
        else:
            try:
                add_project(
                    by=request.user, at=request.at, unit=form.chosen, short=said["short"], name=said["name"],
                    customer=found,
                )  # fmt: skip
            except CannotRegister as refused:
                form.add_error("short", refused.message.in_(reader_language()))
            else:
                messages.success(request, _("The project is on record."))
                return redirect("customers:projects")
    search = request.GET.get("q", "").strip()
    page = Paginator(list_visible_projects(request.user, search), ROWS).get_page(request.GET.get("page"))
    return render(request, "customers/projects.html", {"page": page, "form": form, "search": search})


@needs("customers.import")
def upload(request: PageRequest) -> HttpResponse:
    """Hand over a file of customers and sales; it is read outside the request."""
    units = [unit for unit in list_visible_units(request.user) if may(request.user, "customers.import", unit)]
    form = RegisterForm(units, request.POST or None, request.FILES or None)
    if form.is_valid():
        file, unit = form.cleaned_data["file"], form.chosen
        require(request.user, "customers.import", unit)
        intake = request_intake(
            purpose=intakes.PURPOSE, subject=f"people.unit:{unit.pk}", unit=unit.pk, title=file.name,
            content=file.read(), asked_by=request.user.pk, at=request.at,
        )  # fmt: skip
        return redirect("customers:intake", intake.pk)
    earlier = list_visible_intakes(request.user, intakes.PURPOSE)[:10]
    return render(request, "customers/import.html", {"form": form, "intakes": earlier})


@needs("customers.import")
def intake(request: PageRequest, pk: int) -> HttpResponse:
    """How far a file is; asked again and again by the page itself."""
    found = get_visible_intake(request.user, pk, intakes.PURPOSE)
    context = {
        "intake": found, "faults": list_faults(found)[:SHOWN_FAULTS], "space": "customers", "may": True,
        "more": max(0, len(found.faults) - SHOWN_FAULTS),
    }  # fmt: skip
    page = "intake/progress.html" if request.headers.get("HX-Request") else "customers/intake.html"
    return render(request, page, context)


@needs("customers.import")
@require_POST
def stop(request: PageRequest, pk: int) -> HttpResponse:
    """Stop a file that is being taken in."""
    stop_intake(get_visible_intake(request.user, pk, intakes.PURPOSE))
    return redirect("customers:intake", pk)


@needs("customers.import")
@require_POST
def resume(request: PageRequest, pk: int) -> HttpResponse:
    """Let a stopped file go on."""
    resume_intake(get_visible_intake(request.user, pk, intakes.PURPOSE))
    return redirect("customers:intake", pk)


def _units(by: Person) -> list[Unit]:
    """The units for which the person may keep the register."""
    units = [unit for unit in list_visible_units(by) if any(may(by, verb, unit) for verb in KEEPING)]
    if not units:
        require(by, KEEPING[0], by.unit)
    return units


def _by_year(customer: Customer) -> list[tuple[int, Fraction, Fraction | None, list[tuple[str, Fraction]]]]:
    """Year, amount, its share of the best year (for the bars), and the amounts by product."""
    years: dict[int, list[tuple[str, Fraction]]] = {}
    for sale in list_sales_of(customer):
        years.setdefault(sale.year, []).append((sale.product.name, Fraction(sale.amount)))
    totals = {year: sum((amount for _, amount in rows), Fraction(0)) for year, rows in years.items()}
    best = max(totals.values(), default=Fraction(0))
    return [(year, totals[year], totals[year] / best if best > 0 else None, rows) for year, rows in years.items()]
