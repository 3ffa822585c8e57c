"""Counted sheets, the results computed from them, and the pictures of a result."""

from __future__ import annotations

from django.db import models

from manyi.base.files.models import File
from manyi.base.people.models import Person
from manyi.flow.plan.models import Wave


class Counted(models.Model):
    """How far a wave's sheets have been counted into its cube: up to and with the sheet of this id.

    ``frame`` is the digest of the tiers the sheets were counted by; where the frame is another one, all are counted
    anew.
    """

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="counted")
    last_sheet = models.PositiveBigIntegerField(default=0)
    frame = models.CharField(max_length=64, blank=True)

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
    """A wave scored: exact figures, and the input they were made from as a file, so that both can be checked later.

    ``inputs_digest`` is the SHA-256 of that file and names the input; ``figures_digest`` is that of the figures.
    ``insight`` is what the figures bear beyond themselves (``papers.insight``); the jobs write it with the pictures.
    """

    class Drawing(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="results")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    formula = models.CharField(max_length=40)
    inputs = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    inputs_digest = models.CharField(max_length=64)
    figures = models.JSONField()
    figures_digest = models.CharField(max_length=64)
    last_sheet = models.PositiveBigIntegerField()
    sheets = models.PositiveIntegerField()
    drawing = models.CharField(max_length=8, choices=Drawing.choices, default=Drawing.WAITING)
    lease_until = models.DateTimeField(null=True)
    insight = models.JSONField(default=dict)

    class Meta:
        ordering = ("wave", "-pk")

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.computed_at:%Y-%m-%d}"


class Chart(models.Model):
    """One picture of a result in one language, drawn once."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="charts")
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=60)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("result", "pk")
        constraints = [
            models.UniqueConstraint(fields=("result", "language", "name"), name="a_chart_is_drawn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.result_id}: {self.name} {self.language}"
