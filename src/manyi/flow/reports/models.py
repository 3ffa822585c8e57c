"""Reports of waves and their files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.files.models import File
from manyi.base.people.models import Person, Unit
from manyi.flow.scores.models import Result


class Report(models.Model):
    """A report made of one stored result; its files stay as they were made."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        FAILED = "failed", _("could not be made")
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.result_id} {self.language}"


class ReportFile(models.Model):
    """One file of a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ("report", "pk")

    def __str__(self) -> str:
        return self.title
