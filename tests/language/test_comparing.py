"""Two revisions compared rule by rule."""

import pytest

from manyi.language.comparing import compare, keyed
from manyi.language.load import read_procedure
from manyi.library import PROCEDURES

P12 = (PROCEDURES / "P12.yaml").read_text(encoding="utf-8")


def changes(before: str, after: str):
    return compare(read_procedure(before, "before"), read_procedure(after, "after"))


def test_a_text_compared_with_itself_differs_in_nothing():
    assert changes(P12, P12 + "# a remark\n") == ()


@pytest.mark.parametrize(
    ("old", "new", "place", "before", "after"),
    [
        ("at_least: 90%", "at_least: 95%", "Key accounts · at least", "90%", "95%"),
        ("main_indicators: 20", "main_indicators: 15", "Main quality indicators", "20", "15"),
        ("due: 12-07", "due: 12-09", "due day", "7 December", "9 December"),
        ("within: 3 months", "within: 2 months", "term", "3 months", "2 months"),
        ("role: general_manager", "role: quality_assurance", "who does it", "General manager", "Quality assurance"),
    ],
)
def test_what_changed_is_told_in_peoples_words(old, new, place, before, after):
    (change,) = changes(P12, P12.replace(old, new, 1))
    assert change.kind == "changed"
    assert change.place.en.endswith(place)
    assert (change.before.en, change.after.en) == (before, after)


def test_a_step_put_in_between_moves_nothing_else():
    step = "      - {key: extra, title: {zh: 另一步, en: Another step}, clause: 5.3.1.3, role: sales_company}\n"
    (change,) = changes(P12, P12.replace("      - {key: report_dispatch", f"{step}      - {{key: report_dispatch"))
    assert (change.kind, change.clause, change.before) == ("added", "5.3.1.3", None)
    assert "Another step" in change.place.en
    assert "Sales company" in change.after.en


def test_a_rule_that_went_is_told_with_what_it_said():
    (change,) = changes(P12, P12.replace("      - {clause: 5.6.3, lowest: product}\n", ""))[-1:]
    assert change.chapter.en == "Survey"


def test_a_new_reason_of_a_settled_value_is_a_change():
    (change,) = changes(
        P12,
        P12.replace(
            '10 days are set"}}\n        fields: {cause', 'two weeks were thought of"}}\n        fields: {cause'
        ),
    )
    assert change.place.en.endswith("reason")
    assert "two weeks" in change.after.en


def test_lists_with_keys_are_read_by_key_and_others_as_they_stand():
    assert keyed({"steps": [{"key": "a", "role": "x"}], "of": ["b"]}) == {"steps": {"a": {"role": "x"}}, "of": ["b"]}
    assert keyed([{"key": "a"}, {"key": "a"}]) == [{"key": "a"}, {"key": "a"}]
