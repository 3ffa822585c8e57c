"""Every open step is a duty; it opens what follows it, and is due on the day the procedure says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.conftest import AT

from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.outbox.models import Mail
from manyi.base.people.access import MayNot
from manyi.flow.dispatch.operations import finish_sending
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import waive_duty
from manyi.flow.plan.operations import (
    CannotChangeWave,
    CannotOpenWave,
    CannotReport,
    carry_waves,
    close_wave,
    finish_step,
    open_wave,
    remove_yardstick,
    report_step,
    set_yardstick,
)
from manyi.flow.plan.queries import Progress, get_rules, list_steps, rule_of, subject_of


def owed():
    return {duty.rule: duty for duty in Duty.objects.filter(state="open")}


def do(wave, cast, step, day):
    at = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10)
    event = record_event(kind="test.done", subject=subject_of(wave), unit=wave.unit, by=cast.li, at=at)
    finish_step(by=cast.li, at=at, wave=wave, step=step, evidence=event, happened_at=at)


@pytest.mark.accepts("D9-05", "D9-17")
def test_opening_owes_the_first_step_by_the_day_the_procedure_states(wave):
    [duty] = Duty.objects.all()
    assert (duty.rule, duty.due_on, duty.role, duty.clause) == (
        "annual_survey.send", date(2026, 12, 5), "sales_company", "5.3.1.3",
    )  # fmt: skip
    assert duty.person.username == "zhao"
    assert "12" in duty.why[0]["zh"]
    assert get_rules(wave).opens_in == 12


@pytest.mark.accepts("D9-17", "D9-18")
def test_sending_starts_the_report_of_it_and_the_month_for_returns(sent, wave, cast):
    finish_sending(by=cast.zhao, at=AT, wave=wave)
    due = {rule: duty.due_on for rule, duty in owed().items()}
    assert due == {
        "annual_survey.report_dispatch": date(2026, 12, 7),
        "annual_survey.collect": date(2027, 1, 1),  # a month from 1 December, when the last sheet went out
    }


@pytest.mark.accepts("D9-29")
def test_the_report_is_owed_after_the_analysis_and_goes_to_the_general_manager_in_january(sent, wave, cast):
    finish_sending(by=cast.zhao, at=AT, wave=wave)
    do(wave, cast, "collect", date(2027, 1, 4))
    assert owed()["annual_survey.analyse"].due_on == date(2027, 1, 31)
    do(wave, cast, "analyse", date(2027, 1, 20))
    assert owed()["yearly_report.prepare"].due_on == date(2027, 1, 31)
    do(wave, cast, "prepare", date(2027, 1, 25))
    submit = owed()["yearly_report.submit"]
    assert (submit.due_on, submit.role) == (date(2027, 1, 31), "general_manager")
    do(wave, cast, "yearly_report.submit", date(2027, 2, 8))
    assert [s.progress for s in list_steps(wave, AT) if s.of_report] == [Progress.DONE, Progress.DONE_LATE]


def test_a_step_that_is_not_owed_is_not_finished(wave, cast):
    do(wave, cast, "analyse", date(2026, 12, 2))
    assert list(owed()) == ["annual_survey.send"]
    assert Duty.objects.count() == 1


def test_a_wave_opened_late_is_late_from_the_start(p12, cast, register):
    at = datetime(2027, 2, 10, 2, tzinfo=UTC)
    late = open_wave(
        by=cast.zhao, at=at, revision=p12, programme="annual_survey", unit=cast.company, year=2026,
        frame_on=date(2026, 12, 5),
    )  # fmt: skip
    assert list_steps(late, at)[0].progress == Progress.OVERDUE
    assert list_steps(late, at)[0].duty.due_on == date(2026, 12, 5)


def test_a_wave_is_opened_once_a_year_and_only_under_a_procedure_in_force(wave, p12, cast):
    again = {"revision": p12, "programme": "annual_survey", "unit": cast.company, "frame_on": date(2026, 12, 5)}
    with pytest.raises(CannotOpenWave):
        open_wave(by=cast.zhao, at=AT, year=2026, **again)
    with pytest.raises(CannotOpenWave):
        open_wave(by=cast.zhao, at=datetime(2026, 11, 30, 2, tzinfo=UTC), year=2025, **again)
    with pytest.raises(MayNot):
        open_wave(by=cast.he, at=AT, year=2025, **again)
    assert Duty.objects.count() == 1


class TestAStepReportedDone:
    @pytest.mark.accepts("D9-17")
    def test_it_is_evidence_and_tells_quality_assurance(self, sent, wave, cast):
        finish_sending(by=cast.zhao, at=AT, wave=wave)
        cast.li.email = "li@company.example"
        cast.li.save(update_fields=("email",))
        report_step(by=cast.zhao, at=AT, wave=wave, step="report_dispatch", note="已发放 <5> 份")
        mail = Mail.objects.get(to="li@company.example")
        assert "已发放 <5> 份" in mail.body
        event = Event.objects.get(kind="plan.step.done")
        assert event.facts["informed"] == 1
        assert "已发放" not in str(event.facts)
        duty = Duty.objects.get(rule="annual_survey.report_dispatch")
        assert (duty.state, duty.evidence) == ("discharged", event)

    def test_only_by_who_has_the_step_and_only_once(self, sent, wave, cast):
        finish_sending(by=cast.zhao, at=AT, wave=wave)
        with pytest.raises(MayNot):
            report_step(by=cast.li, at=AT, wave=wave, step="report_dispatch", note="")
        report_step(by=cast.zhao, at=AT, wave=wave, step="report_dispatch", note="")
        with pytest.raises(CannotReport):
            report_step(by=cast.zhao, at=AT, wave=wave, step="report_dispatch", note="")

    @pytest.mark.parametrize("step", ["send", "collect", "analyse", "prepare", "nothing"])
    def test_a_step_with_a_page_of_its_own_is_not_reported(self, wave, cast, step):
        with pytest.raises(CannotReport):
            report_step(by=cast.zhao, at=AT, wave=wave, step=step, note="")

    def test_not_before_the_survey_and_not_in_the_future(self, sent, wave, cast):
        finish_sending(by=cast.zhao, at=AT, wave=wave)
        for happened in (AT - timedelta(days=1), AT + timedelta(minutes=1)):
            with pytest.raises(CannotReport):
                report_step(by=cast.zhao, at=AT, wave=wave, step="report_dispatch", note="", happened_at=happened)


def test_what_follows_a_waived_step_is_opened_by_the_clock(wave, cast):
    waive_duty(by=cast.li, at=AT, duty=owed()["annual_survey.send"], reason="由总部统一发放")
    assert carry_waves(at=AT) == 1
    assert set(owed()) == {"annual_survey.report_dispatch", "annual_survey.collect"}
    carry_waves(at=AT)
    assert Duty.objects.count() == 3


class TestYardsticks:
    def test_a_target_is_set_changed_and_taken_back_on_record(self, wave, cast):
        for score in ("80", "82.5"):
            set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="overall", score=Decimal(score))
        [row] = wave.yardsticks.all()
        assert row.score == Decimal("82.5")
        remove_yardstick(by=cast.li, at=AT, yardstick=row)
        kinds = list(Event.objects.filter(kind__startswith="plan.target").values_list("kind", flat=True))
        assert kinds == ["plan.target.set", "plan.target.set", "plan.target.removed"]

    @pytest.mark.parametrize(("of", "score"), [("overall", "100.1"), ("overall", "-1"), ("mood", "80")])
    def test_what_is_no_score_of_a_figure_is_refused(self, wave, cast, of, score):
        with pytest.raises(CannotChangeWave):
            set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of=of, score=Decimal(score))

    def test_the_auditor_sets_none_and_a_closed_wave_takes_none(self, wave, cast):
        target = {"at": AT, "wave": wave, "kind": "target", "of": "overall", "score": Decimal(80)}
        with pytest.raises(MayNot):
            set_yardstick(by=cast.he, **target)
        close_wave(by=cast.zhao, at=AT, wave=wave)
        with pytest.raises(CannotChangeWave):
            set_yardstick(by=cast.li, **target)
        with pytest.raises(CannotChangeWave):
            close_wave(by=cast.zhao, at=AT, wave=wave)


def test_a_step_is_named_by_its_key_or_its_rule(wave):
    rules = get_rules(wave)
    assert rule_of(rules, "send") == "annual_survey.send"
    assert rule_of(rules, "prepare") == rule_of(rules, "yearly_report.prepare") == "yearly_report.prepare"
    assert rule_of(rules, "nothing") == ""
