"""The dispatch ledger: who was asked, on which product, by which channel, when, by whom."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.customers.models import Customer, Product
from manyi.base.people.models import Person, Unit
from manyi.flow.plan.models import Wave


class Ask(models.Model):
    """One row of the ledger.

    ``key`` is random and names the row outside; the personal link is made from it with a secret that is not in the
    database, so a copy of the database holds no usable link.
    """

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        RETURNED = "returned", _("returned")
        CLOSED = "closed", _("closed without return")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="asks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=40)
    sent_on = models.DateField()
    recorded_at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENT)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("wave", "customer", "product")
        constraints = [
            models.UniqueConstraint(
                fields=("wave", "customer", "product"),
                name="a_customer_is_asked_once_on_a_product",
            ),
            models.UniqueConstraint(  # NULL is not equal to NULL, so waves without products need their own
                fields=("wave", "customer"), condition=models.Q(product=None), name="a_customer_is_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.customer_id}/{self.product_id}"

    @property
    def number(self) -> str:
        """The number of the sheet that goes with this row, as printed on it."""
        return f"{self.wave.year}-{self.pk:06}"

    @property
    def takes_sheets(self) -> bool:
        """Whether a sheet may still come in by this row's link."""
        return self.state != self.State.CLOSED and self.wave.state == Wave.State.OPEN
