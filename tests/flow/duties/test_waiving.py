"""A duty is let go with a reason, by who may, once."""

import pytest
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import CannotWaive, waive_duty


@pytest.fixture
def duty(wave):
    return Duty.objects.get()


def test_it_stays_with_its_reason(duty, cast):
    waive_duty(by=cast.li, at=AT, duty=duty, reason="  本年度由集团统一调查 ")
    duty.refresh_from_db()
    assert (duty.state, duty.reason) == ("waived", "本年度由集团统一调查")
    assert Event.objects.filter(kind="duties.duty.waived", subject=f"duties.duty:{duty.pk}").count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_not_without_a_reason_that_fits(duty, cast, reason):
    with pytest.raises(CannotWaive):
        waive_duty(by=cast.li, at=AT, duty=duty, reason=reason)
    duty.refresh_from_db()
    assert duty.state == "open"


def test_not_twice_even_from_two_pages_that_both_saw_it_open(duty, cast):
    other = Duty.objects.get(pk=duty.pk)
    waive_duty(by=cast.li, at=AT, duty=duty, reason="一")
    with pytest.raises(CannotWaive):
        waive_duty(by=cast.li, at=AT, duty=other, reason="二")
    assert Duty.objects.get().reason == "一"


def test_not_by_who_has_to_do_it(duty, cast):
    with pytest.raises(MayNot):
        waive_duty(by=cast.zhao, at=AT, duty=duty, reason="太忙")
