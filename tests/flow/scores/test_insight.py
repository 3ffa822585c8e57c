"""What matters most and which words divide: only what the sheets bear, and the same on the page and in the report."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.core.text import Text
from manyi.flow.plan.queries import get_rules
from manyi.flow.scores import priorities
from manyi.flow.scores.insight import reckon_insight
from manyi.flow.scores.operations import compute_scores
from manyi.flow.scores.priorities import find_priorities
from manyi.flow.scores.terms import find_terms
from manyi.measure.drivers import drivers
from manyi.papers.insight import NONE, Insight, Priorities, as_json, read_insight
from manyi.papers.report import build_report


@pytest.fixture
def form(wave):
    return get_rules(wave).questionnaire


def sheets(form, n, seed=5):
    """Seeded sheets on the form's own grades."""
    raw = [float(grade.score) for grade in form.scale.grades]
    return np.random.default_rng(seed).choice(raw, size=(n, len(form.items)))


def test_the_weights_are_lmg_of_the_library_and_add_up(form):
    scores = sheets(form, 120)
    found = find_priorities(form, scores)
    points = np.array([float(item.points) for item in form.items])
    by_library = drivers(np.column_stack([scores @ points / points.sum(), scores]), ("s", *form.item_keys)).lmg
    assert [one.importance for one in found.drivers] == pytest.approx(list(by_library))
    assert sum(one.importance for one in found.drivers) == pytest.approx(1)  # the sheet is made of its items
    assert found.performance == pytest.approx(scores.mean())
    assert all(one.lower <= one.importance <= one.upper for one in found.drivers)
    heaviest = max(found.drivers, key=lambda one: one.importance)
    # independent items weigh by their points
    assert points[form.item_keys.index(heaviest.item)] == points.max()


def test_an_item_that_chance_could_put_elsewhere_is_undecided(form):
    found = find_priorities(form, sheets(form, 40))
    for one in found.drivers:
        if one.lower <= found.importance <= one.upper:
            assert one.undecided
    assert any(one.undecided for one in found.drivers)


@pytest.mark.parametrize(
    ("n", "told"), [(0, priorities.TOO_FEW), (29, priorities.TOO_FEW), (200, priorities.NOT_APART)]
)
def test_what_the_sheets_do_not_bear_is_not_told(form, n, told):
    same = np.repeat(sheets(form, n)[:, :1], len(form.items), axis=1)
    assert find_priorities(form, same) is told


def test_blanks_count_as_the_procedure_says(form):
    scores = sheets(form, 60)
    blank = scores.copy()
    blank[:10, 0] = np.nan
    filled = scores.copy()
    filled[:10, 0] = float(form.scale.score_of(form.counts_as))
    assert find_priorities(form, blank) == find_priorities(form, filled)


def test_words_divide_and_names_are_taken_out():
    bad = [("交货太慢，请张经理回电13800138000", False)] * 12
    good = [("质量稳定，海川公司很满意", True)] * 12
    found = find_terms([*bad, *good], ["海川公司"], ["球阀"])
    assert found.comments == 24
    assert "慢" in "".join(found.below)
    assert "稳定" in found.above
    everything = "".join((*found.above, *found.below))
    assert not any(name in everything for name in ("张", "13800138000", "海川"))
    few = find_terms(bad[:9], [], [])
    assert isinstance(few, Text)
    assert "10" in few.zh
    assert isinstance(find_terms(bad, [], []), Text)  # all of one side


def test_it_is_kept_as_json_and_told_in_both_languages(wave, sent, cast, form, monkeypatch):
    monkeypatch.setattr(priorities, "LEAST", 5)
    for n, ask in enumerate(sent):
        give(ask, all_items(("satisfied", "neutral", "fairly_satisfied")[n % 3]), comment="交货慢")
    result, figures = compute_scores(by=cast.li, at=AT, wave=wave)
    insight = reckon_insight(result)
    assert insight.priorities is None  # all items of a sheet alike, or too few: said in words
    assert len(insight.why) == 2
    assert read_insight(as_json(insight)) == insight
    assert read_insight({}) == NONE
    told = Insight(insight.certainty, find_priorities(form, sheets(form, 60)), find_terms_of_two(), insight.why)
    assert isinstance(told.priorities, Priorities)
    assert read_insight(as_json(told)) == told
    for lang, title in (("zh", "改进的先后"), ("en", "What to work on first")):
        report = build_report(get_rules(wave), figures, lang, insight=told)
        assert title in [section.title for section in report.sections]
        assert title not in [s.title for s in build_report(get_rules(wave), figures, lang).sections]


def find_terms_of_two():
    return find_terms([("交货太慢", False)] * 12 + [("质量稳定", True)] * 12, [], [])
