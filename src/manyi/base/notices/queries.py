"""Reading notices and robots."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from manyi.base.notices.models import MOST_TRIES, Notice, Post, Robot, Wish
from manyi.base.outbox.operations import count_given_up
from manyi.base.people.access import visible_to
from manyi.base.people.models import Person


def list_notices(by: Person) -> QuerySet[Notice]:
    """What the person was told, newest first."""
    return Notice.objects.filter(person=by)


def count_unread(by: Person) -> int:
    """How many notices the person has not read."""
    return Notice.objects.filter(person=by, read_at=None).count()


def get_wish(by: Person) -> Wish:
    """How the person wants notices; as everybody does where nothing was said."""
    return Wish.objects.filter(person=by).first() or Wish(person=by)


def list_visible_robots(by: Person) -> QuerySet[Robot]:
    """The robots of the person's units and below, with how much waits, how much was said, and what failed last."""
    waiting = Count("posts", filter=Q(posts__sent_at=None))
    rows = Robot.objects.select_related("unit").annotate(
        waiting=waiting, said=Count("posts", filter=Q(posts__sent_at__isnull=False)), last=Max("posts__sent_at")
    )
    return visible_to(by, rows)


def count_stuck() -> int:
    """How many mails and posts were given up and wait for somebody to send them again."""
    return count_given_up() + Post.objects.filter(sent_at=None, tries__gte=MOST_TRIES).count()


def list_failures(robots: list[Robot]) -> dict[int, str]:
    """The last error of each robot that has something waiting because of one."""
    rows = Post.objects.filter(robot__in=robots, sent_at=None).exclude(error="").order_by("pk")
    return dict(rows.values_list("robot", "error"))
