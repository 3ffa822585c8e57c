"""A person's own calendar link: made, made anew, revoked."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from manyi.base.evidence.operations import record_event
from manyi.base.people.models import Person
from manyi.flow.duties.models import Feed


def make_feed(*, by: Person, at: datetime) -> Feed:
    """The person's calendar link; one that was there leads nowhere any more."""
    with transaction.atomic():
        feed, _ = Feed.objects.update_or_create(person=by, defaults={"key": uuid4(), "made_at": at})
        _record("made", by, at)
    return feed


def revoke_feed(*, by: Person, at: datetime) -> None:
    """Whoever has the link sees nothing more."""
    with transaction.atomic():
        if Feed.objects.filter(person=by).delete()[0]:
            _record("revoked", by, at)


def _record(what: str, by: Person, at: datetime) -> None:
    record_event(kind=f"duties.feed.{what}", subject=f"people.person:{by.pk}", unit=by.unit, by=by, at=at)
