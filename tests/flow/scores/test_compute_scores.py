"""Computing a wave: counted once, stored once, exact, and named by what it was made from."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import AT
from tests.flow.scores.sheets import GRADES, ITEMS, all_items, give, give_all

from manyi.base.customers.models import Customer, Product
from manyi.base.evidence.models import Event
from manyi.base.files.queries import path_of, read_file
from manyi.base.people.access import MayNot
from manyi.flow.plan.operations import open_wave, set_yardstick
from manyi.flow.responses.models import Sheet
from manyi.flow.scores.inputs import digest_of_figures, digest_of_text, read_inputs, write_inputs
from manyi.flow.scores.models import Counted, Result, WaveCount
from manyi.flow.scores.operations import CannotScore, compute_scores, count_sheets
from manyi.flow.scores.queries import Damaged, count_waiting_sheets, get_data, is_current, read_result


def compute(cast, wave):
    return compute_scores(by=cast.li, at=AT, wave=wave)


def cube(wave):
    rows = WaveCount.objects.filter(wave=wave).values_list("product", "tier", "item", "grade", "n")
    return {row[:4]: row[4] for row in rows}


@pytest.mark.accepts("D9-22", "D9-23", "D9-24")
def test_the_overall_figure_weighs_products_by_their_sales(sent, wave, cast):
    by_row = {(a.customer.code, a.product.name): a for a in sent}
    give(by_row["C1", "球阀"], all_items("satisfied"))  # 100 points
    give(by_row["C3", "蝶阀"], all_items("neutral"))
    stored, result = compute(cast, wave)
    neutral = result.product_items["蝶阀", ITEMS[0]].value
    # sales of 2026: 球阀 6,000,000 + 900,000 + 50,000; 蝶阀 200,000 + 400,000
    expected = (100 * Fraction(6_950_000) + neutral * 600_000) / 7_550_000
    assert result.overall.value == expected
    assert Fraction(stored.figures["overall"]["exact"]) == expected
    assert stored.sheets == 2


def test_the_same_input_is_stored_once(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    first, _ = compute(cast, wave)
    again, _ = compute(cast, wave)
    assert first.pk == again.pk
    assert Result.objects.count() == 1
    assert Event.objects.filter(kind="scores.result.computed").count() == 1


def test_what_changed_is_named_by_the_digest_of_the_input(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    first, _ = compute(cast, wave)
    set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="overall", score=Decimal(80))
    assert not is_current(first)
    second, _ = compute(cast, wave)
    assert second.inputs_digest != first.inputs_digest
    assert is_current(second)


def test_a_new_sheet_waits_until_it_is_counted(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    first, _ = compute(cast, wave)
    give(sent[1], all_items("dissatisfied"), "太慢")
    assert count_waiting_sheets(wave, first) == 1
    assert get_data(wave).written == ()  # lists and cube speak of the same sheets
    assert read_result(first).sheets == 1
    second, result = compute(cast, wave)
    assert (count_waiting_sheets(wave, second), result.sheets) == (0, 2)


def test_the_event_carries_both_digests(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    stored, _ = compute(cast, wave)
    event = Event.objects.get(kind="scores.result.computed")
    assert event.digest == stored.figures_digest == digest_of_figures(stored.figures)
    assert event.facts["inputs"] == stored.inputs_digest == digest_of_text(read_file(stored.inputs).decode())
    assert stored.inputs.sha256 == stored.inputs_digest


def test_a_stored_result_is_computed_again_from_its_input(sent, wave, cast):
    give(sent[0], {"main_indicators": "neutral"}, "太慢")
    stored, result = compute(cast, wave)
    again = read_result(Result.objects.get(pk=stored.pk))
    assert (again.overall, again.findings, again.coverage) == (result.overall, result.findings, result.coverage)
    assert again.data.names["C4"] == "深圳瑞丰电力"  # never asked to answer, named where it is missing


def test_a_changed_figure_and_a_changed_input_are_found(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    stored, _ = compute(cast, wave)
    figures = json.loads(json.dumps(stored.figures))
    figures["overall"]["exact"] = "99/1"
    with pytest.raises(Damaged, match="figures"):
        read_result(
            Result(pk=stored.pk, wave=wave, inputs=stored.inputs, inputs_digest=stored.inputs_digest, figures=figures)
        )
    path_of(stored.inputs).write_text("{}")
    with pytest.raises(Damaged, match="inputs"):
        read_result(stored)


def test_nobody_scores_without_the_right_or_without_a_sheet(sent, wave, cast):
    with pytest.raises(CannotScore):
        compute(cast, wave)
    give(sent[0], all_items("satisfied"))
    for person in (cast.zhao, cast.he, cast.qian):
        with pytest.raises(MayNot):
            compute_scores(by=person, at=AT, wave=wave)
    assert not Result.objects.exists()


@pytest.mark.accepts("D9-18")
def test_late_early_and_unasked_sheets_count_and_are_named(sent, wave, cast):
    give(sent[0], all_items("satisfied"), on=date(2027, 1, 1))  # within a month of 2026-12-01
    give(sent[1], all_items("satisfied"), on=date(2027, 1, 2))
    visited = Sheet.objects.create(
        wave=wave, unit=wave.unit, number="V-1", customer=Customer.objects.get(code="C2"),
        product=Product.objects.get(name="蝶阀"), answers=all_items("neutral"), returned_on=date(2025, 12, 30),
        recorded_at=AT, source="entry", entered_by=cast.zhao,
    )  # fmt: skip
    _, result = compute(cast, wave)
    assert result.sheets == 3
    assert result.data.late == (sent[1].number,)
    assert result.data.not_in_ledger == result.data.before_wave == (visited.number,)
    assert (result.returns.returned, result.returns.asked) == (2, len(sent))


@pytest.mark.accepts("D9-26")
def test_the_previous_wave_speaks_through_its_stored_result(sent, wave, cast, p12):
    give(sent[0], all_items("satisfied"))
    compute(cast, wave)
    year = 2027
    later = open_wave(
        by=cast.zhao, at=AT, revision=p12, programme="annual_survey", unit=cast.company, year=year,
        frame_on=date(year, 12, 5),
    )  # fmt: skip
    Sheet.objects.create(
        wave=later, unit=later.unit, number="L-1", customer=sent[0].customer, product=sent[0].product,
        answers=all_items("neutral"), returned_on=date(year, 12, 9), recorded_at=AT, source="entry", entered_by=cast.zhao,
    )  # fmt: skip
    _, result = compute(cast, later)
    kinds = {finding.kind for finding in result.findings}
    assert {"below_previous", "declined"} <= kinds
    assert {y.score for y in result.data.previous if y.of == "overall"} == {Fraction(100)}


def test_a_sheet_that_turns_up_behind_a_counted_one_is_not_lost(sent, wave, cast):
    """Two transactions may commit in the other order than they took their ids."""
    give(sent[0], all_items("satisfied"))
    give(sent[1], all_items("neutral"))
    first = Sheet.objects.order_by("pk").first()
    kept = {field.name: getattr(first, field.name) for field in Sheet._meta.fields}
    Sheet.objects.filter(pk=first.pk).delete()
    count_sheets(wave)
    Sheet.objects.create(**kept)
    _, result = compute(cast, wave)
    assert result.sheets == 2


def test_another_frame_counts_everything_anew(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    count_sheets(wave)
    before = cube(wave)
    wave.frame.update(tier="others")
    count_sheets(wave)
    assert {key[1] for key in cube(wave)} == {"others"} != {key[1] for key in before}
    assert sum(cube(wave).values()) == sum(before.values())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(GRADES)), min_size=1, max_size=5),
       cuts=st.lists(st.booleans(), min_size=5, max_size=5))  # fmt: skip
def test_a_cube_grown_in_batches_equals_a_recount(sent, wave, cast, answers, cuts):
    Sheet.objects.filter(wave=wave).delete()
    WaveCount.objects.filter(wave=wave).delete()
    Counted.objects.filter(wave=wave).delete()
    type(sent[0]).objects.filter(wave=wave).update(state="sent")
    for ask, filled, cut in zip(sent, answers, cuts, strict=False):
        give_all([(ask, filled, "", date(2026, 12, 9))])
        if cut:
            count_sheets(wave)
    count_sheets(wave)
    grown = cube(wave)
    WaveCount.objects.filter(wave=wave).delete()
    Counted.objects.filter(wave=wave).delete()
    count_sheets(wave)
    assert cube(wave) == grown
    assert sum(n for (_, _, item, _), n in grown.items() if item == ITEMS[0]) == min(len(answers), len(sent))


def test_the_input_comes_back_as_it_was_written(sent, wave, cast):
    set_yardstick(by=cast.li, at=AT, wave=wave, kind="target", of="item", key="safety", score=Decimal("71.2500"))
    give(sent[0], all_items("satisfied"), "太慢")
    count_sheets(wave)
    data = get_data(wave)
    text = write_inputs(data, formula="points/1", revision="r")
    assert write_inputs(read_inputs(text, data.names), formula="points/1", revision="r") == text
    assert read_inputs(text, data.names).customers == data.customers
