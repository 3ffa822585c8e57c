"""What customers wrote on their sheets is answered: the record is opened for its duty, and its step taken."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from manyi.base.evidence.operations import seal_events
from manyi.base.people.models import Person
from manyi.flow.duties.operations import apply_events
from manyi.flow.duties.queries import list_my_duties
from manyi.flow.records.operations import open_record
from manyi.flow.records.queries import kind_of_duty
from manyi.flow.records.storing import Filling

RULE = "written_answer.answer"
LETTER = "已书面答复，信函存客服课"


def answer_remarks(*, by: Person, at: datetime) -> int:
    """Answer every remark that waits for ``by`` at ``at``; how many."""
    seal_events()
    apply_events(at=at)
    answered = 0
    for duty in list_my_duties(by, timezone.localdate(at)).filter(rule=RULE, subject__startswith="event:"):
        kind = kind_of_duty(duty)
        if kind is not None:
            filling = Filling(outcome="answered", proofs={"letter": LETTER}, happened_at=at)
            open_record(by=by, at=at, kind=kind, unit=duty.unit, duty=duty, filling=filling)
            answered += 1
    apply_events(at=at)
    return answered
