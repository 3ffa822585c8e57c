"""The reference page of the command names every key and every fault, and no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.score.test_bad_input import TABLES, folder

from manyi.cli import main
from manyi.core.waves import FINDING_KINDS
from manyi.tables.faults import WORDS
from manyi.tables.heads import HEADS
from manyi.tables.source import TABLES as NAMES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/score.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))
DATA = {"lowest_item_per_product", "grades"}  # their keys are products and items


def keys_of(value: object, inside: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if inside not in DATA:
                yield key
            yield from keys_of(part, key if inside not in DATA else inside)
    elif isinstance(value, list):
        for part in value:
            yield from keys_of(part, inside)


def test_every_fault_is_described_and_no_other() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", PAGE[PAGE.index("## Faults") :], re.M)) == WORDS.keys()


def test_every_key_of_the_output_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    previous = [["of", "key", "score"], ["item", "safety", "100"]]
    main(["score", str(folder(tmp_path, previous=previous)), "--procedure", "P12", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["focus"]["declined"]
    assert {key.removesuffix("_exact") for key in keys_of(told)} <= NAMED


def test_every_table_head_and_finding_kind_is_described() -> None:
    for key, names in NAMES.items():
        assert all(name in PAGE for name in (key, *names))
        assert all(f"`{head}`" in PAGE for head in HEADS[key])
    assert set(FINDING_KINDS) <= NAMED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_but_json_goes_to_standard_output(lang: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(folder(tmp_path))
    for more, code in (((), 0), (("--wave", "1999"), 0), (("--procedure", "nowhere"), 2)):
        assert main(["score", path, "--procedure", "P12", "--json", "--lang", lang, *more]) == code
        assert isinstance(json.loads(capfd.readouterr().out), dict)


def test_a_procedure_with_lint_errors_exits_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "src/manyi/library/procedures/P12.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("at_least: 60%", "at_least: 61%", 1), encoding="utf-8")
    tables = folder(tmp_path)
    assert main(["score", str(tables), "--procedure", str(tmp_path / "mine.yaml"), "--json"]) == 3
    assert all(fault["code"] and fault["row"] for fault in json.loads(capsys.readouterr().out)["faults"])


def test_a_report_that_cannot_be_written_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    (tmp_path / "in").mkdir()
    args = ["score", str(folder(tmp_path / "in")), "--procedure", "P12", "--json", "--out", str(tmp_path / "taken")]
    assert main(args) == 2
    assert json.loads(capsys.readouterr().out)["faults"][0]["code"] == "cannot_write"


def test_faults_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    path = folder(tmp_path / "in", sheets=[TABLES["sheets"][0]])
    assert main(["score", str(path), "--procedure", "P12", "--json", "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().out
    assert not (tmp_path / "out").exists()
