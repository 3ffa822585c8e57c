"""Mails become cases: what a mail program drops into a folder is taken in, and every mail is kept as it came.

``mail-in/<kind>/`` in the data directory is the drop of one kind of case (``mail-in/P01.customer_feedback/``); a mail
program or a rule on the mail server saves each message there as an ``.eml`` file. What was taken in is moved to
``taken/`` beside it, what cannot be is moved to ``refused/`` with a text that says why; nothing is deleted. A mail that
names the number of an open case in its subject is added to that case.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from html import unescape
from pathlib import Path

from django.conf import settings
from django.db import DataError
from django.utils import timezone

from manyi.base.people.access import CannotDo
from manyi.core.text import Text
from manyi.flow.procedure.models import Document
from manyi.flow.procedure.queries import list_documents
from manyi.flow.records.entrances import kind_in_force
from manyi.flow.records.models import Arrival, Record
from manyi.flow.records.operations import Arrived, add_to, take_in, takes_arrivals
from manyi.flow.records.operations.arriving import BY_MAIL, MOST_FILES, MOST_TEXT
from manyi.flow.records.queries import Kind
from manyi.flow.records.storing import Upload, wrong_file

LOG = logging.getLogger(__name__)
TAKEN, REFUSED = "taken", "refused"
MOST_BYTES, MOST_FROM_ONE, WINDOW = 20 * 1024**2, 10, timedelta(hours=1)
AT_ONCE = 20
UNREADABLE = Text("邮件无法读取", "The mail cannot be read")
SETTLED = timedelta(seconds=2)
"""A file that is younger may still be written."""


class NotTaken(Exception):
    """A mail that cannot become a case; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(en)


def take_in_mails(*, at: datetime, folder: Path) -> int:
    """Take in what lies in the drops, at most twenty at once; how many mails were dealt with."""
    drops = [one for one in sorted(folder.iterdir()) if one.is_dir()] if folder.is_dir() else []
    mails = [(drop, file) for drop in drops for file in sorted(drop.glob("*.eml")) if _is_whole(file, at)]
    for drop, file in mails[:AT_ONCE]:
        try:
            _take(drop.name, file, at)
        except NotTaken as refused:
            _put_aside(file, REFUSED, refused.text)
        except CannotDo as refused:
            _put_aside(file, REFUSED, refused.message)
        except (ValueError, DataError):
            LOG.exception("the mail %s cannot be kept", file.name)
            _put_aside(file, REFUSED, UNREADABLE)
        else:
            _put_aside(file, TAKEN)
    return len(mails[:AT_ONCE])


def _is_whole(file: Path, at: datetime) -> bool:
    return at.timestamp() - file.stat().st_mtime > SETTLED.total_seconds()


def _take(drop: str, file: Path, at: datetime) -> None:
    kind = _kind(drop, at)
    if file.stat().st_size > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        raise NotTaken(f"邮件超过 {most} MB", f"The mail is larger than {most} MB")
    content = file.read_bytes()
    try:
        mail = message_from_bytes(content, policy=policy.default)
        sender, subject, sent = _head(mail, at)
        arrived = _arrived(mail, sender, subject)
    except (MessageError, LookupError, UnicodeError, ValueError, AttributeError, TypeError):
        LOG.exception("the mail %s cannot be read", file.name)
        raise NotTaken(UNREADABLE.zh, UNREADABLE.en) from None
    message = _id_of(mail, content)
    if Arrival.objects.filter(message=message).exists():
        return  # it was taken in before; only the file was not moved
    since = Arrival.objects.filter(reached_at__iexact=sender, at__gt=at - WINDOW).exclude(message=None).count()
    if since >= MOST_FROM_ONE:
        raise NotTaken(
            f"同一发件人一小时内的邮件超过 {MOST_FROM_ONE} 封，可能是自动往复",
            f"More than {MOST_FROM_ONE} mails of one sender within an hour: perhaps a loop",
        )
    known = _named_in(kind, subject)
    if known is not None:
        add_to(at=at, record=known, arrived=arrived, message=message)
    else:
        take_in(
            at=at, kind=kind, unit=kind.document.unit, arrived=arrived, ways=BY_MAIL, message=message,
            source=f"mail:{sha256(message.encode()).hexdigest()[:40]}", happened_at=min(sent, at),
        )  # fmt: skip


def _kind(drop: str, at: datetime) -> Kind:
    key, _, name = drop.partition(".")
    document: Document | None = next((one for one in list_documents() if one.key == key), None)
    kind = kind_in_force(document, name, timezone.localdate(at)) if document else None
    if kind is None or not takes_arrivals(kind):
        raise NotTaken(
            f"文件夹名“{drop}”不是接收外来信息的记录（程序.记录，如 P01.customer_feedback）",
            f"The folder “{drop}” names no kind of case that comes from outside (procedure.record)",
        )
    return kind


def _head(mail: EmailMessage, at: datetime) -> tuple[str, str, datetime]:
    """Sender, subject and when it was sent; refuses what a machine sent and what has no sender."""
    sender = parseaddr(str(mail.get("From", "")))[1].strip()
    if "@" not in sender:
        raise NotTaken("邮件没有发件人", "The mail has no sender")
    automatic = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower() not in ("", "no")
    bulk = str(mail.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
    own = parseaddr(settings.MANYI_MAIL_FROM)[1].lower()
    if automatic or bulk or mail.get("X-Loop") or mail.get("X-Autoreply") or sender.lower() == own:
        raise NotTaken("自动发出的邮件（自动回复、群发或本系统发出），不作为顾客信息",
                       "A mail sent by a machine (an automatic reply, a mailing, or our own) is no case")  # fmt: skip
    try:
        sent = parsedate_to_datetime(str(mail.get("Date", "")))
    except (ValueError, TypeError):
        sent = at
    return sender[:200], " ".join(str(mail.get("Subject", "")).split()), sent if sent.tzinfo else at


def _arrived(mail: EmailMessage, sender: str, subject: str) -> Arrived:
    """Subject and text, and the files that may be kept; those that may not are named in the text."""
    body = mail.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_subtype() == "html":
        text = unescape(re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", text))
    uploads: list[Upload] = []
    left_out: list[str] = []
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        upload = Upload(Path(part.get_filename() or "file").name, content if isinstance(content, bytes) else b"")
        if len(uploads) < MOST_FILES and wrong_file(upload, picture=False) is None:
            uploads.append(upload)
        else:
            left_out.append(upload.title[:80])
    note = f"\n\n（未保存的附件 / attachments not kept: {'、'.join(left_out)}）" if left_out else ""
    whole = "\n\n".join(part for part in (subject, text.strip()) if part) or "—"
    name = parseaddr(str(mail.get("From", "")))[0]
    return Arrived(_readable(whole[: MOST_TEXT - len(note)] + note), _readable(name), sender, uploads)


def _readable(text: str) -> str:
    """The text without what no database keeps: NUL, and half signs that a charset such as UTF-7 may leave."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _id_of(mail: EmailMessage, content: bytes) -> str:
    stated = _readable(str(mail.get("Message-ID", ""))).strip()
    return stated if 0 < len(stated) <= 250 else f"sha256:{sha256(content).hexdigest()}"


def _named_in(kind: Kind, subject: str) -> Record | None:
    """The open case whose number stands in a subject."""
    words = set(re.findall(r"[\w./-]*\d[\w./-]*", subject)[:10])
    rows = Record.objects.filter(document=kind.document, kind=kind.flow.kind, state=Record.State.OPEN)
    return rows.filter(number__in=words).exclude(number="").first() if words else None


def _put_aside(file: Path, where: str, why: Text | None = None) -> None:
    """Move a mail beside its drop under a name that is free, with a text that says why it was refused."""
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    place = folder / file.name
    n = 1
    while place.exists():
        n += 1
        place = folder / f"{file.stem}-{n}{file.suffix}"
    if why is not None:
        place.with_suffix(".txt").write_text(f"{why.zh}\n{why.en}\n", encoding="utf-8")
    file.replace(place)
