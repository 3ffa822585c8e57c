"""Keeping the register: customers with a contact, and what they bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from manyi.base.customers.models import Contact, Customer, Product, Project, Sale
from manyi.base.customers.queries import words_of
from manyi.base.evidence.chain import digest_of
from manyi.base.evidence.operations import erase_values, record_event
from manyi.base.outbox.operations import erase_address
from manyi.base.people.access import CannotDo, may, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_units_below
from manyi.core.text import Text

BATCH = 500
MOST_REASON = 500


class CannotRegister(CannotDo):
    """The rows cannot be taken as they are."""


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as a table names it; ``unit`` is a unit's key, empty for the unit of the register."""

    code: str
    name: str
    unit: str = ""
    country: str = ""
    contact: str = ""
    department: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewSale:
    """An amount as a table names it; the amount replaces what was recorded for customer, product and year."""

    customer: str
    product: str
    year: int
    amount: Decimal


def register_customers(*, by: Person, at: datetime, unit: Unit, rows: Sequence[NewCustomer]) -> int:
    """Add customers, or bring those on record up to date, in batches of at most 500; how many rows."""
    require(by, "customers.import", unit)
    units = {u.key: u for u in list_units_below(unit)}
    unknown = sorted({row.unit for row in rows if row.unit and row.unit not in units})
    if unknown:
        raise CannotRegister(
            Text(f"没有这些部门：{'、'.join(unknown)}", f"There are no such units: {', '.join(unknown)}")
        )
    for start in range(0, len(rows), BATCH):
        _register_customers(by, at, unit, units, rows[start : start + BATCH])
    return len(rows)


def register_sales(*, by: Person, at: datetime, unit: Unit, rows: Sequence[NewSale]) -> int:
    """Record what customers bought, in batches of at most 500; how many rows."""
    require(by, "customers.import", unit)
    for start in range(0, len(rows), BATCH):
        _register_sales(by, at, unit, rows[start : start + BATCH])
    return len(rows)


def register_products(*, names: Sequence[str]) -> dict[str, Product]:
    """Products by name, new ones added; within the operation of who found them named."""
    Product.objects.bulk_create([Product(name=name) for name in sorted(set(names))], ignore_conflicts=True)
    return Product.objects.in_bulk(list(set(names)), field_name="name")


def add_customer(*, by: Person, at: datetime, unit: Unit, row: NewCustomer) -> Customer:
    """Add one customer that is not on record yet."""
    _require_keeping(by, unit)
    if Customer.objects.filter(code=row.code).exists():
        raise CannotRegister(Text(f"客户编号“{row.code}”已在册", f"The customer id “{row.code}” is on record"))
    _register_customers(by, at, unit, {u.key: u for u in list_units_below(unit)}, [row])
    return Customer.objects.select_related("unit").get(code=row.code)


def change_customer(*, by: Person, at: datetime, customer: Customer, unit: Unit, row: NewCustomer) -> Customer:
    """Change what is on record of a customer and its first contact; what it said before is kept as evidence."""
    _require_keeping(by, customer.unit)
    _require_keeping(by, unit)
    contact = customer.contacts.order_by("pk").first() or Contact(customer=customer)
    before = _said(customer, contact)
    customer.name, customer.country, customer.unit = row.name, row.country, unit
    contact.name, contact.department = row.contact or row.name, row.department
    contact.email, contact.phone = row.email, row.phone
    after = _said(customer, contact)
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return customer
    with transaction.atomic():
        customer.save(update_fields=("name", "country", "unit"))
        if contact.pk or row.contact or row.email or row.phone:
            contact.save()
        subject = f"customers.customer:{customer.pk}"
        record_event(
            kind="customers.customer.changed", subject=subject, unit=unit, by=by, at=at, facts={"fields": changed},
            values={f"{n}.{when}": said[n] for n in changed for when, said in (("old", before), ("new", after))},
            about=subject,
        )  # fmt: skip
    return customer


def erase_contact(
    *, by: Person, at: datetime, contact: Contact, reason: str, erased: Mapping[str, int] | None = None
) -> None:
    """Erase a person at a customer who asked for it: the contact, the mails to it, and what the evidence kept of it.

    The event stays, and says how much went: here, and as ``erased`` in the stages that were asked before.
    """
    require(by, "customers.manage", contact.customer.unit)
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        raise CannotRegister(Text("请写明理由，不超过 500 字", "Give the reason, in 500 characters at most"))
    subject = f"customers.customer:{contact.customer_id}"
    with transaction.atomic():
        contact = Contact.objects.select_related("customer__unit").select_for_update(of=("self",)).get(pk=contact.pk)
        found = {
            "contact": contact.pk, "mails": erase_address(address=contact.email),
            "values": erase_values(about=subject, contents=words_of(contact)),
        }  # fmt: skip
        contact.delete()
        found = {key: count + (erased or {}).get(key, 0) for key, count in found.items()}
        record_event(
            kind="customers.contact.erased", subject=subject, unit=contact.customer.unit, by=by, at=at,
            facts={**(erased or {}), **found}, values={"reason": said}, about=f"people.person:{by.pk}",
        )  # fmt: skip


def add_project(
    *, by: Person, at: datetime, unit: Unit, short: str, name: str, customer: Customer | None = None
) -> Project:
    """Add a project that is not on record yet."""
    _require_keeping(by, unit)
    if Project.objects.filter(short=short).exists():
        raise CannotRegister(Text(f"项目简称“{short}”已在册", f"The project “{short}” is on record"))
    with transaction.atomic():
        project = Project.objects.create(short=short, name=name, customer=customer, unit=unit)
        record_event(
            kind="customers.project.added", subject=f"customers.project:{project.pk}", unit=unit, by=by, at=at,
            facts={"short": short},
        )  # fmt: skip
    return project


def _require_keeping(by: Person, unit: Unit) -> None:
    if not may(by, "customers.manage", unit):
        require(by, "customers.import", unit)


def _said(customer: Customer, contact: Contact) -> dict[str, str]:
    return {
        "name": customer.name, "country": customer.country, "unit": customer.unit.key, "contact": contact.name,
        "department": contact.department, "email": contact.email, "phone": contact.phone,
    }  # fmt: skip


def _register_customers(
    by: Person, at: datetime, unit: Unit, units: dict[str, Unit], rows: Sequence[NewCustomer]
) -> None:
    known = Customer.objects.select_related("unit").in_bulk([row.code for row in rows], field_name="code")
    foreign = [c.code for c in known.values() if not c.unit.path.startswith(unit.path)]
    if foreign:
        raise CannotRegister(
            Text(f"客户编号已被其他部门使用：{foreign[0]}", f"This customer id belongs to another unit: {foreign[0]}")
        )
    fresh = [
        Customer(code=r.code, name=r.name, unit=units.get(r.unit, unit), country=r.country)
        for r in rows
        if r.code not in known
    ]
    changed = [row for row in rows if row.code in known]
    with transaction.atomic():
        Customer.objects.bulk_create(fresh)
        for row in changed:
            customer = known[row.code]
            customer.name, customer.country = row.name or customer.name, row.country or customer.country
            customer.unit = units.get(row.unit, customer.unit)
        Customer.objects.bulk_update([known[r.code] for r in changed], ("name", "country", "unit"))
        _register_contacts(rows)
        record_event(
            kind="customers.customers.registered", subject=f"people.unit:{unit.pk}", unit=unit, by=by, at=at,
            facts={"rows": len(rows), "new": len(fresh)}, digest=digest_of([asdict(row) for row in rows]),
        )  # fmt: skip


def _register_contacts(rows: Sequence[NewCustomer]) -> None:
    """The contact a table names becomes the customer's first; others are left alone."""
    named = {row.code: row for row in rows if row.contact or row.email or row.phone}
    customers = Customer.objects.in_bulk(list(named), field_name="code")
    firsts: dict[int, Contact] = {}
    for contact in Contact.objects.filter(customer__in=customers.values()).order_by("-pk"):
        firsts[contact.customer_id] = contact
    fresh: list[Contact] = []
    changed: list[Contact] = []
    for code, row in named.items():
        first = firsts.get(customers[code].pk)
        contact = first or Contact(customer=customers[code])
        contact.name, contact.department = row.contact or contact.name or row.name, row.department or contact.department
        contact.email, contact.phone = row.email or contact.email, row.phone or contact.phone
        (changed if first else fresh).append(contact)
    Contact.objects.bulk_create(fresh)
    Contact.objects.bulk_update(changed, ("name", "department", "email", "phone"))


def _register_sales(by: Person, at: datetime, unit: Unit, rows: Sequence[NewSale]) -> None:
    amounts: dict[tuple[str, str, int], Decimal] = {}
    for row in rows:
        key = (row.customer, row.product, row.year)
        amounts[key] = amounts.get(key, Decimal(0)) + row.amount
    with transaction.atomic():
        Product.objects.bulk_create([Product(name=n) for n in {p for _, p, _ in amounts}], ignore_conflicts=True)
        products = Product.objects.in_bulk(list({p for _, p, _ in amounts}), field_name="name")
        customers = Customer.objects.filter(unit__path__startswith=unit.path).in_bulk(
            list({c for c, _, _ in amounts}), field_name="code"
        )
        missing = sorted({c for c, _, _ in amounts} - customers.keys())
        if missing:
            raise CannotRegister(Text(f"客户“{missing[0]}”不在册", f"The customer “{missing[0]}” is not on record"))
        Sale.objects.bulk_create(
            [
                Sale(customer=customers[c], product=products[p], year=y, amount=amount, recorded_at=at)
                for (c, p, y), amount in amounts.items()
            ],
            update_conflicts=True,
            unique_fields=("customer", "product", "year"),
            update_fields=("amount", "recorded_at"),
        )
        record_event(
            kind="customers.sales.recorded", subject=f"people.unit:{unit.pk}", unit=unit, by=by, at=at,
            facts={"rows": len(rows), "years": sorted({row.year for row in rows})},
            digest=digest_of([[c, p, y, str(a)] for (c, p, y), a in sorted(amounts.items())]),
        )  # fmt: skip
