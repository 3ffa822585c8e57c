"""The frame of a wave as drawn: every customer with the facts that put it into its tier."""

from __future__ import annotations

from django.db import models

from manyi.base.customers.models import Customer
from manyi.base.people.models import Person
from manyi.flow.plan.models import Wave


class Draw(models.Model):
    """That a wave's frame is complete: rows of a frame without it are left over from a draw that was cut off."""

    wave = models.OneToOneField(Wave, on_delete=models.PROTECT, related_name="draw")
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    customers = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.customers}"


class FrameRow(models.Model):
    """One customer of a wave's frame; ``facts`` are the exact values used, as text."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="frame")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("wave", "customer")
        constraints = [models.UniqueConstraint(fields=("wave", "customer"), name="a_customer_is_in_a_frame_once")]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.customer_id} {self.tier}"
