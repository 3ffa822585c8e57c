"""Bootstrap and jackknife of everything that depends on means and covariances only: the rows are read once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from manyi.measure.linear import Floats

CELLS = 1 << 22
"""Most cells of one working table: keeps the memory at some tens of MiB whatever the number of rows."""


def in_order(data: Floats) -> Floats:
    """The rows (n, p) in an order of their own, so that the order of a file changes no digit and no resample."""
    return data[np.lexsort(data.T[::-1])]


def resampled_moments(data: Floats, replicates: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Means (m, p) and covariances (m, p, p; divisor n − 1) of ``replicates`` resamples, some at a time.

    Each resample draws n rows with replacement (PCG64 of ``seed``); its moments are X' diag(c) X of the counts c.
    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 6.
    """
    rows = len(data)
    random = np.random.default_rng(seed)
    at_once = max(1, CELLS // rows)
    for start in range(0, replicates, at_once):
        some = min(at_once, replicates - start)
        drawn = random.integers(0, rows, size=(some, rows)) + np.arange(some)[:, None] * rows
        counts = np.bincount(drawn.ravel(), minlength=some * rows).reshape(some, rows).astype(np.float64)
        yield _moments(data, counts)


def left_out_moments(data: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Means and covariances with each row left out in turn, as ``resampled_moments`` gives them."""
    rows = len(data)
    at_once = max(1, CELLS // rows)
    for start in range(0, rows, at_once):
        some = min(at_once, rows - start)
        counts = np.ones((some, rows))
        counts[np.arange(some), np.arange(start, start + some)] = 0.0
        yield _moments(data, counts)


def _moments(data: Floats, counts: Floats) -> tuple[Floats, Floats]:
    rows, width = data.shape
    centre = data.mean(axis=0)
    apart = data - centre
    left, right = np.triu_indices(width)
    products = np.zeros((len(counts), len(left)))
    step = max(1, CELLS // len(left))
    for start in range(0, rows, step):
        part = apart[start : start + step]
        products += counts[:, start : start + step] @ (part[:, left] * part[:, right])
    drawn = counts.sum(axis=1)
    shift = counts @ apart / drawn[:, None]
    covariances = np.empty((len(counts), width, width))
    covariances[:, left, right] = products / drawn[:, None] - shift[:, left] * shift[:, right]
    covariances[:, right, left] = covariances[:, left, right]
    return centre + shift, covariances * (drawn / (drawn - 1))[:, None, None]


def percentile_interval(values: Floats, level: float) -> tuple[Floats, Floats]:
    """The middle ``level`` of the replicates ``values`` (m, …): quantiles of type 7 (Hyndman & Fan 1996)."""
    lower, upper = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return lower, upper


def bca_interval(values: Floats, estimate: Floats, left_out: Floats, level: float) -> tuple[Floats, Floats]:
    """Bias-corrected and accelerated limits (Efron 1987) of replicates (m, q) about ``estimate`` (q,).

    z0 from the share of replicates below the estimate, the acceleration from the jackknife values ``left_out`` (n, q).
    Where replicates do not vary the limits are the estimate.
    """
    below = (values < estimate).mean(axis=0) + 0.5 * (values == estimate).mean(axis=0)
    bias = special.ndtri(np.clip(below, 0.5 / len(values), 1 - 0.5 / len(values)))
    apart = left_out.mean(axis=0) - left_out
    spread = (apart**2).sum(axis=0) ** 1.5
    speed = (apart**3).sum(axis=0) / (6 * np.where(spread > 0, spread, 1.0))
    limits = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        normal = bias + special.ndtri(tail)
        shares = special.ndtr(bias + normal / (1 - speed * normal))
        limits.append(np.array([_quantile(values[:, k], share) for k, share in enumerate(shares)]))
    return limits[0], limits[1]


def _quantile(values: Floats, share: float) -> float:
    return float(np.quantile(values, share)) if np.isfinite(share) else np.nan
