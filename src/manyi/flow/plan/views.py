"""Surveys: the waves by year, opening one, and the overview of one from its first step to its report."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manyi.base.customers.queries import list_sales_by_product
from manyi.base.people.access import may
from manyi.base.people.queries import list_visible_units
from manyi.flow.plan.forms import StepForm, WaveForm, YardstickForm, figures_of
from manyi.flow.plan.models import Wave
from manyi.flow.plan.operations import close_wave, open_wave, remove_yardstick, report_step, set_yardstick
from manyi.flow.plan.queries import (
    get_rules,
    get_visible_wave,
    list_included,
    list_next_duties,
    list_programmes,
    list_steps,
    list_visible_waves,
)
from manyi.web.access import PageRequest, needs, signed_in

PAGE = 50


@signed_in
@require_safe
def all_waves(request: PageRequest) -> HttpResponse:
    """The waves the person sees, newest year first, each with what comes next."""
    page = Paginator(list_visible_waves(request.user), PAGE).get_page(request.GET.get("page"))
    waves = list(page)
    next_duties = list_next_duties(request.user, waves)
    rows = [(wave, next_duties.get(wave.pk)) for wave in waves]
    return render(request, "plan/list.html", {"page": page, "rows": rows, "at": request.at})


@needs("plan.open_wave")
@require_http_methods(["GET", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """Open a wave."""
    today = timezone.localdate(request.at)
    units = [u for u in list_visible_units(request.user) if may(request.user, "plan.open_wave", u)]
    form = WaveForm(
        request.POST or None, programmes=list_programmes(request.user, today), units=units, on=today
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        wave = open_wave(by=request.user, at=request.at, **form.chosen())
        messages.success(request, _("The survey is open. Next: look at the frame, then send the sheets."))
        return redirect("plan:wave", wave.pk)
    return render(request, "plan/new.html", {"form": form})


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The overview of a wave: its steps, targets, and what comes next."""
    found = get_visible_wave(request.user, pk)
    steps = list_steps(found, request.at)
    words = {
        "wave": found, "rules": get_rules(found), "steps": steps, "next": next((s for s in steps if s.is_owed), None),
        "may_target": found.state == Wave.State.OPEN and may(request.user, "plan.set_target", found.unit),
        "may_close": found.state == Wave.State.OPEN and may(request.user, "plan.close_wave", found.unit),
        "included": list_included(found), "yardsticks": _yardsticks(found), "form": _yardstick_form(request, found),
    }  # fmt: skip
    return render(request, "plan/wave.html", words)


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: PageRequest, pk: int, step: str) -> HttpResponse:
    """Report a step done that no page of its own does."""
    found = get_visible_wave(request.user, pk)
    owed = next((s for s in list_steps(found, request.at) if s.by_itself and s.step.key == step), None)
    if owed is None:
        raise Http404
    form = StepForm(request.POST or None, initial={"day": timezone.localdate(request.at)})
    if request.method == "POST" and form.is_valid():
        when, note = form.when(request.at, found.opened_at), form.cleaned_data["note"]
        report_step(by=request.user, at=request.at, wave=found, step=step, note=note, happened_at=when)
        messages.success(request, _("Reported done."))
        return redirect("plan:wave", pk)
    return render(request, "plan/step.html", {"wave": found, "owed": owed, "form": form})


@needs("plan.set_target")
@require_POST
def add_yardstick(request: PageRequest, pk: int) -> HttpResponse:
    """Set a target or a previous result."""
    found = get_visible_wave(request.user, pk)
    form = _yardstick_form(request, found)
    if not form.is_valid():
        messages.error(request, _("Not set: choose a figure and give a score from 0 to 100."))
    else:
        set_yardstick(by=request.user, at=request.at, wave=found, **form.chosen())
    return redirect("plan:wave", pk)


@needs("plan.set_target")
@require_POST
def drop_yardstick(request: PageRequest, pk: int, yardstick: int) -> HttpResponse:
    """Take a target or a previous result back."""
    found = get_visible_wave(request.user, pk)
    remove_yardstick(by=request.user, at=request.at, yardstick=found.yardsticks.get(pk=yardstick))
    return redirect("plan:wave", pk)


@needs("plan.close_wave")
@require_POST
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close the wave."""
    found = get_visible_wave(request.user, pk)
    close_wave(by=request.user, at=request.at, wave=found)
    messages.success(request, _("The survey is closed; no more sheets come in."))
    return redirect("plan:wave", pk)


def _yardstick_form(request: PageRequest, wave: Wave) -> YardstickForm:
    products = sorted(list_sales_by_product(unit=wave.unit, year=wave.year)) if get_rules(wave).per_product else []
    return YardstickForm(request.POST or None, rules=get_rules(wave), products=products)


def _yardsticks(wave: Wave) -> list[tuple[object, object]]:
    """The targets and previous results of a wave with what they are about in words."""
    rows = list(wave.yardsticks.select_related("wave__unit"))
    figures = figures_of(get_rules(wave), {row.key for row in rows if row.of == "product"})
    titles = {(of, key): title for of, key, title in figures.values()}
    return [(row, titles.get((row.of, row.key), row.key)) for row in rows]
