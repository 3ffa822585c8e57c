"""A report made where the work is done, with pictures and the customer's signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from manyi.base.people.models import Person
from manyi.core.text import Text
from manyi.flow.records.kinds.kind import PageKind, Words
from manyi.flow.records.models import Attachment
from manyi.flow.records.page import Page
from manyi.flow.records.pictures import is_shown


@dataclass(frozen=True, slots=True)
class Line:
    """A line somebody outside signs on: what it is called, and the name that was written there; empty: not yet."""

    title: Text
    name: str


def work(_by: Person, page: Page, _at: datetime) -> Words:
    """The pictures that were brought as proof, and the lines the customer signs on."""
    return {"pictures": _pictures(page), "signing": lines_of(page), "signed_for": page.standing.record.customer}


def lines_of(page: Page) -> list[Line]:
    """One line for each signature of the form; one without a name where the form has none and a customer is served."""
    record, fields = page.standing.record, page.standing.flow.fields
    lines = [Line(one.title, str(record.data.get(one.key) or "")) for one in fields if one.kind == "signature"]
    is_for_customer = any(one.kind == "customer" for one in fields)
    return lines or ([Line(Text("顾客签名", "Customer's signature"), "")] if is_for_customer else [])


def _pictures(page: Page) -> list[Attachment]:
    """Pictures that stand in no field of the form, the first one first."""
    files = [one for done in reversed(page.history) for one in done.files]
    return [one for one in files if is_shown(one.file.title) and page.standing.flow.field(one.field) is None]


PAGE = PageKind(work=work)
