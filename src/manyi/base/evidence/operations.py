"""Recording what happened, and sealing it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from manyi.base.evidence.chain import FIRST, content_of, hash_of
from manyi.base.evidence.checkpoints import write_checkpoint
from manyi.base.evidence.models import Event, Link, Value
from manyi.base.evidence.sealer import sealer

SEALS_AT_ONCE = 2000
_SIMULATED: ContextVar[bool] = ContextVar("simulated", default=False)
_LOCK = 7316540011  # of PostgreSQL's advisory locks; SQLite's write lock is enough


class HasKey(Protocol):
    """Whoever or whatever an event may name: a saved row."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be recorded; ``by`` is ``None`` where the system itself or a customer acts."""

    kind: str
    subject: str
    unit_id: int | None
    by: HasKey | None
    at: datetime
    happened_at: datetime | None = None
    period: str = ""
    procedure: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """Personal text by field: kept apart with a salt, only its digest enters the event."""
    about: str = ""
    """The key of the person or customer the values are about, so that they can be erased."""


@contextmanager
def simulation() -> Iterator[None]:
    """Everything recorded inside is marked as simulated: demos, and replays of the past."""
    token = _SIMULATED.set(True)
    try:
        yield
    finally:
        _SIMULATED.reset(token)


def record_event(
    *,
    kind: str,
    subject: str,
    unit: HasKey | None,
    by: HasKey | None,
    at: datetime,
    happened_at: datetime | None = None,
    period: str = "",
    procedure: str = "",
    facts: Mapping[str, Any] | None = None,
    digest: str = "",
    values: Mapping[str, str] | None = None,
    about: str = "",
) -> Event:
    """Record one event inside the operation's transaction."""
    new = NewEvent(
        kind, subject, unit.pk if unit else None, by, at, happened_at, period, procedure, facts or {}, digest,
        values or {}, about,
    )  # fmt: skip
    return record_events([new])[0]


def record_events(events: Sequence[NewEvent]) -> list[Event]:
    """Record a batch with one statement a table."""
    salted = [{name: (secrets.token_hex(16), content) for name, content in new.values.items()} for new in events]
    rows = Event.objects.bulk_create(_row(new, values) for new, values in zip(events, salted, strict=True))
    Value.objects.bulk_create(
        Value(event=row, field=name, salt=salt, content=content, person=new.about)
        for row, new, values in zip(rows, events, salted, strict=True)
        for name, (salt, content) in values.items()
    )
    if settings.MANYI_SEAL_AFTER_COMMIT:
        transaction.on_commit(partial(sealer.wake, seal_events))
    return rows


def actor_key(by: HasKey | None) -> str:
    """How an event names who acted."""
    return f"people.person:{by.pk}" if by is not None else ""


def seal_events() -> int:
    """Append a link for every event that has none yet; how many were sealed. One at a time, in short transactions."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Link.objects.order_by("-seq").first()
        seq, prev = (last.seq, last.hash) if last else (0, FIRST)
        links = list(_links(Event.objects.filter(link=None).order_by("pk")[:SEALS_AT_ONCE], seq, prev))
        Link.objects.bulk_create(links)
    if links:
        write_checkpoint(links[-1].seq, links[-1].hash)
    return len(links)


def _links(events: Iterable[Event], seq: int, prev: str) -> Iterable[Link]:
    for event in events:
        seq, prev_hash, prev = seq + 1, prev, hash_of(prev, content_of(event))
        yield Link(seq=seq, event=event, prev=prev_hash, hash=prev)


def erase_values(*, about: str = "", contents: Collection[str] | None = None, events: Collection[int] = ()) -> int:
    """Erase kept values with their salts; the chain still verifies. How many were erased.

    Those about a person or customer, with ``contents`` only those that say exactly one of them; and all of ``events``.
    """
    named = Q(person=about) if about else Q(pk__in=[])
    if contents is not None:
        named &= Q(content__in=contents)
    return Value.objects.filter(named | Q(event__in=events)).delete()[0]


def _row(new: NewEvent, values: Mapping[str, tuple[str, str]]) -> Event:
    facts = dict(new.facts)
    if values:
        facts["values"] = {name: hashlib.sha256(f"{s}{c}".encode()).hexdigest() for name, (s, c) in values.items()}
    return Event(
        kind=new.kind, subject=new.subject, unit=new.unit_id, actor=actor_key(new.by), at=new.at,
        happened_at=new.happened_at or new.at, period=new.period, procedure=new.procedure, facts=facts,
        digest=new.digest, simulated=_SIMULATED.get(),
    )  # fmt: skip
