"""The clause list of records, duties and measures: counted live, for a unit, as of any date."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.conftest import AT

from manyi.core.conformity import Owed, Verdict, judge_counts
from manyi.flow.conformity.queries import list_boards
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import open_ahead, waive_duty
from manyi.flow.duties.queries import count_owed

LATE = {"customer": "C1", "kind": "late", "description": "晚到两天"}
HOUR = timedelta(hours=1)


def said(person, key="PX", at=AT + HOUR, **only):
    boards = list_boards(by=person, at=at, year=only.pop("year", 2026), only=key, **only)
    return {clause.number: clause for board in boards for clause in board.clauses}


def reasons(clause):
    return " | ".join(rule.judgement.reason.en for rule in clause.rules)


@pytest.mark.parametrize(
    ("owed", "verdict"),
    [
        (Owed(), Verdict.NOT_DUE), (Owed(waived=1), Verdict.NOT_DUE), (Owed(on_time=1), Verdict.DONE),
        (Owed(on_time=1, late=1), Verdict.DONE_LATE), (Owed(late=1, open=1), Verdict.OPEN), (Owed(open=1, missed=1), Verdict.MISSED),
    ],
)  # fmt: skip
def test_the_worst_of_what_was_owed_is_the_verdict(owed, verdict):
    assert judge_counts(owed).verdict == verdict


def test_where_nothing_happened_nothing_was_owed(px, cast):
    clauses = said(cast.li)
    assert clauses["2"].verdict == Verdict.NOT_DUE
    assert "nothing was owed" in reasons(clauses["2"])


def test_a_clause_follows_its_records_and_any_past_instant_can_be_asked_for(register, px, cast, open_, take):
    record = open_("complaint", "zhao", LATE)
    assert said(cast.li)["2"].verdict == Verdict.OPEN
    assert said(cast.li, at=AT + 8 * HOUR)["2"].verdict == Verdict.MISSED
    take(record, "handle", "chen", {"result": "退款"}, hours=9, proofs={"answer": "书面"})
    assert said(cast.li, at=AT + 10 * HOUR)["2"].verdict == Verdict.DONE_LATE
    # what was so then is still so when asked for afterwards
    assert said(cast.li, at=AT + 8 * HOUR)["2"].verdict == Verdict.MISSED
    assert said(cast.li, at=AT + HOUR)["2"].verdict == Verdict.OPEN
    assert said(cast.li, at=AT - HOUR).get("2") is None or said(cast.li, at=AT - HOUR)["2"].verdict == Verdict.NOT_DUE
    assert "1 owed: 1 late" in reasons(said(cast.li, at=AT + 10 * HOUR)["2"])


def test_in_time_is_done_and_the_next_step_is_open(register, px, cast, open_, take):
    record = open_("complaint", "zhao", LATE)
    take(record, "handle", "chen", {"result": "退款"}, hours=5, proofs={"answer": "书面"})
    clauses = said(cast.li, at=AT + 6 * HOUR)
    assert (clauses["2"].verdict, clauses["3"].verdict) == (Verdict.DONE, Verdict.OPEN)
    assert any(rule.kind == "PX.complaint" for rule in clauses["2"].rules)


def test_what_is_waived_counts_from_when_it_was(in_force, cast):
    in_force()
    open_ahead(at=AT + timedelta(days=1))
    for duty in Duty.objects.filter(rule="monthly_note.write", period="2026-11"):
        waive_duty(by=cast.li, at=AT + timedelta(days=2), duty=duty, reason="免")
    assert "waived" in reasons(said(cast.li, "T1", AT + timedelta(days=3))["2"])
    assert said(cast.li, "T1", AT + timedelta(days=1, hours=1))["2"].verdict == Verdict.OPEN


def test_a_unit_is_judged_by_its_own(in_force, cast):
    in_force()
    open_ahead(at=AT + timedelta(days=1))
    duty = Duty.objects.get(rule="monthly_note.write", period="2026-11", unit=cast.east)
    Duty.objects.filter(pk=duty.pk).update(
        state="discharged", closed_at=AT + timedelta(days=2), happened_at=AT + timedelta(days=2)
    )
    later = AT + timedelta(days=10)
    assert said(cast.li, "T1", later, unit=cast.east)["2"].verdict == Verdict.DONE
    assert said(cast.li, "T1", later, unit=cast.south)["2"].verdict == Verdict.MISSED
    assert said(cast.li, "T1", later)["2"].verdict == Verdict.MISSED
    assert said(cast.sun, "T1", later)["2"].verdict == Verdict.DONE  # who is in the east sees the east


def test_the_counts_are_those_of_a_naive_count(in_force, cast):
    in_force()
    for days in (1, 40, 80):
        open_ahead(at=AT + timedelta(days=days), anyway=True)
    ends = datetime(2028, 6, 1, tzinfo=UTC)
    for n, duty in enumerate(Duty.objects.order_by("pk")):
        state = ("open", "discharged", "waived", "superseded", "discharged")[n % 5]
        shift = timedelta(days=(n % 3 - 1) * 4)
        closed = None if state == "open" else duty.due_at + shift
        Duty.objects.filter(pk=duty.pk).update(
            state=state, closed_at=closed, happened_at=closed if state == "discharged" else None
        )
    document = Duty.objects.first().revision.document_id
    units = frozenset(Duty.objects.values_list("unit", flat=True))
    for at in (AT, AT + timedelta(days=12), AT + timedelta(days=45), AT + timedelta(days=200)):
        naive: dict[tuple[str, str], dict[str, int]] = {}
        for duty in Duty.objects.all():
            closed = duty.closed_at is not None and duty.closed_at <= at
            if duty.opened_at > at or (closed and duty.state == "superseded"):
                continue
            if closed:
                word = "waived" if duty.state == "waived" else "late" if duty.happened_at >= duty.due_at else "on_time"
            else:
                word = "open" if duty.due_at > at else "missed"
            row = naive.setdefault((duty.rule, duty.clause), {})
            row[word] = row.get(word, 0) + 1
        counted = count_owed([document], units=units, start=AT - timedelta(days=400), end=ends, at=at)
        assert {(rule, clause): owed for _, rule, clause, owed in counted} == {
            key: Owed(**row) for key, row in naive.items()
        }


def test_it_takes_as_many_queries_for_many_records_as_for_one(register, px, cast, open_):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            said(cast.li)
        return len(seen)

    open_("complaint", "zhao", LATE)
    few = queries()
    for _ in range(5):
        open_("complaint", "zhao", LATE)
    assert queries() == few < 25


def test_the_page_is_for_a_unit_and_a_date(register, px, cast, open_, signed_in, monkeypatch):
    open_("complaint", "zhao", LATE)
    monkeypatch.setattr("manyi.web.clock.timezone", SimpleNamespace(now=lambda: AT + HOUR))
    client = signed_in(cast.li)
    url = reverse("conformity:board")
    html = client.get(url, {"as_of": "2026-12-01", "unit": cast.east.pk}).content.decode()
    assert 'value="2026-12-01"' in html
    assert reverse("records:kind", args=["PX.complaint"]) in html
    for bad in (
        {"as_of": "<script>"},
        {"unit": "987654"},
        {"unit": "'; drop"},
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
    ):
        assert client.get(url, bad).status_code == 200


def run(*words):
    out = StringIO()
    try:
        call_command("conformity", *words, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_answers_as_of_any_day(register, px, cast, open_):
    open_("complaint", "zhao", LATE)
    for day, verdict in (("2026-12-01T11:00+08:00", "open"), ("2026-12-05", "missed")):
        code, out = run("--as-of", day, "--procedure", "PX", "--json")
        (board,) = json.loads(out)
        assert (code, board["procedure"]) == (0, "PX")
        assert {c["clause"]: c["verdict"] for c in board["clauses"]}["2"] == verdict
    code, out = run("--as-of", "2026-12-05", "--lang", "en")
    assert "PX A/0" in out
    assert json.loads(run("--as-of", "2020-01-01", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--as-of", "soon"], "no_date"),
        (["--as-of", "0001-01-01"], "no_date"),
        (["--as-of", "9999-12-31"], "no_date"),
        (["--procedure", "P99"], "not_on_record"),
    ],
)
def test_bad_words_are_faults(p12, words, code):
    end, out = run(*words, "--json")
    assert end == 2
    assert [fault["code"] for fault in json.loads(out)["faults"]] == [code]


def test_an_empty_installation_has_nothing_to_say(db):
    assert run("--json") == (0, "[]\n")
