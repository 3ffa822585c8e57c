"""Taking a file of sheets into a wave: checked whole by the wave's questionnaire first, then batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction
from django.utils import timezone

from manyi.base.customers.operations import NewCustomer, register_customers, register_products
from manyi.base.customers.queries import get_customers_by_code, list_codes, list_product_names
from manyi.base.files.intakes import Overtaken, as_fault, count_rows, next_rows, read_whole, refuse_intake
from manyi.base.files.models import Intake
from manyi.base.people.access import CannotDo
from manyi.base.people.models import Person
from manyi.base.people.queries import get_person, list_units_below
from manyi.core.text import Text
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import list_waves_by_subject, subject_of
from manyi.flow.responses.operations import NewSheet, import_sheets
from manyi.flow.responses.queries import list_answered, list_numbers

PURPOSE = "responses.sheets"
ADD = "+customers"
"""Ends the subject of an intake that may add customers (and products) the register does not know."""
HINT = Text("请改正后重新上传", "Correct it and upload the file again")


def subject_for(wave: Wave, *, add: bool) -> str:
    """What an intake of sheets is about."""
    return subject_of(wave) + ADD * add


def subjects_of(wave: Wave) -> list[str]:
    """All that intakes of sheets of a wave may be about."""
    return [subject_for(wave, add=add) for add in (False, True)]


def take_sheets(intake: Intake, *, at: datetime) -> None:
    """Take a file in to its end."""
    while advance(intake, at=at):
        pass


def advance(intake: Intake, *, at: datetime) -> bool:
    """Read the file, or take its next batch; whether more is to be done. Safe to kill and to call again."""
    by = get_person(intake.asked_by)
    [wave] = list_waves_by_subject([intake.subject.removesuffix(ADD)])
    try:
        if intake.rows is None:
            return read_whole(intake, job=_job(intake, wave), at=at)
        return _take(intake, by, wave, at)
    except Overtaken:
        return False
    except CannotDo as refusal:
        refuse_intake(intake, [as_fault(refusal.message, HINT)])
        return False


def _job(intake: Intake, wave: Wave) -> dict[str, Any]:
    own, foreign = list_codes(unit=wave.unit)
    return {
        "kind": "sheets", "procedure": wave.revision.text, "programme": wave.programme,
        "add": intake.subject.endswith(ADD), "customers": own, "foreign": foreign, "products": list_product_names(),
        "units": {word: u.key for u in list_units_below(wave.unit) for word in (u.name, u.key)},
        "numbers": list_numbers(wave), "answered": list_answered(wave),
        "today": timezone.localdate(intake.asked_at).isoformat(),
    }  # fmt: skip


def _take(intake: Intake, by: Person, wave: Wave, at: datetime) -> bool:
    rows = next_rows(intake)
    with transaction.atomic():
        if intake.subject.endswith(ADD):
            _add_customers(by, wave, at, rows)
        customers = get_customers_by_code({row[2] for row in rows})
        products = register_products(names=[row[4] for row in rows if row[4]])
        sheets = [
            NewSheet(
                customer=customers[code], product=products.get(product), answers=answers, comment=comment,
                returned_on=date.fromisoformat(day), number=number,
                submission=uuid5(NAMESPACE_OID, f"{intake.file.name}/{line}"),
            )
            for line, number, code, _name, product, day, comment, answers in rows
        ]  # fmt: skip
        import_sheets(by=by, at=at, wave=wave, rows=sheets, digest=intake.file.sha256)
        return count_rows(intake, len(rows))


def _add_customers(by: Person, wave: Wave, at: datetime, rows: Sequence[list[Any]]) -> None:
    known = set(list_codes(unit=wave.unit)[0])
    fresh = {row[2]: NewCustomer(row[2], row[3]) for row in rows if row[2] not in known}
    if fresh:
        register_customers(by=by, at=at, unit=wave.unit, rows=list(fresh.values()))
