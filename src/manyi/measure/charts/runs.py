"""Signals besides a point outside the limits: runs on one side, too few crossings, and zones.

Default are the rules of Anhøj & Olesen (*PLoS ONE* 2014, 9(11)): among the n points not on the centre line the longest
run may not exceed round(log₂ n) + 3, and the crossings may not be fewer than the 5 % quantile of a binomial of n − 1 and
½. Zone rules are those of Western Electric 1956 and Nelson 1984; each rule that is added raises false alarms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from manyi.measure.charts.limits import Limits, Values

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs about the centre line; ``signal`` where the longest is too long or the crossings are too few."""

    useful: int
    longest: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def signal(self) -> bool:
        """Whether the points shift by more than chance."""
        return self.longest > self.longest_allowed or self.crossings < self.crossings_needed


def runs_about(points: Values, centre: Values) -> Runs:
    """Runs and crossings of the points not on the centre line.

    >>> import numpy as np
    >>> runs_about(np.array([1., 2, 3, 9, 8, 7]), np.full(6, 5.)).longest
    3
    """
    side = np.sign(points - centre)
    side = side[side != 0]
    n = len(side)
    if n == 0:
        return Runs(0, 0, 0, 0, 0)
    changes = np.flatnonzero(np.diff(side)) + 1
    lengths = np.diff(np.concatenate(([0], changes, [n])))
    least = int(binom.ppf(0.05, n - 1, 0.5)) if n > 1 else 0
    return Runs(n, int(lengths.max()), round(math.log2(n)) + 3, len(changes), least)


def beyond(limits: Limits) -> list[int]:
    """The numbers (from 1) of the points outside the limits."""
    outside = (limits.points < limits.lower) | (limits.points > limits.upper)
    return [int(i) + 1 for i in np.flatnonzero(outside)]


def _k_of_m(limits: Limits, k: int, m: int, sigmas: float) -> Flags:
    """At least ``k`` of ``m`` consecutive points beyond ``sigmas`` on one side, marked at the last of them."""
    z = (limits.points - limits.centre) / np.where(limits.sigma > 0, limits.sigma, math.inf)
    found = np.zeros(len(z), dtype=bool)
    for side in (z > sigmas, z < -sigmas):
        counts = np.convolve(side.astype(int), np.ones(m, dtype=int))[: len(z)]
        found |= (counts >= k) & side
    return found


def _trend(limits: Limits, length: int) -> Flags:
    steps = np.sign(np.diff(limits.points))
    found, run = np.zeros(len(limits.points), dtype=bool), 0
    for i, step in enumerate(steps, start=1):
        run = run + 1 if i > 1 and step == steps[i - 2] and step != 0 else 1
        found[i] = step != 0 and run >= length - 1
    return found


def _alternating(limits: Limits, length: int) -> Flags:
    steps = np.sign(np.diff(limits.points))
    found, run = np.zeros(len(limits.points), dtype=bool), 1
    for i in range(1, len(steps)):
        run = run + 1 if steps[i] == -steps[i - 1] and steps[i] != 0 else 1
        found[i + 1] = run >= length - 1
    return found


def _within(limits: Limits, sigmas: float, length: int, inside: bool) -> Flags:
    z = np.abs((limits.points - limits.centre) / np.where(limits.sigma > 0, limits.sigma, math.inf))
    held = (z < sigmas if inside else z > sigmas).astype(int)
    return np.convolve(held, np.ones(length, dtype=int))[: len(z)] >= length


RULES: Mapping[str, Callable[[Limits], Flags]] = {
    "we2": lambda limits: _k_of_m(limits, 2, 3, 2.0),
    "we3": lambda limits: _k_of_m(limits, 4, 5, 1.0),
    "we4": lambda limits: _k_of_m(limits, 8, 8, 0.0),
    "nelson2": lambda limits: _k_of_m(limits, 9, 9, 0.0),
    "nelson3": lambda limits: _trend(limits, 6),
    "nelson4": lambda limits: _alternating(limits, 14),
    "nelson5": lambda limits: _k_of_m(limits, 2, 3, 2.0),
    "nelson6": lambda limits: _k_of_m(limits, 4, 5, 1.0),
    "nelson7": lambda limits: _within(limits, 1.0, 15, inside=True),
    "nelson8": lambda limits: _within(limits, 1.0, 8, inside=False),
}
"""Zone rules by name; rule 1 of both sets, a point beyond the limits, always holds."""


def zone_signals(limits: Limits, rule: str) -> list[int]:
    """The numbers (from 1) of the points at which a zone rule strikes."""
    return [int(i) + 1 for i in np.flatnonzero(RULES[rule](limits))]
