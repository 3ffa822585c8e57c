"""Making the files of reports; done by the jobs, never in a request."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.db.models import F, Q, QuerySet

from manyi.base.files.models import File
from manyi.base.files.operations import store_file
from manyi.core.waves import WaveRules
from manyi.flow.plan.queries import get_rules
from manyi.flow.reports.models import Report, ReportFile
from manyi.flow.reports.operations import record
from manyi.flow.reports.queries import signatures_of
from manyi.flow.scores.insight import reckon_insight
from manyi.flow.scores.queries import read_result
from manyi.papers.apart import run_apart
from manyi.papers.insight import is_whole, read_insight
from manyi.papers.write import write_report

LOG = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
SECONDS = 300
MOST_TRIES = 3
Making = Report.Making


def make_due_reports(*, at: datetime) -> int:
    """Make every report that waits for its files; how many were made."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    reports = Report.objects.filter(free, making=Making.WAITING).order_by("pk")
    related = ("result__wave__revision__document", "result__inputs", "unit", "submitted_by", "approved_by")
    return sum(make_report(at=at, report=report) for report in reports.select_related(*related))


def make_report(*, at: datetime, report: Report) -> bool:
    """Make a report's files under a lease; whether they were made here.

    Who dies at it leaves the lease behind: when it is over somebody else begins anew, three times at most. What is
    finished after the lease was lost is thrown away, so that the files stand there once.
    """
    lease = at + LEASE
    mine = Report.objects.filter(pk=report.pk, making=Making.WAITING)
    if report.tries >= MOST_TRIES:
        return _give_up(report, mine.filter(lease_until=report.lease_until), at)
    if not mine.filter(lease_until=report.lease_until).update(lease_until=lease, tries=F("tries") + 1):
        return False
    with TemporaryDirectory() as folder:
        try:
            _write(report, get_rules(report.result.wave), Path(folder))
        except Exception:  # whatever it was, the person is told and may ask again
            LOG.exception("report %s could not be made", report.pk)
            return _give_up(report, mine.filter(lease_until=lease), at)
        with transaction.atomic():
            if not mine.filter(lease_until=lease).update(making=Making.DONE, lease_until=None):
                return False
            _keep(report, Path(folder), at)
    return True


def _write(report: Report, rules: WaveRules, folder: Path) -> None:
    signed = signatures_of(report, tuple(key for key, _ in rules.signatures)) if report.approved_by else {}
    result = report.result
    insight = read_insight(result.insight) if is_whole(result.insight) else reckon_insight(result)
    run_apart(
        write_report, rules, read_result(result), folder, report.language, signed,
        insight, seconds=SECONDS,
    )  # fmt: skip


def _keep(report: Report, folder: Path, at: datetime) -> None:
    wave = report.result.wave
    title = get_rules(wave).report_title.in_("en" if report.language == "en" else "zh").replace("/", "-")
    files: list[File] = []
    for path in sorted(folder.iterdir()):
        file = store_file(title=f"{title} {wave.year}{path.suffix}", content=path.read_bytes(), at=at)
        ReportFile.objects.create(report=report, file=file, signed=report.approved_by is not None)
        files.append(file)
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    facts = {"files": len(files), "figures": report.result.figures_digest}
    record(report, "made", None, at, facts=facts, digest=digest)


def _give_up(report: Report, mine: QuerySet[Report], at: datetime) -> bool:
    with transaction.atomic():
        if mine.update(making=Making.FAILED, lease_until=None):
            record(report, "failed", None, at)
    return False
