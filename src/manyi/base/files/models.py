"""What is known of a stored file, and of a file from outside that is being taken in."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def random_name() -> str:
    """A name nobody can guess: 160 random bits."""
    return secrets.token_hex(20)


class File(models.Model):
    """A stored file; its bytes lie in the data directory under ``name`` and never change."""

    name = models.CharField(max_length=40, unique=True, default=random_name, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title


class Intake(models.Model):
    """A file from outside on its way into the register or a wave: read and checked whole, then taken in batches.

    ``done`` of ``total`` rows are in; the figure is stored with the rows it counts, so that an intake that was stopped
    or killed goes on where it was. A file with faults is refused whole.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("refused")
        STOPPED = "stopped", _("stopped")

    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    unit = models.BigIntegerField()
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    rows = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=("state", "lease_until"))]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"

    @property
    def running(self) -> bool:
        """Whether it is on its way."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
