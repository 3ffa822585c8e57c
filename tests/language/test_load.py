"""Whatever stands in a procedure file: a procedure, or faults with a place and a hint in both languages."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.files import P12, SHIPPED, shipped

from manyi.core.errors import Faults
from manyi.language.lint import open_findings
from manyi.language.load import build, read_procedure, read_tree
from manyi.language.model.procedure import Procedure

HEAD = """manyi: 1
procedure: {key: t, code: T, title: {zh: 试, en: Try}, revision: A}
"""
LINES = P12.splitlines()


def faults_of(text: str | bytes) -> tuple:
    with pytest.raises(Faults) as caught:
        read_procedure(text, "t.yaml")
    for fault in caught.value.faults:
        assert fault.table == "t.yaml"
        assert fault.row is not None
        assert fault.row >= 1
        assert fault.message.zh
        assert fault.message.en
        assert fault.hint.zh
        assert fault.hint.en
    return caught.value.faults


HOSTILE = [
    ("alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "alias", 1),
    ("duplicate key", HEAD + "manyi: 1\n", "duplicate_key", 3),
    ("duplicate key inside", HEAD + "roles:\n  a: {title: A}\n  a: {title: B}\n", "duplicate_key", 5),
    ("unknown key", HEAD + "role: {}\n", "extra_forbidden", 3),
    ("tab", HEAD + "roles:\n\ta: {title: A}\n", "tab", 4),
    ("two documents", HEAD + "---\n" + HEAD, "two_documents", 3),
    ("ten megabytes", HEAD + "# " + "x" * 10_000_000, "too_big", 1),
    ("flow nesting", HEAD + "roles: " + "[" * 3000, "too_deep", 3),
    ("block nesting", HEAD + "".join("  " * n + "a:\n" for n in range(300)), "too_deep", None),
    ("invalid UTF-8", (HEAD + "roles: {}\n").encode() + b"# \xff\n", "not_utf8", 4),
    ("GB18030", (HEAD + "roles: {}\n").encode("gb18030"), "not_utf8", 2),
    ("NUL", HEAD + "roles: {a: \x00}\n", "control", 3),
    ("empty", "", "not_a_map", 1),
    ("only a comment", "# nothing\n", "not_a_map", 1),
    ("a list at the top", "- a\n- b\n", "not_a_map", 1),
    ("a text at the top", "procedure", "not_a_map", 1),
    ("a map as key", HEAD + "? {a: b}\n: c\n", "key", 3),
    ("no YAML", HEAD + "roles: {a: [}\n", "not_yaml", 3),
    ("no head", "manyi: 1\n", "missing", 1),
    ("another version", HEAD.replace("manyi: 1", "manyi: 2"), "literal_error", 1),
    (
        "a reason cut at its comma",
        HEAD + "parameters:\n  a: {value: {value: 1, readings: {}, reason: {zh: 甲, 乙, en: a}}}\n",
        "reason",
        4,
    ),
    (
        "readings that are a list",
        HEAD + "parameters:\n  a: {value: {value: 1, readings: [2], reason: x}}\n",
        "readings",
        4,
    ),
]


@pytest.mark.parametrize(("text", "code", "line"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_file_that_cannot_be_taken_is_refused_with_its_line(text: str | bytes, code: str, line: int | None) -> None:
    fault = faults_of(text)[0]
    assert fault.code == code
    assert line is None or fault.row == line


def test_an_unknown_key_is_told_with_what_was_meant() -> None:
    (fault,) = faults_of(P12.replace("    sample:\n", "    smaple:\n", 1))
    assert (fault.code, fault.column, fault.row) == (
        "extra_forbidden",
        "programmes.annual_survey.smaple",
        line_with("    sample:"),
    )
    assert "“sample”" in fault.hint.en
    assert "“sample”" in fault.hint.zh


def test_all_faults_are_told_at_once() -> None:
    text = (
        P12.replace("due: 12-07", "due: 12-32")
        .replace("within: 3 months", "within: some months")
        .replace("12-05, evid", "13-05, evid")
    )
    assert sorted(f.column.rsplit(".", 1)[-1] for f in faults_of(text)) == ["due", "due", "within"]


def test_a_byte_order_mark_is_no_fault() -> None:
    with_mark = b"\xef\xbb\xbf" + P12.encode()
    assert read_procedure(with_mark, "P12.yaml").raw == read_procedure(P12, "P12.yaml").raw


def test_every_scalar_stays_text() -> None:
    text = HEAD + "clauses:\n  5.10: {text: no}\n  5.1: {text: on}\n  0x10: {text: 1e3}\n  2026-01-01: {text: yes}\n"
    procedure = read_procedure(text, "t.yaml")
    assert list(procedure.clauses) == ["5.10", "5.1", "0x10", "2026-01-01"]
    assert [str(clause.text) for clause in procedure.clauses.values()] == ["no", "on", "1e3", "yes"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_procedure_read_from_its_own_values_is_the_same(name: str) -> None:
    procedure = shipped(name)
    again = build(procedure.raw, {}, name).remember(procedure.lines, procedure.settled, procedure.raw)
    assert again == procedure
    assert again.rules_by_clause() == procedure.rules_by_clause()


def test_every_value_of_the_file_has_its_line() -> None:
    procedure = shipped("P12")
    for path, expected in [
        (("questionnaires", "satisfaction_sheet", "scale", "neutral"), "scale:"),
        (("programmes", "annual_survey", "steps", 0, "due"), "{key: send"),
        (("clauses", "5.8", "text", "en"), "      en: Quality assurance files"),
    ]:
        line = LINES[procedure.line_of(path) - 1]
        assert expected.strip(": ") in line or "neutral: 60" in line


HOSTILE_CONDITIONS = [
    "annual_sales > 1; drop table customer",
    "annual_sales > 1 -- all",
    "annual_sales > (select max(x) from y)",
    "exists (select 1)",
    "customer in (select id from customer)",
    "pg_sleep(10) is null",
    "lower(name) = 'a'",
    "name like '%a%'",
    "name ~ 'a'",
    "cast(name as int) > 1",
    "name::int > 1",
    "1 = 1 union select 1",
    "case when true then true end",
    "name || 'x' = 'ax'",
    "annual_sales / 0 > 1",
    "$1 > 2",
    ":x > 2",
    "true group by name",
    "true limit 1",
    "kind = 'a' order by 1",
    "count(*) > 1",
    "annual_sales > 0x1F",
    "name = e'\\\\x41'",
    "Annual_Sales > 1; --",
    "(" * 10_000 + "true" + ")" * 10_000,
    "not " * 400 + "true",
    "a or " * 1000 + "a",
    "x" * 3000,
    "",
    " ",
    "> 1",
    "annual_sales >",
    "annual_sales, name",
]


@pytest.mark.parametrize("condition", HOSTILE_CONDITIONS, ids=lambda text: text[:30] or "empty")
def test_a_hostile_condition_is_refused_at_its_place(condition: str) -> None:
    text = P12.replace('"annual_sales > 0"', "'" + condition.replace("'", "''") + "'")
    faults = faults_of(text)
    assert [(f.row, f.column) for f in faults] == [(line_with('"annual_sales > 0"'), "programmes.annual_survey.where")]


def test_a_hostile_floor_is_refused_at_its_place() -> None:
    faults = faults_of(P12.replace("            value: all\n", "            value: all; drop table sheet\n"))
    assert [f.column for f in faults] == ["programmes.annual_survey.sample.floors[0].of"]


def line_with(part: str) -> int:
    return next(number for number, line in enumerate(LINES, start=1) if part in line)


def read_or_faults(text: str | bytes) -> Procedure | None:
    """Nothing but a procedure or faults; a procedure can be linted as well."""
    try:
        procedure = read_procedure(text, "t.yaml")
    except Faults:
        return None
    open_findings(procedure, "error", "warning", "note")
    return procedure


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300), st.text("{}[]:,-?&*!|>'\"%@`# \n\tab1~", max_size=80)))
def test_byte_soup_is_refused_and_nothing_else(soup: str | bytes) -> None:
    read_or_faults(soup)
    with contextlib.suppress(Faults):
        read_tree(soup, "t.yaml")


VALUES = ["", "null", "~", "[]", "{}", "[a, b]", "{a: b}", "-1", "99999999999999999999", "1e999", "nan", "no", "满意",
          "12-31", "3 days", "78%", "{value: null, readings: {a: 1, b: 2}}", "{value: x, readings: {}}", "field.x",
          "{field: per}", "a.b.c", "true", "'", '"', "|", "&a", "*a", "!!python/object:os.system x", "- x", "? x", "{{}: 1}"]  # fmt: skip


def mutated(operation: str, at: int, other: int, value: str) -> str:
    lines = list(LINES)
    at, other = at % len(lines), other % len(lines)
    match operation:
        case "delete":
            del lines[at]
        case "duplicate":
            lines.insert(at, lines[at])
        case "move":
            lines.insert(other, lines.pop(at))
        case "value":
            lines[at] = re.sub(r": [^:{}]*$", lambda _: f": {value}", lines[at])
        case "word":
            words = re.findall(r"[\w.%-]+", lines[at])
            if words:
                lines[at] = lines[at].replace(words[other % len(words)], value, 1)
        case "cut":
            del lines[at:]
    return "\n".join(lines)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["delete", "duplicate", "move", "value", "word", "cut"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.sampled_from(VALUES),
)
def test_a_mutated_procedure_is_read_or_refused(operation: str, at: int, other: int, value: str) -> None:
    read_or_faults(mutated(operation, at, other, value))


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["delete", "duplicate", "move", "value", "word", "cut"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.sampled_from(VALUES),
)
def test_thousands_of_mutated_procedures_are_read_or_refused(operation: str, at: int, other: int, value: str) -> None:
    read_or_faults(mutated(operation, at, other, value))
