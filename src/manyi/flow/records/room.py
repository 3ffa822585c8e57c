"""Where a form is filled in: by whom, under which procedure, and what may be chosen there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from manyi.base.customers.queries import list_products, list_visible_customers, list_visible_projects
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_people_below, list_units_below
from manyi.core.text import Text
from manyi.flow.records.models import Record
from manyi.language.model import Procedure
from manyi.web.language import reader_language

MOST_CHOICES = 1000


class Wrong(ValueError):
    """What was typed is no value of this kind; says so in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


@dataclass(frozen=True)
class Room:
    """What a form is filled in: by whom, under which procedure, for the company of ``unit``, linking to which records.

    What may be chosen from is read once, and only where a field asks for it.
    """

    by: Person
    procedure: Procedure
    unit: Unit
    records: QuerySet[Record]

    @cached_property
    def products(self) -> list[tuple[str, str]]:
        """Products by key."""
        return [(str(p.pk), p.name) for p in list_products()[:MOST_CHOICES]]

    @cached_property
    def units(self) -> list[tuple[str, str]]:
        """The units of the company."""
        return [(str(u.pk), u.name) for u in list_units_below(self.unit)[:MOST_CHOICES]]

    @cached_property
    def people(self) -> list[tuple[str, str]]:
        """The active people of the company."""
        return [(str(p.pk), f"{p.name} · {p.unit.name}") for p in list_people_below(self.unit)[:MOST_CHOICES]]

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        """The roles of the procedure."""
        lang = reader_language()
        return [(key, self.procedure.title_of(key, role.title).in_(lang)) for key, role in self.procedure.roles.items()]

    def label(self, kind: str, key: int) -> str:
        """What a person types to mean a row again: number and name."""
        rows: dict[str, QuerySet[Any]] = {
            "customer": list_visible_customers(self.by), "project": list_visible_projects(self.by),
            "record": self.records,
        }  # fmt: skip
        row = rows[kind].filter(pk=key).first()
        if row is None:
            return ""
        return str(row) if kind == "record" else f"{getattr(row, 'code', '') or row.short} · {row.name}"


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what kept values refer to, looked up in bulk: by kind of field, then key."""

    by_kind: dict[str, dict[Any, str]]

    def of(self, kind: str, key: Any) -> str:
        """A name; the key itself where it is gone."""
        return self.by_kind.get(kind, {}).get(key, str(key))
