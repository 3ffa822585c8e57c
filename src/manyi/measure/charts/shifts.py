"""Charts for small lasting shifts: EWMA and tabular CUSUM.

EWMA: z_t = λ y_t + (1 − λ) z_{t−1}, z_0 the centre; limits centre ± L σ √(λ/(2 − λ) · (1 − (1 − λ)^{2t})). CUSUM on
standardised points: S⁺_t = max(0, S⁺_{t−1} + y_t − k), S⁻_t = max(0, S⁻_{t−1} − y_t − k), a signal above h. Sources:
Roberts 1959; Page 1954; Montgomery, 6th ed., ch. 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.charts.limits import Limits, Values


@dataclass(frozen=True, slots=True)
class Cusum:
    """Both sums per point, the decision interval, and the numbers (from 1) of the points above it."""

    above: Values
    below: Values
    h: float
    signals: tuple[int, ...]


def ewma(base: Limits, weight: float = 0.2, sigmas: float = 3.0) -> Limits:
    """The EWMA of a chart's points with ``weight`` λ in (0, 1]; ``base`` gives centre and the σ of one point."""
    if not 0 < weight <= 1 or not sigmas > 0:
        raise Refusal("bad_weight", "lambda", weight, Text("大于 0、不超过 1", "above 0 and at most 1"),
                      Text("常用 0.2", "0.2 is usual"))  # fmt: skip
    n = len(base.points)
    smooth, last = np.empty(n), float(base.centre[0])
    for i, point in enumerate(base.points):
        last = weight * float(point) + (1 - weight) * last
        smooth[i] = last
    spread = base.sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * np.arange(1, n + 1))))
    return Limits(smooth, base.centre, base.centre - sigmas * spread, base.centre + sigmas * spread, spread, None)


def cusum(base: Limits, k: float = 0.5, h: float = 5.0) -> Cusum:
    """Tabular CUSUM of the standardised points; ``k`` is half the shift looked for, ``h`` the decision interval."""
    if not (k >= 0 and h > 0) or not (base.sigma > 0).all():
        raise Refusal("bad_shift", "k, h", (k, h), Text("k 不小于 0，h 大于 0", "k of 0 or more, h above 0"),
                      Text("常用 k = 0.5，h = 5", "k = 0.5 and h = 5 are usual"))  # fmt: skip
    z = (base.points - base.centre) / base.sigma
    above, below = np.zeros(len(z)), np.zeros(len(z))
    up = down = 0.0
    for i, point in enumerate(z):
        up, down = max(0.0, up + float(point) - k), max(0.0, down - float(point) - k)
        above[i], below[i] = up, down
    signals = tuple(int(i) + 1 for i in np.flatnonzero((above > h) | (below > h)))
    return Cusum(above, below, h, signals)
