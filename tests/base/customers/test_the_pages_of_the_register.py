"""Customers on the screen: found, looked at, added, changed, taken in from a file."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import AT

from manyi.base.customers import intake as intakes
from manyi.base.customers.models import Contact, Customer, Product, Sale
from manyi.base.evidence.models import Event, Value
from manyi.base.files.models import Intake

FIELDS = {"code": "N1", "name": "<b>新客户</b>", "unit": "east", "country": "", "contact": "陆工", "department": "采购部",
          "email": "lu@new.example", "phone": ""}  # fmt: skip


def test_the_list_shows_what_each_bought_and_finds_by_name_and_number(signed_in, cast, register):
    client = signed_in(cast.zhao)
    page = client.get("/customers/").content.decode()
    assert "6,200,000.00" in page  # C1: 球阀 6,000,000 + 蝶阀 200,000
    assert "2026" in page
    assert "宁波华泰石化" not in client.get("/customers/?q=海川").content.decode()
    assert "上海海川化工" in client.get("/customers/?q=c1").content.decode()


def test_a_person_sees_the_customers_of_the_own_units_only(signed_in, cast, register):
    south = Customer.objects.get(code="C3")
    east = signed_in(cast.sun).get("/customers/").content.decode()
    assert "上海海川化工" in east
    assert south.name not in east
    assert signed_in(cast.sun).get(f"/customers/{south.pk}/").status_code == 404
    assert signed_in(cast.qian).get(f"/customers/{south.pk}/").status_code == 404
    assert signed_in(cast.qian).get(f"/customers/{south.pk}/edit/").status_code == 404
    assert signed_in(cast.zhao).get(f"/customers/{south.pk}/").status_code == 200


def test_the_list_costs_the_same_for_three_and_for_thirty(signed_in, cast, register, django_assert_max_num_queries):
    client = signed_in(cast.zhao)
    with django_assert_max_num_queries(30) as few:
        client.get("/customers/")
    product = Product.objects.get(name="球阀")
    for n in range(30):
        one = Customer.objects.create(code=f"M{n}", name=f"客户{n}", unit=cast.east)
        Sale.objects.create(customer=one, product=product, year=2026, amount=1, recorded_at=AT)
    with django_assert_max_num_queries(len(few)):
        client.get("/customers/")


def test_an_empty_register_says_what_to_do(signed_in, cast, p12):
    assert 'href="/customers/import/"' in signed_in(cast.zhao).get("/customers/").content.decode()


def test_one_customer_is_added_and_its_name_is_text(signed_in, cast, p12):
    client = signed_in(cast.zhao)
    answer = client.post("/customers/new/", FIELDS)
    added = Customer.objects.get(code="N1")
    assert answer["Location"] == f"/customers/{added.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "&lt;b&gt;新客户" in page
    assert "<b>新客户" not in page
    assert added.unit == cast.east
    assert (
        client.post("/customers/new/", FIELDS, headers={"referer": "http://testserver/customers/new/"}).status_code
        == 302
    )
    assert Customer.objects.count() == 1


def test_a_change_keeps_what_was_said_before(signed_in, cast, register):
    customer = Customer.objects.get(code="C1")
    change = FIELDS | {"code": "ignored", "name": customer.name, "email": ""}
    assert signed_in(cast.zhao).post(f"/customers/{customer.pk}/edit/", change).status_code == 302
    customer.refresh_from_db()
    assert customer.code == "C1"
    assert Contact.objects.get(customer=customer).email == ""
    event = Event.objects.get(kind="customers.customer.changed")
    assert event.facts["fields"] == ["contact", "department", "email"]
    assert "c1@customer.example" not in str(event.facts)
    assert Value.objects.get(event=event, field="email.old").content == "c1@customer.example"


def test_who_keeps_no_register_changes_nothing(signed_in, cast, register):
    customer = Customer.objects.get(code="C1")
    client = signed_in(cast.he)
    assert client.get(f"/customers/{customer.pk}/").status_code == 200
    assert client.post(f"/customers/{customer.pk}/edit/", FIELDS).status_code == 403
    assert client.post("/customers/new/", FIELDS).status_code == 403
    assert client.get("/customers/import/").status_code == 403
    assert Event.objects.filter(kind="customers.customer.changed").count() == 0


def test_a_file_is_handed_over_and_its_progress_and_faults_are_shown(signed_in, cast, register):
    client = signed_in(cast.zhao)
    file = SimpleUploadedFile("customers.csv", "customer_id,name,email\nA1,甲,<i>no</i>\n".encode())
    answer = client.post("/customers/import/", {"file": file, "unit": "sales"})
    waiting = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    [intake] = Intake.objects.all()
    assert intake.unit == cast.sales.pk
    intakes.take_register(intake, at=AT)
    refused = client.get(answer["Location"]).content.decode()
    assert "hx-trigger" not in refused
    assert "&lt;i&gt;no" in refused
    assert "<!doctype" not in client.get(answer["Location"], headers={"hx-request": "true"}).content.decode()
    assert signed_in(cast.qian).get(answer["Location"]).status_code == 404


@pytest.mark.parametrize("name", ["customers.exe", "customers.xls", "customers"])
def test_another_kind_of_file_is_refused_at_once(signed_in, cast, p12, name):
    file = SimpleUploadedFile(name, b"x")
    answer = signed_in(cast.zhao).post("/customers/import/", {"file": file, "unit": "sales"})
    assert answer.status_code == 200
    assert Intake.objects.count() == 0


def test_stopping_needs_a_post(signed_in, cast, register):
    client = signed_in(cast.zhao)
    client.post("/customers/import/", {"file": SimpleUploadedFile("c.csv", b"customer_id\nA\n"), "unit": "sales"})
    [intake] = Intake.objects.all()
    assert client.get(f"/customers/intake/{intake.pk}/stop/").status_code == 405
    client.post(f"/customers/intake/{intake.pk}/stop/")
    assert Intake.objects.get().state == "stopped"
    client.post(f"/customers/intake/{intake.pk}/resume/")
    assert Intake.objects.get().state == "waiting"
