"""Taking a file of customers and sales into the register: checked whole first, then batch by batch."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from manyi.base.customers.operations import NewCustomer, NewSale, register_customers, register_sales
from manyi.base.customers.queries import list_codes
from manyi.base.files.intakes import Overtaken, as_fault, count_rows, next_rows, read_whole, refuse_intake
from manyi.base.files.models import Intake
from manyi.base.people.access import CannotDo
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import get_person, get_unit, list_units_below
from manyi.core.text import Text

PURPOSE = "customers.register"
HINT = Text("请改正后重新上传", "Correct it and upload the file again")


def take_register(intake: Intake, *, at: datetime) -> None:
    """Take a file in to its end."""
    while advance(intake, at=at):
        pass


def advance(intake: Intake, *, at: datetime) -> bool:
    """Read the file, or take its next batch; whether more is to be done. Safe to kill and to call again."""
    by, unit = get_person(intake.asked_by), get_unit(intake.unit)
    try:
        if intake.rows is None:
            return read_whole(intake, job=_job(unit), at=at)
        return _take(intake, by, unit, at)
    except Overtaken:
        return False
    except CannotDo as refusal:
        refuse_intake(intake, [as_fault(refusal.message, HINT)])
        return False


def _job(unit: Unit) -> dict[str, Any]:
    own, foreign = list_codes(unit=unit)
    units = {word: u.key for u in list_units_below(unit) for word in (u.name, u.key)}
    return {"kind": "customers", "customers": own, "foreign": foreign, "units": units}


def _take(intake: Intake, by: Person, unit: Unit, at: datetime) -> bool:
    rows = next_rows(intake)
    customers = [_customer(row[1:]) for row in rows if row[0] == "customer"]
    sales = [NewSale(c, p, y, Decimal(amount)) for kind, c, p, y, amount, *_ in rows if kind == "sale"]
    with transaction.atomic():
        if customers:
            register_customers(by=by, at=at, unit=unit, rows=customers)
        if sales:
            register_sales(by=by, at=at, unit=unit, rows=sales)
        return count_rows(intake, len(rows))


def _customer(cells: list[str]) -> NewCustomer:
    code, name, unit, country, contact, department, email, phone = cells
    return NewCustomer(code, name, unit, country, contact, department, email, phone)
