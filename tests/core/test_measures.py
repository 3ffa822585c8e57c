"""Figures against a naive count; limits in the four words; windows to the day."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyi.core.durations import Duration
from manyi.core.limits import Limit
from manyi.core.measures import ByCase, Figure, MeasureRule, changes_of, ended_window_of, figures_of, window_of
from manyi.core.predicates import Compare, Constant, Fact
from manyi.core.text import Text


def rule(figure="count", **said):
    return MeasureRule("m", Text("", "M"), ("1",), figure, "complaint", **said)


BAD = Compare("=", Fact("kind"), Constant("bad"))
BIG = Compare(">", Fact("loss"), Constant(Fraction(5)))
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["bad", "good", None]),
            "loss": st.sampled_from([None, *map(Fraction, (0, 5, 6))]),
            "guide": st.sampled_from(["a", "b", "c", None]),
            "customer": st.sampled_from(["1", "2", None]),
        }
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_counts_and_shares_are_those_of_a_naive_count(cases):
    for guide in ("a", "b", "c"):
        mine = [c for c in cases if c["guide"] == guide]
        bad = [c for c in mine if c["kind"] == "bad"]
        base = [c for c in mine if c["loss"] is not None and c["loss"] > 5]
        both = [c for c in base if c["kind"] == "bad"]
        got = {f.key: f.value for f in figures_of(rule(where=BAD, per=("guide",)), cases)}
        assert got.get((guide,), 0) == len(bad)
        got = {f.key: f.value for f in figures_of(rule(where=BAD, per=("guide",), distinct="customer"), cases)}
        assert got.get((guide,), 0) == len({c["customer"] for c in bad if c["customer"]})
        got = {f.key: f.value for f in figures_of(rule("share", where=BAD, among=BIG, per=("guide",)), cases)}
        assert got.get((guide,)) == (Fraction(len(both), len(base)) if base else None)


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_cells_are_the_combinations_that_occur(cases):
    values = {"guide": ["a", "b"], "customer": ["1", "2"]}
    (figure,) = figures_of(rule("cells", per=("guide", "customer")), cases, values=values)
    cells = list(product("ab", "12"))
    met = [cell for cell in cells if any((c["guide"], c["customer"]) == cell for c in cases)]
    assert figure.value == Fraction(len(met), 4)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9).map(Fraction)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9).map(Fraction)),
)
def test_a_change_is_against_what_was_before(before, now):
    found = changes_of(
        rule("change", word="at_least", limit=Fraction(-1, 5)),
        {(k,): v for k, v in before.items()},
        {(k,): v for k, v in now.items()},
    )
    assert {f.key[0] for f in found} == before.keys() | now.keys()
    for figure in found:
        then, here = before.get(figure.key[0], 0), now.get(figure.key[0], 0)
        assert figure.value == ((here - then) / then if then else None)
        assert figure.is_met == (None if not then else (here - then) / then >= Fraction(-1, 5))


@pytest.mark.parametrize(
    ("word", "value", "met"),
    [
        ("at_least", 2, True),
        ("at_least", 1, False),
        ("at_most", 2, True),
        ("at_most", 3, False),
        ("above", 2, False),
        ("above", 3, True),
        ("below", 2, False),
        ("below", 1, True),
    ],
)
def test_the_four_words(word, value, met):
    assert figures_of(rule(word=word, limit=Fraction(2)), [{}] * value)[0].is_met is met


def test_no_case_at_all_counts_nought_and_a_share_of_nothing_is_none():
    assert figures_of(rule(word="below", limit=Fraction(2)), [])[0].is_met is True
    assert figures_of(rule("share", word="at_least", limit=Fraction(1)), [])[0].is_met is None


@pytest.mark.parametrize("limit", [None, "target"])
def test_without_a_limit_nothing_is_met_or_missed(limit):
    assert figures_of(rule(word="at_least", limit=limit), [{}])[0].is_met is None


def test_a_named_limit_is_the_figure_it_names():
    (figure,) = figures_of(rule(word="at_least", limit="previous"), [{}], named={"previous": Fraction(1)})
    assert figure == Figure((), Fraction(1), 1, Limit("at_least", Fraction(1)))


def test_a_limit_from_a_table_is_the_row_of_the_case_and_the_strictest_of_several():
    table = ByCase("post", (("head", Fraction(2)), ("aide", Fraction(1))))
    said = rule(per=("user",), word="at_least", limit=table)
    found = figures_of(
        said, [{"user": "x", "post": "head"}, {"user": "x", "post": "aide"}, {"user": "y", "post": "none"}]
    )
    assert [(f.key, f.limit and f.limit.value) for f in found] == [(("x",), Fraction(2)), (("y",), None)]


def test_a_field_with_several_values_counts_for_each():
    found = figures_of(rule(per=("unit",)), [{"unit": "a\x1fb"}, {"unit": "a"}])
    assert [(f.key, f.value) for f in found] == [(("a",), 2), (("b",), 1)]


def test_a_rolling_window_ends_today_and_a_period_is_judged_when_it_is_over():
    on = date(2026, 3, 31)
    assert window_of(rule(), on) is None
    assert window_of(rule(over=Duration(1, "month")), on).first == date(2026, 3, 1)
    assert window_of(rule(every="quarter"), on).key == "2026-Q1"
    floor, ceiling = rule(every="month", word="at_least"), rule(every="month", word="at_most")
    assert ended_window_of(floor, on).key == "2026-02"
    assert ended_window_of(floor, date(2026, 4, 1)).key == "2026-03"
    assert ended_window_of(ceiling, on).key == "2026-03"
