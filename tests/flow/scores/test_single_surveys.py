"""Surveys beside the yearly one: as many as are called for, and their sheets enter the result of the year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.flow.conformity.queries import list_boards
from manyi.flow.dispatch.operations import send_wave
from manyi.flow.dispatch.queries import list_asks
from manyi.flow.plan.operations import CannotOpenWave, open_wave
from manyi.flow.sample.operations import draw_frame
from manyi.flow.scores.operations import compute_scores
from manyi.flow.scores.queries import read_result


@pytest.fixture
def special(p12, cast, register):
    """Opens a special survey about something, sent to one customer about one product: its ledger row."""

    def opened(about, customer="C2", product="球阀"):
        wave = open_wave(
            by=cast.zhao, at=AT, revision=p12, programme="special_survey", unit=cast.company, year=2026,
            frame_on=date(2026, 12, 5), about=about,
        )  # fmt: skip
        draw_frame(by=cast.zhao, at=AT, wave=wave)
        send_wave(
            by=cast.zhao, at=AT, wave=wave, pairs=[(customer, product)], channel="email", sent_on=date(2026, 12, 1)
        )
        return list_asks(wave)[0]

    return opened


def test_a_special_survey_is_opened_as_often_as_it_is_called_for(special, wave, p12, cast):
    one, other, third = special("阀门泄漏"), special("交货延误"), special("")
    assert [a.wave.run for a in (one, other, third)] == [1, 2, 3]
    assert [a.wave.title_zh for a in (one, third)] == ["专项顾客满意度调查（阀门泄漏）", "专项顾客满意度调查（3）"]
    with pytest.raises(CannotOpenWave):
        open_wave(
            by=cast.zhao, at=AT, revision=p12, programme="annual_survey", unit=cast.company, year=2026,
            frame_on=date(2026, 12, 5),
        )  # fmt: skip


@pytest.mark.accepts("D9-27")
def test_sheets_of_single_surveys_enter_the_result_of_the_year(special, sent, wave, cast):
    ball = [a for a in sent if a.product.name == "球阀"]
    give(ball[0], all_items("satisfied"))
    before = compute_scores(by=cast.li, at=AT, wave=wave)[1]
    assert (before.overall.value, before.sheets) == (100, 1)
    ask = special("阀门泄漏")
    give(ask, all_items("neutral"))
    result, after = compute_scores(by=cast.li, at=AT, wave=wave)
    own = compute_scores(by=cast.li, at=AT, wave=ask.wave)[1]
    # one sheet at 100 and one as the special survey scores it, of the one product that was measured
    assert after.overall.value == Fraction(100 + own.overall.value, 2) < 100
    assert (after.sheets, after.returns.returned, after.data.not_in_ledger) == (2, 1, ())
    assert read_result(result).overall == after.overall
    assert own.sheets == 1


def test_the_clause_says_what_was_taken_in(special, sent, wave, cast):
    give(special("阀门泄漏"), all_items("satisfied"))
    give(sent[0], all_items("satisfied"))
    compute_scores(by=cast.li, at=AT, wave=wave)
    boards = list_boards(by=cast.li, at=AT, year=2026, only="P12")
    told = [rule.judgement.reason.zh for board in boards for clause in board.clauses for rule in clause.rules]
    assert "已并入 1 次单次调查" in told
