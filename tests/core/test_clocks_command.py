"""``manyi clock``: cases in, deadlines and explanations out, faults for what cannot be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from manyi.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "clock.md"
WEEK = {day: ["08:30-12:00", "13:30-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [], "sun": []}
CALENDAR = {
    "timezone": "Asia/Shanghai",
    "week": WEEK,
    "closed": ["2026-10-01"],
    "open": {"2026-10-10": ["08:30-12:00"]},
}
CASE = {"calendar": CALENDAR, "from": "2026-11-06T08:00:00Z", "within": "8 hours"}


@pytest.fixture
def clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def run(content: Any, *options: str) -> tuple[int, Any]:
        file = tmp_path / "cases.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        code = main(["clock", str(file), "--json", *options])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_it_answers_in_the_order_of_the_cases(clock):
    code, answers = clock(
        [CASE, CASE | {"within": "30 minutes", "pauses": [["2026-11-06T16:00+08:00", "2026-11-06T16:10+08:00"]]}]
    )
    assert code == 0
    assert [set(answer) for answer in answers] == [{"due", "explanation"}] * 2
    assert [answer["due"] for answer in answers] == ["2026-11-09T16:30:00+08:00", "2026-11-06T16:40:00+08:00"]
    assert answers[0]["explanation"][1] == "11-06 周五 16:00–17:30：90 分钟"


def test_it_speaks_english_when_asked(clock):
    assert clock([CASE], "--lang", "en")[1][0]["explanation"][2] == "Sat 11-07, Sun 11-08: closed"


def test_no_cases_have_no_answers(clock):
    assert clock([]) == (0, [])


def test_it_knows_the_holidays_that_ship(clock):
    case = {
        "calendar": {"timezone": "Asia/Shanghai", "week": WEEK, "holidays": "china"},
        "from": "2026-09-30T17:30+08:00",
        "within": "8 hours",
    }
    assert clock([case])[1][0]["due"] == "2026-10-09T09:00:00+08:00"


def test_a_calendar_edited_while_the_clock_runs_counts_from_the_edit_on(clock):
    edited = CASE | {"edits": [["2026-11-07T00:00+08:00", CALENDAR | {"closed": ["2026-11-09"]}]]}
    assert clock([edited])[1][0]["due"] == "2026-11-10T16:30:00+08:00"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"from": "2026-11-06T16:00:00"}, "from"),
        ({"from": 5}, "from"),
        ({"from": "9999-12-31T23:59:59Z"}, "from"),
        ({"within": "8 hour s"}, "within"),
        ({"within": "99999 years"}, "within"),
        ({"pauses": [["2026-11-06T16:00+08:00"]]}, "pauses[0]"),
        ({"pauses": [["2026-11-06T16:00+08:00", "2026-11-06T15:00+08:00"]]}, "pauses[0]"),
        ({"pauses": "none"}, "pauses"),
        ({"pauses": [["2026-11-06T16:00+08:00", "9999-12-31T00:00Z"]]}, "pauses"),
        ({"pause": []}, "pause"),
        ({"edits": [["2026-11-06T16:00+08:00", {}]]}, "edits[0][1].timezone"),
        ({"edits": [["2026-11-06T16:00+08:00", CALENDAR | {"timezone": "Asia/Kathmandu"}]]}, "edits.timezone"),
        ({"calendar": None}, "calendar"),
        ({"calendar": CALENDAR | {"timezone": "Mars/Base"}}, "calendar.timezone"),
        ({"calendar": CALENDAR | {"week": {"mon": ["9-5"]}}}, "calendar.week.mon[0]"),
        ({"calendar": CALENDAR | {"week": {"monday": []}}}, "calendar.week.monday"),
        ({"calendar": CALENDAR | {"closed": ["1 October"]}}, "calendar.closed"),
        ({"calendar": CALENDAR | {"closed": "2026-10-01"}}, "calendar.closed"),
        ({"calendar": CALENDAR | {"open": {"2026-10-10": "08:30-12:00"}}}, "calendar.open.2026-10-10"),
        ({"calendar": CALENDAR | {"holidays": "atlantis"}}, "calendar.holidays"),
        ({"calendar": {"timezone": "Asia/Shanghai", "week": {}}}, "calendar"),
    ],
)
def test_a_bad_case_is_a_fault_with_its_number_and_place(clock, change, column):
    code, answer = clock([CASE, CASE | change])
    assert code == 2
    assert [(fault["row"], fault["column"]) for fault in answer["faults"]][:1] == [(2, column)]
    assert all(fault["message"] and fault["hint"] for fault in answer["faults"])


def test_every_bad_case_is_told_at_once(clock):
    faults = clock([1, CASE | {"within": ""}, {}])[1]["faults"]
    assert [fault["row"] for fault in faults] == [1, 2, 3, 3, 3]


@pytest.mark.parametrize("content", ["", "{", "{}", "[NaN]", "5", "[" * 100_000, '"\\ud800"'])
def test_what_is_no_list_of_cases_is_a_fault(clock, content):
    code, answer = clock(content)
    assert (code, len(answer["faults"])) == (2, 1)


def test_a_file_that_is_not_there_is_a_fault(tmp_path, capsys):
    assert main(["clock", str(tmp_path / "none.json"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "no_file"
    assert main(["clock", str(tmp_path), "--lang", "en"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_reference_shows_what_the_command_does(clock):
    shown = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert clock(shown[0], "--lang", "en") == (0, json.loads(shown[1]))
