"""Variances from replicate weights: jackknife, balanced half-samples, bootstrap, or those that came with the data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.designs import Codes, Design, Values
from manyi.measure.estimation import Estimate
from manyi.measure.results import Interval
from manyi.measure.tails import t_quantile

KINDS = ("JK1", "JKn", "BRR", "Fay", "bootstrap")


@dataclass(frozen=True, slots=True)
class Replicates:
    """``weights`` (rows, R); the variance is ``scale``·Σ ``rscales``·(θ_r − θ̄)², θ̄ the mean of the replicates."""

    weights: Values
    scale: float
    rscales: Values
    df: int
    kind: str


def replicate(design: Design, kind: str, *, draws: int = 500, seed: int = 0, rho: float = 0.0) -> Replicates:
    """Replicate weights of the first stage of ``design``.

    ``JK1`` leaves out one unit in turn (one stratum), scale (n−1)/n·(1−f); ``JKn`` the same within strata; ``BRR``
    takes one of the two units of every stratum by a Hadamard matrix, ``Fay`` gives them 2−ρ and ρ; ``bootstrap``
    draws n_h−1 of n_h units with replacement, ``draws`` times from ``seed`` (PCG64), rescaled with the finite
    population correction. Source: Rust & Rao 1996; Rao, Wu & Yue 1992, Survey Methodology 18:209; Wolter 2007.
    """
    first = design.stages[0]
    units, at, unit_of = np.unique(first.units, return_index=True, return_inverse=True)
    stratum = np.unique(first.strata[at], return_inverse=True)[1]
    left = (1 - first.drawn / first.population)[at]
    sizes = np.bincount(stratum)
    if (sizes < 2).any():
        raise Refusal("lonely_unit", "strata", "a stratum with 1 unit", Text("每层至少 2 个单位", "2 units or more in every stratum"),
                      Text("请把该层并入别的层", "Merge the stratum with another"))  # fmt: skip
    make: dict[str, Callable[[], tuple[Values, float, Values]]] = {
        "JK1": lambda: _jackknife(stratum, sizes, left, one=True),
        "JKn": lambda: _jackknife(stratum, sizes, left, one=False),
        "BRR": lambda: _halves(stratum, sizes, 0.0),
        "Fay": lambda: _halves(stratum, sizes, rho),
        "bootstrap": lambda: _bootstrap(stratum, sizes, left, draws, seed),
    }
    factors, scale, rscales = make[kind]()
    return Replicates(design.weights[:, None] * factors[unit_of], scale, rscales, len(units) - len(sizes), kind)


def given(weights: Values, *, scale: float | None, rscales: Values | None, kind: str, rho: float = 0.0) -> Replicates:
    """Replicate weights that came with the data (rows, R); ``scale`` follows from ``kind`` where it is not given.

    JK1 (R−1)/R, BRR 1/R, Fay 1/(R(1−ρ)²), bootstrap 1/(R−1); JKn has no scale of its own and needs ``rscales``.
    """
    count = weights.shape[1]
    if count < 2 or not np.isfinite(weights).all() or (weights < 0).any():
        raise Refusal("bad_weight", "replicate_weights", count, Text("至少两列非负的权重", "two columns or more of weights of 0 or more"),
                      Text("请核对复制权重的各列", "Check the columns of replicate weights"))  # fmt: skip
    if kind == "JKn" and rscales is None:
        raise Refusal("missing_key", "rscales", None, Text("每个复制样本一个系数", "one number for every replicate"),
                      Text("JKn 需要 rscales", "JKn needs rscales"))  # fmt: skip
    own = {"JK1": (count - 1) / count, "JKn": 1.0, "BRR": 1 / count, "Fay": 1 / (count * (1 - rho) ** 2),
           "bootstrap": 1 / (count - 1)}[kind]  # fmt: skip
    each = np.ones(count) if rscales is None else rscales
    if len(each) != count:
        raise Refusal("bad_rscales", "rscales", len(each), Text(f"{count} 个数", f"{count} numbers"),
                      Text("每个复制样本一个系数", "Give one number for every replicate"))  # fmt: skip
    rank = int(np.linalg.matrix_rank(weights - weights.mean(axis=1, keepdims=True)))
    return Replicates(weights, own if scale is None else scale, each, max(rank, 1), kind)


def by_replicates(
    statistic: Callable[[Values], float], weights: Values, found: Replicates, n: int, *, level: float = 0.95
) -> Estimate:
    """The statistic of the full weights, with the spread of its replicates for a variance and a t interval."""
    estimate = statistic(weights)
    each = np.array([statistic(found.weights[:, r]) for r in range(found.weights.shape[1])])
    if not np.isfinite(each).all() or not math.isfinite(estimate):
        raise Refusal("empty_replicate", "replicates", found.kind, Text("每个复制样本都有个案", "cases in every replicate"),
                      Text("有的复制样本中该组没有个案，请改用 Taylor 法或合并各组", "Some replicate has no case of the group: take the Taylor variance, or merge groups"))  # fmt: skip
    variance = found.scale * float(np.sum(found.rscales * (each - each[found.rscales > 0].mean()) ** 2))
    se = math.sqrt(variance)
    spread = t_quantile(level, found.df) * se
    return Estimate(estimate, se, found.df, n, Interval(estimate - spread, estimate + spread, level, "t"))


def _jackknife(stratum: Codes, sizes: Codes, left: Values, *, one: bool) -> tuple[Values, float, Values]:
    if one and len(sizes) > 1:
        raise Refusal("stratified", "replicates", "JK1", Text("不分层的样本", "a sample without strata"),
                      Text("分层样本请用 JKn", "Take JKn where there are strata"))  # fmt: skip
    units = len(stratum)
    drawn = sizes[stratum]
    same = stratum[:, None] == stratum[None, :]
    factors = np.where(same, (drawn / (drawn - 1))[None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    each = (drawn - 1) / drawn * left
    if one:
        return factors, float(each[0]), np.ones(units)
    return factors, 1.0, each


def _halves(stratum: Codes, sizes: Codes, rho: float) -> tuple[Values, float, Values]:
    if (sizes != 2).any():
        raise Refusal("not_pairs", "replicates", int(sizes.max()), Text("每层恰好 2 个单位", "exactly 2 units in every stratum"),
                      Text("请改用 JKn 或 bootstrap", "Take JKn or bootstrap instead"))  # fmt: skip
    if not 0 <= rho < 1:
        raise Refusal("bad_rho", "rho", rho, Text("0 到 1 之间，不含 1", "from 0 to below 1"), Text("例如 0.3", "Write 0.3, for example"))  # fmt: skip
    count = 1
    while count <= len(sizes):
        count *= 2
    hadamard = np.ones((1, 1))
    while len(hadamard) < count:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    order = np.argsort(stratum, kind="stable")
    sign = np.empty(len(stratum))
    sign[order] = np.tile([1.0, -1.0], len(sizes))
    # the first column of the matrix is constant and balances nothing
    chosen = hadamard[:, 1 + stratum].T * sign[:, None]
    return 1 + (1 - rho) * chosen, 1 / (count * (1 - rho) ** 2), np.ones(count)


def _bootstrap(stratum: Codes, sizes: Codes, left: Values, draws: int, seed: int) -> tuple[Values, float, Values]:
    if draws < 2:
        raise Refusal("bad_draws", "draws", draws, Text("至少 2", "2 or more"), Text("例如 500", "Write 500, for example"))  # fmt: skip
    chance = np.random.default_rng(seed)
    factors = np.empty((len(stratum), draws))
    for h, n in enumerate(sizes):
        members = np.flatnonzero(stratum == h)
        times = chance.multinomial(n - 1, np.full(n, 1 / n), size=draws).T
        factors[members] = 1 + math.sqrt(left[members[0]]) * (times * n / (n - 1) - 1)
    return factors, 1 / (draws - 1), np.ones(draws)
