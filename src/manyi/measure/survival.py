"""Time until something ends, where some have not ended yet: Kaplan–Meier with Greenwood's variance.

For complaints: days until they are closed, those still open included. For customers: months until they are lost,
those still there included. Leaving the open ones out makes every such figure look better than it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.results import Interval
from manyi.measure.tails import normal_quantile

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Survival:
    """One row per time at which something ended: how many were still at risk, how many ended, S(t) after it.

    ``se`` is Greenwood's, of S; NaN where S is 0. ``lower`` and ``upper`` are log(−log) limits, S itself where it is
    0 or 1. ``median`` is the first time with S ≤ ½, ``None`` where S stays above; so are the ends of its interval.
    """

    durations: Values
    times: Values
    at_risk: NDArray[np.int64]
    ended: NDArray[np.int64]
    survival: Values
    se: Values
    lower: Values
    upper: Values
    level: float

    @property
    def n(self) -> int:
        """All cases, ended or not."""
        return len(self.durations)

    @property
    def median(self) -> float | None:
        """The first time by which half have ended; ``None`` where fewer have."""
        return self._first(self.survival)

    @property
    def median_ends(self) -> tuple[float | None, float | None]:
        """The interval of the median: where the limits of S fall to ½ (Brookmeyer & Crowley 1982)."""
        return self._first(self.lower), self._first(self.upper)

    def _first(self, curve: Values) -> float | None:
        below = np.flatnonzero(curve <= 0.5)
        return float(self.times[below[0]]) if len(below) else None

    def at_risk_at(self, time: float) -> int:
        """How many had neither ended nor left before ``time``."""
        return int((self.durations >= time).sum())

    def at(self, time: float) -> tuple[float, float, Interval]:
        """S, its standard error and its interval at ``time``: 1, 0 and [1, 1] before the first end."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 1.0, 0.0, Interval(1.0, 1.0, self.level, "log_log")
        ends = Interval(float(self.lower[place]), float(self.upper[place]), self.level, "log_log")
        return float(self.survival[place]), float(self.se[place]), ends


def kaplan_meier(durations: Values, ended: Flags, *, level: float = 0.95) -> Survival:
    """S(t) = Π_{tᵢ ≤ t} (1 − dᵢ/nᵢ); Var S = S² Σ dᵢ/(nᵢ(nᵢ − dᵢ)).

    ``durations`` (any unit, ≥ 0) run to the end, or to the last day known where ``ended`` is false; whoever is last
    seen at the very time of an end still counts as at risk then. Assumes that those not ended would fare like the
    others. Refuses no cases and negative durations. Source: Kaplan & Meier 1958, JASA 53:457; Greenwood 1926;
    limits as in Kalbfleisch & Prentice 1980.

    >>> found = kaplan_meier(np.array([1.0, 2, 2, 3, 4]), np.array([True, True, False, True, False]))
    >>> [round(float(s), 4) for s in found.survival], found.median
    ([0.8, 0.6, 0.3], 3.0)
    """
    if not len(durations) or (durations < 0).any() or not np.isfinite(durations).all():
        raise Refusal("bad_duration", "time", len(durations), Text("至少一个不小于 0 的时长", "durations of 0 or more"),
                      Text("请核对起止时间", "Check when the cases began and ended"))  # fmt: skip
    z = normal_quantile(level)
    times, ends = np.unique(durations[ended], return_counts=True)
    at_risk = len(durations) - np.searchsorted(np.sort(durations), times, side="left")
    survival: Values = np.cumprod(1 - ends / at_risk, dtype=np.float64)
    left = at_risk - ends
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(ends / (at_risk * left))
        se = np.where(survival > 0, survival * np.sqrt(variance), np.nan).astype(np.float64)
        spread = np.exp(z * np.sqrt(variance) / np.abs(np.log(survival)))
        inside = (survival > 0) & (survival < 1)
        lower = np.where(inside, survival**spread, survival)
        upper = np.where(inside, survival ** (1 / spread), survival)
    return Survival(
        durations, times, at_risk.astype(np.int64), ends.astype(np.int64), survival, se, lower, upper, level
    )
