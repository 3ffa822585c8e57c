"""Asking for a report, signing it as prepared, approving it or giving it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person
from manyi.core.text import Lang, Text
from manyi.flow.plan.operations import finish_step, take_step_back
from manyi.flow.plan.queries import get_rules
from manyi.flow.reports.models import Report
from manyi.flow.scores.models import Result
from manyi.flow.scores.queries import find_latest_result, is_current

Making, State = Report.Making, Report.State


class CannotReport(CannotDo):
    """No report can be made of this as it stands."""


class CannotSign(CannotDo):
    """The report is not at the point where this person may sign it or give it back."""


def request_report(*, by: Person, at: datetime, result: Result, language: Lang) -> Report:
    """Ask for the report of a wave's latest result; the jobs make its files. A draft that is there is given back.

    Figures that are no longer those of the wave are computed first: a report never states what has changed since.
    """
    require(by, "reports.make", result.wave.unit)
    latest = find_latest_result(result.wave)
    if latest is None or latest.pk != result.pk or not is_current(result):
        raise CannotReport(
            Text(
                "数据在计算之后有变化，请先重新计算得分",
                "The data changed since the scores were computed; compute them again first",
            )
        )
    with transaction.atomic():
        report, created = Report.objects.get_or_create(
            result=result, language=language, state=State.DRAFT,
            defaults={"unit": result.wave.unit, "asked_at": at, "asked_by": by},
        )  # fmt: skip
        again = not created and report.making == Making.FAILED
        if again:
            report.making, report.tries = Making.WAITING, 0
            report.save(update_fields=("making", "tries"))
        if created or again:
            record(report, "requested", by, at, facts={"language": language, "inputs": result.inputs_digest})
    return report


def submit_report(*, by: Person, at: datetime, report: Report) -> Report:
    """Sign a draft as prepared and put it before who approves."""
    require(by, "reports.make", report.unit)
    with transaction.atomic():
        report = _locked(
            report, State.DRAFT, Text("只有编制完成的草稿可以提交", "Only a draft that is made can be submitted")
        )
        if find_latest_result(report.result.wave) != report.result:
            raise CannotSign(
                Text(
                    "得分已重新计算，请按新结果编制报告",
                    "The scores were computed again; make the report of the new result",
                )
            )
        report.state, report.submitted_by, report.submitted_at = State.SUBMITTED, by, at
        report.returned_reason = ""
        report.save(update_fields=("state", "submitted_by", "submitted_at", "returned_reason"))
        event = record(report, "submitted", by, at, digest=report.result.figures_digest)
        for step in _steps(report)[:1]:
            finish_step(by=by, at=at, wave=report.result.wave, step=step, evidence=event, happened_at=at)
    return report


def approve_report(*, by: Person, at: datetime, report: Report) -> Report:
    """Approve a submitted report; its files are made once more with the names of those who signed."""
    require(by, "reports.approve", report.unit)
    with transaction.atomic():
        report = _locked(
            report, State.SUBMITTED, Text("只有已提交的报告可以批准", "Only a submitted report can be approved")
        )
        if report.submitted_by_id == by.pk:
            raise CannotSign(Text("编制人不能批准自己的报告", "Who prepared a report does not approve it"))
        report.state, report.approved_by, report.approved_at = State.APPROVED, by, at
        report.making, report.tries = Making.WAITING, 0
        report.save(update_fields=("state", "approved_by", "approved_at", "making", "tries"))
        event = record(report, "approved", by, at, digest=report.result.figures_digest, facts=_closes(report))
        for step in _steps(report)[1:]:
            finish_step(by=by, at=at, wave=report.result.wave, step=step, evidence=event, happened_at=at)
    return report


def return_report(*, by: Person, at: datetime, report: Report, reason: str) -> Report:
    """Give a submitted report back to who prepared it, with the reason."""
    require(by, "reports.approve", report.unit)
    if not reason.strip():
        raise CannotSign(Text("退回须写明原因", "A report is given back only with a reason"))
    with transaction.atomic():
        report = _locked(
            report, State.SUBMITTED, Text("只有已提交的报告可以退回", "Only a submitted report can be given back")
        )
        if Report.objects.filter(result=report.result, language=report.language, state=State.DRAFT).exists():
            raise CannotSign(Text("同一结果已有新的草稿", "There is a newer draft of the same result"))
        report.state, report.submitted_by, report.submitted_at = State.DRAFT, None, None
        report.returned_reason = reason.strip()[:500]
        report.save(update_fields=("state", "submitted_by", "submitted_at", "returned_reason"))
        record(report, "returned", by, at, values={"reason": report.returned_reason})
        for step in _steps(report)[:1]:
            take_step_back(by=by, at=at, wave=report.result.wave, rule=step, reason="退回 / given back")
    return report


def record(report: Report, what: str, by: Person | None, at: datetime, **more: Any) -> Event:
    """Record an event of a report."""
    wave = report.result.wave
    return record_event(
        kind=f"reports.report.{what}", subject=f"reports.report:{report.pk}", unit=report.unit, by=by, at=at,
        period=str(wave.year), procedure=str(wave.revision), **more,
    )  # fmt: skip


def _closes(report: Report) -> dict[str, str]:
    """The kind of report that is closed by approving: that of the wave, once, however many papers are made of it."""
    wave = report.result.wave
    kind = get_rules(wave).report
    others = Report.objects.filter(result__wave=wave, state=State.APPROVED).exclude(pk=report.pk)
    return {"kind": kind, "programme": wave.programme} if kind and not others.exists() else {}


def _locked(report: Report, state: str, refusal: Text) -> Report:
    """The report as it stands now, locked; two people who press at once do it once."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("result__wave__revision__document", "unit")
    now = rows.get(pk=report.pk)
    if now.state != state or now.making != Making.DONE:
        raise CannotSign(refusal)
    return now


def _steps(report: Report) -> list[str]:
    """The rules of the report's steps: the first is done by submitting, the others by approving."""
    rules = get_rules(report.result.wave)
    return [f"{rules.report}.{step.key}" for step in rules.report_steps]
