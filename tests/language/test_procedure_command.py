"""``manyi procedure``: findings as text and JSON, exit codes, the schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.language.files import P12

from manyi.cli import main

KEYS = {"id", "severity", "state", "clause", "line", "path", "message", "hint"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ours.yaml"


def test_a_clean_procedure_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "lint", "P12", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert all(set(finding) == KEYS for finding in told)
    assert {finding["state"] for finding in told} == {"settled"}


def test_an_open_error_ends_with_3_and_is_told_with_line_and_clause(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(P12.replace("at_least: 78%", "at_least: 75%"), encoding="utf-8")
    assert main(["procedure", "lint", str(file), "--json", "--lang", "en"]) == 3
    told = [f for f in json.loads(capsys.readouterr().out) if f["state"] == "open"]
    assert {(f["id"], f["clause"]) for f in told} == {("C6", "5.3.1"), ("C7", "5.3.1")}
    changed = next(f for f in told if f["id"] == "C6")
    assert changed["path"] == "programmes.annual_survey.sample.floors[0].at_least"
    assert P12.splitlines()[changed["line"] - 1].strip() == "at_least: 78%"


def test_the_same_as_text(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(P12.replace("at_least: 78%", "at_least: 75%"), encoding="utf-8")
    assert main(["procedure", "lint", str(file)]) == 3
    out = capsys.readouterr().out
    assert "C6 错误 [5.3.1]" in out
    assert "75%" in out


def test_a_warning_alone_does_not_stop(file: Path) -> None:
    file.write_text(
        P12.replace("roles:\n", "roles:\n  auditor: {title: {zh: 审核员, en: Auditor}}\n", 1), encoding="utf-8"
    )
    assert main(["procedure", "lint", str(file), "--json"]) == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_that_cannot_be_read_ends_with_2_and_faults(
    file: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(P12.replace("    sample:", "    smaple:", 1), encoding="utf-8")
    assert main(["procedure", "lint", str(file), "--json", "--lang", lang]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["table"], fault["column"]) == ("ours.yaml", "programmes.annual_survey.smaple")
    assert set(fault) == {"table", "row", "column", "code", "message", "hint"}
    assert main(["procedure", "lint", str(file)]) == 2
    assert "ours.yaml:" in capsys.readouterr().err


def test_a_file_that_is_not_there_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "lint", "P99", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "no_procedure"


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Manyi procedure"


@pytest.mark.parametrize("command", ["measure"])
def test_what_is_not_built_is_not_offered(command: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main([command, "x"])
    assert refused.value.code == 2
