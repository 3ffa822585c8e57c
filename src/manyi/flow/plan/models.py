"""Waves: one run of a programme for one period and unit, under the revision it began with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Unit
from manyi.flow.procedure.models import Revision


class Wave(models.Model):
    """One wave. ``year`` is the year of its sales; ``frame_on`` the day whose customers and facts it is about.

    ``run`` counts the waves of a programme in a year: a survey of every year has one, others as many as are called
    for.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    run = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    frame_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        ordering = ("-year", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("programme", "unit", "year", "run"), name="a_run_of_a_programme_happens_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_zh} {self.year}"


class Yardstick(models.Model):
    """A target set for a wave, or a previous result entered for it where no earlier wave is on record."""

    class Kind(models.TextChoices):
        TARGET = "target", _("target")
        PREVIOUS = "previous", _("previous result")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="yardsticks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    of = models.CharField(max_length=10)
    key = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    score = models.DecimalField(max_digits=9, decimal_places=4)

    class Meta:
        ordering = ("kind", "of", "key", "product")
        constraints = [
            models.UniqueConstraint(fields=("wave", "kind", "of", "key", "product"), name="one_yardstick_a_figure"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.of} {self.key}"
