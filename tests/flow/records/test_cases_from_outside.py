"""Cases that customers bring themselves: by the public page, by mail; and how the inbox shows them."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.conftest import AT

from manyi.base.customers.models import Contact, Customer
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.records.entrances import find_progress, follow_token, kind_in_force, link_of
from manyi.flow.records.models import Arrival, Entrance, Record
from manyi.flow.records.operations import close_entrance, open_entrance
from manyi.flow.records.operations.arriving import MOST_AT_ONCE
from manyi.flow.records.public_views import SALT
from manyi.jobs import maildrop
from manyi.jobs.maildrop import MOST_BYTES, MOST_FROM_ONE, take_in_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(AT + timedelta(hours=1))


@pytest.fixture
def entrance(px, cast, kind):
    return open_entrance(by=cast.zhao, at=AT, kind=kind("complaint"), unit=cast.company)


@pytest.fixture
def place(entrance):
    return link_of(entrance).partition("8000")[2]


@pytest.fixture
def fill(place, time_machine, register):
    """Fill the public page and send it; ``seconds`` after it was opened."""
    time_machine.move_to(AT, tick=False)
    client = Client(enforce_csrf_checks=True)

    def send(seconds=30, **said):
        opened = client.get(place)
        assert opened.status_code == 200
        since = opened.content.decode().partition('name="since" value="')[2].partition('"')[0]
        form = {
            "text": "阀门漏水\n第二行",
            "name": "周先生",
            "reached_at": "13800138000",
            "key": uuid4(),
            "since": since,
            "web": "",
        }
        time_machine.shift(timedelta(seconds=seconds))
        return client.post(place, form | said)

    return send


def test_a_customer_brings_a_case_and_follows_it(fill, open_, take, people, cast):
    answer = fill(file=SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n1"))
    assert answer.status_code == 303
    assert not answer.cookies
    record = Record.objects.get()
    assert (record.opened_by, record.unit, record.number) == (None, cast.company, "C-2026-001")
    assert Duty.objects.get(rule="complaint.receive").state == "open"  # the clock of the first step runs
    arrival = record.arrivals.get()
    assert (arrival.text, arrival.name) == ("阀门漏水\n第二行", "周先生")
    assert record.attachments.get().file.title == "photo.png"
    receipt = Client().get(answer.url).content.decode()
    assert "C-2026-001" in receipt
    assert "周先生" not in receipt
    said = {"customer": "C1", "kind": "late", "description": "内部说法"}
    take(record, "receive", "zhao", said)
    take(record, "handle", "chen", {"result": "内部处理"}, hours=2, proofs={"answer": "信"})
    told = Client().get(answer.url, {"lang": "en"}).content.decode()
    assert "Handle and answer" in told
    assert "being handled" in told
    assert "内部" not in told  # nothing of what the house wrote
    take(record, "ask_back", "zhao", hours=3, outcome="content")
    assert "已办结" in Client().get(answer.url, {"lang": "zh"}).content.decode()


def test_the_same_form_sent_twice_is_one_case(fill):
    key = uuid4()
    one, other = fill(key=key), fill(key=key)
    assert one.url == other.url
    assert Record.objects.count() == Arrival.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"web": "http://spam.example"}, 422), ({"seconds": 1}, 422), ({"since": "forged"}, 422), ({"text": "  "}, 422),
        ({"key": "no uuid"}, 422), ({"text": "长" * 5001}, 422), ({"seconds": 60 * 60 * 13}, 422),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, 422), ({"file": SimpleUploadedFile("a.png", b"")}, 422),
    ],
)  # fmt: skip
def test_robots_and_wrong_forms_are_told_and_lose_nothing(fill, said, status):
    answer = fill(**said)
    assert answer.status_code == status
    html = answer.content.decode()
    assert 'role="alert"' in html
    if "text" not in said:
        assert "阀门漏水" in html  # what was written stands in the form
    assert not Record.objects.exists()


def test_a_signature_of_another_time_is_not_taken(fill):
    assert fill(since=signing.dumps(1.0, salt=SALT)).status_code == 422
    assert fill(since=signing.dumps("x", salt="other")).status_code == 422


def test_more_than_people_would_write_is_held_off(fill, place):
    for _ in range(MOST_AT_ONCE):
        assert fill(seconds=5).status_code == 303
    answer = fill(seconds=5)
    assert answer.status_code == 429
    assert Record.objects.count() == MOST_AT_ONCE
    assert fill(seconds=700).status_code == 303  # ten minutes later people may write again


def test_a_closed_page_and_a_made_up_link_lead_nowhere(entrance, place, cast):
    arrival_like = reverse("feedback:follow", args=["x" * 43])
    assert Client().get(arrival_like).status_code == 404
    assert Client().get(reverse("feedback:write", args=["A" * 43])).status_code == 404
    close_entrance(by=cast.zhao, at=AT, entrance=entrance)
    assert Client().get(place).status_code == 404
    with pytest.raises(MayNot):
        open_entrance(by=cast.he, at=AT, kind=entrance_kind(entrance), unit=cast.company)


def entrance_kind(entrance):
    return kind_in_force(entrance.document, entrance.kind, AT.date())


# ---- mail -------------------------------------------------------------------------------------


def mail(text="泵坏了", **heads):
    message = EmailMessage()
    said = {"From": "Zhou <zhou@customer.example>", "Subject": "投诉", "Message-ID": f"<{uuid4()}@customer.example>"}
    for name, value in {**said, **{k.replace("_", "-"): v for k, v in heads.items()}}.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    return message


@pytest.fixture
def drop(px, tmp_path):
    """Drop a mail for a kind of case and let the jobs run: where it lies then."""
    folder = tmp_path / "mail-in"

    def put(message, kind="PX.complaint", name=None, at=AT):
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        file = place / (name or f"{uuid4()}.eml")
        file.write_bytes(message if isinstance(message, bytes) else bytes(message))
        os.utime(file, (at.timestamp() - 60,) * 2)
        assert take_in_mails(at=at, folder=folder) == 1
        assert not file.exists()
        return next(f for where in ("taken", "refused") for f in [place / where / file.name] if f.exists())

    return put


def test_a_mail_becomes_a_case_with_its_files(drop):
    message = mail()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="fault.pdf")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="virus.exe")
    assert drop(message).parent.name == "taken"
    record = Record.objects.get()
    arrival = record.arrivals.get()
    assert record.channel == "email"
    assert (arrival.name, arrival.reached_at) == ("Zhou", "zhou@customer.example")
    assert arrival.text.startswith("投诉\n\n泵坏了")
    assert "virus.exe" in arrival.text
    assert [one.file.title for one in record.attachments.all()] == ["fault.pdf"]


def test_the_same_mail_is_one_case_and_an_answer_goes_to_its_case(drop):
    message = mail()
    drop(message)
    drop(message, at=AT + timedelta(minutes=5))
    record = Record.objects.get()
    drop(mail("还是坏的", Subject=f"回复：{record.number} 投诉"))
    assert Record.objects.count() == 1
    assert record.arrivals.count() == 2


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (mail(From=None), "发件人"), (mail(Auto_Submitted="auto-replied"), "自动"), (mail(Precedence="bulk"), "自动"),
        (mail(X_Loop="x"), "自动"), (b"\x00" * (MOST_BYTES + 1), "MB"), (b"", "发件人"), (b"\xff\xfe\x00garbage", "发件人"),
    ],
)  # fmt: skip
def test_what_is_no_case_is_kept_with_the_reason(drop, message, said):
    place = drop(message)
    assert place.parent.name == "refused"
    assert said in place.with_suffix(".txt").read_text(encoding="utf-8")
    assert not Record.objects.exists()


HEAD = b"From: zhou@customer.example\nMessage-ID: <1@customer.example>\nSubject: pump\n"


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"Content-Type: text/plain; charset=utf-7\n\nleaks +2AA-",  # half of a surrogate pair
        HEAD.replace(b"<1", b"<1\x00") + b"\nleaks \x00",
        HEAD + b"Content-Type: text/plain\n\nleaks \xd5\xc5",
    ],
)
def test_signs_no_database_keeps_hold_up_no_mail(drop, content):
    assert drop(content).parent.name == "taken"
    arrival = Record.objects.get().arrivals.get()
    assert "leaks" in arrival.text
    assert not {"\x00", "\ud800"} & {*arrival.text, *arrival.message}


def test_a_mail_that_cannot_be_kept_is_put_aside_and_the_next_is_taken(drop, monkeypatch):
    monkeypatch.setattr(maildrop, "take_in", lambda **_: chr(0xD800).encode())
    place = drop(mail())
    assert place.parent.name == "refused"
    assert "邮件无法读取" in place.with_suffix(".txt").read_text(encoding="utf-8")
    monkeypatch.undo()
    assert drop(mail()).parent.name == "taken"


def test_a_loop_is_broken(drop):
    for n in range(MOST_FROM_ONE):
        assert drop(mail(f"{n}")).parent.name == "taken"
    assert drop(mail("once more")).parent.name == "refused"


@pytest.mark.parametrize("name", ["PX.plan", "PX.nothing", "nonsense", "P99.x"])
def test_a_folder_that_names_no_case_is_told(drop, name):
    place = drop(mail(), kind=name)
    assert name in place.with_suffix(".txt").read_text(encoding="utf-8")


# ---- the inbox --------------------------------------------------------------------------------


def test_the_inbox_shows_what_came_and_how_long_there_is(fill, signed_in, people, time_machine):
    fill()
    record = Record.objects.get()
    client = signed_in(people["zhao"])
    time_machine.move_to(AT + timedelta(hours=1))
    html = client.get(reverse("records:kind", args=["PX.complaint"]), {"lang": "en"}).content.decode()
    assert "left" in html
    page = client.get(reverse("records:record", args=[record.pk])).content.decode()
    assert "阀门漏水" in page
    assert "13800138000" in page
    time_machine.move_to(AT + timedelta(days=2))
    client = signed_in(people["zhao"])
    late = client.get(reverse("records:kind", args=["PX.complaint"]), {"lang": "en"}).content.decode()
    assert "over by" in late


def test_a_caller_is_looked_up_and_the_form_begins_with_him(register, open_, signed_in, people):
    customer = Customer.objects.get(code="C2")
    Contact.objects.create(customer=customer, name="周工", phone="+86 574-8765 4321")
    Contact.objects.filter(customer=customer, name="联系人").update(phone="057487654321")
    known = open_("complaint", "zhao", {"customer": "C2", "kind": "late", "description": "晚"})
    client = signed_in(people["zhao"])
    html = client.get(reverse("records:start", args=["PX.complaint"]), {"caller": "87654321"}).content.decode()
    assert "宁波华泰石化" in html
    assert str(known) in html  # what is open at this customer
    begun = client.get(
        reverse("records:start", args=["PX.complaint"]), {"f_customer": "C2 · 宁波华泰石化", "channel": "phone"}
    ).content.decode()
    assert 'value="C2 · 宁波华泰石化"' in begun
    assert (
        "Nobody"
        in client.get(
            reverse("records:start", args=["PX.complaint"]), {"caller": "nobody", "lang": "en"}
        ).content.decode()
    )


def test_the_public_page_is_opened_and_closed_by_who_registers_cases(signed_in, people, px, cast):
    place = reverse("records:entrances", args=["PX.complaint"])
    client = signed_in(people["zhao"])
    assert client.post(place, {"unit": cast.company.pk}).status_code == 302
    entrance = Entrance.objects.get()
    assert link_of(entrance) in client.get(place).content.decode()
    assert client.post(place, {"unit": cast.company.pk}).status_code == 302
    assert Entrance.objects.count() == 1
    assert signed_in(people["he"]).post(place, {"unit": cast.company.pk}).status_code == 403
    client = signed_in(people["zhao"])
    assert client.post(reverse("records:close_entrance", args=[entrance.pk])).status_code == 302
    assert Entrance.objects.get().closed_at is not None


def test_the_statistics_of_a_half_year(register, open_, take, signed_in, people, django_assert_max_num_queries):
    for n, kind in enumerate(["late", "late", "late", "broken"]):
        said = {"customer": "C1", "kind": kind, "description": f"{n}", "loss": {"amount": "100", "currency": "CNY"}}
        open_("complaint", "zhao", said, at=AT + timedelta(minutes=n))
    client = signed_in(people["zhao"])
    place = reverse("records:statistics", args=["PX.complaint"])
    with django_assert_max_num_queries(25):
        html = client.get(place, {"period": "2026-H2", "lang": "en"}).content.decode()
    assert "75.0%" in html  # three of four are late deliveries
    assert "400" in html
    assert "2026-12" in html
    assert "Nothing happened" in client.get(place, {"period": "2025-H1", "lang": "en"}).content.decode()
    assert client.get(place, {"period": "nonsense"}).status_code == 200
    book = client.get(reverse("records:export_statistics", args=["PX.complaint"]), {"period": "2026-H2"})
    assert book.status_code == 200
    assert book.content[:2] == b"PK"


def test_progress_says_nothing_for_a_foreign_token(fill):
    fill()
    arrival = Arrival.objects.get()
    assert find_progress(follow_token(arrival)).number == "C-2026-001"
    token = follow_token(arrival)
    assert find_progress(token[:10] + ("A" if token[10] != "A" else "B") + token[11:]) is None
    assert arrival.at.tzinfo is UTC or arrival.at.utcoffset() is not None
