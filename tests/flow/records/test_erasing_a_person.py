"""A person at a customer is erased: what named the person is gone everywhere, the evidence stays whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.conftest import AT

from manyi.base.customers.models import Contact, Customer
from manyi.base.customers.operations import CannotRegister, NewCustomer, change_customer
from manyi.base.evidence.models import Event, Value
from manyi.base.evidence.operations import seal_events
from manyi.base.evidence.queries import verify_chain
from manyi.base.files.models import File
from manyi.base.files.queries import path_of
from manyi.base.outbox.models import Mail
from manyi.base.outbox.operations import queue_mail
from manyi.base.people.access import MayNot
from manyi.base.people.models import Assignment
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.models import Arrival, Record
from manyi.flow.records.operations import Arrived, bring_in, open_entrance, open_record
from manyi.flow.records.operations.erasing import ERASED, erase_person
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import Filling, Upload
from manyi.library import PROCEDURES

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL = "周建华", "138-0013-8000", "zhou@customer.example"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(AT + timedelta(hours=1))


@pytest.fixture
def contact(register, cast) -> Contact:
    """The first contact of C1, on record under two mail addresses one after the other; and a mail to it."""
    customer = Customer.objects.get(code="C1")
    row = NewCustomer("C1", customer.name, contact=NAME, email=MAIL, phone=PHONE)
    change_customer(by=cast.zhang, at=AT, customer=customer, unit=customer.unit, row=row)
    for address in (MAIL, "c2@customer.example"):
        queue_mail(to=address, subject="调查", body=f"{NAME}，您好", at=AT, dedupe=address)
    return Contact.objects.select_related("customer__unit").get(customer=customer)


@pytest.fixture
def arrivals(contact, px, cast, kind) -> list[Arrival]:
    """What came in by the public page: two from the contact, written in different ways, and one from somebody else."""
    entrance = open_entrance(by=cast.zhao, at=AT, kind=kind("complaint"), unit=cast.company)
    said = [(NAME, "13800138000"), ("老周", "ZHOU@customer.example"), ("吴女士", "13900139000")]
    return [
        bring_in(
            at=AT, kind=kind("complaint"), entrance=entrance, key=uuid4(),
            arrived=Arrived(f"{name}：漏水", name, reached, [Upload("x.pdf", name.encode())]),
        )
        for name, reached in said
    ]  # fmt: skip


def test_what_came_in_from_the_person_is_gone_and_nothing_else(arrivals, contact, cast):
    paths = [path_of(one.record.attachments.get().file) for one in arrivals]
    erase_person(by=cast.zhang, at=AT, contact=contact, reason="本人要求")
    kept = list(Arrival.objects.order_by("pk").values_list("name", "reached_at", "text"))
    assert kept == [("", "", ERASED), ("", "", ERASED), ("吴女士", "13900139000", "吴女士：漏水")]
    assert [one.record.attachments.count() for one in arrivals] == [0, 0, 1]
    assert File.objects.filter(title="x.pdf").count() == 1
    assert Path(paths[2]).exists()
    assert Record.objects.filter(kind="complaint").count() == 3  # the cases themselves stay


def test_nothing_that_is_kept_says_the_name_and_the_chain_still_verifies(arrivals, contact, cast):
    assert Value.objects.filter(content=MAIL).exists()
    erase_person(by=cast.zhang, at=AT, contact=contact, reason="本人要求")
    seal_events()
    assert verify_chain(AT).good
    left = " ".join(Value.objects.values_list("content", flat=True))
    assert not [word for word in (NAME, PHONE, MAIL, "老周", "13800138000") if word in left]
    assert "吴女士" in left
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert list(Mail.objects.values_list("to", flat=True)) == ["c2@customer.example"]
    event = Event.objects.get(kind="customers.contact.erased")
    counts = {key: event.facts[key] for key in ("arrivals", "mails", "records")}
    assert counts == {"arrivals": 2, "mails": 1, "records": 0}
    assert event.subject == f"customers.customer:{contact.customer_id}"
    assert NAME not in str(event.facts)


def test_a_mail_that_went_out_keeps_only_that_it_went(contact, cast):
    Mail.objects.update(sent_at=AT)
    erase_person(by=cast.zhang, at=AT, contact=contact, reason="本人要求")
    mail = Mail.objects.get(dedupe=MAIL)
    assert (mail.to, mail.subject, mail.body, mail.sent_at) == ("", "", "", AT)


def test_the_fields_of_records_that_name_the_person_are_emptied(contact, cast):
    text = (PROCEDURES / "P01.yaml").read_text(encoding="utf-8")
    revision = import_procedure(by=cast.zhang, at=AT, text=text, unit=cast.company)
    review_revision(by=cast.wang, at=AT, revision=revision)
    approve_revision(by=cast.wang, at=AT, revision=revision)
    put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=AT.date())
    kind = get_kind(cast.zhang, "P01.customer_feedback", AT.date())
    role = kind.flow.steps[0].role
    Assignment.objects.create(person=cast.zhao, role=role, unit=cast.company, from_on="2020-01-01")
    named = f"{NAME} {PHONE}"
    said = {"customer": "C1", "contact": named, "kind": "complaint", "about": "product_quality", "content": "漏水"}
    record = open_record(by=cast.zhao, at=AT, kind=kind, unit=cast.company, filling=Filling(data=said))
    assert named in str(record.acts.values_list("data", flat=True))
    erase_person(by=cast.zhang, at=AT, contact=contact, reason="本人要求")
    record.refresh_from_db()
    assert (record.data["contact"], record.data["content"]) == (ERASED, "漏水")
    slots = [record.text_1, record.text_2, record.text_3, record.text_4]
    assert NAME not in str([slots, *record.acts.values_list("data", flat=True)])
    assert Event.objects.get(kind="customers.contact.erased").facts["records"] == 1


def test_who_does_not_keep_the_register_erases_nobody_and_a_reason_is_asked_for(contact, cast):
    with pytest.raises(MayNot):
        erase_person(by=cast.zhao, at=AT, contact=contact, reason="本人要求")
    with pytest.raises(CannotRegister):
        erase_person(by=cast.zhang, at=AT, contact=contact, reason=" ")
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_it_is_done_on_the_customers_page(contact, cast, signed_in):
    page = f"/customers/{contact.customer_id}/"
    place = f"/records/contacts/{contact.pk}/erase/"
    assert place not in signed_in(cast.zhao).get(page).content.decode()
    client = signed_in(cast.zhang)
    assert place in client.get(page).content.decode()
    assert NAME in client.get(place).content.decode()
    assert client.post(place, {"reason": ""}).status_code == 200
    assert client.post(place, {"reason": "本人要求"}).url == page
    assert NAME not in client.get(page).content.decode()
