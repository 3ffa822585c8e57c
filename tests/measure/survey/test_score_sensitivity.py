"""A points score with its chance error and what was assumed about what is missing; worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from manyi.core.errors import Refusal
from manyi.measure.sensitivity import sensitivity
from manyi.measure.tails import t_quantile

NAN = math.nan
# two items of 60 and 40 points; product a has two sheets of ten customers, product b three of three
SCORES = np.array([[100, 80], [NAN, 60], [40, 100], [80, NAN], [100, 100]])
PRODUCTS, POINTS = ["a", "a", "b", "b", "b"], [60, 40]


def test_the_score_its_bounds_and_its_error() -> None:
    found = sensitivity(SCORES, POINTS, PRODUCTS, fill=80, sales={"a": 3, "b": 1, "c": 1}, customers={"a": 10, "b": 3})
    # sheets with 80 filled in: a 92, 72; b 64, 80, 100; weights of the sales 3/4 and 1/4
    assert found.estimate == pytest.approx(0.75 * 82 + 0.25 * (64 + 80 + 100) / 3)
    assert found.lowest == pytest.approx(0.75 * (92 + 24) / 2 + 0.25 * (64 + 48 + 100) / 3)
    assert found.highest == pytest.approx(0.75 * (92 + 84) / 2 + 0.25 * (64 + 88 + 100) / 3)
    # of the answers there are: a 100 and 70; b 220/3 and 100
    assert found.alternative == pytest.approx(0.75 * (0.6 * 100 + 0.4 * 70) + 0.25 * (0.6 * 220 / 3 + 0.4 * 100))
    # b is taken whole; a has variance 200 of two sheets of ten
    assert found.se == pytest.approx(0.75 * math.sqrt(0.8 * 200 / 2))
    assert found.df == pytest.approx(1)
    assert found.interval is not None
    assert found.interval.upper - found.estimate == pytest.approx(t_quantile(0.95, 1) * found.se)
    assert (found.imputed, found.represented, found.n) == (pytest.approx(0.2), pytest.approx(0.8), 5)
    assert {w.code for w in found.warnings} == {"imputed", "class_unrepresented"}


def test_satterthwaites_degrees_of_freedom() -> None:
    scores = np.array([[50.0], [70], [90], [10], [20], [60], [80]])
    found = sensitivity(scores, [100], list("aaabbbb"), fill=80, sales={"a": 1, "b": 1})
    parts = [0.25 * 400 / 3, 0.25 * np.var([10, 20, 60, 80], ddof=1) / 4]
    assert found.se == pytest.approx(math.sqrt(sum(parts)))
    assert found.df == pytest.approx(sum(parts) ** 2 / (parts[0] ** 2 / 2 + parts[1] ** 2 / 3))


def test_many_blanks_matter_more_than_chance() -> None:
    chance = np.random.default_rng(5)
    scores = chance.choice([60.0, 80, 100], size=(80, 4))
    scores[chance.random((80, 4)) < 0.3] = NAN
    found = sensitivity(scores, [25] * 4, ["p"] * 80, fill=80)
    assert "missing_decides" in {w.code for w in found.warnings}
    assert found.lowest < found.estimate < found.highest


def test_points_that_do_not_add_up_and_single_sheets_are_told() -> None:
    found = sensitivity(SCORES[:3], [50, 45], ["a", "a", "b"], fill=80, customers={"a": 5, "b": 4})
    assert {w.code: w.about for w in found.warnings}.keys() >= {"points_not_100", "class_of_one"}
    assert (found.se, found.interval) == (None, None)
    # a single sheet of a single customer is the whole product
    assert sensitivity(SCORES[:3], [50, 45], ["a", "a", "b"], fill=80, customers={"a": 5, "b": 1}).se is not None


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"points": [60, 0]}, "bad_points"),
        ({"points": [60]}, "bad_points"),
        ({"sales": {"c": 5}}, "no_sales"),
        ({"customers": {"a": 1}}, "bad_population"),
    ],
)
def test_it_refuses_what_has_no_answer(spec: dict, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        sensitivity(**{"scores": SCORES, "points": POINTS, "products": PRODUCTS, "fill": 80, **spec})
