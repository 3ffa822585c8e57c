"""Conditions decide as SQL does: unknown stays unknown, and only true lets a case in."""

from fractions import Fraction as F

import pytest

from manyi.core.predicates import (
    And,
    Arithmetic,
    Compare,
    Constant,
    Fact,
    In,
    IsNull,
    Not,
    Or,
    Truth,
    facts_in,
    holds,
    truth_of,
)

SALES = Compare(">", Fact("sales"), Constant(F(5)))
KIND = In(Fact("kind"), ("a", "b"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"sales": F(6)}, True), ({"sales": F(5)}, False), ({}, None), ({"sales": "6"}, None)],
)
def test_a_comparison_with_an_unknown_is_unknown(facts, expected):
    assert truth_of(SALES, facts) is expected


def test_or_is_true_as_soon_as_one_part_is_even_beside_an_unknown():
    assert truth_of(Or((SALES, KIND)), {"kind": "a"}) is True
    assert truth_of(Or((SALES, KIND)), {"kind": "z"}) is None


def test_and_is_false_as_soon_as_one_part_is_even_beside_an_unknown():
    assert truth_of(And((SALES, KIND)), {"kind": "z"}) is False
    assert truth_of(And((SALES, KIND)), {"kind": "a"}) is None


def test_the_denial_of_an_unknown_does_not_let_in():
    assert not holds(Not(SALES), {})
    assert holds(IsNull(Fact("sales")), {})


def test_arithmetic_needs_numbers():
    total = Compare(">=", Arithmetic("+", Fact("x"), Constant(F(1))), Constant(F(3)))
    assert holds(total, {"x": F(2)})
    assert truth_of(total, {"x": "2"}) is None


def test_it_names_the_facts_it_looks_at():
    assert facts_in(And((SALES, Not(KIND), Truth(Fact("is_new"))))) == {"sales", "kind", "is_new"}
