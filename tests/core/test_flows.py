"""A record's way through its steps: order, conditions, rounds, parts, hearings, tries, events; and who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manyi.core.flows import Act, FieldRule, FlowRule, FlowStep, Ground, Heard, OutcomeRule, State, state_of
from manyi.core.flows_acts import Offer, is_try, needed_fields, outcomes_of, refusals, settled_outcome
from manyi.core.flows_conditions import holds_of_several
from manyi.core.predicates import And, Compare, Constant, Fact, Not, Or, Truth
from manyi.core.text import Text

BEGAN = datetime(2026, 12, 1, 2, tzinfo=UTC)
NO = Truth(Constant(False))


def at(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def step(key: str, **said) -> FlowStep:
    return FlowStep(key, Text(key, key), role=said.pop("role", key), **said)


def out(key: str, then: str = "next", **said) -> OutcomeRule:
    return OutcomeRule(key, Text(key, key), then, **said)


def flow(*steps: FlowStep) -> FlowRule:
    return FlowRule("complaint", Text("", "Complaint"), steps)


def ground(**said) -> Ground:
    return Ground(BEGAN, lambda predicate: predicate is not NO, **said)


def after(rule: FlowRule, *acts: Act, on: Ground | None = None) -> State:
    return state_of(rule, acts, on or ground())


def taken(key: str, hours: float = 1, outcome: str = "", part: str = "", by: int = 1) -> Act:
    return Act("taken", key, at(hours), part, outcome, by)


def names(state: State) -> list[str]:
    return [one.name for one in state.open]


PLAIN = flow(
    step("receive"), step("handle"), step("ask_back", outcomes=(out("content", "close"), out("not", "handle")))
)


# ---- order ------------------------------------------------------------------------------------


def test_the_first_step_is_open_from_the_beginning():
    state = after(PLAIN)
    assert names(state) == ["receive"]
    assert (state.open[0].round, state.open[0].since, state.closed) == (1, BEGAN, False)


def test_each_step_opens_when_the_one_before_is_done_and_counts_from_then():
    state = after(PLAIN, taken("receive", 3))
    assert (names(state), state.open[0].since) == (["handle"], at(3))


def test_after_the_last_step_it_is_closed_with_its_outcome():
    state = after(PLAIN, taken("receive"), taken("handle"), taken("ask_back", outcome="content"))
    assert (state.closed, state.open, state.outcome) == (True, (), "content")


def test_going_back_opens_a_new_round_with_a_new_clock():
    state = after(PLAIN, taken("receive"), taken("handle", 2), taken("ask_back", 5, "not"))
    assert (names(state), state.open[0].round, state.open[0].since) == (["handle"], 2, at(5))
    state = after(PLAIN, taken("receive"), taken("handle"), taken("ask_back", 5, "not"), taken("handle", 6))
    assert (names(state), state.open[0].round) == (["ask_back"], 2)


def test_a_step_whose_condition_is_false_is_skipped_and_one_at_the_end_closes():
    rule = flow(step("receive"), step("review", when=NO), step("handle"), step("claim", when=NO))
    assert names(after(rule, taken("receive"))) == ["handle"]
    assert after(rule, taken("receive"), taken("handle")).closed


def test_what_was_done_stands_though_its_condition_is_false_by_now():
    rule = flow(step("receive"), step("review", when=NO), step("handle"))
    state = after(rule, taken("receive"), taken("review"), taken("handle"))
    assert (state.closed, set(state.done)) == (True, {"receive", "review", "handle"})


def test_an_outcome_may_lead_forward_past_steps():
    rule = flow(step("call", outcomes=(out("agreed", "visit"), out("no", "close"))), step("again"), step("visit"))
    assert names(after(rule, taken("call", outcome="agreed"))) == ["visit"]
    assert after(rule, taken("call", outcome="no")).closed


def test_a_closed_record_is_reopened_at_a_step_in_a_new_round():
    done = (taken("receive"), taken("handle"), taken("ask_back", outcome="content"))
    state = after(PLAIN, *done, Act("reopened", "handle", at(9)))
    assert (names(state), state.open[0].round, state.open[0].since) == (["handle"], 2, at(9))


# ---- side by side -----------------------------------------------------------------------------

PARTS = flow(step("fill"), step("review", parts=(step("sales"), step("quality"))), step("conclude"))


def test_parts_are_open_side_by_side_and_the_step_is_done_when_all_are():
    assert names(after(PARTS, taken("fill"))) == ["sales", "quality"]
    assert names(after(PARTS, taken("fill"), taken("quality"))) == ["sales"]
    state = after(PARTS, taken("fill"), taken("quality", 2), taken("sales", 4))
    assert (names(state), state.open[0].since, "review" in state.done) == (["conclude"], at(4), True)


def test_all_parts_are_owed_again_in_a_second_round():
    rule = flow(PARTS.steps[0], PARTS.steps[1], step("conclude", outcomes=(out("ok", "close"), out("back", "review"))))
    acts = [taken("fill"), taken("sales"), taken("quality"), taken("conclude", outcome="back")]
    state = after(rule, *acts)
    assert [(one.name, one.round) for one in state.open] == [("sales", 2), ("quality", 2)]
    assert names(after(rule, *acts, taken("sales"))) == ["quality"]


def test_an_outcome_of_a_part_that_leads_elsewhere_ends_the_step():
    rule = flow(
        step("fill"), step("review", parts=(step("sales", outcomes=(out("ok"), out("no", "fill"))), step("quality")))
    )
    assert names(after(rule, taken("fill"), taken("sales", outcome="no"))) == ["fill"]


def test_there_is_one_part_for_each_value_chosen():
    rule = flow(step("fill"), step("review", parts=(step("opinion", for_each="units"),)), step("end"))
    on = ground(chosen={"units": ("7", "9")})
    assert names(after(rule, taken("fill"), on=on)) == ["opinion.7", "opinion.9"]
    assert names(after(rule, taken("fill"), taken("opinion", part="7"), on=on)) == ["opinion.9"]
    assert names(after(rule, taken("fill"), taken("opinion", part="7"), taken("opinion", part="9"), on=on)) == ["end"]
    assert names(after(rule, taken("fill"))) == ["end"]


def test_there_is_one_part_for_each_linked_record():
    rule = flow(step("verify", each="complaint"), step("pay"))
    on = ground(linked={"complaint": ("3", "4")})
    assert names(after(rule, on=on)) == ["verify.3", "verify.4"]


def test_a_part_whose_condition_is_false_is_not_owed():
    rule = flow(step("review", parts=(step("sales"), step("quality", when=NO))))
    assert names(after(rule)) == ["sales"]
    assert after(rule, taken("sales")).closed


# ---- hearings, tries, events ------------------------------------------------------------------


def test_who_is_consulted_is_heard_before_the_step_can_be_done():
    rule = flow(step("decide", consult=(Heard("sales"), Heard("law", NO), Heard("field.units"))))
    on = ground(chosen={"units": ("7",)})
    state = after(rule, on=on)
    assert names(state) == ["decide.consult.sales", "decide.consult.7", "decide"]
    assert state.open[-1].held_back == ("sales", "7")
    heard = Act("heard", "decide", at(1), "sales", by=2)
    assert names(after(rule, heard, on=on)) == ["decide.consult.7", "decide"]


def test_who_was_heard_is_heard_again_in_the_next_round():
    rule = flow(step("decide", consult=(Heard("sales"),), outcomes=(out("yes", "close"), out("again", "decide"))))
    acts = (Act("heard", "decide", at(1), "sales"), taken("decide", 2, "again"))
    assert names(after(rule, *acts)) == ["decide.consult.sales", "decide"]


CALL = flow(
    step("call", attempts=2, outcomes=(out("agreed", "close"), out("busy", "call"), out("none"))), step("letter")
)


def test_a_try_leaves_the_step_open_and_is_counted():
    state = after(CALL, Act("tried", "call", at(1), outcome="busy"))
    assert (names(state), state.open[0].tries, state.open[0].is_last_try) == (["call"], 1, True)


def test_used_up_attempts_take_the_last_outcome_or_are_not_reached():
    first, last = after(CALL).open[0], after(CALL, Act("tried", "call", at(1))).open[0]
    assert (is_try(first, "busy"), is_try(last, "busy"), is_try(first, "agreed")) == (True, False, False)
    assert (settled_outcome(last, "busy"), settled_outcome(last, "agreed")) == ("none", "agreed")
    plain = after(flow(step("call", attempts=1))).open[0]
    assert [one.key for one in outcomes_of(plain, ground())] == ["", "not_reached"]
    assert (is_try(plain, "not_reached"), settled_outcome(plain, "not_reached")) == (False, "not_reached")


def test_tries_are_counted_anew_in_each_round():
    rule = flow(step("ask", attempts=2, outcomes=(out("no", "handle"),)), step("handle", outcomes=(out("ok", "ask"),)))
    acts = (Act("tried", "ask", at(1)), taken("ask", 2, "no"), taken("handle", 3, "ok"))
    assert after(rule, *acts).open[0].tries == 0


def test_a_step_waits_for_its_event_and_counts_from_it():
    rule = flow(step("prepare"), step("ask", events=("delivery.accepted",)))
    state = after(rule, taken("prepare"))
    assert (state.open, state.waits_for.key if state.waits_for else "", state.closed) == ((), "ask", False)
    state = after(rule, taken("prepare"), Act("event", "ask", at(30)))
    assert (names(state), state.open[0].since) == (["ask"], at(30))


# ---- may it be taken --------------------------------------------------------------------------


def offer(**said) -> Offer:
    return replace(Offer(by=1, at=at(10), happened_at=at(5)), **said)


def codes(rule: FlowRule, key: str, given: Offer, *acts: Act, part: str = "", on: Ground | None = None) -> list[str]:
    on = on or ground()
    return [fault.code for fault in refusals(rule, state_of(rule, acts, on), key, part, given, on)]


ASKS = flow(
    step(
        "handle",
        fields=(
            FieldRule("result", Text("", "Result"), "text"),
            FieldRule("cost", Text("", "Cost"), "money", optional=True),
        ),
        sign=True,
        evidence=("answer", "measures", "order.closed"),
        outcomes=(out("done", "close"), out("other", "close", needs="cost"), out("never", "close", when=NO)),
    ),
    step("verify", independent_of=("handle",)),
)
FULL = offer(
    outcome="done",
    signed=True,
    filled=frozenset({"result", "measures"}),
    proofs=frozenset({"answer"}),
    events=frozenset({"order.closed"}),
)


def test_with_everything_there_nothing_is_against_it():
    assert codes(ASKS, "handle", FULL) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"outcome": ""}, "no_outcome"),
        ({"outcome": "whatever"}, "unknown_outcome"),
        ({"outcome": "never"}, "outcome_not_allowed"),
        ({"outcome": "other"}, "field_missing"),
        ({"filled": frozenset({"measures"})}, "field_missing"),
        ({"signed": False}, "not_signed"),
        ({"proofs": frozenset()}, "proof_missing"),
        ({"events": frozenset()}, "proof_missing"),
        ({"tasks_open": frozenset({"measures"})}, "tasks_open"),
        ({"happened_at": at(-1)}, "before_the_event"),
        ({"happened_at": at(11)}, "in_future"),
    ],
)
def test_each_thing_that_is_missing_is_said(change: Mapping[str, object], code: str):
    assert codes(ASKS, "handle", replace(FULL, **change)) == [code]


def test_every_reason_is_said_at_once_in_both_languages():
    on = ground()
    faults = refusals(ASKS, state_of(ASKS, (), on), "handle", "", offer(), on)
    assert {fault.code for fault in faults} == {"no_outcome", "field_missing", "not_signed", "proof_missing"}
    assert all(fault.message.zh and fault.message.en and fault.hint.zh and fault.hint.en for fault in faults)


@pytest.mark.parametrize(
    ("key", "acts", "code"),
    [
        ("ghost", (), "unknown_step"),
        ("verify", (), "not_open"),
        ("handle", (taken("handle", outcome=""),), "taken_already"),
    ],
)
def test_only_what_is_open_can_be_taken(key: str, acts: tuple[Act, ...], code: str):
    rule = flow(replace(ASKS.steps[0], outcomes=()), ASKS.steps[1])
    assert codes(rule, key, FULL, *acts) == [code]


def test_who_did_it_or_took_part_does_not_judge_it():
    on, acts = ground(), (taken("handle", by=1),)
    rule = flow(step("handle"), step("verify", independent_of=("handle",)))
    assert codes(rule, "verify", offer(doers={"handle": frozenset({1})}), *acts, on=on) == ["not_independent"]
    assert codes(rule, "verify", offer(by=2, doers={"handle": frozenset({1})}), *acts, on=on) == []
    all_ = flow(step("handle"), step("verify", independent_of=("everyone",)))
    assert codes(all_, "verify", offer(doers={"everyone": frozenset({1})}), *acts, on=on) == ["not_independent"]


def test_a_step_with_hearings_open_is_refused_and_a_try_asks_for_nothing():
    rule = flow(step("decide", consult=(Heard("sales"),)))
    assert codes(rule, "decide", offer()) == ["not_heard"]
    tried = flow(step("call", attempts=2, fields=(FieldRule("said", Text(), "text"),), evidence=("call",)))
    assert codes(tried, "call", offer(outcome="not_reached")) == []
    assert codes(tried, "call", offer()) == ["field_missing", "proof_missing"]


def test_an_outcome_may_need_a_field_that_is_optional_otherwise():
    opened = after(ASKS).open[0]
    assert (needed_fields(opened, "done"), needed_fields(opened, "other")) == (("result",), ("result", "cost"))


# ---- conditions over several values -----------------------------------------------------------


@pytest.mark.parametrize(
    ("predicate", "values", "expected"),
    [
        (Compare("=", Fact("any.f"), Constant("a")), ("b", "a"), True),
        (Compare("=", Fact("any.f"), Constant("a")), ("b",), False),
        (Compare("=", Fact("all.f"), Constant("a")), ("a", "a"), True),
        (Compare("=", Fact("all.f"), Constant("a")), ("a", "b"), False),
        (Compare("=", Fact("all.f"), Constant("a")), (), False),
        (Compare(">=", Fact("count.f"), Constant(Fraction(2))), ("a", "b"), True),
        (Not(Compare("=", Fact("any.f"), Constant("a"))), ("b",), True),
        (
            And((Compare("=", Fact("any.f"), Constant("a")), Compare("=", Fact("any.f"), Constant("b")))),
            ("a", "b"),
            True,
        ),
        (Or((Compare("=", Fact("any.f"), Constant("x")), Compare("=", Fact("g"), Constant("y")))), ("a",), True),
    ],
)
def test_any_all_and_count(predicate, values, expected):
    assert holds_of_several(predicate, {"g": "y"}, {"f": values}) is expected


# ---- whatever is done -------------------------------------------------------------------------

KEYS = ("receive", "handle", "ask_back")
ACTS = st.lists(
    st.builds(
        Act, st.sampled_from(("taken", "tried", "heard", "event", "reopened")), st.sampled_from((*KEYS, "ghost")),
        st.integers(0, 99).map(at), st.just(""), st.sampled_from(("", "content", "not", "ghost")), st.just(1),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ACTS)
def test_any_history_leaves_the_record_closed_or_with_something_open(acts: list[Act]):
    state = after(PLAIN, *acts)
    assert state.closed is not bool(state.open)
    assert all(one.round == state.rounds.get(one.step.key, 0) + 1 for one in state.open)


@settings(max_examples=100, deadline=None)
@given(ACTS)
def test_what_was_once_done_stays_done(acts: list[Act]):
    states = [after(PLAIN, *acts[:n]) for n in range(len(acts) + 1)]
    assert all(set(before.done) <= set(now.done) for before, now in pairwise(states))
