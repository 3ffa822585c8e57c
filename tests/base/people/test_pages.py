"""The pages of people: the tree, adding, roles, passwords."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.conftest import PASSWORD

from manyi.base.people.models import Assignment, Person, Unit

NEW = "a long new password"


def test_the_tree_shows_units_people_and_roles(p12, cast, signed_in):
    html = signed_in(cast.zhang).get(reverse("people:list"), {"lang": "zh"}).content.decode()
    for told in ("华东办事处", "孙丽", "销售人员 · 华东办事处", "审核员 · 华衡阀门"):
        assert told in html
    assert "另一公司" not in html


@pytest.mark.parametrize("page", ["list", "new", "new_unit"])
def test_only_who_keeps_the_installation_gets_in(cast, signed_in, page):
    assert signed_in(cast.zhang).get(reverse(f"people:{page}")).status_code == 200
    assert signed_in(cast.li).get(reverse(f"people:{page}")).status_code == 403


def test_people_of_another_company_are_not_there(cast, signed_in):
    client = signed_in(cast.zhang)
    assert client.get(reverse("people:person", args=[cast.qian.pk])).status_code == 404
    assert client.post(reverse("people:disable", args=[cast.qian.pk])).status_code == 404
    assert client.post(reverse("people:end", args=[cast.qian.assignments.first().pk])).status_code == 404
    said = {"unit": cast.elsewhere.pk, "name": "x", "username": "x"}
    client.post(reverse("people:new"), said)
    assert not Person.objects.filter(username="x").exists()


def test_from_a_new_unit_to_a_person_who_signs_in(p12, cast, signed_in, client):
    admin = signed_in(cast.zhang)
    admin.post(
        reverse("people:new_unit"), {"parent": cast.sales.pk, "name": "西南办事处", "key": "west", "kind": "office"}
    )
    west = Unit.objects.get(key="west")
    said = {"unit": west.pk, "name": "周<i>强", "username": "zhou", "email": "", "password": NEW}
    page = admin.post(reverse("people:new"), said).url
    zhou = Person.objects.get(username="zhou")
    role = {"role": "sales_staff", "unit": west.pk, "from_on": timezone.localdate().isoformat()}
    admin.post(reverse("people:assign", args=[zhou.pk]), role)
    html = admin.get(page).content.decode()
    assert "周&lt;i&gt;强" in html
    assert Assignment.objects.get(person=zhou).unit == west
    admin.logout()
    assert client.post(reverse("sign_in"), {"username": "zhou", "password": NEW}).status_code == 302


def test_a_role_nobody_knows_cannot_be_chosen(cast, signed_in):
    said = {"role": "emperor", "unit": cast.company.pk, "from_on": "2026-01-01"}
    signed_in(cast.zhang).post(reverse("people:assign", args=[cast.li.pk]), said)
    assert not Assignment.objects.filter(role="emperor").exists()


def test_a_role_is_ended(cast, signed_in):
    assignment = cast.li.assignments.get()
    signed_in(cast.zhang).post(reverse("people:end", args=[assignment.pk]), {"on": "2026-02-01"})
    assignment.refresh_from_db()
    assert assignment.until_on.isoformat() == "2026-01-31"


def test_ones_own_password_needs_the_present_one(cast, signed_in):
    client = signed_in(cast.sun)
    page = reverse("people:password")
    client.post(page, {"old": "wrong", "password": NEW, "again": NEW})
    cast.sun.refresh_from_db()
    assert cast.sun.check_password(PASSWORD)
    client.post(page, {"old": PASSWORD, "password": NEW, "again": f"{NEW}x"})
    cast.sun.refresh_from_db()
    assert cast.sun.check_password(PASSWORD)
    client.post(page, {"old": PASSWORD, "password": NEW, "again": NEW})
    cast.sun.refresh_from_db()
    assert cast.sun.check_password(NEW)
    assert client.get(page).status_code == 200  # this session goes on


def test_a_new_password_ends_the_persons_other_sessions(cast, signed_in, client):
    from django.test import Client

    other = Client()
    other.force_login(cast.li, backend="django.contrib.auth.backends.ModelBackend")
    signed_in(cast.zhang).post(reverse("people:set_password", args=[cast.li.pk]), {"password": NEW, "again": NEW})
    assert other.get(reverse("procedure:list")).status_code == 302


def test_it_takes_as_many_queries_for_thirty_people_as_for_a_few(cast, signed_in):
    client = signed_in(cast.zhang)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("people:list"))
        return len(seen)

    few = queries()
    for n in range(30):
        person = Person.objects.create(username=f"p{n}", name=f"p{n}", unit=cast.east)
        Assignment.objects.create(person=person, role="auditor", unit=cast.east, from_on="2020-01-01")
    assert queries() == few
