"""The pages of the evidence: who may look, what stands there, and the verdict over the chain."""

import ast
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.conftest import AT

from manyi.base.evidence.kinds import words_of
from manyi.base.evidence.operations import record_event, seal_events

LIST, VERIFY = "evidence:list", "evidence:verify"


def test_only_who_may_read_the_evidence_gets_in(cast, signed_in):
    assert signed_in(cast.he).get(reverse(LIST)).status_code == 200
    assert signed_in(cast.li).get(reverse(LIST)).status_code == 403
    assert signed_in(cast.li).post(reverse(VERIFY)).status_code == 403


def test_events_are_told_in_words_with_the_names_of_today(p12, cast, signed_in):
    html = signed_in(cast.he).get(reverse(LIST), {"lang": "zh"}).content.decode()
    assert "程序版本 · 批准" in html
    assert "王建国" in html
    cast.wang.name = "王<b>建国</b>"
    cast.wang.save()
    html = signed_in(cast.he).get(reverse(LIST), {"lang": "zh"}).content.decode()
    assert "王&lt;b&gt;建国" in html


def test_the_history_of_one_subject(p12, cast, signed_in):
    html = signed_in(cast.he).get(reverse(LIST), {"subject": f"procedure.revision:{p12.pk}"}).content.decode()
    assert html.count('<td class="num"') == 4  # imported, reviewed, approved, put in force


def test_events_of_another_company_are_not_shown(cast, signed_in):
    record_event(kind="plan.wave.opened", subject="plan.wave:4711", unit=cast.elsewhere, by=None, at=AT)
    assert "plan.wave:4711" not in signed_in(cast.he).get(reverse(LIST)).content.decode()


def test_the_verdict_is_told(cast, signed_in, settings):
    seal_events()
    good = signed_in(cast.he).post(reverse(VERIFY), {}, headers={"accept-language": "en"}).content.decode()
    assert "The chain holds." in good
    file = settings.MANYI_CHECKPOINTS / "chain.jsonl"
    file.write_text(file.read_text() + '{"seq": 999, "hash": "x"}\n')
    bad = signed_in(cast.he).post(reverse(VERIFY), {}, headers={"accept-language": "en"}).content.decode()
    assert "The chain is broken." in bad
    assert "999" in bad


def test_verifying_is_no_get(cast, signed_in):
    assert signed_in(cast.he).get(reverse(VERIFY)).status_code == 405


def test_it_takes_as_many_queries_for_thirty_events_as_for_three(cast, signed_in):
    client = signed_in(cast.he)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(LIST))
        return len(seen)

    few = queries()
    for n in range(30):
        record_event(kind="plan.wave.opened", subject=f"plan.wave:{n}", unit=cast.company, by=cast.li, at=AT)
    assert queries() == few


def recorded_kinds() -> set[str]:
    """Every kind that is written as a text where an event is recorded."""
    found = set()
    for file in Path(__file__).parents[3].glob("src/manyi/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return {kind for kind in found if isinstance(kind, str) and kind.count(".") == 2}


@pytest.mark.parametrize("kind", sorted(recorded_kinds()))
def test_every_kind_that_is_recorded_has_words(kind):
    assert words_of(kind).en != kind


def test_a_kind_without_words_stands_as_it_is():
    assert words_of("plan.wave.exploded").en == "plan.wave.exploded"
