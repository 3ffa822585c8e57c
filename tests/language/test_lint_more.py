"""The checks of one chapter each, on small procedures: one that has the fault, and its neighbour that has not."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from manyi.language.lint import LintFinding, lint
from manyi.language.load import read_procedure
from manyi.language.model.procedure import NOTHING_KNOWN, Around

HEAD = """manyi: 1
procedure: {key: t, code: T, title: {zh: 试, en: Try}, revision: A%s}
roles:
  desk: {title: {zh: 前台, en: Desk}}
  boss: {title: {zh: 主管, en: Boss}, one_person: true}
  store: {title: {zh: 仓库, en: Store}%s}
"""


def small(body: str, *, head: str = "", store: str = "") -> str:
    return HEAD % (head, store) + body


def found(text: str, id_: str, around: Around = NOTHING_KNOWN) -> list[LintFinding]:
    return [f for f in lint(read_procedure(text, "t.yaml"), around) if f.id == id_]


class Pair(NamedTuple):
    """A fault, the text that has it, the word of the file where it stands, and the text that has it not."""

    id: str
    what: str
    bad: str
    marker: str
    good: str


def record(inner: str, key: str = "r") -> str:
    return f"  {key}: {{title: {{zh: 单, en: Sheet}}, number: '{key}{{seq}}', {inner}}}\n"


STEP = "steps: [{key: a, role: desk}]"
YEARLY, MONTHLY = f"opens: {{every: year}}, {STEP}", f"opens: {{every: month}}, {STEP}"
FLOW = "records:\n  r:\n    title: {zh: 单, en: Sheet}\n    clause: 1\n    number: '{seq}'\n    steps:\n      - {key: do, role: desk}\n      - {key: check, title: {zh: 验证, en: Verify}, role: %s%s, outcomes: {good: close, poor: do}}\n"
TIERS = 'tiers:\n  t:\n    - {key: one, clause: 1, where: "%s", at_least: 90%%}\n    - {key: two, clause: 1, where: "%s", at_least: %s}\n    - {key: rest, clause: 1, where: "true"}\n'
FORM = "questionnaires:\n  q: {title: Q, scale: {from: 1, to: 5}, items: [a]}\n"
SURVEY = (
    FORM
    + 'programmes:\n  p:\n    title: P\n    form: q\n    where: "annual_sales > 100"\n    sample: {tiers: t, counts: asked, floors: [{clause: 1, of: %s, at_least: %s}]}\n    steps: [{key: send, role: desk}]\n'
    + (TIERS % ("country = 'cn'", "country = 'de'", "80%")).replace("%", "%%")
)


def codes(*written: str) -> str:
    return "records:\n" + "".join(
        f"  r{n}: {{title: {{zh: 单{n}, en: Sheet {n}}}, code: {code}, number: '{n}-{{seq}}', {STEP}}}\n"
        for n, code in enumerate(written)
    )


CLAUSE = 'clauses:\n  "1": {text: {zh: %s, en: %s}}\n'
APPRAISAL = (
    "records:\n"
    + record(
        "not_for: {purpose: appraisal, clause: 1%s}, steps: [{key: a, role: desk, outcomes: {fine: close, grave: {then: close, open: mid}}}]",
        "seen",
    )
    + record("%s" + STEP, "mid")
    + record("purpose: appraisal, opens: {event: mid.closed}, " + STEP, "paper")
)
MEASURE = "records:\n" + record(STEP) + "measures:\n  m: {title: M, clause: 1, figure: %s, of: r, %s}\n"
PAIRS = [
    Pair("T5", "yearly sheets in a monthly report", "records:\n" + record(YEARLY) + record(f"contains: [{{records: r}}], {MONTHLY}", "w"), "  w:", "records:\n" + record(MONTHLY) + record(f"contains: [{{records: r}}], {YEARLY}", "w")),
    Pair("T5", "a monthly duty with yearly proof", "records:\n" + record(YEARLY) + "duties:\n  d: {role: desk, every: month, evidence: r.closed}\n", "  d:", "records:\n" + record(MONTHLY) + "duties:\n  d: {role: desk, every: month, evidence: r.closed}\n"),
    Pair("N4", "two papers of one code", codes("F-01", "F-02", "F-02", "F-03"), "  r2:", codes("F-01", "F-02", "F-03", "F-04")),
    Pair("N4", "one code outside the family", codes("F-01", "G-02", "F-03", "F-04"), "  r1:", codes("F-01", "F-02", "F-03", "F-04")),
    Pair("N4", "two titles in the document", "records:\n  r: {title: {value: null, readings: {1: 甲, 2: 乙}, reason: x}, number: '{seq}', " + STEP + "}\n", "  r:", "records:\n  r: {title: {value: 甲, readings: {1: 甲, 2: 甲}, reason: x}, number: '{seq}', " + STEP + "}\n"),
    Pair("S2", "who is large and foreign", TIERS % ("annual_sales > 100", "country = 'de'", "80%"), "{key: two", TIERS % ("annual_sales > 100", "annual_sales > 50", "80%")),
    Pair("S2", "the same floor for both", TIERS % ("annual_sales > 100", "country = 'de'", "80%"), "{key: two", TIERS % ("annual_sales > 100", "country = 'de'", "90%")),
    Pair("S6", "a floor for whom the frame leaves out", SURVEY % ("\"annual_sales < 50\"", "80%"), "sample:", SURVEY % ("\"annual_sales > 500\"", "80%")),
    Pair("O2", "each opens the other", "records:\n" + record("opens: {event: w.opened}, " + STEP) + record("opens: {event: r.opened}, " + STEP, "w"), "  r:", "records:\n" + record("opens: {event: w.closed}, " + STEP) + record("opens: {event: r.opened}, " + STEP, "w")),
    Pair("O2", "a count that opens what it counts", "records:\n" + record("opens: {event: m.breached}, " + STEP) + "measures:\n  m: {title: M, clause: 1, figure: count, of: r, below: 3}\n", "  r:", "records:\n" + record("opens: {event: m.breached}, " + STEP) + record(STEP, "w") + "measures:\n  m: {title: M, clause: 1, figure: count, of: w, below: 3}\n"),
    Pair("O4", "one event twice", "records:\n" + record("opens: [{event: order.accepted}, {event: [order.accepted, bid.submitted]}], " + STEP), "  r:", "records:\n" + record("opens: [{event: order.accepted, where: \"is_new\"}, {event: [order.accepted, bid.submitted], where: \"not is_new\"}], " + STEP)),
    Pair("O4", "the year and its quarters", "records:\n" + record("opens: [{every: year}, {every: quarter}], " + STEP), "  r:", "records:\n" + record("opens: [{every: year, in: March}, {every: quarter, covers: previous}], " + STEP)),
    Pair("F4", "nobody is kept from verifying his own work", FLOW % ("store", ""), "{key: check", FLOW % ("store", ", independent_of: do")),
    Pair("F4", "the one person there is", FLOW.replace("role: desk}", "role: boss}") % ("boss", ", independent_of: do"), "{key: check", FLOW % ("boss", ", independent_of: do")),
    Pair("F4", "independent of itself", FLOW % ("store", ", independent_of: check"), "{key: check", FLOW % ("store", ", independent_of: do")),
    Pair("F7", "an answer nothing asks for", "records:\n" + record("steps: [{key: a, role: desk, fields: {urgent: yes_no}}, {key: b, role: desk}]"), "  r:", "records:\n" + record("steps: [{key: a, role: desk, fields: {urgent: yes_no}}, {key: b, role: desk, when: urgent}]")),
    Pair("F9", "the store is named and has no step", FLOW % ("boss", ", independent_of: do") + CLAUSE % ("由前台办理，仓库配合", "The desk does it and the store helps"), "  \"1\":", FLOW % ("store", ", independent_of: do") + CLAUSE % ("由前台办理，仓库配合", "The desk does it and the store helps")),
    Pair("R5", "opened by what is not for it", APPRAISAL % ("", ""), "  seen:", APPRAISAL % (", except: \"outcome = 'grave'\"", "")),
    Pair("R6", "a paper nobody defines", "records:\n" + record("clause: 1, " + STEP) + CLAUSE % ("填写《入库台账》", "The ledger is filled"), "  \"1\":", "records:\n" + record("clause: 1, " + STEP) + CLAUSE % ("填写《单》", "The ledger is filled")),
    Pair("R6", "a code nobody bears", "records:\n" + record("code: QR-8.2-01, clause: 1, " + STEP) + CLAUSE % ("记录 QR-8.2-02", "Record QR-8.2-02"), "  \"1\":", "records:\n" + record("code: QR-8.2-01, clause: 1, " + STEP) + CLAUSE % ("记录 QR-8.2-01，见 ISO 9001", "Record QR-8.2-01")),
    Pair("D3", "what the last step owes already", "records:\n" + record(YEARLY) + "duties:\n  d: {role: desk, every: year, evidence: r.closed}\n", "  d:", "records:\n" + record(YEARLY) + "duties:\n  d: {role: store, every: year, evidence: r.closed}\n"),
    Pair("M1", "a count in per cent", MEASURE % ("count", "at_most: 20%"), "  m:", MEASURE % ("count", "at_most: 20")),
    Pair("M1", "half a complaint", MEASURE % ("count", "at_most: 2.5"), "  m:", MEASURE % ("count", "at_most: 2")),
    Pair("M1", "a score in per cent", MEASURE % ("score", "at_least: 85%"), "  m:", MEASURE % ("score", "at_least: 85")),
    Pair("B2", "a speech", "playbooks:\n  b: {title: B, say: [{zh: " + "好" * 41 + "}]}\n", "  b:", "playbooks:\n  b: {title: B, say: [{zh: " + "好" * 40 + "}]}\n"),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.id} {pair.what}")
def test_the_fault_is_found_at_its_line_and_its_neighbour_is_left_alone(pair: Pair) -> None:
    text = small(pair.bad)
    lines = [finding.line for finding in found(text, pair.id)]
    assert text[: text.index(pair.marker)].count("\n") + 1 in lines
    assert found(small(pair.good), pair.id) == []


def test_a_role_its_clause_makes_responsible_and_nothing_gives_work_to() -> None:
    body = "records:\n" + record("clause: 1, " + STEP)
    (idle,) = found(small(body, store=", clause: 1"), "N5")
    assert (idle.severity, idle.path) == ("warning", "roles.store")
    heard = body.replace("role: desk}", "role: desk, inform: store}")
    assert found(small(heard, store=", clause: 1"), "N5") == []
    inside = small(heard.replace("inform: store", "inform: boss"), store=", clause: 1, part_of: boss")
    assert found(inside, "N5") == [], "what the whole has, the part has"


def test_a_year_the_calendar_does_not_know() -> None:
    body = "records:\n" + record("steps: [{key: a, role: desk, within: 2 working days}]")
    dated = small(body, head=", in_force: 2026-03-01")
    known = Around(years={"working": frozenset({2025, 2026})})
    assert found(dated, "T3") == [], "nothing is known of calendars"
    assert found(dated, "T3", known) == []
    (missing,) = found(dated, "T3", Around(years={"working": frozenset({2025})}))
    assert "2026" in missing.message.en
    assert found(small(body), "T3", Around(years={"working": frozenset()})) == [], "no date of coming in force"


def test_parts_that_do_not_make_the_whole_are_told_to_the_auditor() -> None:
    (told,) = found(small(SURVEY % ("all", "95%")), "S5")
    assert (told.severity, told.state) == ("note", "settled")
    reached = SURVEY.replace('where: "true"}', 'where: "true", at_least: 80%%}')
    assert found(small(reached % ("all", "78%")), "S5") == []


def test_a_document_beside_is_told_until_it_is_loaded() -> None:
    text = small("records:\n" + record(STEP), head=", references: [{title: {zh: 纠正, en: Correction}, code: C-1}]")
    (told,) = found(text, "C5")
    assert (told.severity, told.state) == ("note", "settled")
    assert found(text, "C5", Around(documents=frozenset({"C-1"}))) == []


def test_a_settled_doubt_silences_the_check_it_answers() -> None:
    settled = FLOW % ("store", ", independent_of: {value: null, readings: {}, reason: x}")
    assert [f.state for f in found(small(settled), "F4")] == ["settled"]


SHOWN = {pair.id for pair in PAIRS} | {"N5", "T3", "S5", "C5"}
