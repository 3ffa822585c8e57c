"""Notices to persons, how each wants them, the robots of groups and what waits to be said there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from manyi.base.people.models import Person, Unit

MOST_TRIES = 60
"""So often a robot is asked; with an hour between them that is two days."""


class Notice(models.Model):
    """One notice to one person, shown in the product until it is read; ``dedupe`` names what it is about."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    link = models.CharField(max_length=200)
    dedupe = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=("person", "dedupe"), name="a_person_is_told_once")]
        indexes = [models.Index(fields=("person", "read_at"), name="notices_unread")]

    def __str__(self) -> str:
        return self.dedupe


class Wish(models.Model):
    """How a person wants notices by mail: at once or once a day, and from when to when he is left in peace."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")
        NEVER = "never", _("not by mail")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    mail = models.CharField(max_length=7, choices=Mail.choices, default=Mail.AT_ONCE)
    daily_at = models.TimeField(default="08:30")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.mail}"


class Robot(models.Model):
    """A robot of a group chat. It tells what concerns its unit and those below: what it is and a link, nothing more."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.URLField(max_length=500)
    secret = models.CharField(max_length=200, blank=True)
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What waits to be said by a robot, or was."""

    robot = models.ForeignKey(Robot, on_delete=models.CASCADE, related_name="posts")
    text = models.CharField(max_length=500)
    dedupe = models.CharField(max_length=120)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("robot", "dedupe"), name="a_group_is_told_once")]
        indexes = [models.Index(fields=("robot", "sent_at", "due_at"), name="posts_waiting")]

    def __str__(self) -> str:
        return self.dedupe
