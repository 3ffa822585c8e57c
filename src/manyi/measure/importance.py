"""Importance–performance analysis: what matters and is done badly comes first.

Every item has a mean importance and a mean performance; a crosshair cuts the plane into four quadrants. Source:
Martilla & James 1977, *Journal of Marketing* 41(1). The crosshair stands at the grand means (as published), at the
midpoint of the scale or at a target. An item within one standard error of a line is *undecided*: another sample could
put it on the other side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Quadrant = Literal["concentrate", "keep up", "low priority", "overkill"]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placed:
    """One item on the map; ``gap`` = performance − importance, ``undecided``: within one standard error of a line."""

    name: str
    n: int
    importance: float
    performance: float
    se_importance: float
    se_performance: float
    gap: float
    quadrant: Quadrant
    undecided: bool


@dataclass(frozen=True, slots=True)
class ImportanceMap:
    """The items and where the lines stand."""

    crosshair: tuple[float, float]
    items: tuple[Placed, ...]


def importance_map(
    names: Sequence[str],
    importance: Values,
    performance: Values,
    crosshair: tuple[float, float] | None = None,
    derived: Sequence[float] | None = None,
) -> ImportanceMap:
    """The map of ``names`` from answers of shape (respondents, items), NaN where there is none.

    ``crosshair`` is (importance, performance), the grand means of the items where it is ``None``. With ``derived`` the
    importance of each item is given from outside (such as its share of R²) and ``importance`` is not looked at.
    """
    means = [_mean(name, performance[:, j]) for j, name in enumerate(names)]
    weights = (
        [(float(value), 0.0) for value in derived]
        if derived is not None
        else [_mean(name, importance[:, j])[:2] for j, name in enumerate(names)]
    )
    lines = crosshair or (math.fsum(w for w, _ in weights) / len(names), math.fsum(m[0] for m in means) / len(names))
    placed = tuple(
        Placed(
            name=name, n=n, importance=weight, performance=mean, se_importance=se_weight, se_performance=se_mean,
            gap=mean - weight, quadrant=quadrant_of(weight, mean, lines),
            undecided=abs(weight - lines[0]) <= se_weight or abs(mean - lines[1]) <= se_mean,
        )
        for name, (weight, se_weight), (mean, se_mean, n) in zip(names, weights, means, strict=True)
    )  # fmt: skip
    return ImportanceMap(lines, placed)


def quadrant_of(importance: float, performance: float, crosshair: tuple[float, float]) -> Quadrant:
    """The quadrant of a point; a point on a line counts as above it.

    >>> quadrant_of(6, 3, (5, 4)), quadrant_of(6, 5, (5, 4)), quadrant_of(3, 3, (5, 4)), quadrant_of(3, 5, (5, 4))
    ('concentrate', 'keep up', 'low priority', 'overkill')
    """
    if importance >= crosshair[0]:
        return "keep up" if performance >= crosshair[1] else "concentrate"
    return "overkill" if performance >= crosshair[1] else "low priority"


def _mean(name: str, values: Values) -> tuple[float, float, int]:
    """Mean, its standard error (0 for a single answer) and how many answered."""
    given = values[np.isfinite(values)]
    n = len(given)
    if n == 0:
        raise Refusal(
            "all_missing", name, 0, Text("至少一个回答", "at least one answer"),
            Text("请核对列名和缺失代码", "Check the columns and the codes that mean missing"),
        )  # fmt: skip
    return float(given.mean()), float(given.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0, n
