"""Every step of every record of the shipped procedures has a form that can be shown and is refused when left empty."""

import pytest
from tests.conftest import AT

from manyi.core.flows import Ground, state_of
from manyi.flow.records.fields import KINDS
from manyi.flow.records.forms import StepForm, proofs_of
from manyi.flow.records.models import Record
from manyi.flow.records.room import Room
from manyi.flow.records.slots import slots_of
from manyi.language.flows import flow_of
from manyi.language.load import read_procedure
from manyi.library import PROCEDURES

pytestmark = pytest.mark.django_db
FILES = sorted(PROCEDURES.glob("P*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_form_is_shown_and_asks_for_what_it_needs(file, cast):
    procedure = read_procedure(file.read_text(encoding="utf-8"), file.stem)
    room = Room(cast.zhao, procedure, cast.company, Record.objects.none())
    for kind in procedure.records:
        flow = flow_of(procedure, kind)
        assert flow.is_report or state_of(flow, (), Ground(AT)).open or flow.steps[0].for_each or flow.steps[0].events
        assert all(one.kind in KINDS for one in flow.fields)
        assert len(slots_of(flow)) <= 16
        for step, _ in flow.walk():
            form = StepForm({}, {}, step=step, flow=flow, room=room, by=cast.zhao)
            needed = [one for one in step.fields if not one.optional] if not step.attempts else []
            assert form.is_valid() is not bool(needed or step.sign), (kind, step.key)
            assert form.as_p()
            assert len(proofs_of(step, flow)) <= len(step.evidence)
