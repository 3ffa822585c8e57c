"""Reports of waves and their files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.files.models import File
from manyi.base.people.models import Person, Unit
from manyi.flow.scores.models import Result


class Report(models.Model):
    """A report made of one stored result; its files stay as they were made.

    ``making`` says how far its files are, ``state`` how far the report is: after its approval the files are made once
    more, with the names of those who signed.
    """

    class Making(models.TextChoices):
        WAITING = "waiting", _("being made")
        DONE = "done", _("made")
        FAILED = "failed", _("could not be made")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    returned_reason = models.CharField(max_length=500, blank=True)
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    filed_place = models.CharField(max_length=500, blank=True)

    making = models.CharField(max_length=8, choices=Making.choices, default=Making.WAITING)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("result", "language"),
                condition=models.Q(state="draft"),
                name="a_result_has_one_draft_a_language",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | ~models.Q(approved_by=models.F("submitted_by")),
                name="nobody_approves_a_report_of_their_own",
            ),
            models.CheckConstraint(
                condition=models.Q(filed_at=None) | models.Q(state="approved"), name="only_an_approved_report_is_filed"
            ),
        ]
        indexes = [models.Index(fields=("making", "lease_until"))]

    def __str__(self) -> str:
        return f"{self.result_id} {self.language}"


class ReportFile(models.Model):
    """One file of a report; ``signed`` ones were made after its approval."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    signed = models.BooleanField(default=False)

    class Meta:
        ordering = ("report", "-signed", "pk")

    def __str__(self) -> str:
        return f"{self.report_id}: {self.file_id}"
