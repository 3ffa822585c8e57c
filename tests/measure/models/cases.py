"""The models and data of these tests: the index survey beside the project, and small made data anyone can check."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

import numpy as np
from tests.measure.data import shared

ECSI = {
    "paths": [
        ["Image", "Expectation"], ["Expectation", "Quality"], ["Expectation", "Value"], ["Quality", "Value"],
        ["Image", "Satisfaction"], ["Expectation", "Satisfaction"], ["Quality", "Satisfaction"], ["Value", "Satisfaction"],
        ["Satisfaction", "Complaints"], ["Image", "Loyalty"], ["Satisfaction", "Loyalty"], ["Complaints", "Loyalty"],
    ],
    "blocks": {
        "Image": [f"IMAG{k}" for k in range(1, 6)], "Expectation": [f"CUEX{k}" for k in range(1, 4)],
        "Quality": [f"PERQ{k}" for k in range(1, 8)], "Value": ["PERV1", "PERV2"],
        "Satisfaction": [f"CUSA{k}" for k in range(1, 4)], "Complaints": ["CUSCO"],
        "Loyalty": [f"CUSL{k}" for k in range(1, 4)],
    },
    "scale": [1, 10], "bootstrap": 0,
}  # fmt: skip
MOBI = "mobi_ecsi/mobi.csv"


def by_path(rows: list[dict[str, Any]], figure: str = "estimate") -> dict[str, float]:
    """Rows of paths as ``A -> B``: figure."""
    return {f"{row['from']} -> {row['to']}": row[figure] for row in rows}


def columns(name: str, heads: list[str] | tuple[str, ...]) -> np.ndarray:
    """Columns of a real data set, NaN for a blank."""
    with shared(name).open(encoding="utf-8") as file:
        return np.array(
            [[float(r[h]) if r[h] not in ("", "NA") else np.nan for h in heads] for r in csv.DictReader(file)]
        )


def made(seed: int, rows: int, factors: Mapping[str, int], grades: int = 7) -> str:
    """A seeded CSV: items x1 … of each factor, graded from 1, factors related by a common part."""
    random = np.random.default_rng(seed)
    common = random.normal(size=rows)
    heads, cells = [], []
    for name, size in factors.items():
        factor = 0.7 * common + random.normal(size=rows)
        for k in range(1, size + 1):
            heads.append(f"{name}{k}")
            raw = (factor + random.normal(size=rows)) * grades / 7 + (grades + 1) / 2
            cells.append(np.clip(np.rint(raw), 1, grades).astype(int))
    lines = [",".join(map(str, row)) for row in zip(*cells, strict=True)]
    return "\n".join([",".join(heads), *lines]) + "\n"
