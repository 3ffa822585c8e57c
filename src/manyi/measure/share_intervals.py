"""Intervals of a share whose standard error comes from the design of a sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from manyi.measure.results import Interval
from manyi.measure.tails import beta_quantile, t_quantile


def share_interval(p: float, se: float, n: int, df: float, *, level: float, method: str) -> Interval | None:
    """The interval of a share by ``method``; ``None`` where p is 0 or 1, or there is no variance to go by."""
    if not 0 < p < 1 or se <= 0:
        return None
    lower, upper = INTERVALS[method](p, se, n, df, level)
    return Interval(lower, upper, level, method)


def _logit(p: float, se: float, n: int, df: float, level: float) -> tuple[float, float]:
    centre, spread = math.log(p / (1 - p)), t_quantile(level, df) * se / (p * (1 - p))
    return 1 / (1 + math.exp(spread - centre)), 1 / (1 + math.exp(-spread - centre))


def _beta(p: float, se: float, n: int, df: float, level: float) -> tuple[float, float]:
    size = p * (1 - p) / se**2
    if n > 1:
        size *= (t_quantile(level, n - 1) / t_quantile(level, df)) ** 2
    tail = (1 - level) / 2
    x = size * p
    return beta_quantile(tail, x, size - x + 1), beta_quantile(1 - tail, x + 1, size - x)


def _asin(p: float, se: float, n: int, df: float, level: float) -> tuple[float, float]:
    centre, spread = math.asin(math.sqrt(p)), t_quantile(level, df) * se / (2 * math.sqrt(p * (1 - p)))
    return math.sin(max(centre - spread, 0.0)) ** 2, math.sin(min(centre + spread, math.pi / 2)) ** 2


def _mean(p: float, se: float, n: int, df: float, level: float) -> tuple[float, float]:
    spread = t_quantile(level, df) * se
    return p - spread, p + spread


def _likelihood(p: float, se: float, n: int, df: float, level: float) -> tuple[float, float]:
    aim = (t_quantile(level, df) * se) ** 2 / (p * (1 - p)) * n / (n - 1)

    def over(at: float) -> float:
        return 2 * (p * math.log(p / at) + (1 - p) * math.log((1 - p) / (1 - at))) - aim

    return _root(over, 0.0, p), _root(over, 1.0, p)


def _root(over: Callable[[float], float], outer: float, inner: float) -> float:
    for _ in range(100):
        middle = (outer + inner) / 2
        if over(middle) > 0:
            outer = middle
        else:
            inner = middle
    return (outer + inner) / 2


INTERVALS: Mapping[str, Callable[[float, float, int, float, float], tuple[float, float]]] = {
    "logit": _logit,
    "beta": _beta,
    "likelihood": _likelihood,
    "asin": _asin,
    "mean": _mean,
}
