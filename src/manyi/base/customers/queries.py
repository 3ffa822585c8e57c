"""Reading the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.db.models import F, Q, QuerySet

from manyi.base.customers.models import Contact, Customer, Product, Project, Sale
from manyi.base.files.models import Intake
from manyi.base.files.queries import get_intake, list_intakes
from manyi.base.people.access import visible_to, visible_units
from manyi.base.people.models import Person, Unit
from manyi.core.customer_facts import Sale as SaleRow


def list_visible_customers(by: Person, search: str = "") -> QuerySet[Customer]:
    """The customers of the person's units and below, by code; ``search`` looks into code and name."""
    rows = visible_to(by, Customer.objects.select_related("unit")).order_by("code")
    return rows.filter(Q(code__icontains=search) | Q(name__icontains=search)) if search else rows


def find_callers(by: Person, words: str, most: int = 8) -> list[Contact]:
    """Contacts whose number, name or customer fits what a caller says, of customers the person sees."""
    said = words.strip()
    digits = "".join(sign for sign in said if sign.isdigit())
    fits = Q(name__icontains=said) | Q(customer__name__icontains=said) | Q(customer__code__iexact=said)
    if len(digits) >= 4:
        fits |= Q(phone__contains=digits[-8:]) | Q(phone__contains=said)
    rows = Contact.objects.filter(fits, customer__in=list_visible_customers(by)).select_related("customer")
    return list(rows.order_by("customer__code", "pk")[:most]) if said else []


def get_visible_customer(by: Person, pk: int) -> Customer:
    """One customer, or ``Customer.DoesNotExist``."""
    return list_visible_customers(by).get(pk=pk)


def find_visible_customer(by: Person, code: str) -> Customer | None:
    """The customer with exactly this code, or ``None`` where the person sees none."""
    return list_visible_customers(by).filter(code=code.strip()).first()


def find_product(name: str) -> Product | None:
    """The product with exactly this name."""
    return Product.objects.filter(name=name.strip()).first()


def get_customers_by_code(codes: Iterable[str]) -> dict[str, Customer]:
    """Customers by code; raises ``Customer.DoesNotExist`` for one that is not on record."""
    wanted = set(codes)
    found = Customer.objects.select_related("unit").in_bulk(list(wanted), field_name="code")
    if missing := wanted - found.keys():
        raise Customer.DoesNotExist(sorted(missing)[0])
    return found


def get_products_by_name(names: Iterable[str]) -> dict[str, Product]:
    """Products by name; raises ``Product.DoesNotExist``."""
    wanted = set(names)
    found = Product.objects.in_bulk(list(wanted), field_name="name")
    if missing := wanted - found.keys():
        raise Product.DoesNotExist(sorted(missing)[0])
    return found


def list_product_names() -> list[str]:
    """Every product on record."""
    return list(Product.objects.values_list("name", flat=True))


def list_product_keys() -> list[int]:
    """The key of every product on record."""
    return list(Product.objects.order_by("pk").values_list("pk", flat=True))


def list_codes(*, unit: Unit) -> tuple[list[str], list[str]]:
    """The customer codes of a unit and below, and those that other units have taken."""
    own = Q(unit__path__startswith=unit.path)
    codes = Customer.objects.order_by().values_list("code", flat=True)
    return list(codes.filter(own)), list(codes.exclude(own))


def list_addresses(customers: Iterable[int]) -> dict[int, str]:
    """The mail address of each customer's first contact that has one."""
    rows = Contact.objects.filter(customer__in=list(customers)).exclude(email="").order_by("-pk")
    return dict(rows.values_list("customer", "email"))


def list_sales(*, unit: Unit, year: int) -> list[SaleRow]:
    """The year's sales of a unit's customers as (customer code, product name, exact amount)."""
    return [
        (c, p, Fraction(a)) for c, p, a in _sales(unit, year).values_list("customer__code", "product__name", "amount")
    ]


def list_sales_by_product(*, unit: Unit, year: int) -> dict[str, Fraction]:
    """The year's sales by product, added up exactly: a database may add decimals as floats."""
    total: dict[str, Fraction] = defaultdict(Fraction)
    for _, product, amount in list_sales(unit=unit, year=year):
        total[product] += amount
    return dict(total)


def list_bought_products(*, unit: Unit, year: int) -> list[tuple[str, str]]:
    """Who bought what in a year: (customer code, product name)."""
    rows = _sales(unit, year).filter(amount__gt=0)
    return sorted(set(rows.values_list("customer__code", "product__name")))


def list_years_of_sales(*, unit: Unit) -> list[int]:
    """The years in which sales are recorded, newest first."""
    rows = Sale.objects.filter(customer__unit__path__startswith=unit.path)
    return sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)


def list_sales_of(customer: Customer) -> QuerySet[Sale]:
    """What one customer bought, newest year first."""
    return customer.sales.select_related("product").order_by("-year", F("amount").desc())


def _sales(unit: Unit, year: int) -> QuerySet[Sale]:
    return Sale.objects.filter(customer__unit__path__startswith=unit.path, year=year)


def list_sales_of_year(customers: Iterable[int], year: int) -> dict[int, Fraction]:
    """What each of these customers bought in a year, added up exactly."""
    total: dict[int, Fraction] = defaultdict(Fraction)
    for customer, amount in Sale.objects.filter(customer__in=list(customers), year=year).values_list(
        "customer", "amount"
    ):
        total[customer] += Fraction(amount)
    return dict(total)


def find_latest_year(by: Person) -> int | None:
    """The latest year in which sales of customers the person sees are on record."""
    rows = visible_to(by, Sale.objects.order_by("-year"), unit="customer__unit")
    return rows.values_list("year", flat=True).first()


def list_contacts(customer: Customer) -> QuerySet[Contact]:
    """Whom to ask at a customer; the first is written to."""
    return customer.contacts.order_by("pk")


def get_visible_contact(by: Person, pk: int) -> Contact:
    """One contact of a customer the person sees, or ``Contact.DoesNotExist``."""
    rows = Contact.objects.select_related("customer__unit").filter(customer__in=list_visible_customers(by))
    return rows.get(pk=pk)


def words_of(contact: Contact) -> frozenset[str]:
    """All that is written where a contact is named: name, telephone, mail, and name with telephone."""
    name, phone = contact.name, contact.phone
    return frozenset(said for said in (name, phone, contact.email, f"{name} {phone}".strip()) if said)


def get_visible_intake(by: Person, pk: int, purpose: str) -> Intake:
    """A file on its way in, of a unit the person sees; ``Intake.DoesNotExist`` else."""
    intake = get_intake(pk)
    if intake.purpose != purpose or not visible_units(by).filter(pk=intake.unit).exists():
        raise Intake.DoesNotExist
    return intake


def list_visible_intakes(by: Person, purpose: str, subjects: Sequence[str] = ()) -> QuerySet[Intake]:
    """The files that were taken in or are on their way, newest first."""
    units = list(visible_units(by).values_list("pk", flat=True))
    return list_intakes(purpose=purpose, subjects=subjects).filter(unit__in=units)


def list_visible_projects(by: Person, search: str = "") -> QuerySet[Project]:
    """The projects of the person's units and below; ``search`` looks into short and full name."""
    rows = visible_to(by, Project.objects.select_related("customer", "unit"))
    return rows.filter(Q(short__icontains=search) | Q(name__icontains=search)) if search else rows


def list_products() -> QuerySet[Product]:
    """Every product on record, by name."""
    return Product.objects.all()


def name_rows(of: str, keys: Iterable[int]) -> dict[int, str]:
    """What the rows a stored value refers to are called: ``of`` is customer, product or project."""
    rows: dict[str, QuerySet[Customer] | QuerySet[Product] | QuerySet[Project]] = {
        "customer": Customer.objects.all(), "product": Product.objects.all(), "project": Project.objects.all(),
    }  # fmt: skip
    return dict(rows[of].filter(pk__in=list(keys)).values_list("pk", "name"))
