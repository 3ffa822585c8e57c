"""Estimates for a population from a designed sample: means, totals, ratios, shares, quantiles; of the whole and of domains."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comparison import Difference, from_se
from manyi.measure.designs import Design, Values, covariance
from manyi.measure.results import Interval
from manyi.measure.share_intervals import share_interval
from manyi.measure.tails import t_quantile

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its standard error and interval; ``n`` cases stand behind it.

    ``interval`` is ``None`` where there are no degrees of freedom. ``deff`` is the variance over that of a simple
    random sample of as many cases without replacement (with replacement where neither weights nor ``fpc`` tell the
    population), ``None`` where that is 0 or not defined. ``influence`` (rows,) is what each case moves it by, for
    contrasts of estimates; ``None`` where the variance came another way.
    """

    estimate: float
    se: float
    df: float
    n: int
    interval: Interval | None
    deff: float | None = None
    influence: Values | None = None


def mean(y: Values, design: Design, *, inside: Mask | None = None, level: float = 0.95) -> Estimate:
    """Σ wy/Σ w over the cases ``inside`` the domain; u = (y − Ȳ)/N̂ there and 0 elsewhere.

    Cases of other domains stay in the sums of the strata, so that the size of the domain counts as random. A missing
    y puts its case outside. Assumes what the design says; the t interval has as many degrees of freedom as units
    less strata. Source: Lumley 2010, ch. 2; Särndal, Swensson & Wretman 1992, ch. 5.
    """
    here = _here(y, inside)
    values = np.where(here, y, 0.0)
    size = float(design.weights[here].sum())
    estimate = float((design.weights * values).sum()) / size
    found = _finish(estimate, np.where(here, (values - estimate) / size, 0.0), design, here, level)
    return replace(found, deff=_deff(found.se**2, y, estimate, design, here, size, 1.0))


def total(y: Values, design: Design, *, inside: Mask | None = None, level: float = 0.95) -> Estimate:
    """Σ wy over the cases ``inside`` the domain; u = y there and 0 elsewhere. Source: as ``mean``."""
    here = _here(y, inside)
    values = np.where(here, y, 0.0)
    estimate = float((design.weights * values).sum())
    found = _finish(estimate, values, design, here, level)
    size = float(design.weights[here].sum())
    return replace(found, deff=_deff(found.se**2, y, estimate / size, design, here, size, size))


def ratio(y: Values, x: Values, design: Design, *, inside: Mask | None = None, level: float = 0.95) -> Estimate:
    """Σ wy/Σ wx; u = (y − Rx)/X̂. Refuses X̂ = 0. Source: Cochran 1977, ch. 6."""
    here = _here(y, inside) & np.isfinite(x)
    top, bottom = np.where(here, y, 0.0), np.where(here, x, 0.0)
    under = float((design.weights * bottom).sum())
    if under == 0:
        raise Refusal("zero_denominator", "of", 0, Text("合计不为 0 的分母", "a denominator whose total is not 0"),
                      Text("请检查比率的第二列", "Check the second column of the ratio"))  # fmt: skip
    estimate = float((design.weights * top).sum()) / under
    return _finish(estimate, (top - estimate * bottom) / under, design, here, level)


def share(
    yes: Values, design: Design, *, inside: Mask | None = None, level: float = 0.95, method: str = "logit"
) -> Estimate:
    """The mean of a 0/1 variable, with an interval that stays within 0 and 1.

    ``logit`` (default) t interval of ln p/(1−p); ``beta`` Clopper–Pearson on the effective n, cut by the ratio of t
    quantiles, for small n or extreme p (Korn & Graubard 1998); ``likelihood`` the scaled binomial deviance; ``asin``
    t interval of arcsin √p; ``mean`` p ± t·se. Where p is 0 or 1, or the variance 0, only ``mean`` has an interval.
    """
    found = mean(yes, design, inside=inside, level=level)
    if method == "mean" or found.interval is None:
        return found
    interval = share_interval(found.estimate, found.se, found.n, found.df, level=level, method=method)
    return replace(found, interval=interval)


def quantile(y: Values, p: float, design: Design, *, inside: Mask | None = None, level: float = 0.95) -> Estimate:
    """The smallest value whose weighted distribution function reaches ``p`` (0–1).

    Interval by Woodruff: the share at or below the quantile ± t·se, read back through the distribution function;
    se = its length/(2t). Source: Woodruff 1952, JASA 47:635; Francisco & Fuller 1991.
    """
    if not 0 < p < 1:
        raise Refusal("bad_quantile", "quantile", p, Text("0 到 1 之间的数", "a number between 0 and 1"),
                      Text("中位数写 0.5", "Write 0.5 for the median"))  # fmt: skip
    here = _here(y, inside)
    estimate = _inverse(y[here], design.weights[here], p)
    below = mean(np.where(here, (y <= estimate).astype(float), np.nan), design, inside=here, level=level)
    if below.interval is None:
        return replace(below, estimate=estimate, influence=None, deff=None)
    t = t_quantile(level, below.df)
    at = [min(max(below.estimate + sign * t * below.se, 0.0), 1.0) for sign in (-1, 1)]
    lower, upper = (_inverse(y[here], design.weights[here], value) for value in at)
    return Estimate(estimate, (upper - lower) / (2 * t), below.df, below.n, Interval(lower, upper, level, "woodruff"))


def _inverse(y: Values, w: Values, p: float) -> float:
    order = np.argsort(y, kind="stable")
    reached = np.cumsum(w[order]) / w.sum()
    # a share that equals p but for its last digits reaches it
    place = int(np.searchsorted(reached, p - 1e-12, side="left"))
    return float(y[order][min(place, len(y) - 1)])


def contrast(first: Estimate, second: Estimate, design: Design, *, df: float | None = None,
             level: float = 0.95) -> Difference:  # fmt: skip
    """First − second of the same sample: V(d) = V₁ + V₂ − 2C, which their influences give in one go."""
    if first.influence is None or second.influence is None:
        raise Refusal("no_influence", "estimate", "quantile", Text("均值、总量或比率", "means, totals or ratios"),
                      Text("这种估计量不能直接相减", "These estimates cannot be subtracted"))  # fmt: skip
    u = (first.influence - second.influence)[:, None]
    se = math.sqrt(max(float(covariance(u, design)[0, 0]), 0.0))
    apart = first.estimate - second.estimate
    return from_se(apart, se, design.df() if df is None else df, level=level, method="design_t", n=(first.n, second.n))


def _here(y: Values, inside: Mask | None) -> Mask:
    here: Mask = np.isfinite(y) if inside is None else inside & np.isfinite(y)
    if not here.any():
        raise Refusal("no_answers", "of", 0, Text("至少一个回答", "an answer or more"),
                      Text("该列或该组没有可用的回答", "This column or group has no answers to use"))  # fmt: skip
    return here


def _finish(estimate: float, influence: Values, design: Design, here: Mask, level: float) -> Estimate:
    variance = max(float(covariance(influence[:, None], design)[0, 0]), 0.0)
    se, df = math.sqrt(variance), design.df(here)
    interval = None
    if df > 0:
        spread = t_quantile(level, df) * se
        interval = Interval(estimate - spread, estimate + spread, level, "t")
    return Estimate(estimate, se, df, int(here.sum()), interval, None, influence)


def _deff(
    variance: float, y: Values, centre: float, design: Design, here: Mask, size: float, factor: float
) -> float | None:
    n = int(here.sum())
    if n < 2:
        return None
    w = design.weights[here]
    spread = n / (n - 1) * float((w * (y[here] - centre) ** 2).sum()) / size
    # weights that only add up to the cases, and no population: how many there are is not known, but many
    endless = math.isinf(design.stages[0].population[0]) and design.weights.sum() <= len(design) * (1 + 1e-9)
    plain = spread / n * (1.0 if endless else (size - n) / size) * factor**2
    # a census leaves a simple random sample no variance to compare with
    return variance / plain if plain > spread * factor**2 * 1e-9 and spread > 0 else None
