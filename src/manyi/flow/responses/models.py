"""Returned sheets. A sheet is written once; nothing acknowledged is ever lost or doubled."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.customers.models import Customer, Product
from manyi.base.people.models import Person, Unit
from manyi.flow.dispatch.models import Ask
from manyi.flow.plan.models import Wave


class Sheet(models.Model):
    """One returned sheet: ``answers`` holds grade keys by item key, a blank being absent.

    ``submission`` is the random key of the form that sent it: a repeat meets it and gets the same receipt.
    ``repeat`` is 0 where a customer may send one sheet a product, so that the database refuses a second one.
    """

    class Source(models.TextChoices):
        LINK = "link", _("by the customer")
        ENTRY = "entry", _("entered")
        FILE = "file", _("imported")

    submission = models.UUIDField(default=uuid.uuid4, unique=True)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    ask = models.OneToOneField(Ask, null=True, on_delete=models.PROTECT, related_name="sheet")
    number = models.CharField(max_length=60)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    repeat = models.PositiveBigIntegerField(default=0)
    answers = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    returned_on = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source.choices)
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("wave", "pk")
        constraints = [
            models.UniqueConstraint(fields=("wave", "number"), name="a_sheet_number_is_used_once"),
            models.UniqueConstraint(
                fields=("wave", "customer", "product", "repeat"), name="a_customer_sends_one_sheet_a_product"
            ),
            models.UniqueConstraint(  # NULL is not equal to NULL, so waves without products need their own
                fields=("wave", "customer", "repeat"),
                condition=models.Q(product=None),
                name="a_customer_sends_one_sheet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.number}"
