"""Reading and verifying the evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from manyi.base.evidence.chain import FIRST, content_of, hash_of
from manyi.base.evidence.checkpoints import read_checkpoints
from manyi.base.evidence.models import Event, Link
from manyi.core.text import Text

SEALED_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many events are sealed, and the first thing that is wrong, if any."""

    sealed: int
    unsealed: int
    wrong_at: int | None = None
    problem: Text | None = None

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


def verify_chain(now: datetime) -> Verdict:
    """Recompute every link from its event and hold the chain against the checkpoints outside the database."""
    hashes: dict[int, str] = {}
    wanted = {point.seq for point in read_checkpoints()}
    prev, seq = FIRST, 0
    for link in Link.objects.select_related("event").order_by("seq").iterator(chunk_size=2000):
        if link.seq != seq + 1:
            return _wrong(seq, seq + 1, "缺少一环", "a link is missing")
        if link.prev != prev or link.hash != hash_of(prev, content_of(link.event)):
            return _wrong(seq, link.seq, "事件或链接被改动", "an event or its link was changed")
        seq, prev = link.seq, link.hash
        if seq in wanted:
            hashes[seq] = prev
    for point in read_checkpoints():
        if point.seq > seq:
            return _wrong(
                seq, seq + 1, f"链尾缺失：曾经到第 {point.seq} 环", f"the end is cut off: it once went to {point.seq}"
            )
        if hashes.get(point.seq) != point.hash:
            return _wrong(seq, point.seq, "与检查点不符", "it differs from a checkpoint")
    unsealed = Event.objects.filter(link=None)
    old = unsealed.filter(at__lt=now - SEALED_WITHIN).order_by("pk").first()
    if old is not None:
        return Verdict(
            seq,
            unsealed.count(),
            old.pk,
            Text(f"事件 {old.pk} 超过一分钟未入链", f"event {old.pk} is not sealed after a minute"),
        )
    return Verdict(seq, unsealed.count())


def _wrong(sealed: int, at: int, zh: str, en: str) -> Verdict:
    return Verdict(sealed, 0, at, Text(f"第 {at} 环：{zh}", f"link {at}: {en}"))


def list_events(subject: str) -> QuerySet[Event]:
    """The history of one subject, oldest first."""
    return Event.objects.filter(subject=subject).order_by("pk")


def find_event(pk: int) -> Event | None:
    """One event by its number."""
    return Event.objects.filter(pk=pk).first()


def list_events_by_number(numbers: Iterable[int]) -> dict[int, Event]:
    """Events by their number."""
    return Event.objects.in_bulk(list(numbers))


def list_events_between(*, start: datetime, end: datetime, kinds: tuple[str, ...]) -> QuerySet[Event]:
    """The events of ``kinds`` that happened between two instants, in their order."""
    return Event.objects.filter(kind__in=kinds, happened_at__gte=start, happened_at__lt=end).order_by("pk")


def list_recent_events(units: list[int], *, subject: str = "") -> QuerySet[Event]:
    """The newest events of some units (by id); of one subject where one is named."""
    events = Event.objects.filter(unit__in=units).select_related("link").order_by("-pk")
    return events.filter(subject=subject) if subject else events


def list_openings(kind: str, subjects: Collection[str]) -> dict[str, Event]:
    """The event of ``kind`` with which each of the subjects began, by subject."""
    rows = Event.objects.filter(kind=kind, subject__in=subjects).order_by("-pk") if subjects else ()
    return {event.subject: event for event in rows}


@dataclass(frozen=True, slots=True)
class Read:
    """Events to be read, and how far in the chain they reach."""

    events: tuple[Event, ...]
    last_seq: int


def list_events_to_read(*, after: int, kinds: tuple[str, ...], most: int) -> Read:
    """The events of ``kinds`` among the next ``most`` links after a position; at the end of the chain also those that
    are not sealed yet, which come again once they are.

    The chain, not the events' own numbers, says how far a reader has come: an event that is committed late gets a late
    link, while its number may lie before one that was read already.
    """
    seqs = list(Link.objects.filter(seq__gt=after).order_by("seq").values_list("seq", flat=True)[:most])
    last = seqs[-1] if seqs else after
    sealed = Event.objects.filter(link__seq__gt=after, link__seq__lte=last, kind__in=kinds).order_by("link__seq")
    if len(seqs) == most:
        return Read(tuple(sealed), last)
    return Read((*sealed, *Event.objects.filter(link=None, kind__in=kinds).order_by("pk")), last)
