"""The papers are written all together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from manyi.cli import main
from manyi.core.waves import WaveResult, WaveRules
from manyi.papers import write

Told = tuple[WaveRules, WaveResult]
NAMES = ["figures.xlsx", "report.docx", "report.pdf"]


def test_the_command_writes_three_papers(folder: Path) -> None:
    survey = Path(__file__).parents[2] / "docs" / "tutorial" / "survey-2026.xlsx"
    assert (
        main(["score", str(survey), "--procedure", "P12", "--wave", "2026", "--out", str(folder), "--lang", "en"]) == 0
    )
    assert sorted(path.name for path in folder.iterdir()) == NAMES


def test_a_paper_that_cannot_be_made_leaves_nothing_behind(
    told: Told, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise RuntimeError("planted")

    monkeypatch.setattr(write, "as_workbook", fail)
    with pytest.raises(RuntimeError, match="planted"):
        write.write_report(*told, folder, "zh")
    assert not folder.exists()


def test_a_disk_that_fails_halfway_leaves_the_old_papers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = dict.fromkeys(NAMES, b"old")
    write.put(old, folder)
    written, real = [], Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        written.append(self)
        if len(written) == 2:
            real(self, data[:2])
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write.put(dict.fromkeys(NAMES, b"new"), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == old
