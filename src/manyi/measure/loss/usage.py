"""Falling usage of one customer: this period against the same a year ago and against the last four.

The rule asks only whether the ratio is below a threshold; the probability says how often chance alone would bring so
low a value. For counts (orders, units in small numbers) the Poisson ratio test conditions on the sum: of the total, the
current period gets 1 part in 1 + m. Where the counts before vary by more than chance alone (index of dispersion
(m − 1)s²/x̄ beyond the 95 % point of χ², 5 periods before or more) they are taken as negative binomial of size
r = x̄²/(s² − x̄): of the total, the current period's part is then beta-binomial with r and m·r. For amounts the logarithm of the current value is held against those of the m
periods before by Student's t with m − 1 degrees of freedom, se = s √(1 + 1/m). Source: Przyborowski & Wilenski 1940,
*Biometrika* 31:313 (counts); Fisher 1950, *Biometrics* 6:17 (dispersion); Johnson, Kemp & Kotz 2005, *Univariate
Discrete Distributions*, ch. 5 and 6 (negative binomial and its conditional distribution); the t interval of one further observation, Hahn & Meeker 1991, ch. 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.charts.limits import shewhart
from manyi.measure.charts.shifts import cusum
from manyi.measure.tails import chi2_p, one_sided_p

Values = NDArray[np.float64]
Kind = Literal["count", "amount"]
Test = Literal["poisson", "negative_binomial", "log_t"]
RECENT = 4
CHANCE = 0.05
"""Counts that vary so much with less than this chance are not taken as Poisson."""
MOST_SUMMED = 1_000_000
LEAST_PERIODS, LEAST_FOR_CHANGE = 6, 12
"""Amounts are tested from so many periods on, the current one included."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One customer: the current period, what it is held against, and by how much it fell.

    ``by_year`` is current ÷ same period a year ago, ``by_mean`` current ÷ mean of the last four (fewer where there are
    fewer); ``None`` where there is nothing to divide by. ``ratio`` is the first of them there is, divided by the class
    index. ``at_risk`` = the last year's usage × (1 − ratio), 0 where it rose. ``p`` is one-sided; ``None`` untested.
    ``test`` is the test that gave it: poisson, negative_binomial or log_t; ``dispersion`` is s²/x̄ of the counts before.
    ``change`` is the number (from 1) of the period at which a CUSUM of log usage against its first half first signals; ``None`` where none does
    or there are fewer than 12 periods above 0.
    """

    current: float
    year_ago: float | None
    recent: float | None
    by_year: float | None
    by_mean: float | None
    ratio: float | None
    declined: bool
    at_risk: float
    p: float | None
    test: Test | None
    dispersion: float | None
    periods: int
    change: int | None


def usage(
    series: Values, *, season: int = 2, threshold: float = 0.7, kind: Kind = "amount", index: float = 1.0
) -> Usage:
    """How the last of ``series`` (one value a period, oldest first, from the customer's first period on) compares.

    ``season``: periods a year; ``index``: how the customer's whole class moved over the same year, 1 for no
    adjustment. Refuses an empty series, values below 0, counts that are
    not whole, and ``season`` < 1.

    >>> found = usage(np.array([100.0, 80, 110, 90, 40]), season=2)
    >>> round(found.ratio, 4), found.declined, round(found.at_risk, 4)
    (0.3636, True, 82.7273)
    """
    odd = kind == "count" and (series != np.floor(series)).any()
    if not len(series) or not np.isfinite(series).all() or (series < 0).any() or season < 1 or not index > 0 or odd:
        raise Refusal("bad_usage", "value", len(series), Text("每期一个不小于 0 的数", "a number of 0 or more for every period"),
                      Text("请核对用量和每年的期数", "Check the usage and the periods a year"))  # fmt: skip
    current, before = float(series[-1]), series[:-1]
    year_ago = float(series[-1 - season]) if len(before) >= season else None
    recent = float(before[-RECENT:].mean()) if len(before) else None
    by_year = current / year_ago if year_ago else None
    by_mean = current / recent if recent else None
    plain = by_year if by_year is not None else by_mean
    ratio = None if plain is None else plain / index
    p, test = _chance(current, before, kind)
    return Usage(
        current=current,
        year_ago=year_ago,
        recent=recent,
        by_year=by_year,
        by_mean=by_mean,
        ratio=ratio,
        declined=ratio is not None and ratio < threshold,
        at_risk=float(series[-season:].sum()) * max(0.0, 1 - ratio) if ratio is not None else 0.0,
        p=p,
        test=test,
        dispersion=_dispersion(before) if kind == "count" else None,
        periods=len(series),
        change=_change(series),
    )


def _dispersion(before: Values) -> float | None:
    return float(before.var(ddof=1) / before.mean()) if len(before) + 1 >= LEAST_PERIODS and before.any() else None


def _size(before: Values) -> float | None:
    """The size r of the negative binomial the counts come from; ``None`` where Poisson will do."""
    dispersion, df = _dispersion(before), len(before) - 1
    if dispersion is None or dispersion <= 1 or chi2_p(df * dispersion, df) >= CHANCE:
        return None
    return float(before.mean() / (dispersion - 1))


def _beta_binomial_tail(current: float, total: float, r: float, parts: int) -> float:
    """P(X ≤ current) where X of ``total`` is beta-binomial with ``r`` and (parts − 1)·r."""
    rest = (parts - 1) * r
    if current > MOST_SUMMED:
        # a beta of the same mean and variance: what is left of the steps is far below what the counts can tell
        like = total * (parts * r + 1) / (parts * r + total) - 1
        return float(special.betainc(like / parts, like - like / parts, min(1.0, (current + 0.5) / total)))
    at = np.arange(current + 1)
    ways = special.gammaln(total + 1) - special.gammaln(at + 1) - special.gammaln(total - at + 1)
    logs = ways + special.betaln(at + r, total - at + rest) - special.betaln(r, rest)
    return min(1.0, float(np.exp(logs).sum()))


def _chance(current: float, before: Values, kind: Kind) -> tuple[float | None, Test | None]:
    if kind == "count":
        recent = before[-RECENT:]
        total, parts = current + float(recent.sum()), len(recent) + 1
        if parts < 2 or not total:
            return None, None
        size = _size(before)
        if size is not None:
            return _beta_binomial_tail(current, total, size, parts), "negative_binomial"
        return float(
            special.betainc(total - current, current + 1, 1 - 1 / parts)
        ) if total > current else 1.0, "poisson"
    if len(before) + 1 < LEAST_PERIODS or current <= 0 or (before <= 0).any():
        return None, None
    logs = np.log(before)
    spread = float(logs.std(ddof=1)) * math.sqrt(1 + 1 / len(logs))
    if spread <= 1e-12 * max(1.0, float(np.abs(logs).max())):
        return None, None
    return one_sided_p((float(logs.mean()) - math.log(current)) / spread, len(logs) - 1), "log_t"


def _change(series: Values) -> int | None:
    if (
        len(series) < LEAST_FOR_CHANGE
        or (series <= 0).any()
        or np.ptp(series[: len(series) // 2]) <= 1e-12 * float(series.max())
    ):
        return None
    signals = cusum(shewhart("i", np.log(series), None, np.arange(len(series)) < len(series) // 2)).signals
    return signals[0] if signals else None
