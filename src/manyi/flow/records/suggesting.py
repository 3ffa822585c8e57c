"""What fits the first letters a person types, for fields that look a row up."""

from __future__ import annotations

from manyi.base.customers.queries import list_visible_customers, list_visible_projects
from manyi.base.people.models import Person
from manyi.flow.records.queries import list_visible_records

MOST = 12


def suggest(by: Person, of: str, words: str) -> list[str]:
    """Number and name of up to a dozen rows; ``of`` is customer, project or a kind of record."""
    said = words.strip()
    if not said:
        return []
    if of == "customer":
        return [f"{row.code} · {row.name}" for row in list_visible_customers(by, said)[:MOST]]
    if of == "project":
        return [f"{row.short} · {row.name}" for row in list_visible_projects(by, said)[:MOST]]
    rows = list_visible_records(by).filter(kind=of, number__icontains=said).order_by("-pk")
    return [str(row) for row in rows.only("number", "pk")[:MOST]]
