"""Events, the chain over them, and the values that may be erased without breaking it."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that happened. Inserted by the operation in its own transaction; never changed, never deleted.

    ``actor`` and ``subject`` are keys (``people.person:3``, ``plan.wave:1``), ``unit`` a unit's id; no personal text
    stands here. ``at`` is the server's time, ``happened_at`` the person's claim. ``facts`` are the published facts.
    """

    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    unit = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    period = models.CharField(max_length=20, blank=True)
    procedure = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("subject", "id")), models.Index(fields=("kind", "id"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Link(models.Model):
    """One link of the chain: ``hash`` = SHA-256 over ``prev`` and the event's content. Append-only like the events."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link")
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq}: {self.hash[:12]}"


class Value(models.Model):
    """An old or new value with a salt. The event carries ``sha256(salt ‖ content)``, so a value can be erased alone."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="values")
    field = models.CharField(max_length=80)
    salt = models.CharField(max_length=32)
    content = models.TextField()
    person = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("event", "pk")
        indexes = [models.Index(fields=("person",))]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.field}"
