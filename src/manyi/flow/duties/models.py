"""The ledger of what is owed. A row is never re-dated: a changed due time closes it and opens its successor."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from manyi.base.evidence.models import Event
from manyi.base.people.models import Person, Unit
from manyi.flow.procedure.models import Revision


class Duty(models.Model):
    """One thing owed: by which rule and clause, by whom, until when and why, and what discharged it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISCHARGED = "discharged", _("done")
        WAIVED = "waived", _("waived")
        SUPERSEDED = "superseded", _("superseded")

    rule = models.CharField(max_length=120)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    clause = models.CharField(max_length=20)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    period = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    why = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField(null=True)
    evidence = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("rule", "unit", "subject", "period"),
                condition=~models.Q(state="superseded"),
                name="a_duty_is_owed_once",
            ),
        ]
        indexes = [models.Index(fields=("state", "due_at")), models.Index(fields=("subject",))]

    def __str__(self) -> str:
        return f"{self.rule} {self.period}"

    @property
    def due_on(self) -> date:
        """The last day on which it is on time."""
        return timezone.localdate(self.due_at - timedelta(microseconds=1))

    @property
    def was_late(self) -> bool:
        """Whether it was done after its time."""
        return self.happened_at is not None and self.happened_at >= self.due_at

    @property
    def step(self) -> str:
        """The key of the step that is owed."""
        return self.rule.rpartition(".")[2]
