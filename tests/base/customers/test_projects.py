"""Projects on the screen: listed, found, added."""

from __future__ import annotations

import pytest
from tests.conftest import AT

from manyi.base.customers.models import Customer, Project
from manyi.base.customers.operations import add_project
from manyi.base.evidence.models import Event

PLACE = "/customers/projects/"
FIELDS = {"short": "HC2", "name": "<b>海川二期</b>", "unit": "east", "customer": "C1"}


@pytest.fixture
def keeper(register, cast, signed_in):
    add_project(
        by=cast.zhang, at=AT, unit=cast.east, short="HC1", name="海川一期", customer=Customer.objects.get(code="C1")
    )
    return signed_in(cast.zhang)


def test_a_project_is_added_and_stands_in_the_list(keeper):
    assert keeper.post(PLACE, FIELDS).url == PLACE
    project = Project.objects.get(short="HC2")
    assert (project.customer.code, project.unit.key) == ("C1", "east")
    assert Event.objects.filter(kind="customers.project.added", subject=f"customers.project:{project.pk}").exists()
    page = keeper.get(PLACE).content.decode()
    assert "&lt;b&gt;海川二期" in page
    assert f"/customers/{project.customer_id}/" in page
    assert PLACE in keeper.get("/customers/").content.decode()


def test_it_is_found_by_short_and_full_name(keeper):
    assert "海川一期" in keeper.get(f"{PLACE}?q=hc1").content.decode()
    assert "海川一期" not in keeper.get(f"{PLACE}?q=华泰").content.decode()


@pytest.mark.parametrize(("changed", "field"), [({"short": "HC1"}, "short"), ({"customer": "C99"}, "customer")])
def test_one_on_record_and_an_unknown_customer_are_told_at_the_field(keeper, changed, field):
    answer = keeper.post(PLACE, FIELDS | changed)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Project.objects.count() == 1


def test_a_project_may_be_of_no_customer(keeper):
    keeper.post(PLACE, FIELDS | {"customer": ""})
    assert Project.objects.get(short="HC2").customer is None


def test_who_does_not_keep_the_register_has_no_such_page(register, cast, signed_in):
    assert signed_in(cast.zhao).get(PLACE).status_code == 403


def test_the_list_asks_the_same_number_of_questions_however_long(keeper, cast, django_assert_max_num_queries):
    Project.objects.bulk_create(Project(short=f"P{n}", name=f"项目{n}", unit=cast.east) for n in range(60))
    with django_assert_max_num_queries(25):
        assert keeper.get(PLACE).status_code == 200
