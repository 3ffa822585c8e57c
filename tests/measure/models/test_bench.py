"""The benchmark's own side runs on a small survey; its figures are shown, not judged. A peer that is missing is no error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench import measure as bench


def test_both_works_give_figures_and_a_time(tmp_path: Path) -> None:
    path = bench.make(tmp_path, 60, 3)
    paths, shares = bench.attempt("pls", path, 1), bench.attempt("drivers", path, 1)
    assert len(paths["figures"]) == len(json.loads((tmp_path / "model.json").read_text())["paths"])
    assert len(shares["figures"]) == bench.PREDICTORS
    assert min(paths["seconds"], shares["seconds"]) > 0
    assert bench.make(tmp_path, 60, 3).read_text() == path.read_text()


def test_a_peer_that_cannot_be_installed_is_skipped_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "environment", lambda folder, packages: None)
    bench.report("drivers", bench.make(tmp_path, 40, 3), 1, 1)
    assert "skipped: it cannot be installed here" in capsys.readouterr().out
