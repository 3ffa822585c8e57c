"""Customers, contacts, products, sales and projects."""

from __future__ import annotations

from django.db import models

from manyi.base.people.models import Unit


class Customer(models.Model):
    """A customer, looked after by ``unit``. Merging sets ``merged_into``; nothing else is re-pointed."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=60, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    department = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("customer", "pk")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A product or product class, by its name."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Sale(models.Model):
    """What a customer bought of a product in a year, as last recorded; in CNY."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sales")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="sales")
    year = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("customer", "product", "year")
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "product", "year"), name="sales_of_a_year_are_recorded_once_a_product"
            ),
        ]
        indexes = [models.Index(fields=("year",))]

    def __str__(self) -> str:
        return f"{self.customer_id}/{self.product_id} {self.year}"


class Project(models.Model):
    """A project for a customer; ``short`` is how numbers and registers name it."""

    short = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="projects")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    representative = models.BooleanField(default=False)
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("short",)

    def __str__(self) -> str:
        return self.name
