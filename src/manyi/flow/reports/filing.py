"""Filing an approved report, and with it the sheets it was made of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from manyi.base.evidence.operations import record_event
from manyi.base.people.access import may, require
from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import get_rules, subject_of
from manyi.flow.procedure.queries import read_revision
from manyi.flow.reports.models import Report
from manyi.flow.reports.operations import CannotReport, record
from manyi.flow.responses.queries import list_sheets

MOST_PLACE = 500


class CannotFile(CannotReport):
    """The report or its survey is not at the point where it is filed."""


def right_of_filing(wave: Wave) -> str:
    """The right to file the reports of a wave: that of the role the procedure names, else of who makes them."""
    kind = get_rules(wave).report
    rule = read_revision(wave.revision).records.get(kind)
    return f"{kind}.archive" if rule is not None and rule.archive else "reports.make"


def may_file(by: Person, wave: Wave) -> bool:
    """Whether a person files the reports of a wave."""
    return may(by, right_of_filing(wave), wave.unit)


def file_report(*, by: Person, at: datetime, report: Report, place: str) -> Report:
    """File an approved report at ``place``; the sheets of its survey are filed with the first report of it.

    The survey is closed before: what is filed does not grow any more.
    """
    require(by, right_of_filing(report.result.wave), report.unit)
    said = place.strip()
    if not said or len(said) > MOST_PLACE:
        raise CannotFile(Text("请写明归档位置，不超过 500 字", "Say where it is filed, in 500 characters at most"))
    with transaction.atomic():
        now = Report.objects.select_related("result__wave__revision__document", "unit").get(pk=report.pk)
        if now.state != Report.State.APPROVED or now.making != Report.Making.DONE or now.filed_at is not None:
            raise CannotFile(
                Text(
                    "只有已批准、签字文件已生成且未归档的报告可以归档",
                    "Only an approved report whose signed files are made and that is not filed can be filed",
                )
            )
        wave = now.result.wave  # a wave that is closed stays closed
        if wave.state != Wave.State.CLOSED:
            raise CannotFile(
                Text(
                    "调查尚未结束；请先结束调查，再连同调查表归档",
                    "The survey is still open; close it first, then file its report and sheets",
                )
            )
        first = not Report.objects.filter(result__wave=wave, filed_at__isnull=False).exists()
        now.filed_at, now.filed_by, now.filed_place = at, by, said
        now.save(update_fields=("filed_at", "filed_by", "filed_place"))
        record(
            now, "archived", by, at, facts={"kind": get_rules(wave).report, "programme": wave.programme},
            digest=now.result.figures_digest, values={"place": said},
        )  # fmt: skip
        if first:
            _file_sheets(by=by, at=at, wave=now.result.wave, place=said)
    return now


def _file_sheets(*, by: Person, at: datetime, wave: Wave, place: str) -> None:
    record_event(
        kind="plan.sheets.archived", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
        procedure=str(wave.revision), values={"place": place},
        facts={"programme": wave.programme, "sheets": list_sheets(wave).count()},
    )  # fmt: skip
