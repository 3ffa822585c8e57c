"""Working calendars by name: the hours of a week, and the days that differ from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Unit


class WorkCalendar(models.Model):
    """The hours of a unit and of all below it that have no calendar of the name themselves.

    ``week`` maps ``mon`` … ``sun`` to spans as they are written (``08:30-12:00``). ``years`` are those whose public
    holidays are known for certain.
    """

    name = models.SlugField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=60)
    week = models.JSONField(default=dict)
    years = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "unit")
        constraints = [models.UniqueConstraint(fields=("name", "unit"), name="a_unit_has_one_calendar_of_a_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit_id})"


class Day(models.Model):
    """A day that is not as its weekday says: closed, or open with spans of its own (none written: the usual ones)."""

    class Kind(models.TextChoices):
        CLOSED = "closed", _("day off")
        OPEN = "open", _("open day")

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    spans = models.CharField(max_length=120, blank=True)
    name_zh = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("calendar", "on")
        constraints = [models.UniqueConstraint(fields=("calendar", "on"), name="a_day_differs_in_one_way")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"
