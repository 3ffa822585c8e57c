"""Answers without an order, such as reasons or kinds, between groups: the χ² of the two-way table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.tables import Row, column_of, pairs_of
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.association import independence
from manyi.measure.proportions import ChanceTest
from manyi.measure.results import Warned

LEAST_EXPECTED, MOST_KINDS = 5, 200


def category_rows(table: DataTable, spec: Mapping[str, Any]) -> tuple[list[Row], ChanceTest | None, int, list[Warned]]:
    """Every two groups by Cramér's V and χ², and all of them together."""
    answers = [
        None if word is None else c.plain(word) for word in c.words(table, column_of(spec), spec["missing_codes"])
    ]
    kinds = sorted({answer for answer in answers if answer is not None})
    if not 2 <= len(kinds) <= MOST_KINDS:
        raise Refusal("too_many_kinds" if kinds[2:] else "all_alike", "of", len(kinds), Text(f"2 到 {MOST_KINDS} 种回答", f"2 to {MOST_KINDS} different answers"),
                      Text("请检查该列", "Check the column"))  # fmt: skip
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    place = {kind: number for number, kind in enumerate(kinds)}
    at = np.array([-1 if answer is None else place[answer] for answer in answers])
    counts = {name: np.bincount(at[mask & (at >= 0)], minlength=len(kinds)).astype(float) for name, _, mask in parts}
    known = [(name, row) for name, row in counts.items() if row.sum()]
    pairs = pairs_of(known, spec)
    met = {name: row for pair in pairs for name, row in pair}
    whole = independence(np.stack(list(met.values())))
    used = int(sum(row.sum() for row in counts.values()))
    notes = [*c.left_out(len(table) - used), *(Warned("no_answers", name) for name in counts if not counts[name].sum())]
    if whole.least_expected < LEAST_EXPECTED:
        notes.append(Warned("small_expected_counts", f"{whole.least_expected:.3g}"))
    notes += c.sized((name, float(row.sum())) for name, row in met.items())
    rows = [_row(a, b, x, y) for (a, x), (b, y) in pairs]
    test = ChanceTest("independence", whole.statistic, whole.df, whole.p)
    return rows, test, int(sum(row.sum() for row in met.values())), notes


def _row(a: str, b: str, x: c.Values, y: c.Values) -> Row:
    both = np.stack([x, y])
    # two groups that gave the one same answer do not differ, and nothing is there to test
    found = independence(both) if np.count_nonzero(both.sum(axis=0)) > 1 else None
    return {
        "a": a, "b": b, "estimate": found.v if found else 0.0, "lower": None, "upper": None,
        "statistic": found.statistic if found else None, "df": found.df if found else None,
        "least_expected": found.least_expected if found else None, "p": found.p if found else None, "p_adjusted": None,
        "verdict": None, "n_a": float(x.sum()), "n_b": float(y.sum()),
    }  # fmt: skip
