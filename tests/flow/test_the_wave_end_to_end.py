"""One wave through the operations, from the frame to a stored result, without a page."""

from datetime import date
from uuid import uuid4

from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import seal_events
from manyi.base.evidence.queries import verify_chain
from manyi.flow.duties.models import Duty
from manyi.flow.responses.operations import Submission, submit_sheet
from manyi.flow.sample.queries import list_coverage
from manyi.flow.scores.operations import compute_scores


def test_a_wave_runs_from_frame_to_result(sent, wave, cast):
    coverage = {row.tier: row for row in list_coverage(wave, frozenset({"C1", "C2", "C3"}))}
    assert coverage["all"].missing == ("C4",)
    grades = ["satisfied", "fairly_satisfied", "neutral"]
    for n, ask in enumerate(sent[:3]):
        answers = {"main_indicators": grades[n], "price_performance": grades[n]}
        submit_sheet(Submission(ask.key, uuid4(), answers, "太慢" if n == 2 else "", date(2026, 12, 9), AT))
    result, figures = compute_scores(by=cast.li, at=AT, wave=wave)
    assert result.sheets == 3
    assert figures.overall is not None
    assert len(figures.data.written) == 1
    assert seal_events() == Event.objects.count()
    assert verify_chain(AT).good
    assert Duty.objects.filter(rule="annual_survey.send", state="open").count() == 1
