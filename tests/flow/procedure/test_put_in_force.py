"""From a draft to a procedure in force: who may, in which order, from which day, and what holds on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.people.access import MayNot, may
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.operations import (
    CannotApprove,
    CannotImport,
    CannotPutInForce,
    CannotReview,
    approve_revision,
    import_procedure,
    put_in_force,
    renew_rights,
    review_revision,
)
from manyi.flow.procedure.queries import find_last_day, find_revision_in_force
from manyi.library import PROCEDURES

P12 = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")
NEXT = P12.replace("revision: A/0", "revision: A/1").replace(
    "owner: quality_assurance\n  numbering", "owner: sales_company\n  numbering"
)


def bring(cast, text: str, at: datetime = AT) -> Revision:
    return import_procedure(by=cast.zhang, at=at, text=text, unit=cast.company)


def approved(cast, text: str, at: datetime = AT) -> Revision:
    return approve_revision(by=cast.wang, at=at, revision=reviewed(cast, text, at))


def reviewed(cast, text: str, at: datetime = AT) -> Revision:
    return review_revision(by=cast.wang, at=at, revision=bring(cast, text, at))


def test_each_step_leaves_its_event(p12):
    kinds = Event.objects.filter(subject=f"procedure.revision:{p12.pk}").order_by("pk").values_list("kind", flat=True)
    assert [kind.rpartition(".")[2] for kind in kinds] == ["imported", "reviewed", "approved", "put_in_force"]


def test_the_same_text_is_one_revision_only(p12, cast):
    with pytest.raises(CannotImport):
        bring(cast, P12)
    assert Revision.objects.count() == 1


def test_who_has_no_right_does_nothing(cast):
    with pytest.raises(MayNot):
        import_procedure(by=cast.sun, at=AT, text=P12, unit=cast.company)
    draft = bring(cast, P12)
    with pytest.raises(MayNot):
        approve_revision(by=cast.zhao, at=AT, revision=draft)
    with pytest.raises(MayNot):
        put_in_force(by=cast.qian, at=AT, revision=draft, from_date=date(2026, 12, 1))


def test_a_draft_is_reviewed_by_somebody_else_and_once_before_it_is_approved(cast):
    draft = bring(cast, P12)
    with pytest.raises(CannotApprove):
        approve_revision(by=cast.wang, at=AT, revision=draft)
    with pytest.raises(MayNot):
        review_revision(by=cast.sun, at=AT, revision=draft)
    review_revision(by=cast.wang, at=AT, revision=draft)
    with pytest.raises(CannotReview):
        review_revision(by=cast.wang, at=AT, revision=draft)


def test_the_drafter_does_not_review(cast):
    from manyi.base.people.operations import assign_role

    assign_role(by=cast.zhang, at=AT, person=cast.zhang, role="approver", unit=cast.company, from_on=date(2020, 1, 1))
    with pytest.raises(CannotReview):
        review_revision(by=cast.zhang, at=AT, revision=bring(cast, P12))


def test_an_own_draft_of_the_same_name_is_replaced_and_any_other_is_not(p12, cast):
    with pytest.raises(CannotImport):
        bring(cast, P12 + "# one more line\n")
    first = bring(cast, NEXT)
    second = bring(cast, NEXT + "# one more line\n")
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "draft")
    assert bring(cast, NEXT).state == "draft"


def test_another_company_cannot_take_a_procedure_over(p12, cast):
    with pytest.raises(MayNot):
        import_procedure(by=cast.qian, at=AT, text=NEXT, unit=cast.elsewhere)
    assert p12.document.revisions.count() == 1


def test_the_drafter_does_not_approve(cast):
    from manyi.base.people.operations import assign_role

    assign_role(by=cast.zhang, at=AT, person=cast.zhang, role="approver", unit=cast.company, from_on=date(2020, 1, 1))
    with pytest.raises(CannotApprove):
        approve_revision(by=cast.zhang, at=AT, revision=bring(cast, P12))


def test_a_draft_with_open_errors_is_not_approved(cast):
    broken = reviewed(cast, P12.replace("role: customer_service", "role: nobody_knows", 1))
    with pytest.raises(CannotApprove):
        approve_revision(by=cast.wang, at=AT, revision=broken)


def test_it_is_approved_once(cast):
    revision = approved(cast, P12)
    with pytest.raises(CannotApprove):
        approve_revision(by=cast.wang, at=AT, revision=revision)


def test_a_draft_is_not_put_in_force(cast):
    with pytest.raises(CannotPutInForce):
        put_in_force(by=cast.zhang, at=AT, revision=bring(cast, P12), from_date=date(2026, 12, 1))


def test_it_is_not_in_force_before_the_local_day_of_its_approval(cast):
    evening = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # in Shanghai it is the first of December already
    revision = approved(cast, P12, evening)
    with pytest.raises(CannotPutInForce):
        put_in_force(by=cast.zhang, at=evening, revision=revision, from_date=date(2026, 11, 30))
    put_in_force(by=cast.zhang, at=evening, revision=revision, from_date=date(2026, 12, 1))


def test_a_coming_revision_holds_only_from_its_day(p12, cast):
    coming = put_in_force(by=cast.zhang, at=AT, revision=approved(cast, NEXT), from_date=date(2027, 3, 1))
    assert find_revision_in_force(p12.document, date(2026, 11, 30)) is None
    assert find_revision_in_force(p12.document, date(2027, 2, 28)) == p12
    assert find_revision_in_force(p12.document, date(2027, 3, 1)) == coming
    assert p12.document.revisions.filter(state="in_force").count() == 1


def test_a_revision_holds_until_the_day_before_its_successor(p12, cast):
    assert find_last_day(p12) is None
    put_in_force(by=cast.zhang, at=AT, revision=approved(cast, NEXT), from_date=date(2027, 3, 1))
    p12.refresh_from_db()
    assert find_last_day(p12) == date(2027, 2, 28)


def test_it_does_not_slip_in_before_the_one_it_replaces(p12, cast):
    put_in_force(by=cast.zhang, at=AT, revision=approved(cast, NEXT), from_date=date(2027, 3, 1))
    third = approved(cast, NEXT.replace("A/1", "A/2"))
    with pytest.raises(CannotPutInForce):
        put_in_force(by=cast.zhang, at=AT, revision=third, from_date=date(2027, 2, 1))


def test_of_two_from_one_day_the_later_holds(p12, cast):
    second = put_in_force(by=cast.zhang, at=AT, revision=approved(cast, NEXT), from_date=date(2026, 12, 1))
    assert find_revision_in_force(p12.document, date(2026, 12, 1)) == second


def test_rights_of_both_are_given_until_the_day_has_come(p12, cast):
    assert may(cast.li, "plan.open_wave", cast.company)
    put_in_force(by=cast.zhang, at=AT, revision=approved(cast, NEXT), from_date=date(2027, 3, 1))
    renew_rights(at=AT)
    assert may(cast.li, "duties.waive", cast.company)
    assert may(cast.zhao, "duties.waive", cast.company)
    renew_rights(at=AT + timedelta(days=120))
    assert not may(cast.li, "duties.waive", cast.company)
    assert may(cast.zhao, "duties.waive", cast.company)
