"""Mails are queued with the work, sent at least once, and never to whom nobody meant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from tests.conftest import AT

from manyi.base.outbox.models import Mail
from manyi.base.outbox.operations import queue_mail, send_due_mails

pytestmark = pytest.mark.django_db


def queue(**changes: str) -> None:
    queue_mail(**{"to": "a@customer.example", "subject": "s", "body": "b", "dedupe": "d", **changes}, at=AT)


def test_the_same_matter_is_queued_once() -> None:
    queue()
    queue(body="again")
    assert Mail.objects.count() == 1


def test_what_is_due_is_sent_once() -> None:
    queue()
    assert (send_due_mails(at=AT), send_due_mails(at=AT)) == (1, 0)
    assert [m.to for m in mail.outbox] == [["a@customer.example"]]


def test_a_mail_somebody_else_is_sending_is_left_alone_until_the_lease_is_over() -> None:
    queue()
    Mail.objects.update(lease_until=AT + timedelta(minutes=1))
    assert send_due_mails(at=AT) == 0
    assert send_due_mails(at=AT + timedelta(minutes=2)) == 1


def test_a_failure_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no connection")

    queue()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_due_mails(at=AT) == 0
    assert "no connection" in Mail.objects.get().error
    assert send_due_mails(at=AT) == 0, "not yet"
    assert send_due_mails(at=AT + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(
    "hostile",
    ["a@x.example\r\nBcc: b@x.example", "a@x.example,b@x.example", "a@x.example\n", "no address", "", "a@x.example b"],
)
def test_an_address_is_one_address(hostile: str) -> None:
    queue(to=hostile)
    send_due_mails(at=AT)
    assert all(m.recipients() == ["a@x.example"] for m in mail.outbox)


@pytest.mark.parametrize(
    "hostile", ["x\r\nBcc: b@x.example", "x\nTo: b@x.example", "x\x0b\x0cy", "x\u2028Bcc: b@x.example"]
)
def test_a_subject_stays_one_line(hostile: str) -> None:
    queue(subject=hostile)
    send_due_mails(at=AT)
    [sent] = mail.outbox
    assert sent.recipients() == ["a@customer.example"]
    parsed = sent.message()
    assert parsed["Bcc"] is None
    assert "\n" not in sent.subject
