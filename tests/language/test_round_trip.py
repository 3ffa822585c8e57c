"""Whatever the model accepts is written and read back the same, by line and by value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.language.files import SHIPPED, text_of

from manyi.core.errors import Faults
from manyi.language.dump import dump
from manyi.language.lint import lint
from manyi.language.load import read_procedure, read_tree

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30)
LOOKS_LIKE = st.sampled_from(
    ["null", "~", "", "5.10", "1e3", "0x10", "no", "on", "- a", "a: b", "# x", "{a", "[", "'", '"', "&a", "*a", "|", ">", "!t", "%", "@", "`", " a ", "a\u2028b", "\x85", "...", "---"]
)  # fmt: skip
SCALARS = st.one_of(TEXTS, LOOKS_LIKE, st.none())
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(TEXTS, LOOKS_LIKE), inner, max_size=4)
    ),
    max_leaves=20,
)
KEYS = st.sampled_from(["desk", "store", "boss", "plan", "do", "check", "one", "two", "three"])
WORDS = st.one_of(TEXTS, st.fixed_dictionaries({"zh": TEXTS, "en": TEXTS}))
TERMS = st.sampled_from(["8 hours", "3 days", "10 working days", "1 month", "same day", "next day", "term"])
LIMITS = st.sampled_from(["80%", "2", "0.5", "target", "previous", "term"])
CONDITIONS = st.sampled_from(["true", "annual_sales > 5", "is_new and not (country = 'cn')", "kind in ('a', 'b')"])
FIELDS = st.sampled_from(
    ["text", "optional text", "tasks", "user", ["a", "b"], {"any_of": ["a"]}, {"from": "prices"}, {"table": {"what": "text"}},
     {"tasks": {"what": "text", "due": "date"}}, {"type": "text", "title": {"zh": "甲", "en": "A"}, "default": "5.10"}]
)  # fmt: skip


def doubtful(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or the same as a settled doubt."""
    settled = st.fixed_dictionaries(
        {"value": values, "readings": st.dictionaries(st.sampled_from(["1", "2"]), values, max_size=2), "reason": WORDS}
    )
    return st.one_of(values, settled)


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


OUTCOMES = st.dictionaries(
    KEYS,
    st.one_of(st.just("close"), st.just("next"), some({"then": st.just("close")}, {"when": CONDITIONS})),
    max_size=2,
)
PART = some(
    {"key": KEYS, "role": KEYS},
    {"sign": st.sampled_from(["true", "false"]), "fields": st.dictionaries(KEYS, FIELDS, max_size=2)},
)
STEP = some(
    {"key": KEYS},
    {"role": st.one_of(KEYS, st.just({"field": "desk"})), "title": WORDS, "clause": st.sampled_from(["1", ["1", "2"]]), "within": doubtful(TERMS), "due": st.sampled_from(["12-05", "end of period", "15 minutes before agreed_at"]),
     "fields": st.dictionaries(KEYS, FIELDS, max_size=3), "evidence": st.lists(KEYS, max_size=2), "outcomes": OUTCOMES, "attempts": st.sampled_from(["1", "2"]), "remind": st.lists(st.sampled_from(["2 days before", "10 days"]), max_size=2),
     "when": CONDITIONS, "consult": st.one_of(KEYS, st.lists(KEYS, max_size=2)), "all": st.one_of(PART, st.lists(PART, min_size=1, max_size=2)), "at_least": LIMITS, "escalate": some({"to": KEYS, "after": TERMS}, {})},
)  # fmt: skip
OPENS = st.one_of(
    some({"every": st.sampled_from(["year", "month"])}, {"in": st.just("March"), "covers": st.just("previous")}),
    some({"event": st.sampled_from(["order.accepted", ["a.b", "c.d"]])}, {"when": CONDITIONS}),
    some({"intake": st.lists(KEYS, min_size=1, max_size=2)}, {}),
)
RECORD = some(
    {"title": WORDS},
    {"clause": st.just("1"), "number": TEXTS, "opens": st.one_of(OPENS, st.lists(OPENS, max_size=2)), "steps": st.lists(STEP, max_size=3), "contains": st.lists(st.one_of(some({"records": KEYS}, {"by": KEYS}), some({"chart": st.just("pie")}, {"of": KEYS})), max_size=2)},
)  # fmt: skip
TIER = some({"key": KEYS, "clause": st.just("1"), "where": doubtful(CONDITIONS)}, {"at_least": doubtful(LIMITS)})
MEASURE = some(
    {"clause": st.just("1"), "figure": st.sampled_from(["count", "share"]), "of": KEYS},
    {"at_most": doubtful(LIMITS), "per": st.lists(KEYS, max_size=2)},
)
CLAUSES = st.dictionaries(
    st.sampled_from(["1", "2", "5.1", "5.10", "(1)", "第一条"]),
    some({}, {"text": WORDS, "informative": st.just("true")}),
    max_size=4,
)
PROCEDURES = some(
    {"manyi": st.just("1"), "procedure": some({"key": KEYS, "code": TEXTS, "title": WORDS, "revision": TEXTS}, {"calendar": KEYS, "owner": KEYS})},
    {"roles": st.dictionaries(KEYS, some({"title": WORDS}, {"per": KEYS, "one_person": st.just("true")}), max_size=3), "records": st.dictionaries(KEYS, RECORD, max_size=2), "tiers": st.dictionaries(KEYS, st.lists(TIER, max_size=2), max_size=1),
     "measures": st.dictionaries(KEYS, MEASURE, max_size=2), "words": st.dictionaries(TEXTS, WORDS, max_size=2), "clauses": CLAUSES},
)  # fmt: skip


@given(st.dictionaries(st.one_of(TEXTS, LOOKS_LIKE), TREES, max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_tree_is_read_as_it_was_written(tree: dict[str, Any]) -> None:
    assert read_tree(dump(tree), "t")[0] == tree


@given(PROCEDURES)
@settings(max_examples=30, deadline=None)
def test_any_procedure_the_model_accepts_comes_back_the_same(tree: dict[str, Any]) -> None:
    """And the linter has something, or nothing, to say of it; it never breaks."""
    written = dump(tree)
    first = read_procedure(written, "t")
    again = read_procedure(dump(read_tree(written, "t")[0]), "t")
    assert again == first
    assert again.settled == first.settled
    assert lint(again) == lint(first)


@given(PROCEDURES, st.data())
@settings(max_examples=30, deadline=None)
def test_what_the_model_refuses_is_refused_with_a_place(tree: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(tree)))
    spoilt = {**tree, key: data.draw(TREES)}
    try:
        lint(read_procedure(dump(spoilt), "t"))
    except Faults as wrong:
        assert all(fault.row and fault.message.zh and fault.hint.en for fault in wrong.faults)  # noqa: PT017


QUICK = {"P06", "P11", "airline"}


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SHIPPED]
)
def test_a_shipped_file_is_written_and_read_back_the_same(name: str) -> None:
    tree, _ = read_tree(text_of(name), name)
    assert read_tree(dump(tree), name)[0] == tree
