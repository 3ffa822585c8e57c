"""The board of clauses: what is said of each clause before a survey, while it runs, and once it is done."""

from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.conftest import AT

from manyi.core.conformity import Figure, Judgement, Verdict, judge_owed, verdict_of
from manyi.core.text import Text
from manyi.flow.conformity.queries import list_boards

TOLD = Text("理由", "reason")
LATER = datetime(2027, 2, 15, tzinfo=UTC)


def clauses(person, at=AT, year=2026):
    return {clause.number: clause for board in list_boards(by=person, at=at, year=year) for clause in board.clauses}


@pytest.fixture
def scored(sent, wave, cast):
    from manyi.flow.responses.operations import Submission, submit_sheet
    from manyi.flow.scores.operations import compute_scores

    for ask in sent[:3]:
        answers = {"main_indicators": "satisfied", "price_performance": "neutral"}
        submit_sheet(Submission(ask.key, uuid4(), answers, "太慢", date(2026, 12, 9), AT))
    compute_scores(by=cast.li, at=AT, wave=wave)
    return wave


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([], Verdict.INFORMATIVE),
        ([Verdict.DONE, Verdict.NOT_DUE], Verdict.DONE),
        ([Verdict.DONE, Verdict.DONE_LATE], Verdict.DONE_LATE),
        ([Verdict.DONE_LATE, Verdict.NOT_EVALUATED], Verdict.NOT_EVALUATED),
        ([Verdict.NOT_EVALUATED, Verdict.OPEN], Verdict.OPEN),
        ([Verdict.OPEN, Verdict.MISSED], Verdict.MISSED),
    ],
)
def test_a_clause_is_no_better_than_the_worst_of_its_rules(said, verdict):
    assert verdict_of(Judgement(one, TOLD) for one in said) == verdict


@pytest.mark.parametrize(
    ("done_at", "now", "verdict"),
    [
        (datetime(2026, 12, 5, 15, 59, tzinfo=UTC), LATER, Verdict.DONE),
        (datetime(2026, 12, 5, 16, 0, tzinfo=UTC), LATER, Verdict.DONE_LATE),
        (None, datetime(2026, 12, 5, 15, 59, tzinfo=UTC), Verdict.OPEN),
        (None, datetime(2026, 12, 5, 16, 0, tzinfo=UTC), Verdict.MISSED),
    ],
)
def test_a_day_is_over_at_midnight_where_the_company_is(done_at, now, verdict):
    due_at = datetime(2026, 12, 5, 16, 0, tzinfo=UTC)  # midnight after 5 December in Shanghai
    assert judge_owed(due_at=due_at, done_at=done_at, waived="", now=now, due=TOLD).verdict == verdict


def test_without_a_procedure_the_board_says_so(cast, signed_in):
    assert list_boards(by=cast.li, at=AT, year=2026) == []
    assert signed_in(cast.li).get(reverse("conformity:board")).status_code == 200


def test_in_december_the_survey_has_to_begin(p12, cast):
    assert clauses(cast.li)["5.1.1"].verdict == Verdict.OPEN


def test_a_survey_that_never_began_is_missed(p12, cast):
    assert clauses(cast.li, LATER)["5.1.1"].verdict == Verdict.MISSED


def test_next_years_survey_is_not_due(p12, cast):
    assert clauses(cast.li, LATER, 2027)["5.1.1"].verdict == Verdict.NOT_DUE


def test_informative_clauses_only_inform(p12, cast):
    said = clauses(cast.li)
    assert {number for number, clause in said.items() if clause.verdict == Verdict.INFORMATIVE} >= {"1", "2", "4"}
    assert all(not clause.rules for clause in said.values() if clause.verdict == Verdict.INFORMATIVE)


def test_a_role_nobody_holds_is_missed(p12, cast):
    said = clauses(cast.li)
    assert said["3.1"].verdict == Verdict.DONE
    assert any("责任部门" in rule.title.zh and rule.judgement.verdict == Verdict.MISSED for rule in said["3.2"].rules)


def test_sending_past_its_day_is_missed(sent, cast):
    assert clauses(cast.li)["5.3.1.3"].verdict == Verdict.OPEN
    assert clauses(cast.li, LATER)["5.3.1.3"].verdict == Verdict.MISSED


def test_a_step_with_a_day_of_its_own_is_missed_even_while_the_step_before_it_is_open(sent, cast):
    assert clauses(cast.li)["5.6.4"].verdict == Verdict.NOT_DUE
    said = clauses(cast.li, LATER)["5.6.4"]
    assert said.verdict == Verdict.MISSED
    assert any("2027-01-31" in rule.judgement.reason.en for rule in said.rules)


@pytest.mark.accepts("D9-14", "D9-15")
def test_coverage_stands_beside_its_clause_with_its_limit(scored, cast):
    said = clauses(cast.li)
    for number, limit in (("5.3.1", "78.0%"), ("5.3.1.1", "90.0%")):
        reasons = [rule.judgement.reason.en for rule in said[number].rules if rule.judgement.figure]
        assert reasons == [f"100.0%; required {limit}"], number


@pytest.mark.accepts("D9-18")
def test_the_return_rate_stands_beside_its_clause(scored, sent, cast):
    figure = next(r.judgement.figure for r in clauses(cast.li)["5.3.2"].rules if r.judgement.figure)
    assert figure == Figure(Fraction(3, len(sent)), Fraction(60, 100), is_share=True)


@pytest.mark.accepts("D9-25", "D9-26")
def test_the_result_is_held_against_target_and_previous(scored, cast):
    from decimal import Decimal

    from manyi.flow.plan.operations import set_yardstick
    from manyi.flow.scores.operations import compute_scores

    assert clauses(cast.li)["5.5.1"].verdict == Verdict.NOT_EVALUATED
    do = {"by": cast.li, "at": AT, "wave": scored}
    set_yardstick(**do, kind="target", of="overall", score=Decimal("99"))
    set_yardstick(**do, kind="previous", of="overall", score=Decimal("10"))
    compute_scores(**do)
    said = clauses(cast.li)
    assert said["5.5.1"].verdict == Verdict.MISSED
    assert said["5.5.2"].verdict == Verdict.DONE


def test_the_focus_counts_what_is_listed(scored, cast):
    reasons = " ".join(rule.judgement.reason.en for rule in clauses(cast.li)["5.6.3"].rules)
    assert "points of attention listed" in reasons


def test_other_companies_see_nothing(scored, cast):
    assert list_boards(by=cast.qian, at=AT, year=2026) == []


def test_who_sees_no_wave_of_the_whole_company_sees_no_figure_of_it(scored, cast):
    said = clauses(cast.sun)
    assert said["5.3.1"].verdict == Verdict.NOT_DUE
    assert not any(rule.judgement.figure for clause in said.values() for rule in clause.rules)


def test_the_page_shows_verdicts_and_leads_to_the_wave_and_its_evidence(scored, cast, signed_in, monkeypatch):
    monkeypatch.setattr("manyi.web.clock.timezone", SimpleNamespace(now=lambda: AT))
    html = signed_in(cast.he).get(reverse("conformity:board"), {"year": 2026, "lang": "zh"}).content.decode()
    assert reverse("plan:wave", args=[scored.pk]) in html
    assert f"subject=plan.wave%3A{scored.pk}" in html
    assert reverse("evidence:list") not in signed_in(cast.li).get(reverse("conformity:board")).content.decode()


@pytest.mark.parametrize("year", ["", "1", "abc", "²", "99999999999999999999", "2026' or 1=1"])
def test_any_year_in_the_address_gives_a_page(p12, cast, signed_in, year):
    assert signed_in(cast.li).get(reverse("conformity:board"), {"year": year}).status_code == 200


def test_it_takes_as_many_queries_for_ten_waves_as_for_one(scored, cast):
    from manyi.base.people.models import Unit
    from manyi.flow.plan.models import Wave

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            list_boards(by=cast.li, at=AT, year=2026)
        return len(seen)

    few = queries()
    for n in range(9):
        unit = Unit.objects.create(key=f"u{n}", name=f"u{n}", path=f"{cast.company.path}x{n}/", parent=cast.company)
        Wave.objects.create(
            revision=scored.revision, programme=scored.programme, title_zh="x", title_en="x", unit=unit, year=2026,
            opened_at=AT, frame_on=date(2026, 12, 5),
        )  # fmt: skip
    assert queries() == few
