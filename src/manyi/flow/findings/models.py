"""Spells in which a figure did not keep its limit: one for each case, from the breach until it is kept again."""

from __future__ import annotations

from django.db import models

from manyi.base.people.models import Unit
from manyi.flow.procedure.models import Document


class Spell(models.Model):
    """A measure in breach. ``case`` is for whom or what the figure is; figures are exact, as ``"n/d"``."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.JSONField(default=list)
    name = models.CharField(max_length=400, blank=True)
    period = models.CharField(max_length=40, blank=True)
    figure = models.CharField(max_length=80)
    limit = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("document", "measure", "unit", "name"), condition=models.Q(ended_at=None),
                name="a_case_is_in_one_spell_at_a_time",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=("document", "measure", "began_at"), name="spells_of_a_measure")]

    def __str__(self) -> str:
        return f"{self.measure} {self.name} {self.began_at}"
