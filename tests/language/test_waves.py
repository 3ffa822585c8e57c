"""What a procedure says of a wave: floors on the whole, on a tier, on a condition."""

from __future__ import annotations

from fractions import Fraction

from tests.language.files import P12, shipped

from manyi.core.limits import Limit
from manyi.language.load import read_procedure
from manyi.language.waves import wave_rules


def test_the_floors_of_p12() -> None:
    rules = wave_rules(shipped("P12"))
    assert [(tier.key, tier.clause, tier.floor) for tier in rules.tiers] == [
        ("key_accounts", "5.3.1.1", Limit("at_least", Fraction(90, 100))),
        ("others", "5.3.1", None),
    ]
    assert [(f.key, f.where, f.limit.value) for f in rules.floors] == [("all", None, Fraction(78, 100))]


def test_a_floor_that_names_a_tier_is_the_limit_of_that_tier() -> None:
    """The other reading of 78 %: those outside the key accounts."""
    rules = wave_rules(read_procedure(P12.replace("            value: all\n", "            value: others\n"), "t.yaml"))
    assert [(tier.key, tier.clause, tier.floor) for tier in rules.tiers][1] == (
        "others",
        "5.3.1",
        Limit("at_least", Fraction(78, 100)),
    )
    assert rules.floors == ()


def test_a_floor_may_be_on_a_condition() -> None:
    text = P12.replace("            value: all\n", "            value: annual_sales > 9\n")
    (floor,) = wave_rules(read_procedure(text, "t.yaml")).floors
    assert floor.where is not None
