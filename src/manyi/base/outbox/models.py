"""Mails waiting to be sent."""

from __future__ import annotations

from django.db import models


class Mail(models.Model):
    """One mail. ``dedupe`` names what it is about, so that the same mail is queued once."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    dedupe = models.CharField(max_length=120, unique=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("sent_at", "due_at"))]

    def __str__(self) -> str:
        return self.dedupe
