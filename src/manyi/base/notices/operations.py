"""Telling people: written in the operation's transaction, shown at once, mailed and said by robots by the jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from manyi.base.evidence.operations import record_event
from manyi.base.notices.models import MOST_TRIES, Notice, Post, Robot, Wish
from manyi.base.notices.robots import NotSaid, check_address, plain_line, say
from manyi.base.outbox.operations import NewMail, queue_mails, send_again
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.core.text import Text

LEASE, MINUTE = timedelta(minutes=1), timedelta(minutes=1)
MOST_A_MINUTE, TOGETHER = 18, 6
"""A robot that says more than twenty messages a minute is shut out for ten; what is more goes into one message."""
APART = MINUTE / MOST_A_MINUTE
MOST_TITLE = 200
DAY = timedelta(days=1)


class CannotTell(CannotDo):
    """A robot cannot be entered as asked."""


@dataclass(frozen=True, slots=True)
class News:
    """What people are told: in a line, with a link into the product and the body of its mail."""

    title: Text
    link: str
    body: str
    dedupe: str
    urgent: bool = False


def tell(news: News, *, people: Iterable[Person], at: datetime, unit: Unit | None = None) -> int:
    """Tell people, each once, as each wants it, and the groups of ``unit`` and above; how many people were told.

    What is urgent goes out at once whatever anybody wishes. Told twice about the same (``dedupe``) nothing happens.
    """
    told = list({person.pk: person for person in people}.values())
    with transaction.atomic():
        Notice.objects.bulk_create([_notice(news, person, at) for person in told], ignore_conflicts=True)
        wishes = {wish.person_id: wish for wish in Wish.objects.filter(person__in=told)}
        by_time: dict[datetime, list[NewMail]] = defaultdict(list)
        for person in told:
            when = mail_at(wishes.get(person.pk), at, urgent=news.urgent)
            if person.email and when is not None:
                subject = f"{news.title.in_('zh')} / {news.title.in_('en')}"
                by_time[when].append(NewMail(person.email, subject, news.body, f"{news.dedupe}:{person.pk}"))
        for when, mails in by_time.items():
            queue_mails(mails, at=at, due_at=when)
        if unit is not None:
            _post(news, unit, at)
    return len(told)


def mail_at(wish: Wish | None, at: datetime, *, urgent: bool) -> datetime | None:
    """When a mail may go out: at once, at the end of the quiet hours, or not on its own (``None``)."""
    if wish is None or urgent:
        return at
    if wish.mail != Wish.Mail.AT_ONCE:
        return None
    local = timezone.localtime(at)
    if wish.quiet_from is None or wish.quiet_to is None or not _is_quiet(wish.quiet_from, wish.quiet_to, local.time()):
        return at
    end = local.replace(hour=wish.quiet_to.hour, minute=wish.quiet_to.minute, second=0, microsecond=0)
    return end if end > local else end + DAY


def _is_quiet(start: time, end: time, now: time) -> bool:
    return start <= now < end if start <= end else now >= start or now < end


def _notice(news: News, person: Person, at: datetime) -> Notice:
    zh, en = news.title.in_("zh")[:300], news.title.in_("en")[:300]
    return Notice(person=person, title_zh=zh, title_en=en, link=news.link, dedupe=news.dedupe, at=at)


def _post(news: News, unit: Unit, at: datetime) -> None:
    robots = Robot.objects.filter(is_on=True).select_related("unit")
    text = f"{plain_line(news.title.in_('zh'))[:MOST_TITLE]} {settings.MANYI_URL}{news.link}"
    Post.objects.bulk_create(
        [
            Post(robot=robot, text=text, dedupe=news.dedupe, queued_at=at, due_at=at)
            for robot in robots
            if unit.path.startswith(robot.unit.path)
        ],
        ignore_conflicts=True,
    )


def send_digests(*, at: datetime) -> int:
    """Mail everybody who wants one mail a day what he was told since the last; how many mails were queued."""
    local = timezone.localtime(at)
    wishes = Wish.objects.filter(mail=Wish.Mail.DAILY, daily_at__lte=local.time()).select_related("person")
    sent = 0
    day = local.date().isoformat()
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    done = Notice.objects.filter(digested_at__gte=midnight).values("person")
    for wish in wishes.exclude(person__email="").exclude(person__in=done):
        with transaction.atomic():
            rows = list(
                Notice.objects.select_for_update(of=("self",))
                .filter(person=wish.person, digested_at=None, read_at=None, at__lte=at)
                .order_by("pk")[:200]
            )
            if not rows:
                continue
            lines = [f"{row.title_zh} / {row.title_en}\n{settings.MANYI_URL}{row.link}" for row in rows]
            subject = f"满意：{len(rows)} 条通知 / {len(rows)} notices"
            mail = NewMail(
                wish.person.email, subject, "\n\n".join(lines), f"digest:{wish.person_id}:{day}:{rows[-1].pk}"
            )
            queue_mails([mail], at=at)
            Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digested_at=at)
            sent += 1
    return sent


def say_due_posts(*, at: datetime) -> int:
    """Let every robot say what waits, one message each and none too soon after its last; how many posts were said.

    Posts are claimed under a lease and marked when the robot has answered: one who dies in between says them once
    more. What is more than a handful goes into one message.
    """
    said = 0
    free = Q(next_at=None) | Q(next_at__lte=at)
    for robot in Robot.objects.filter(free, is_on=True, posts__in=_waiting(at)).distinct():
        # the turn is taken before anything is said: attempts that fail count as well
        if Robot.objects.filter(free, pk=robot.pk).update(next_at=at + APART) and (batch := _claim(robot, at)):
            said += _say(robot, batch, at)
    return said


def _waiting(at: datetime) -> QuerySet[Post]:
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    return Post.objects.filter(free, sent_at=None, due_at__lte=at, tries__lt=MOST_TRIES).order_by("pk")


def _claim(robot: Robot, at: datetime) -> list[Post]:
    keys = list(_waiting(at).filter(robot=robot).values_list("pk", flat=True)[:200])
    keys = keys if len(keys) > TOGETHER else keys[:1]
    claimed = [pk for pk in keys if _waiting(at).filter(pk=pk).update(lease_until=at + LEASE, tries=F("tries") + 1)]
    return list(Post.objects.filter(pk__in=claimed).order_by("pk"))


def _say(robot: Robot, posts: Sequence[Post], at: datetime) -> int:
    text = posts[0].text
    if len(posts) > 1:
        text = f"{len(posts)} 条通知 / {len(posts)} notices {settings.MANYI_URL}/notices/"
    rows = Post.objects.filter(pk__in=[post.pk for post in posts])
    try:
        say(robot.kind, robot.address, robot.secret, text, at=at.timestamp(), allowed=settings.MANYI_ROBOT_HOSTS)
    except NotSaid as error:
        wait = MINUTE * 2 ** min(max(post.tries for post in posts) - 1, 6)
        rows.update(lease_until=None, due_at=at + wait, error=str(error)[:300])
        return 0
    return rows.update(sent_at=at, lease_until=None, error="")


def set_wish(*, by: Person, at: datetime, mail: str, daily_at: time, quiet: tuple[time, time] | None) -> Wish:
    """How the person himself wants his notices."""
    said: dict[str, Any] = {
        "mail": Wish.Mail(mail), "daily_at": daily_at, "quiet_from": quiet[0] if quiet else None,
        "quiet_to": quiet[1] if quiet else None,
    }  # fmt: skip
    with transaction.atomic():
        wish, _ = Wish.objects.update_or_create(person=by, defaults=said)
        record_event(
            kind="notices.wish.set", subject=f"people.person:{by.pk}", unit=by.unit, by=by, at=at, facts={"mail": mail}
        )
    return wish


def mark_read(*, by: Person, at: datetime) -> int:
    """All notices of the person are read."""
    return Notice.objects.filter(person=by, read_at=None).update(read_at=at)


def add_robot(*, by: Person, at: datetime, unit: Unit, name: str, kind: str, address: str, secret: str) -> Robot:
    """Enter the robot of a group; its address and secret are never shown again."""
    require(by, "people.manage", unit)
    try:
        check_address(address, settings.MANYI_ROBOT_HOSTS)
    except NotSaid as error:
        raise CannotTell(Text(f"地址不可用：{error}", f"This address cannot be used: {error}")) from None
    with transaction.atomic():
        robot = Robot.objects.create(
            unit=unit, name=name.strip()[:80], kind=Robot.Kind(kind), address=address, secret=secret
        )
        record_event(
            kind="notices.robot.added",
            subject=f"notices.robot:{robot.pk}",
            unit=unit,
            by=by,
            at=at,
            facts={"kind": kind},
        )
    return robot


def try_again(*, by: Person, at: datetime) -> int:
    """Let mails and posts that were given up go out once more, from the beginning; how many."""
    require(by, "people.manage", by.unit)
    with transaction.atomic():
        posts = Post.objects.filter(sent_at=None, tries__gte=MOST_TRIES).update(tries=0, due_at=at, lease_until=None)
        count = posts + send_again(at=at)
        record_event(
            kind="notices.sending.again", subject=f"people.person:{by.pk}", unit=by.unit, by=by, at=at,
            facts={"count": count},
        )  # fmt: skip
    return count


def switch_robot(*, by: Person, at: datetime, robot: Robot, is_on: bool) -> None:
    """Let a robot speak, or be silent; what waits then stays waiting."""
    require(by, "people.manage", robot.unit)
    with transaction.atomic():
        Robot.objects.filter(pk=robot.pk).update(is_on=is_on)
        record_event(
            kind="notices.robot.switched", subject=f"notices.robot:{robot.pk}", unit=robot.unit, by=by, at=at,
            facts={"is_on": is_on},
        )  # fmt: skip
