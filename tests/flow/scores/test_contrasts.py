"""Products against their target and last time: by hand, with all comparisons in mind, and only from their own sheets."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.flow.plan.operations import set_yardstick
from manyi.flow.responses.models import Sheet
from manyi.flow.scores import contrasts
from manyi.flow.scores.contrasts import find_contrasts, reckon_products
from manyi.flow.scores.insight import NOT_THOSE, reckon_insight
from manyi.flow.scores.operations import compute_scores
from manyi.measure.sensitivity import Sensitivity
from manyi.papers.insight import Contrast, Insight, as_json, is_whole, read_insight


def figure(estimate: float, se: float | None, df: float = 20.0) -> Sensitivity:
    return Sensitivity(estimate, se, df, None, 0.0, None, estimate, estimate, 1.0, 21, ())


@pytest.fixture
def result(sent, wave, cast):
    for n, ask in enumerate(sent):
        give(ask, all_items(("satisfied", "neutral", "fairly_satisfied")[n % 3]))
    for product in ("球阀", "蝶阀"):
        set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="product", key=product, score=Decimal(90))
    return compute_scores(by=cast.li, at=AT, wave=wave)[0]


def test_the_p_values_are_adjusted_over_all_products(result, monkeypatch):
    now = {"球阀": figure(85.0, 2.0), "蝶阀": figure(85.48, 2.0)}
    monkeypatch.setattr(contrasts, "reckon_products", lambda _: now)
    first, second = find_contrasts(result)
    # t of 20 df: 2.5 leaves 0.0212 two-sided, 2.26 leaves 0.0351 (tables of Student's t); Holm: 2 · 0.0212, then the larger
    assert (first.product, first.against, first.difference) == ("球阀", "target", -5.0)
    assert first.p == pytest.approx(2 * 0.02124, abs=2e-4)
    assert second.p == pytest.approx(0.0425, abs=2e-4)
    assert first.clear
    assert second.clear
    # limits of one difference: t(0.975; 20) = 2.085963
    assert math.isclose(first.lower, -5 - 2 * 2.085963, abs_tol=1e-5)


def test_alone_it_would_be_clear_and_among_others_it_is_not(result, monkeypatch):
    now = {"球阀": figure(85.4, 2.0), "蝶阀": figure(89.9, 2.0)}
    monkeypatch.setattr(contrasts, "reckon_products", lambda _: now)
    first, _ = find_contrasts(result)
    assert first.upper < 0  # the interval alone leaves 0 out
    assert not first.clear


@pytest.mark.parametrize("se", [None, 0.0])
def test_without_an_error_nothing_is_compared(result, monkeypatch, se):
    monkeypatch.setattr(contrasts, "reckon_products", lambda _: {"球阀": figure(85.0, se)})
    assert find_contrasts(result) == ()


@pytest.mark.parametrize(("exact", "told"), [("80", 1), ("81", 0)])
def test_last_time_counts_only_where_it_was_counted_from_sheets(result, monkeypatch, exact, told):
    before = object()
    result.figures["targets"] = []
    result.figures["previous"] = [{"of": "product", "key": "球阀", "product": "", "exact": exact}]
    monkeypatch.setattr(contrasts, "find_before", lambda _: before)
    monkeypatch.setattr(
        contrasts, "reckon_products", lambda of: {"球阀": figure(80.0, 4.0) if of is before else figure(70.0, 3.0)}
    )
    found = find_contrasts(result)
    assert len(found) == told
    assert all((one.against, one.difference) == ("previous", -10.0) for one in found)


def test_the_scores_reckoned_are_those_stored(result, monkeypatch):
    assert reckon_products(result) == {}  # fewer than five sheets on each
    monkeypatch.setattr(contrasts, "COUNTS_ONLY", 2)
    found = reckon_products(result)
    stored = {row["product"]: row["score"] for row in result.figures["products"]}
    assert found
    assert all(math.isclose(one.estimate, stored[name], abs_tol=0.005) for name, one in found.items())
    off = {one.product: one.difference for one in find_contrasts(result)}
    assert off == pytest.approx({name: stored[name] - 90 for name in off}, abs=0.005)
    assert off.keys() == {name for name, one in found.items() if one.se}
    result.figures["products"] = [{**row, "exact": "1"} for row in result.figures["products"]]
    assert reckon_products(result) == {}


def test_nothing_is_told_from_sheets_the_result_did_not_count(result):
    assert reckon_insight(result).certainty != (NOT_THOSE,)
    Sheet.objects.filter(wave=result.wave).order_by("pk")[0].delete()
    assert reckon_insight(result) == Insight((NOT_THOSE,))
    assert "compute the scores anew" in NOT_THOSE.en
    assert "重新计算" in NOT_THOSE.zh


def test_it_is_kept_with_the_rest(result):
    whole = Insight((), None, None, (), (70.0, 80.0), (Contrast("球阀", "target", -5.0, -9.0, -1.0, 0.04),))
    kept = json.loads(json.dumps(as_json(whole)))
    assert read_insight(kept) == whole
    assert is_whole(kept)
    assert not is_whole({"certainty": kept["certainty"]})
    assert not is_whole({})
