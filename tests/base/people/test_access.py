"""Who may do and see what: roles for units and those below, for a time, of people who are active."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.conftest import AT, PASSWORD

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot, may, may_anywhere, verbs_of, visible_units
from manyi.base.people.operations import (
    CannotChangePeople,
    add_person,
    add_unit,
    assign_role,
    disable_person,
    end_assignment,
    found_company,
    set_password,
)
from manyi.base.people.queries import get_visible_person, list_role_names, list_visible_people

TODAY = timezone.localdate()


def names(units) -> set[str]:
    return {unit.name for unit in units}


def test_a_role_holds_for_its_unit_and_all_below(p12, cast):
    assert may(cast.zhao, "dispatch.send", cast.company)
    assert may(cast.zhao, "dispatch.send", cast.east)
    assert may(cast.sun, "dispatch.send", cast.east)
    assert not may(cast.sun, "dispatch.send", cast.sales)
    assert not may(cast.sun, "dispatch.send", cast.south)


def test_a_unit_whose_path_only_begins_alike_is_not_below(cast):
    from manyi.base.people.models import Unit

    twin = Unit.objects.create(key="twin", name="twin", path=f"{cast.company.path[:-1]}9/")
    assert not may(cast.zhang, "people.manage", twin)


def test_nobody_may_what_no_role_is_granted(p12, cast):
    assert not may(cast.zhang, "moon.land", cast.company)
    assert not may_anywhere(cast.he, "people.manage")


def test_a_person_sees_units_of_roles_and_below(cast):
    assert names(visible_units(cast.sun)) == {"华东办事处"}
    assert names(visible_units(cast.li)) == {"华衡阀门", "销售公司", "华东办事处", "华南办事处", "品保部"}


def test_people_of_other_units_do_not_exist(cast):
    assert cast.qian not in list_visible_people(cast.zhang)
    with pytest.raises(type(cast.qian).DoesNotExist):
        get_visible_person(cast.zhang, cast.qian.pk)


@pytest.mark.parametrize(("days", "holds"), [(1, True), (0, False), (-1, False)])
def test_a_role_is_gone_on_the_day_it_ends(p12, cast, days, holds):
    assignment = cast.zhao.assignments.get()
    end_assignment(by=cast.zhang, at=AT, assignment=assignment, on=TODAY + timedelta(days=days))
    assert may(cast.zhao, "dispatch.send", cast.company) is holds


def test_a_role_begins_on_its_day(p12, cast):
    assign_role(
        by=cast.zhang, at=AT, person=cast.he, role="sales_company", unit=cast.sales, from_on=TODAY + timedelta(1)
    )
    assert not may(cast.he, "dispatch.send", cast.sales)


def test_a_disabled_person_may_nothing_at_the_next_request(p12, cast, signed_in):
    client = signed_in(cast.li)
    assert client.get(reverse("procedure:list")).status_code == 200
    disable_person(by=cast.zhang, at=AT, person=cast.li)
    assert client.get(reverse("procedure:list")).status_code == 302
    assert client.post(reverse("people:password")).status_code == 403
    cast.li.refresh_from_db()
    assert verbs_of(cast.li) == frozenset()


@pytest.mark.parametrize("who", ["li", "sun", "qian", "he"])
def test_only_who_keeps_the_installation_changes_people(cast, who):
    by = getattr(cast, who)
    do = {"by": by, "at": AT}
    with pytest.raises(MayNot):
        add_unit(**do, key="x", name="x", kind="office", parent=cast.sales)
    with pytest.raises(MayNot):
        add_person(**do, username="x", name="x", unit=cast.east)
    with pytest.raises(MayNot):
        assign_role(**do, person=by, role="administrator", unit=cast.company, from_on=TODAY)
    with pytest.raises(MayNot):
        set_password(**do, person=cast.zhang, password="another long password")
    with pytest.raises(MayNot):
        disable_person(**do, person=cast.zhang)


def test_an_administrator_elsewhere_gives_no_role_to_people_here(cast):
    with pytest.raises(MayNot):
        assign_role(by=cast.qian, at=AT, person=cast.li, role="auditor", unit=cast.elsewhere, from_on=TODAY)


def test_nobody_locks_themselves_out(cast):
    with pytest.raises(CannotChangePeople):
        disable_person(by=cast.zhang, at=AT, person=cast.zhang)
    with pytest.raises(CannotChangePeople):
        end_assignment(by=cast.zhang, at=AT, assignment=cast.zhang.assignments.get(), on=TODAY)


def test_a_role_does_not_end_before_it_began(cast):
    with pytest.raises(CannotChangePeople):
        end_assignment(by=cast.zhang, at=AT, assignment=cast.li.assignments.get(), on=date(2020, 1, 1))


def test_taken_names_are_refused(cast):
    with pytest.raises(CannotChangePeople):
        add_person(by=cast.zhang, at=AT, username="li", name="x", unit=cast.east)
    with pytest.raises(CannotChangePeople):
        add_unit(by=cast.zhang, at=AT, key="east", name="x", kind="office", parent=cast.sales)


@pytest.mark.parametrize("password", ["short", "password123", "1234567890", "sun-sun-sun"[:9]])
def test_weak_passwords_are_refused(cast, password):
    with pytest.raises(CannotChangePeople):
        set_password(by=cast.sun, at=AT, person=cast.sun, password=password)
    cast.sun.refresh_from_db()
    assert cast.sun.check_password(PASSWORD)


def test_a_role_given_twice_is_given_once(cast):
    do = {"by": cast.zhang, "at": AT, "person": cast.li, "role": "auditor", "unit": cast.company, "from_on": TODAY}
    assert assign_role(**do) == assign_role(**do)
    assert Event.objects.filter(kind="people.role.assigned", subject=f"people.person:{cast.li.pk}").count() == 2


def test_events_hold_no_names(cast):
    import json

    said = json.dumps(list(Event.objects.values("kind", "subject", "facts", "actor")), ensure_ascii=False)
    assert not [p.name for p in list_visible_people(cast.zhang) if p.name in said and p.name != p.username]


def test_roles_are_called_what_the_procedure_calls_them(p12):
    assert list_role_names()["quality_assurance"].zh == "品保部"
    assert list_role_names()["auditor"].en == "Auditor"


@pytest.mark.django_db
def test_the_first_administrator_needs_a_strong_password_too():
    with pytest.raises(CannotChangePeople, match="too weak"):
        found_company(name="华衡阀门", administrator="zhang", password="short", at=AT)
    assert found_company(name="华衡阀门", administrator="zhang", password=PASSWORD, at=AT).check_password(PASSWORD)
