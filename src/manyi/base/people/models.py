"""The company as a tree of units, its people, who holds which role where, and which role may do what."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Unit(models.Model):
    """A department, office or section. ``path`` is ``/1/4/``: a unit's rows are those whose path begins with it."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, default="department")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    path = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds persons by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person who signs in as ``username``."""
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who works with Manyi; signs in with ``username``."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("unit", "name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """The name shown beside what a person did."""
        return self.name


class Assignment(models.Model):
    """A person holds a role of a procedure, for a unit and all below it, from a day until a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "role")
        constraints = [
            models.UniqueConstraint(fields=("person", "role", "unit", "from_on"), name="a_role_is_assigned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"

    def holds_on(self, day: date) -> bool:
        """Whether the assignment holds on ``day``."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


class Grant(models.Model):
    """A role may do something. ``source`` is the procedure that says so, or ``installation`` for the built-in roles."""

    role = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    source = models.CharField(max_length=60)

    class Meta:
        ordering = ("role", "verb")
        constraints = [models.UniqueConstraint(fields=("role", "verb", "source"), name="a_right_is_given_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.verb}"


class RoleName(models.Model):
    """What a procedure (``source``) calls one of its roles."""

    source = models.CharField(max_length=60)
    role = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)

    class Meta:
        ordering = ("role", "source")
        constraints = [models.UniqueConstraint(fields=("source", "role"), name="a_source_names_a_role_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.title_zh}"
