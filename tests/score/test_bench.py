"""The benchmark runs on a small file and loses no sheet; its figures are shown, not judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.score import compare, make


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_both_sides_count_every_sheet(kind: str, tmp_path: Path) -> None:
    best = compare(make(tmp_path, 20_000, 12)[kind], tries=1)
    print({what: f"{told['seconds']:.2f} s, {told['mib']:.0f} MiB" for what, told in best.items()})
    assert {told["sheets"] for told in best.values()} == {20_000}
    assert all(told["seconds"] > 0 and told["mib"] > 10 for told in best.values())
