"""Reports a person sees, and what may be made."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.flow.plan.models import Wave
from manyi.flow.reports.models import Report, ReportFile


def list_visible_reports(by: Person) -> QuerySet[Report]:
    """The reports of the person's units and below, newest first, with their files and who signed."""
    reports = Report.objects.select_related(
        "result__wave__revision__document",
        "result__computed_by",
        "unit",
        "asked_by",
        "submitted_by",
        "approved_by",
        "filed_by",
    ).defer("result__figures")
    return visible_to(by, reports.prefetch_related("files__file"))


def get_visible_report(by: Person, pk: int) -> Report:
    """One report, or ``Report.DoesNotExist``."""
    return list_visible_reports(by).get(pk=pk)


def list_reports_of(by: Person, wave: Wave) -> QuerySet[Report]:
    """The reports made of a wave."""
    return list_visible_reports(by).filter(result__wave=wave)


def get_visible_file(by: Person, pk: int) -> ReportFile:
    """One file of a report the person sees, or ``ReportFile.DoesNotExist``."""
    return visible_to(by, ReportFile.objects.select_related("file"), unit="report__unit").get(pk=pk)


def signatures_of(report: Report, steps: tuple[str, ...]) -> dict[str, tuple[str, date]]:
    """Who signed when, by the key of the line: the first step prepares, the others approve."""
    signed: dict[str, tuple[str, date]] = {}
    if report.submitted_by and report.submitted_at:
        for key in {"prepare", *steps[:1]}:
            signed[key] = (report.submitted_by.name, timezone.localdate(report.submitted_at))
    if report.approved_by and report.approved_at:
        for key in {"approve", *steps[1:]}:
            signed[key] = (report.approved_by.name, timezone.localdate(report.approved_at))
    return signed
