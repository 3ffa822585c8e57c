"""What a procedure promises of its records is kept: in person, not for appraisal, and nothing of a second writer lost."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.conftest import AT

from manyi.base.people.access import MayNot
from manyi.base.people.operations import add_person, assign_role
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.ground import list_serving, standing_of
from manyi.flow.records.models import Record
from manyi.flow.records.operations import (
    CannotRecord,
    CannotTake,
    MovedOn,
    correct,
    pass_on,
    remark,
)
from manyi.flow.records.operations.purposes import require_purpose
from manyi.flow.records.page import limit_of
from manyi.flow.records.storing import Upload

pytestmark = pytest.mark.django_db
PROCEDURE = """
manyi: 1
procedure:
  key: PQ
  code: QP-Q
  title: {zh: 观察程序, en: Watching}
  revision: A/0
  owner: quality_assurance
  calendar: continuous
  numbering: ours
roles:
  service: {title: {zh: 观察人, en: Watcher}, clause: "1"}
  maker: {title: {zh: 生产部, en: Production}, clause: "1"}
  quality_assurance: {title: {zh: 品保部, en: Quality assurance}, clause: "1"}
records:
  watch:
    clause: "1"
    title: {zh: 观察记录, en: Watch}
    number: "W-{year}-{seq:03}"
    opens: {called_by: quality_assurance, clause: "1"}
    steps:
      - {key: plan, title: {zh: 安排, en: Plan}, clause: "1", role: quality_assurance, fields: {place: text}}
      - {key: go, title: {zh: 现场观察, en: Go and see}, clause: "1", role: service, in_person: true, fields: {seen: text, gravity: [ordinary, serious]}}
      - {key: handle, title: {zh: 处理, en: Handle}, clause: "1", role: service, fields: {place: text, measure: text}}
    not_for: {purpose: appraisal, clause: "2", except: "gravity = 'serious'"}
  ruling:
    clause: "2"
    title: {zh: 考核表, en: Ruling}
    number: "R-{year}-{seq:03}"
    purpose: appraisal
    opens: {called_by: quality_assurance, clause: "2"}
    steps:
      - {key: rule, title: {zh: 考核, en: Rule}, clause: "2", role: quality_assurance, fields: {about: optional watch, decision: text}}
      - {key: tell, title: {zh: 告知, en: Tell}, clause: "2", role: quality_assurance, fields: {said: text}}
words:
  place: {zh: 地点, en: Place}
  seen: {zh: 所见, en: What was seen}
  gravity: {zh: 程度, en: Gravity}
  ordinary: {zh: 一般, en: Ordinary}
  serious: {zh: 严重, en: Serious}
  measure: {zh: 措施, en: Measure}
  about: {zh: 依据, en: Because of}
  decision: {zh: 决定, en: Decision}
  said: {zh: 反馈, en: Answer}
clauses:
  "1": {text: {zh: 观察由本人到现场进行。, en: One goes and sees in person.}}
  "2": {text: {zh: 观察不用于考核，严重的除外。, en: "What is seen is not for appraisal, unless it is serious."}}
"""
SEEN = {"seen": "未戴护目镜", "gravity": "ordinary"}


@pytest.fixture
def px(cast, p12):
    """The procedure of these tests in force. Chen and Zhou watch, Wu makes the goods, Li plans and rules."""
    revision = import_procedure(by=cast.zhang, at=AT, text=PROCEDURE, unit=cast.company)
    review_revision(by=cast.wang, at=AT, revision=revision)
    approve_revision(by=cast.wang, at=AT, revision=revision)
    revision = put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
    for username, name, role in (("chen", "陈晓", "service"), ("zhou", "周明", "service"), ("wu", "吴芳", "maker")):
        person = add_person(
            by=cast.zhang, at=AT, username=username, name=name, unit=cast.quality, password="x" * 12 + "7!"
        )
        assign_role(by=cast.zhang, at=AT, person=person, role=role, unit=cast.company, from_on=date(2020, 1, 1))
    return revision


@pytest.fixture
def watch(open_, take):
    """A watch that is planned; with ``gravity`` it has been seen to by Chen."""

    def do(gravity=""):
        record = open_("watch", "li", {"place": "一号库"})
        if gravity:
            take(record, "go", "chen", {**SEEN, "gravity": gravity})
        record.refresh_from_db()
        return record

    return do


def in_hand_of(record, person):
    """As if it had been passed on by a way that does not ask."""
    Record.objects.filter(pk=record.pk).update(owner=person)
    record.refresh_from_db()


# ---- in person --------------------------------------------------------------------------------


def test_who_has_it_in_hand_is_no_deputy_where_it_is_done_in_person(watch, take, people):
    record = watch()
    in_hand_of(record, people["wu"])
    with pytest.raises(MayNot, match="in person") as refused:
        take(record, "go", "wu", SEEN)
    assert "亲自" in refused.value.message.zh
    with pytest.raises(MayNot):  # nor anybody else, while it is with somebody
        take(record, "go", "chen", SEEN)
    in_hand_of(record, people["zhou"])
    take(record, "go", "zhou", SEEN)
    in_hand_of(record, people["wu"])
    take(record, "handle", "wu", {"place": "一号库", "measure": "更换"})  # the contrast: a step that may be passed on


def test_a_unit_it_was_passed_on_to_is_no_deputy_either(watch, take, people, cast):
    record = watch()
    pass_on(by=people["chen"], at=AT, record=record, note="请看", unit=cast.quality)
    with pytest.raises(MayNot, match="in person"):
        take(record, "go", "wu", SEEN)
    take(record, "go", "chen", SEEN)
    pass_on(by=people["chen"], at=AT + timedelta(hours=1), record=record, note="请办", unit=cast.quality)
    take(record, "handle", "wu", {"place": "一号库", "measure": "更换"}, hours=2)


def test_it_is_passed_on_only_to_who_may_take_it_himself(watch, people):
    record = watch()
    with pytest.raises(CannotRecord, match="in person") as refused:
        pass_on(by=people["chen"], at=AT, record=record, note="代我去", person=people["wu"])
    assert "亲自" in refused.value.message.zh
    record.refresh_from_db()
    assert record.owner is None
    pass_on(by=people["chen"], at=AT, record=record, note="您去", person=people["zhou"])


def test_it_is_not_entered_afterwards_for_somebody_else(watch, take):
    record = watch()
    with pytest.raises(CannotTake) as refused:
        take(record, "go", "chen", SEEN, hours=3, happened_at=AT + timedelta(hours=1), note="周明去的")
    assert [fault.code for fault in refused.value.faults] == ["for_another"]
    take(record, "go", "chen", SEEN, hours=3, happened_at=AT + timedelta(hours=1), note="下午补录")


def test_the_page_says_that_it_is_in_person(watch, take, shown):
    record = watch()
    assert re.search("in person|亲自", shown("chen", record))
    take(record, "go", "chen", SEEN)
    assert not re.search("in person|亲自", shown("chen", record))


# ---- not for appraisal ------------------------------------------------------------------------


def test_what_is_not_for_appraisal_is_not_linked_there_unless_the_exception_holds(watch, open_, people, kind):
    ordinary, serious = watch("ordinary"), watch("serious")
    with pytest.raises(CannotTake) as refused:
        open_("ruling", "li", {"about": ordinary.number, "decision": "扣分"}, at=AT + timedelta(hours=2))
    (fault,) = refused.value.faults
    assert (fault.code, fault.column) == ("not_for", "about")
    assert ordinary.number in fault.message.zh
    assert "clause 2" in fault.message.en
    assert not Record.objects.filter(kind="ruling").exists()
    ruling = open_("ruling", "li", {"about": serious.number, "decision": "扣分"}, at=AT + timedelta(hours=2))
    assert ruling.data["about"] == serious.pk
    with pytest.raises(CannotTake, match="not for appraisal"):
        correct(
            by=people["li"],
            at=AT + timedelta(hours=3),
            record=ruling,
            field="about",
            value=ordinary.number,
            reason="误",
        )
    require_purpose(kind("ruling").flow, serious)
    require_purpose(kind("watch").flow, ordinary)
    with pytest.raises(CannotRecord, match="not for appraisal"):  # nor does one come from it
        require_purpose(kind("ruling").flow, ordinary)


def test_it_is_not_counted_there_either(watch):
    ordinary, serious = watch("ordinary"), watch("serious")
    assert list_serving([ordinary, serious], "appraisal") == [serious]
    assert list_serving([ordinary, serious], "") == [ordinary, serious]


def test_its_page_says_so_with_the_clause(watch, shown):
    ordinary, serious = watch("ordinary"), watch("serious")
    assert "不得用于考核（条款 2）" in shown("li", ordinary)
    assert "不得用于考核" not in shown("li", serious)
    assert limit_of(standing_of(serious)).en == "For appraisal by exception (clause 2)"


# ---- the second of two who write at once --------------------------------------------------------


def test_the_second_writer_is_told_and_overwrites_nothing(watch, take):
    record = watch()
    seen = record.acts.count()
    take(record, "go", "chen", SEEN, seen=seen)
    with pytest.raises(MovedOn) as refused:
        take(record, "go", "zhou", {**SEEN, "seen": "别的"}, hours=2, seen=seen)
    assert not refused.value.is_open
    assert "陈晓" in refused.value.message.zh
    assert "陈晓" in refused.value.message.en
    record.refresh_from_db()
    assert record.data["seen"] == "未戴护目镜"


def test_a_field_corrected_meanwhile_is_not_overwritten_unseen(watch, take, people):
    record = watch("ordinary")
    seen, said = record.acts.count(), {"place": "一号库", "measure": "更换"}
    correct(by=people["li"], at=AT + timedelta(hours=2), record=record, field="place", value="二号库", reason="误写")
    with pytest.raises(MovedOn) as refused:
        take(record, "handle", "chen", said, hours=3, seen=seen)
    assert refused.value.is_open
    take(record, "handle", "chen", said, hours=3, seen=seen + 1)


def test_what_does_not_touch_the_step_does_not_stop_it(watch, take, people):
    record = watch("ordinary")
    seen = record.acts.count()
    correct(by=people["li"], at=AT + timedelta(hours=2), record=record, field="seen", value="看不清", reason="误写")
    remark(by=people["li"], at=AT + timedelta(hours=2), record=record, text="附图", files=[Upload("a.txt", b"x")])
    take(record, "handle", "chen", {"place": "一号库", "measure": "更换"}, hours=3, seen=seen)


def test_the_page_keeps_what_was_typed_beside_what_stands(watch, take, shown, sent):
    record = watch()
    acts = acts_in(shown("zhou", record))
    take(record, "go", "chen", SEEN, hours=0)
    for typed in ({"f_seen": "周明所见", "f_gravity": "serious"}, {"f_seen": "周明所见", "f_gravity": ""}):
        answer = sent("zhou", record, "go", acts=acts, note="周明的备注", **typed)
        assert answer.status_code == 409
        html = answer.content.decode()
        for said in ("您填写期间，陈晓已于", "周明所见", "未戴护目镜", "周明的备注"):
            assert said in html
    record.refresh_from_db()
    assert record.data["seen"] == "未戴护目镜"


def test_where_the_step_is_still_open_it_is_sent_again_with_open_eyes(watch, people, shown, sent):
    record = watch("ordinary")
    acts = acts_in(shown("chen", record))
    correct(by=people["li"], at=AT + timedelta(hours=1), record=record, field="place", value="二号库", reason="误写")
    answer = sent("chen", record, "handle", acts=acts, f_place="一号库", f_measure="更换")
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "二号库" in html
    assert html.count("更换") == 2  # beside what stands, and in the form
    invalid = sent("chen", record, "handle", acts=acts_in(html), f_place="一号库", f_measure="")
    assert invalid.status_code == 422
    assert acts_in(invalid.content.decode()) == acts_in(html)
    assert sent("chen", record, "handle", acts=acts_in(html), f_place="一号库", f_measure="更换").status_code == 302
    record.refresh_from_db()
    assert record.data["place"] == "一号库"


def test_a_form_that_says_nonsense_of_the_acts_is_taken_as_one_that_says_nothing(watch, sent):
    record = watch("ordinary")
    assert sent("chen", record, "handle", acts="-1' OR", f_place="一号库", f_measure="更换").status_code == 302


def acts_in(html):
    return re.search(r'name="acts" value="(\d+)"', html)[1]


@pytest.fixture
def shown(signed_in, people, time_machine):
    time_machine.move_to(AT + timedelta(hours=4))

    def get(who, record):
        response = signed_in(people[who]).get(reverse("records:record", args=[record.pk]))
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def sent(signed_in, people, time_machine):
    time_machine.move_to(AT + timedelta(hours=4))

    def post(who, record, step, **said):
        return signed_in(people[who]).post(reverse("records:step", args=[record.pk, step]), said)

    return post
