"""Queueing mails, and sending what is due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import EmailValidator
from django.db.models import F, Q

from manyi.base.outbox.models import Mail

LEASE = timedelta(minutes=2)
MOST_TRIES = 30
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail about to be queued."""

    to: str
    subject: str
    body: str
    dedupe: str


def queue_mail(*, to: str, subject: str, body: str, at: datetime, dedupe: str) -> None:
    """Queue one mail inside the operation's transaction; the same ``dedupe`` is queued once."""
    queue_mails([NewMail(to, subject, body, dedupe)], at=at)


def queue_mails(mails: Sequence[NewMail], *, at: datetime, due_at: datetime | None = None) -> None:
    """Queue a batch with one statement, to be sent from ``due_at`` on; addresses that are none are left out."""
    Mail.objects.bulk_create(
        [
            Mail(
                to=m.to.strip(),
                subject=_one_line(m.subject)[:200],
                body=m.body,
                dedupe=m.dedupe,
                queued_at=at,
                due_at=due_at or at,
            )
            for m in mails
            if is_address(m.to)
        ],
        ignore_conflicts=True,
    )


def erase_address(*, address: str) -> int:
    """Erase what was or would be written to an address; how many mails. That one went out stays by its ``dedupe``."""
    mails = Mail.objects.filter(to__iexact=address) if address else Mail.objects.none()
    waiting = mails.filter(sent_at=None).delete()[0]
    return waiting + mails.update(to="", subject="", body="", error="")


def is_address(text: str) -> bool:
    """Whether ``text`` is one mail address and nothing else."""
    try:
        EmailValidator()(text.strip())
    except ValidationError:
        return False
    return "\n" not in text and "\r" not in text


def send_due_mails(*, at: datetime, most: int = 50) -> int:
    """Send what is due; how many were sent. A mail is claimed under a lease first, so that two senders never share it.

    A failure is tried again after 1, 2, 4 … minutes, then every hour for a day; what the server accepted and nobody
    noted down because the process died may go out once more, with the same Message-ID.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    waiting = Mail.objects.filter(free, sent_at=None, due_at__lte=at, tries__lt=MOST_TRIES)
    sent = 0
    for pk in list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:most]):
        if not Mail.objects.filter(free, pk=pk, sent_at=None).update(lease_until=at + LEASE, tries=F("tries") + 1):
            continue
        sent += _send(Mail.objects.get(pk=pk), at)
    return sent


def count_given_up() -> int:
    """How many mails were given up: their server did not take them for a day."""
    return Mail.objects.filter(sent_at=None, tries__gte=MOST_TRIES).count()


def send_again(*, at: datetime) -> int:
    """Let mails that were given up go out once more; how many. Whoever calls this has asked who may."""
    return Mail.objects.filter(sent_at=None, tries__gte=MOST_TRIES).update(tries=0, due_at=at, lease_until=None)


def _send(mail: Mail, at: datetime) -> bool:
    message = EmailMessage(mail.subject, mail.body, settings.MANYI_MAIL_FROM, [mail.to])
    message.extra_headers["Message-ID"] = f"<{mail.pk}.{mail.queued_at:%Y%m%d%H%M%S}@manyi>"
    try:
        message.send()
    except Exception as error:  # whatever the mail server answers, the other mails go on
        wait = timedelta(minutes=min(2 ** (mail.tries - 1), 60))
        Mail.objects.filter(pk=mail.pk).update(lease_until=None, due_at=at + wait, error=str(error)[:300])
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=at, lease_until=None, error="")
    return True


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()
