"""Reports: make, read, sign, approve, file."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manyi.base.files.queries import read_file
from manyi.core.text import Text
from manyi.flow.plan.queries import get_visible_wave
from manyi.flow.reports.filing import file_report, may_file
from manyi.flow.reports.forms import FileForm, MakeForm, ReturnForm
from manyi.flow.reports.operations import CannotReport, approve_report, request_report, return_report, submit_report
from manyi.flow.reports.queries import get_visible_file, get_visible_report, list_reports_of, list_visible_reports
from manyi.flow.scores.queries import count_waiting_sheets, find_latest_result
from manyi.web.access import PageRequest, needs, signed_in
from manyi.web.exports import download
from manyi.web.language import reader_language

AT_ONCE = 50
NOTHING_TO_REPORT = Text("先计算得分并选择语言", "Compute the scores first, and choose a language")


@signed_in
@require_safe
def list_reports(request: PageRequest) -> HttpResponse:
    """All reports the person sees, newest first."""
    page = Paginator(list_visible_reports(request.user), AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "reports/list.html", {"page": page})


@signed_in
@require_safe
def wave(request: PageRequest, pk: int) -> HttpResponse:
    """The reports of a wave, and how to make one."""
    wave = get_visible_wave(request.user, pk)
    result = find_latest_result(wave)
    reports = list(list_reports_of(request.user, wave)[:AT_ONCE])
    words = {
        "wave": wave,
        "result": result,
        "waiting": count_waiting_sheets(wave, result),
        "reports": reports,
        "made": any(result is not None and report.result_id == result.pk for report in reports),
        "form": MakeForm(initial={"language": reader_language()}),
        "return_form": ReturnForm(),
        "file_form": FileForm(),
        "may_file": may_file(request.user, wave),
    }
    return render(request, "reports/wave.html", words)


@needs("reports.make")
@require_POST
def make(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for a report of the latest result."""
    wave = get_visible_wave(request.user, pk)
    result, form = find_latest_result(wave), MakeForm(request.POST)
    if result is None or not form.is_valid():
        raise CannotReport(NOTHING_TO_REPORT)
    request_report(by=request.user, at=request.at, result=result, language=form.cleaned_data["language"])
    return redirect("reports:wave", pk=wave.pk)


@signed_in
@require_safe
def progress(request: PageRequest, pk: int) -> HttpResponse:
    """One report as it stands, for the page that waits for its files."""
    report = get_visible_report(request.user, pk)
    words = {
        "report": report,
        "wave": report.result.wave,
        "return_form": ReturnForm(),
        "file_form": FileForm(),
        "may_file": may_file(request.user, report.result.wave),
    }
    return render(request, "reports/report.html", words)


@needs("reports.make")
@require_POST
def submit(request: PageRequest, pk: int) -> HttpResponse:
    """Sign as prepared and submit."""
    report = submit_report(by=request.user, at=request.at, report=get_visible_report(request.user, pk))
    messages.success(request, _("The report was signed as prepared and submitted."))
    return redirect("reports:wave", pk=report.result.wave_id)


@needs("reports.approve")
@require_POST
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve."""
    report = approve_report(by=request.user, at=request.at, report=get_visible_report(request.user, pk))
    messages.success(request, _("The report was approved; its signed files are being made."))
    return redirect("reports:wave", pk=report.result.wave_id)


@needs("reports.approve")
@require_POST
def give_back(request: PageRequest, pk: int) -> HttpResponse:
    """Give back with a reason."""
    form = ReturnForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    report = return_report(by=request.user, at=request.at, report=get_visible_report(request.user, pk), reason=reason)
    messages.success(request, _("The report was given back."))
    return redirect("reports:wave", pk=report.result.wave_id)


@signed_in
@require_POST
def archive(request: PageRequest, pk: int) -> HttpResponse:
    """File, with the sheets of its survey."""
    form = FileForm(request.POST)
    place = form.cleaned_data["place"] if form.is_valid() else ""
    report = file_report(by=request.user, at=request.at, report=get_visible_report(request.user, pk), place=place)
    messages.success(request, _("The report and the sheets of its survey were filed."))
    return redirect("reports:wave", pk=report.result.wave_id)


@signed_in
@require_safe
def file(request: PageRequest, pk: int) -> HttpResponse:
    """One file of a report."""
    stored = get_visible_file(request.user, pk).file
    return download(read_file(stored), stored.title, stored.kind)
