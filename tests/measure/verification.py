"""What was checked against results from outside, kept while the tests run.

``python -m tests.measure.verification`` runs the tests of the measures and writes docs/reference/verification.md;
arguments are passed on to pytest.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "verification.md"
ROWS: list[Check] = []

HEAD = """# Verification

What the methods of `manyi.measure` give on data with known results. Written by
`python -m tests.measure.verification`, which runs the tests and fails where one differs by more than its tolerance.
*Difference* is relative to the expected value, or absolute where that is zero; of several values the largest counts.

| method | data | source of the expected value | expected | ours | difference |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, order=True)
class Check:
    """One row of the page."""

    method: str
    data: str
    source: str
    expected: str
    ours: str
    difference: str


def verified(
    method: str,
    data: str,
    source: str,
    expected: float | Sequence[float],
    ours: float | Sequence[float],
    *,
    rel: float = 1e-6,
    abs: float = 1e-12,
) -> None:
    """Hold ``ours`` against ``expected`` and keep the row; fails where they differ by more than ``rel`` and ``abs``.

    ``method`` begins with the method's name and may say which figure: ``estimate: mean of api00, clusters``.
    """
    want, got = np.atleast_1d(np.asarray(expected, float)), np.atleast_1d(np.asarray(ours, float))
    assert want.shape == got.shape, (want, got)
    np.testing.assert_allclose(got, want, rtol=rel, atol=abs, err_msg=f"{method}, {data}")
    apart = np.abs(got - want) / np.where(want == 0, 1, np.abs(want))
    ROWS.append(Check(method, data, source, _shown(want), _shown(got), _small(float(np.max(apart)))))


def _shown(values: np.ndarray) -> str:
    words = [f"{value:.9g}" for value in values[:4]]
    return ", ".join(words) + (f" … ({len(values)} values)" if len(values) > 4 else "")


def _small(value: float) -> str:
    # what is beyond the expected value's own printed digits says nothing and differs between machines
    return "< 1e-9" if value < 1e-9 else f"{10.0 ** math.ceil(math.log10(value)):.0e}".replace("1e", "< 1e")


def write(rows: Sequence[Check]) -> None:
    """The page, one row per check, in the order of methods and data."""
    lines = (f"| {r.method} | {r.data} | {r.source} | {r.expected} | {r.ours} | {r.difference} |" for r in rows)
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    failed = pytest.main(["-q", "-p", "no:cacheprovider", *(sys.argv[1:] or [str(Path(__file__).parent)])])
    from tests.measure.verification import ROWS as KEPT  # the tests fill the module under its own name

    if failed or not KEPT:
        sys.exit("Nothing written: a check failed, or the data sets are not here")
    write(sorted(set(KEPT)))
