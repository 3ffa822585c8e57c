"""Procedures as documents in revisions; a revision's text is never changed once it was approved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Person, Unit


class Document(models.Model):
    """A procedure of a unit, over all its revisions."""

    key = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.key} {self.title_zh}"


class Revision(models.Model):
    """One state of a procedure: its text, who approved it, from when it is in force."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        IN_FORCE = "in_force", _("in force")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    label = models.CharField(max_length=40)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    in_force_from = models.DateField(null=True)

    class Meta:
        ordering = ("document", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("document", "digest"),
                condition=~models.Q(state="withdrawn"),
                name="a_text_is_one_revision_only",
            ),
            models.UniqueConstraint(
                fields=("document",), condition=models.Q(state="in_force"), name="one_revision_is_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.key} {self.label}"
