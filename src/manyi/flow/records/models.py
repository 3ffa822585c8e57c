"""Numbered records of any form: one table for all kinds, the acts done on each, and what belongs to it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.customers.models import Customer, Product, Project
from manyi.base.evidence.models import Event
from manyi.base.files.models import File
from manyi.base.people.models import Person, Unit
from manyi.flow.duties.models import Duty
from manyi.flow.procedure.models import Document, Revision

SLOTS = 4
"""So many columns of each type a form may mark for its register."""


class Series(models.Model):
    """A run of numbers: how far it has come. Taken under lock with the record, so that no number is lost or twice."""

    scope = models.CharField(max_length=160, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("scope",)

    def __str__(self) -> str:
        return f"{self.scope} {self.last}"


class Record(models.Model):
    """One record. What every kind has are columns; the rest is ``data`` by field key, files and tables apart.

    ``unit`` is where it belongs, ``with_unit`` and ``owner`` who has it in hand now. ``source`` names the occasion it
    came from, so that one occasion makes one record; ``duty`` is the duty to make it. ``waits_for`` are the events its
    next step opens with. ``text_1`` … ``date_4`` are the columns its register asks for.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        VOID = "void", _("void")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    with_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="opened")
    source = models.CharField(max_length=120, blank=True)
    duty = models.ForeignKey(Duty, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waits_for = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    data = models.JSONField(default=dict)
    text_1 = models.CharField(max_length=200, blank=True)
    text_2 = models.CharField(max_length=200, blank=True)
    text_3 = models.CharField(max_length=200, blank=True)
    text_4 = models.CharField(max_length=200, blank=True)
    number_1 = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    number_2 = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    number_3 = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    number_4 = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    date_1 = models.DateField(null=True, blank=True)
    date_2 = models.DateField(null=True, blank=True)
    date_3 = models.DateField(null=True, blank=True)
    date_4 = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("document", "number"), condition=~models.Q(number=""), name="a_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=("document", "kind", "source"), condition=~models.Q(source=""),
                name="one_occasion_makes_one_record",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(closed_at__isnull=False),
                name="what_is_over_says_since_when",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=("document", "kind", "-opened_at"), name="records_of_a_kind"),
            models.Index(fields=("document", "kind", "state", "-opened_at"), name="records_by_state"),
            models.Index(fields=("document", "kind", "unit", "-opened_at"), name="records_by_unit"),
            models.Index(fields=("document", "kind", "due_at"), name="records_by_due"),
            models.Index(fields=("document", "kind", "text_1"), name="records_by_text_1"),
            models.Index(fields=("document", "kind", "date_1"), name="records_by_date_1"),
            models.Index(
                fields=("waits_for",),
                condition=models.Q(state="open") & ~models.Q(waits_for=""),
                name="records_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Taken(models.Model):
    """One act on a record, in order: what was done at which step, in which round, by whom, when it happened.

    ``data`` is what was filled in with it, ``proofs`` where each proof is found, ``event`` its evidence.
    """

    class What(models.TextChoices):
        OPENED = "opened", _("opened")
        TAKEN = "taken", _("done")
        TRIED = "tried", _("tried")
        HEARD = "heard", _("heard")
        EVENT = "event", _("happened")
        PASSED = "passed", _("passed on")
        REMARKED = "remarked", _("remarked")
        CORRECTED = "corrected", _("corrected")
        REOPENED = "reopened", _("reopened")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")
        VOIDED = "voided", _("voided")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="acts")
    what = models.CharField(max_length=9, choices=What.choices)
    step = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=60, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    signed = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    proofs = models.JSONField(default=dict)
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("record", "step", "part", "round"), condition=models.Q(what="taken"),
                name="a_step_is_taken_once_a_round",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.record_id} {self.what} {self.step}"


class Row(models.Model):
    """A row of a table, of tasks or of a log. Its key stays; a task whose day or person changes stays the same task."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="rows")
    field = models.CharField(max_length=60)
    key = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    round = models.PositiveSmallIntegerField(default=1)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    removed = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("record", "field", "key")
        constraints = [models.UniqueConstraint(fields=("record", "field", "key"), name="a_row_has_one_key")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.field} {self.key}"


class Attachment(models.Model):
    """A file of a record: filled into a field, brought as a proof, or simply added."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="attachments")
    act = models.ForeignKey(Taken, null=True, on_delete=models.PROTECT, related_name="attachments")
    field = models.CharField(max_length=60, blank=True)
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("record", "pk")

    def __str__(self) -> str:
        return f"{self.record_id}: {self.file_id}"


class Remark(models.Model):
    """What somebody said about a record, outside its steps."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="remarks")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ("record", "pk")

    def __str__(self) -> str:
        return f"{self.record_id} {self.at}"


class Party(models.Model):
    """Who sees a record beside those of its unit: a person or a unit it was passed to, or that a field names."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="parties")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("record", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("record", "person"), condition=models.Q(unit=None), name="a_person_is_let_in_once"
            ),
            models.UniqueConstraint(
                fields=("record", "unit"), condition=models.Q(person=None), name="a_unit_is_let_in_once"
            ),
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(unit=None), name="a_person_or_a_unit_is_let_in"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.person_id or self.unit_id}"


class Happening(models.Model):
    """Something of the company's world that was recorded: a contract signed, a delivery accepted.

    ``breaches`` are the kinds of record that should have been closed before; only an import may bring such a one.
    """

    name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, null=True, blank=True, on_delete=models.PROTECT, related_name="happenings")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    breaches = models.JSONField(default=list)

    class Meta:
        ordering = ("-happened_at", "-pk")
        indexes = [models.Index(fields=("name", "-happened_at"), name="happenings_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.happened_at}"


class Entrance(models.Model):
    """A public page by which customers bring cases of one kind to one unit. Closed, its link leads nowhere."""

    key = models.UUIDField(default=uuid4, unique=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("unit__path", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id}"


class Arrival(models.Model):
    """What came in from outside in its own words: by an entrance or by mail. It made its record, or belongs to it.

    ``key`` is that of the form that was sent, so that one form makes one record, and the customer's way to follow it.
    ``message`` is the id of a mail, taken in once.
    """

    key = models.UUIDField(default=uuid4, unique=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="arrivals")
    entrance = models.ForeignKey(Entrance, null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals")
    message = models.CharField(max_length=250, null=True, blank=True, unique=True)
    name = models.CharField(max_length=100, blank=True)
    reached_at = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("record", "pk")

    def __str__(self) -> str:
        return f"{self.record_id} {self.at}"


class Use(models.Model):
    """A situation of a playbook that somebody says he acted by while working on a record; said once a record."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="uses")
    playbook = models.CharField(max_length=60)
    situation = models.CharField(max_length=60)
    step = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("record", "pk")
        constraints = [
            models.UniqueConstraint(fields=("record", "playbook", "situation"), name="a_use_is_said_once_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.playbook}.{self.situation}"


class SavedView(models.Model):
    """A person's own way of looking at a register: its filters and order, under a name."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("person", "document", "kind", "name"), name="a_view_has_one_name"),
        ]

    def __str__(self) -> str:
        return self.name
