"""What a kind of page adds to the plain ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from manyi.base.people.models import Person
from manyi.flow.records.models import Record
from manyi.flow.records.page import Page
from manyi.flow.records.queries import Kind

Words = dict[str, object]


def _nothing(*_said: object) -> Words:
    return {}


@dataclass(frozen=True, slots=True)
class PageKind:
    """What the templates of a kind are given beyond what the plain pages show, each in a fixed number of queries.

    ``sort`` is the order of the list where nothing else is asked for. ``work`` is for the page of a record,
    ``register`` for its list, ``start`` for the form a new one begins with, given what the address asks for.
    """

    sort: str = "-opened_at"
    work: Callable[[Person, Page, datetime], Words] = _nothing
    register: Callable[[Person, Kind, Sequence[Record], datetime], Words] = _nothing
    start: Callable[[Person, Kind, Mapping[str, str]], Words] = _nothing


PLAIN = PageKind()
