"""The linter: silent about what ships, and every seeded fault found under its id, at its line."""

from __future__ import annotations

from functools import cache

import pytest
from tests.language.files import P12, SHIPPED, linted, shipped
from tests.language.test_lint_more import SHOWN

from manyi.language.lint import REGISTRY, LintFinding, lint, open_errors, open_findings
from manyi.language.lint.run import governing_clause
from manyi.language.load import read_procedure
from manyi.language.model.procedure import Procedure


@cache
def read(text: str) -> Procedure:
    return read_procedure(text, "t.yaml")


@cache
def findings(text: str) -> tuple[LintFinding, ...]:
    return lint(read(text))


@cache
def opened(text: str) -> tuple[LintFinding, ...]:
    """Only what is open; without the readings of settled values it is many times as fast."""
    return open_findings(read(text), "error", "warning")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_has_nothing_open(name: str) -> None:
    assert [f for f in linted(name) if f.state == "open"] == []


STEP = "      - {key: report_dispatch"
ANSWER = "      - key: answer\n"
SEEDED = [
    ("a settled term changed and not its reason", "          value: 10 days\n          readings: {}\n          reason: {zh: \"文件要求", "          value: 12 days\n          readings: {}\n          reason: {zh: \"文件要求", "V6", "warning", "        within:\n          value: 12 days"),
    # (what, old, new, id, severity, the line of the mutated file the finding stands at)
    ("a reason left out", "readings: {}, reason: {zh: \"文件未给实施的期限；取 1 个月\", en: \"the document gives no term for carrying out; 1 month is set\"}}",
     "readings: {}}", "V2", "error", "within: {value: 1 month, readings: {}}"),
    ("open without a reason", "role: general_manager, due: 01-31", "role: general_manager, due: {value: null, readings: {}}", "V3", "warning", "due: {value: null"),
    ("two readings undecided", "      value: quality_assurance\n", "      value: null\n", "V4", "error", "    owner:"),
    ("a role dropped", "  customer_service: {title", "  service_desk: {title", "N1", "error", "        inform: customer_service"),
    ("a form renamed in one place", "    form: satisfaction_sheet\n    where", "    form: satisfaction_form\n    where", "N1", "error", "form: satisfaction_form"),
    ("a fact misspelt", "product_sales_rank <= 20", "product_sale_rank <= 20", "N1", "error", "product_sale_rank"),
    ("tiers misspelt", "      tiers: by_sales\n", "      tiers: by_sale\n", "N1", "error", "tiers: by_sale"),
    ("a step renamed in one place", "{key: send, title: {zh: 发放调查表并", "{key: dispatch, title: {zh: 发放调查表并", "N1", "error", "{key: collect, title: {zh: 收回调查表并"),
    ("a title forgotten", "  safety: {zh: 产品安全性, en: Safety}\n", "", "N1", "error", "  satisfaction_sheet:"),
    ("a placeholder misspelt", "P12-R-{year}", "P12-R-{yaer}", "N1", "error", "P12-R-{yaer}"),
    ("a role nobody is", "roles:\n", "roles:\n  auditor: {title: {zh: 审核员, en: Auditor}}\n", "N2", "warning", "  auditor:"),
    ("a fact nobody asks", "product_sales_rank <= 20 or annual_sales", "annual_sales <= 20 or annual_sales", "N2", "warning", "  product_sales_rank:"),
    ("two works of one name", "  file_survey:", "  yearly_report:", "N3", "error", "  yearly_report:\n    title: {zh: 调查资料"),
    ("an item twice", "service_attitude: 5}", "safety: 5}", "N3", "error", "  satisfaction_sheet:"),
    ("due long before the window", "due: 01-31, sign: true}", "due: 12-31, sign: true}", "T1", "error", "{key: prepare"),
    ("a weight changed", "main_indicators: 20", "main_indicators: 25", "P1", "error", "        points: 50"),
    ("a dimension changed", "        points: 10\n        items: {delivery_timeliness: 5", "        points: 20\n        items: {delivery_timeliness: 15", "P2", "error", "    points: 100"),
    ("grades out of order", "neutral: 60, rather", "neutral: 90, rather", "P3", "warning", "    scale:"),
    ("a blank that is no grade", "counts_as: fairly_satisfied", "counts_as: rather_satisfied", "P4", "error", "counts_as: rather_satisfied"),
    ("a form nobody scores", "questionnaires:\n", "questionnaires:\n  spare:\n    title: x\n    clause: 5.2.2\n    scale: {from: 1, to: 5}\n    items: [safety]\n", "P7", "warning", "  spare:"),
    ("an event that is none", "event: quality.major_trouble", "event: quality.mayor_trouble", "O1", "error", "quality.mayor_trouble"),
    ("an outcome to nowhere", "not_effective: plan}", "not_effective: planning}", "F1", "error", "not_effective: planning}"),
    ("no end", "outcomes: {accepted: close, returned: prepare}", "outcomes: {accepted: submit, returned: prepare}", "F2", "error", "{key: prepare"),
    ("proof nothing produces", "        evidence: measures\n", "        evidence: measure\n", "F6", "error", "        evidence: measure\n"),
    ("no number", "    number: \"P12-R-{year}-{seq:02}\"\n", "", "R1", "warning", "  yearly_report:"),
    ("a number without a sequence", "P12-F-{year}-{seq:03}", "P12-F-{year}", "R2", "error", "P12-F-{year}"),
    ("two kinds with one number", "number: \"P12-C-{year}", "number:  \"P12-A-{year}", "R2", "error", "number:  \"P12-A"),
    ("dispatch reported before dispatch", "due: 12-07, inform", "due: 12-03, inform", "G1", "error", STEP),
    ("the report before collection", "due: 01-31, sign: true}", "due: 01-03, sign: true}", "G1", "error", "{key: prepare"),
    ("analysis before collection", "due: 01-31, evidence: file}", "due: 01-03, evidence: file}", "G1", "error", "{key: analyse"),
    ("a rate without a term", "within: 1 month, from: send, at_least: 60%, evidence: file, inform", "from: send, at_least: 60%, evidence: file, inform", "G2", "warning", "{key: collect, title: {zh: 收回调查表并"),
    ("returned or sent not said", "score: {clause: 5.6.2, method: points, over: returned}", "score: {clause: 5.6.2, method: points}", "G4", "warning", "score: {clause: 5.6.2, method: points}"),
    ("a duty without proof", "    evidence: [annual_survey.sheets.archived, yearly_report.archived]\n", "", "D1", "error", "  file_survey:"),
    ("a duty nothing discharges", "yearly_report.archived]", "year_report.archived]", "D2", "error", "year_report.archived]"),
    ("a breach without consequence", "      - {event: below_target.breached, clause: 5.5.1}\n", "", "M2", "warning", "  below_target:"),
    ("a measure without a limit", "    at_least: target\n", "", "M3", "warning", "  below_target:"),
    ("78 that is not 78 %", "          at_least: 78%\n", "          at_least: 78\n", "M4", "error", "          at_least: 78\n"),
    ("a clause that is absent", "clause: 5.7.3\n    page: letter", "clause: 5.7.4\n    page: letter", "C1", "error", "    clause: 5.7.4"),
    ("a clause without a rule", "  \"5.8\":", "  \"5.7.4\":\n    text: {zh: 其他, en: Other}\n  \"5.8\":", "C2", "warning", "  \"5.7.4\":"),
    ("a number left out", "  \"5.7.2\":\n", "  \"5.7.5\":\n", "C3", "warning", "  \"5.7.5\":"),
    ("a clause without English", "\n      en: The customer-service section answers written dissatisfaction in writing without delay.", "", "C4", "warning", "  \"5.7.3\":"),
    ("a limit changed", "          at_least: 78%\n", "          at_least: 75%\n", "C6", "error", "          at_least: 75%\n"),
    ("a day changed", "role: sales_company, due: 12-05,", "role: sales_company, due: 12-06,", "C6", "error", "due: 12-06"),
    ("a month changed", "opens: {every: year, in: December", "opens: {every: year, in: November", "C6", "error", "in: November"),
    ("a place changed", "product_sales_rank <= 20", "product_sales_rank <= 10", "C6", "error", "product_sales_rank <= 10"),
    ("an amount changed", "annual_sales > 5000000", "annual_sales > 500000", "C6", "error", "annual_sales > 500000\""),
    ("a term changed", "within: 3 months", "within: 3 weeks", "C6", "error", "within: 3 weeks"),
    ("the same day changed", "within: same day", "within: next day", "C6", "error", "within: next day"),
    ("the Chinese text changed", "回收率不低于 60%", "回收率不低于 65%", "C7", "error", "      zh: 回收率不低于 65%"),
    ("the English text changed", "At least 60 % come back", "At least sixty-five per cent come back", "C6", "error", "{key: collect, title: {zh: 收回调查表并"),
    ("a day of the text changed", "12 月 7 日前", "12 月 8 日前", "C7", "error", "12 月 8 日前"),
    ("a playbook on no wall", "words:\n", "playbooks:\n  calls: {title: x, say: [y]}\nwords:\n", "B1", "warning", "  calls:"),
]  # fmt: skip


def line_of(marker: str, text: str) -> int:
    at = text.index(marker)
    return text[:at].count("\n") + 1


@pytest.mark.parametrize("case", SEEDED, ids=lambda case: case[0])
def test_a_seeded_fault_is_found_at_its_line(case: tuple[str, str, str, str, str, str]) -> None:
    _, old, new, id_, severity, marker = case
    assert old in P12
    text = P12.replace(old, new, 1)
    found = [(f.id, f.severity, f.line) for f in opened(text)]
    assert (id_, severity, line_of(marker, text)) in found


def test_every_seeded_error_stops_the_procedure() -> None:
    for _, old, new, id_, severity, _ in SEEDED:
        if severity == "error":
            stopped = {f.id for f in open_errors(read(P12.replace(old, new, 1)))}
            assert id_ in stopped


MINIMAL = """manyi: 1
procedure: {key: t, code: T, title: {zh: 试, en: Try}, revision: A, calendar: continuous}
roles:
  desk: {title: Desk}
  guest: {title: Guest, external: true}
"""
ALONE = [
    ("working days on a calendar that never closes", "  r: {title: R, number: '{seq}', steps: [{key: a, role: desk, within: 2 working days}]}", "T2"),
    ("a role from a later field", "  r: {title: R, number: '{seq}', steps: [{key: a, role: {field: who}}, {key: b, role: desk, fields: {who: user}}]}", "F8"),
    ("a loop nobody ends", "  r: {title: R, number: '{seq}', steps: [{key: a, outcomes: {again: a, done: close}}]}", "F3"),
    ("a step never reached", "  r: {title: R, number: '{seq}', steps: [{key: a, role: desk, outcomes: {done: close}}, {key: b, role: desk}]}", "F1"),
    ("called by somebody outside", "  r: {title: R, number: '{seq}', opens: {called_by: guest}, steps: [{key: a, role: desk}]}", "O3"),
    ("an unknown column", "  r: {title: R, number: '{seq}', register: {clause: 1, title: L, columns: [number, colour]}, steps: [{key: a, role: desk}]}", "R3"),
    ("a gate on nothing", "  r: {title: R, number: '{seq}', gates: [ship.sails], steps: [{key: a, role: desk}]}", "R4"),
    ("two roles by clause", "  r: {title: R, number: '{seq}', steps: [{key: a, role: {value: null, readings: {1: desk, 2: guest}, reason: x}}]}", "F5"),
    ("a field of two kinds", "  r: {title: R, number: '{seq}', steps: [{key: a, role: desk, fields: {x: text}}, {key: b, role: desk, fields: {x: date}}]}", "N3"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "id_"), [case[1:] for case in ALONE], ids=[case[0] for case in ALONE])
def test_a_fault_of_a_record_is_found(record: str, id_: str) -> None:
    text = f"{MINIMAL}records:\n{record}\n"
    assert id_ in {f.id for f in findings(text) if f.state == "open"}


TIERS = [
    ("a border in both", ["annual_sales >= 100", "annual_sales <= 100", "true"], {"S1"}),
    ("a border in one", ["annual_sales >= 100", "annual_sales < 100", "true"], set()),
    ("nobody catches the rest", ["annual_sales > 100", "annual_sales < 50"], {"S3"}),
    ("unknown sales in no tier", ["annual_sales > 100", "annual_sales <= 100"], {"S3"}),
    ("nothing left for the last", ["annual_sales > 100", "annual_sales > 200", "true"], {"S4"}),
    (
        "the second is reached by the other fact",
        ["annual_sales > 100", "annual_usage > 2 and annual_sales > 50", "true"],
        set(),
    ),
    ("texts", ["country in ('cn', 'de')", "country = 'cn'", "true"], {"S4"}),
    ("yes and no", ["is_new", "not is_new"], {"S3"}),
    ("yes, no and unknown", ["is_new", "not is_new", "is_new is null"], set()),
    ("facts held against each other are left alone", ["annual_sales > annual_usage"], set()),
]


@pytest.mark.parametrize(("wheres", "ids"), [case[1:] for case in TIERS], ids=[case[0] for case in TIERS])
def test_tiers_leave_nobody_out_and_none_is_idle(wheres: list[str], ids: set[str]) -> None:
    rows = "".join(f'    - {{key: t{n}, clause: 1, where: "{where}"}}\n' for n, where in enumerate(wheres))
    found = {f.id for f in findings(f"{MINIMAL}tiers:\n  t:\n{rows}") if f.id.startswith("S")}
    assert found == ids


def test_levels_that_leave_a_gap_are_found() -> None:
    form = "questionnaires:\n  q: {{title: Q, scale: {{from: 1, to: 5}}, items: [a], aspects: [wish, seen], levels: [{{key: low, where: 'seen < 3'}}{more}]}}\n"
    assert "P5" in {f.id for f in findings(MINIMAL + form.format(more=""))}
    assert "P5" not in {f.id for f in findings(MINIMAL + form.format(more=", {key: rest, where: 'true'}"))}


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("      counts:\n        value: asked\n        readings: {}\n", "      _c:\n        readings: 0\n", "G3"),
        (
            "      unmeasured:\n        value: renormalised\n        readings: {}\n",
            "      _u:\n        readings: 0\n",
            "G5",
        ),
    ],
)
def test_what_is_not_said_is_found_open_once_the_settlement_is_gone(old: str, new: str, id_: str) -> None:
    lines = P12.replace(old, new, 1).splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() in ("_c:", "_u:"))
    text = "\n".join(lines[:at] + lines[at + 3 :])
    found = [f.state for f in findings(text) if f.id == id_]
    assert found == ["open"]


def test_a_time_word_without_a_term_is_found_open_once_the_settlement_is_gone() -> None:
    start = P12.index("        within:\n", P12.index("key: answer\n"))
    text = P12[:start] + P12[P12.index("        evidence: letter", start) :]
    found = next(f for f in findings(text) if f.id == "T4")
    assert (found.state, found.clause, found.line) == ("open", "5.7.3", line_of("- key: answer", text))


def test_a_finding_that_only_a_reading_has_is_settled() -> None:
    service = next(f for f in linted("P12") if f.id == "P1")
    assert (service.state, service.clause) == ("settled", "5.2.2")
    assert "15" in service.message.zh
    assert "20" in service.message.zh
    undone = P12.replace("          value: 15\n", "          value: 20\n", 1)
    assert {f.id for f in findings(undone) if f.state == "open" and f.severity == "error"} == {"C7", "P1", "P2"}


def test_notes_list_every_settled_doubt_for_the_auditor() -> None:
    procedure = shipped("P12")
    noted = [f for f in lint(procedure) if f.id == "V5"]
    assert len(noted) == len(procedure.settled)
    assert all(
        doubt.reason and doubt.reason.en in note.message.en
        for doubt, note in zip(procedure.settled, noted, strict=True)
    )


def test_every_finding_speaks_both_languages_and_names_its_place() -> None:
    for _, old, new, _, _, _ in SEEDED:
        for finding in opened(P12.replace(old, new, 1)):
            assert finding.message.zh != ""
            assert finding.message.en != ""
            assert finding.hint.zh != ""
            assert finding.hint.en != ""
            assert finding.line > 0
            assert finding.path


def test_a_finding_carries_the_clause_that_governs_its_place() -> None:
    raw = shipped("P12").raw
    assert governing_clause(raw, ("programmes", "annual_survey", "sample", "floors", 0, "at_least")) == "5.3.1"
    assert governing_clause(raw, ("programmes", "annual_survey", "steps", 0, "due")) == "5.3.1.3"
    assert governing_clause(raw, ("clauses", "5.8", "text")) == "5.8"
    assert governing_clause(raw, ("words", "fax")) == ""


def test_ids_stand_once_and_titles_in_both_languages() -> None:
    ids = [registered.id for registered in REGISTRY]
    assert len(ids) == len(set(ids))
    assert all(registered.title.zh and registered.title.en for registered in REGISTRY)


def test_every_check_is_shown_to_catch_something() -> None:
    """A check nothing here turns red would be a check that may do nothing."""
    shown = {case[3] for case in SEEDED} | {case[2] for case in ALONE} | {i for case in TIERS for i in case[2]}
    shown |= {"G3", "G5", "T4", "P5"}  # in tests of their own
    shown |= {"V1", "V5", "P6"}  # seen in P12 itself
    assert {f.id for f in linted("P12")} >= {"V1", "V5", "P6"}
    assert {registered.id for registered in REGISTRY} == shown | SHOWN
