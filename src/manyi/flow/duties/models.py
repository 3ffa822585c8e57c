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
    """One thing owed: by which rule and clause, by whom, until when and why, and what discharged it.

    ``round`` counts how often the same step was come back to. ``begins_at`` is the beginning of the window of a duty
    that was opened ahead; what proves it has to have happened from then on.
    """

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
    subject = models.CharField(max_length=160)
    period = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    begins_at = models.DateTimeField(null=True)
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
                fields=("rule", "unit", "subject", "period", "round"),
                condition=~models.Q(state="superseded"),
                name="a_duty_is_owed_once_a_round",
            ),
        ]
        indexes = [
            models.Index(fields=("state", "due_at")),
            models.Index(fields=("subject",)),
            models.Index(fields=("rule", "period"), name="duties_by_rule_and_period"),
        ]

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


class DutyWarning(models.Model):
    """One warning about a duty, planned when it is opened, and given at most once.

    ``role`` is who is told beside the person who owes it; empty: nobody else.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("reminder")
        OVERDUE = "overdue", _("overdue")
        ESCALATION = "escalation", _("escalation")

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="warnings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("duty", "kind", "due_at"), name="a_warning_is_given_once"),
        ]
        indexes = [models.Index(fields=("given_at", "due_at"), name="warnings_that_are_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.duty_id}"


class Proof(models.Model):
    """One of the events that together discharge a duty, as it came in."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="proofs")
    name = models.CharField(max_length=120)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("duty", "pk")
        constraints = [models.UniqueConstraint(fields=("duty", "name"), name="a_proof_is_brought_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.duty_id}"


class Position(models.Model):
    """How far a reader has come: ``seq`` in the chain of evidence, ``at`` on the clock."""

    reader = models.CharField(max_length=40, unique=True)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("reader",)

    def __str__(self) -> str:
        return f"{self.reader} {self.seq}"


class Feed(models.Model):
    """A person's calendar of what is owed, for whoever holds its link; revoked, the link leads nowhere."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("person",)

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
