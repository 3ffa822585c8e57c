"""Counted sheets and the results computed from them."""

from __future__ import annotations

from django.db import models

from manyi.base.people.models import Person
from manyi.flow.plan.models import Wave


class Counted(models.Model):
    """How far a wave's sheets have been counted into its cube: up to and with the sheet of this id."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="counted")
    last_sheet = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.last_sheet}"


class WaveCount(models.Model):
    """One cell of a wave's cube. The item ``""`` counts sheets, the grade ``""`` counts blanks."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="counts")
    product = models.CharField(max_length=120, blank=True)
    tier = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    n = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("wave", "product", "tier", "item", "grade"), name="a_cell_is_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.product}/{self.item}={self.grade}: {self.n}"


class Result(models.Model):
    """A wave scored: exact figures with what they were made from."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="results")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    formula = models.CharField(max_length=40)
    inputs_digest = models.CharField(max_length=64)
    last_sheet = models.PositiveBigIntegerField()
    sheets = models.PositiveIntegerField()
    figures = models.JSONField()

    class Meta:
        ordering = ("wave", "-pk")

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.computed_at:%Y-%m-%d}"
