"""How far an overall figure can be trusted: against the measurement library, by hand, and word for word."""

from __future__ import annotations

import math

import numpy as np
import pytest
from django.urls import reverse
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.core.text import Text
from manyi.flow.scores import certainty, drawing
from manyi.flow.scores.certainty import Answers, between, describe, in_words, reckon
from manyi.flow.scores.operations import compute_scores
from manyi.measure.comparison import from_se
from manyi.measure.sensitivity import Sensitivity, sensitivity


def _figure(estimate: float, se: float, df: float) -> Sensitivity:
    return Sensitivity(estimate, se, df, None, 0.0, None, estimate, estimate, 1.0, 63, ())


@pytest.mark.parametrize(
    ("estimate", "zh", "en"),
    [(-3.1, "仍在偶然范围之内", "Down 3.1 points against the target"), (-9.0, "确实更低，超出偶然", "lower by more than chance"),
     (9.0, "确实更高，超出偶然", "higher by more than chance")],
)  # fmt: skip
def test_every_verdict_has_its_words(estimate, zh, en):
    told = in_words(from_se(estimate, 2.0, 62.0, n=(63,)), 63, Text("目标值", "the target"))
    assert zh in told.zh
    assert en in told.en
    assert "with 63 sheets" in told.en


def test_waves_are_compared_by_both_their_errors():
    found = between(_figure(80.0, 3.0, 20.0), _figure(84.0, 4.0, 30.0))
    # Welch by hand: se = √(9 + 16), df = 25² / (81/20 + 256/30)
    assert (found.estimate, found.se) == (-4.0, 5.0)
    assert math.isclose(found.df, 625 / (81 / 20 + 256 / 30))


def _computed(sent, wave, cast, n, blank=""):
    grades = ("satisfied", "fairly_satisfied", "neutral")
    for i, ask in enumerate(sent[:n]):
        give(ask, all_items(grades[i % 3]) | ({"safety": ""} if blank else {}))
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


def test_few_sheets_are_only_counted(sent, wave, cast, monkeypatch):
    result = _computed(sent, wave, cast, 2)
    (line,) = describe(result)
    assert "With only 2 sheet(s)" in line.en
    assert "95" not in line.en + line.zh
    monkeypatch.setattr(certainty, "COUNTS_ONLY", 2)
    assert "With only" not in describe(result)[0].en


def test_the_figure_reckoned_is_the_figure_stored(sent, wave, cast, monkeypatch):
    result = _computed(sent, wave, cast, 2, blank="safety")
    found, answers = reckon(result)
    assert math.isclose(found.estimate, float(result.figures["overall"]["score"]), abs_tol=0.005)
    assert found.n == 2
    assert math.isclose(found.imputed, 2 / answers.scores.size)
    result.figures["overall"]["exact"] = "1"
    assert reckon(result) is None
    monkeypatch.setattr(certainty, "COUNTS_ONLY", 2)
    assert describe(result) == (certainty.NOT_FROM_SHEETS,)


def test_a_sheet_that_came_later_leaves_the_error_untold(sent, wave, cast):
    result = _computed(sent, wave, cast, 2)
    result.sheets = 3
    assert reckon(result) is None


def test_the_jobs_keep_the_words_and_the_page_shows_them(sent, wave, cast, signed_in, monkeypatch):
    result = _computed(sent, wave, cast, 2)
    monkeypatch.setattr(drawing, "run_apart", lambda *args, seconds: args[3].mkdir())
    url = reverse("scores:wave", args=[wave.pk])
    assert "结果的可信程度" not in signed_in(cast.li).get(url).content.decode()
    assert drawing.draw_due_results(at=AT) == 1
    result.refresh_from_db()
    assert [line["zh"] for line in result.insight["certainty"]] == [line.zh for line in describe(result)]
    assert "太少，不作误差估计" in signed_in(cast.li).get(url, {"lang": "zh"}).content.decode()
    assert "look at the counts only" in signed_in(cast.li).get(url, {"lang": "en"}).content.decode()


def test_the_interval_is_that_of_a_hand_calculation(sent, wave, cast, monkeypatch):
    result = _computed(sent, wave, cast, 2)
    scores = np.array([[100.0] * 12, [80.0] * 12, [60.0] * 12, [80.0] * 12, [100.0] * 12, [60.0] * 12])
    points = [1.0] * 12
    found = sensitivity(scores, points, [""] * 6, fill=80.0, customers={"": 10})
    # by hand: mean 80, s² = 1600/5 = 320, se = √(320/6 · (1 − 6/10)) = √(64/3), t(0.975; 5) = 2.570582 (tables)
    assert math.isclose(found.se, math.sqrt(64 / 3))
    monkeypatch.setattr(certainty, "reckon", lambda _: (found, Answers(scores, ("",) * 6, {"": 10})))
    result.sheets = 6
    lines = describe(result)
    assert lines[0].en.startswith(
        "Overall 80.0, 95 % interval 68.1 to 91.9 (6 sheets, corrected for about 10 customers)"
    )
    assert "should not be ranked" in lines[1].en
    # 4 of 10 silent: at 0 the overall is 80 · 0.6, at 100 it is 40 more
    assert "between about 48.0 and 88.0" in lines[-1].en
    assert "约在 48.0 至 88.0 分之间" in lines[-1].zh
