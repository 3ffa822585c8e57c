"""How a sample was drawn — weights, strata, stages of units, populations — and the variance that follows from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Values = NDArray[np.float64]
Codes = NDArray[np.intp]

LONELY = ("refuse", "certainty", "adjust")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a sample, shape (rows,) each: the stratum, the unit drawn in it, how many were drawn and there are."""

    strata: Codes
    units: Codes
    drawn: Values
    population: Values


@dataclass(frozen=True, slots=True)
class Design:
    """A sample of ``weights`` (rows,) drawn in ``stages``; ``lonely`` says what a stratum with one unit adds.

    ``auxiliaries`` (rows, q) and ``base`` weights are those of a calibration: what they explain adds no variance.
    """

    weights: Values
    stages: tuple[Stage, ...]
    lonely: str = "refuse"
    auxiliaries: Values | None = None
    base: Values | None = None

    def __len__(self) -> int:
        return len(self.weights)

    def df(self, inside: NDArray[np.bool_] | None = None) -> int:
        """First-stage units less first-stage strata, of those with cases in a domain."""
        first = self.stages[0]
        here = np.ones(len(self), bool) if inside is None else inside
        units = len(np.unique(np.column_stack([first.strata[here], first.units[here]]), axis=0))
        return units - len(np.unique(first.strata[here]))


def codes(columns: Sequence[ArrayLike]) -> Codes:
    """Whole numbers from 0 for the distinct rows of several columns."""
    found: Codes = np.zeros(len(np.asarray(columns[0])), np.intp)
    for column in columns:
        _, own = np.unique(np.asarray(column), return_inverse=True)
        _, found = np.unique(found * (int(own.max()) + 1) + own, return_inverse=True)
    return found


def design(
    rows: int,
    *,
    weights: ArrayLike | None = None,
    strata: Sequence[ArrayLike] = (),
    psu: Sequence[ArrayLike] = (),
    fpc: Sequence[ArrayLike] = (),
    nest: bool = False,
    lonely: str = "refuse",
) -> Design:
    """A design from columns, one entry per stage in ``strata``, ``psu`` and ``fpc``.

    Without ``psu`` every row is a unit. ``fpc`` is the number of units of the row's stratum in the population, or the
    share drawn where all are at most 1; without, the first stage counts as drawn with replacement. Without weights,
    they follow from ``fpc`` (Π N/n over the stages), or are 1. A unit standing in two strata is refused unless
    ``nest`` says that its names are used anew in every stratum.
    """
    units = [*psu] or [np.arange(rows)]
    if fpc and len(fpc) < len(units):
        units = units[: len(fpc)]  # without a population at a stage, the stages below add nothing
    elif len(fpc) > len(units):
        units = [*units, np.arange(rows)]
    if not fpc:
        units = units[:1]
    stages: list[Stage] = []
    above: list[ArrayLike] = []
    for level, unit in enumerate(units):
        within = (
            codes([*above, strata[level]])
            if level < len(strata)
            else codes(above)
            if above
            else np.zeros(rows, np.intp)
        )
        stages.append(_stage(within, unit, fpc[level] if fpc else None, nest=nest or level > 0, above=bool(above)))
        above = [within, stages[-1].units]
    share: Values = np.ones(rows)
    for stage in stages if fpc else ():
        share = share * stage.drawn / stage.population
    given = 1 / share if weights is None else np.asarray(weights, float)
    _check_weights(given)
    return Design(given, tuple(stages), lonely)


def _check_weights(weights: Values) -> None:
    if not np.isfinite(weights).all() or (weights <= 0).any():
        wrong = weights[~(np.isfinite(weights) & (weights > 0))][0]
        raise Refusal("bad_weight", "weights", float(wrong), Text("大于 0 的权重", "weights above 0"),
                      Text("请删去权重为 0 的行，或更正权重", "Remove rows of weight 0, or correct the weights"))  # fmt: skip


def _stage(strata: Codes, unit: ArrayLike, fpc: ArrayLike | None, *, nest: bool, above: bool) -> Stage:
    units = codes([strata, unit]) if nest else codes([unit])
    pairs = np.unique(np.column_stack([strata, units]), axis=0)
    if len(pairs) > len(np.unique(units)):
        raise Refusal("not_nested", "psu", "the same unit in two strata", Text("每个单位只属于一层", "every unit in one stratum"),
                      Text("若编号在各层重复使用，请写 nest = true", "Where names are used anew in every stratum, write nest = true"))  # fmt: skip
    drawn = np.bincount(pairs[:, 0], minlength=int(strata.max()) + 1)[strata].astype(float)
    if fpc is None:
        return Stage(strata, units, drawn, np.full(len(strata), math.inf))
    return Stage(strata, units, drawn, _population(strata, drawn, np.asarray(fpc, float)))


def _population(strata: Codes, drawn: Values, fpc: Values) -> Values:
    if not np.isfinite(fpc).all() or (fpc <= 0).any() or ((fpc < 1).any() and (fpc > 1).any()):
        raise _bad_fpc(
            float(np.nanmin(fpc)),
            Text("总体单位数，或 0 到 1 之间的抽样比", "units in the population, or shares drawn"),
        )
    population = drawn / fpc if (fpc < 1).any() else fpc
    order = np.argsort(strata, kind="stable")
    same = strata[order][1:] == strata[order][:-1]
    if (population[order][1:] != population[order][:-1])[same].any():
        raise _bad_fpc("different within a stratum", Text("同一层内相同", "the same within a stratum"))
    if (population < drawn * (1 - 1e-9)).any():
        place = int(np.argmin(population - drawn))
        raise _bad_fpc(
            float(population[place]),
            Text(f"不小于样本单位数 {drawn[place]:g}", f"at least the {drawn[place]:g} units drawn"),
        )
    return population


def _bad_fpc(got: object, expected: Text) -> Refusal:
    return Refusal("bad_fpc", "fpc", got, expected, Text("请核对各层的总体数", "Check the populations of the strata"))


def calibrated(found: Design, weights: Values, auxiliaries: Values) -> Design:
    """The design with ``weights`` calibrated on ``auxiliaries`` (rows, q)."""
    return replace(found, weights=weights, auxiliaries=auxiliaries, base=found.weights)


def covariance(influence: Values, found: Design) -> Values:
    """The covariance (k, k) of k estimates from their ``influence`` (rows, k): Σ_i w_i u_i moves with each estimate.

    V = Σ_h (1−f_h) n_h/(n_h−1) Σ_i (z_hi − z̄_h)², z the sums of w·u by first-stage unit, f_h = n_h/N_h; at each
    further stage the same within every unit above, times the shares drawn above. After a calibration u is replaced by
    its residual from a regression on the auxiliaries (weighted by the weights before).
    Source: Särndal, Swensson & Wretman 1992; Lumley 2010; Binder 1983.
    """
    u = influence if found.auxiliaries is None else _residual(influence, found)
    z = u * found.weights[:, None]
    return _variance(z, found, np.arange(len(found)), 0)


def _residual(u: Values, found: Design) -> Values:
    assert found.auxiliaries is not None  # noqa: S101 — only called for calibrated designs
    assert found.base is not None  # noqa: S101
    root = np.sqrt(found.base)[:, None]
    fitted, *_ = np.linalg.lstsq(found.auxiliaries * root, u * root, rcond=None)
    residual: Values = u - found.auxiliaries @ fitted
    return residual


def _variance(z: Values, found: Design, rows: Codes, level: int) -> Values:
    stage, k = found.stages[level], z.shape[1]
    total = np.zeros((k, k))
    _, unit_of = np.unique(stage.units[rows], return_inverse=True)
    first = _first(unit_of)
    sums = np.column_stack([np.bincount(unit_of, z[rows, j]) for j in range(k)])
    stratum, drawn, there = (a[rows][first] for a in (stage.strata, stage.drawn, stage.population))
    left = 1 - drawn / there
    centre = sums.mean(axis=0)
    by_stratum = np.split(np.argsort(stratum, kind="stable"), np.flatnonzero(np.diff(np.sort(stratum))) + 1)
    for members in by_stratum:
        n, free = len(members), left[members[0]]
        if free < 1e-9:
            continue
        if n == 1 and found.lonely == "refuse":
            raise Refusal("lonely_unit", "strata", "a stratum with 1 unit", Text("每层至少 2 个单位", "2 units or more in every stratum"),
                          Text("请合并该层，给出总体数（全取时），或写 lonely = \"adjust\"",
                               "Merge the stratum, give its population if all were taken, or write lonely = \"adjust\""))  # fmt: skip
        about = centre if n == 1 and found.lonely == "adjust" else sums[members].mean(axis=0)
        apart = sums[members] - about
        total += free * n / max(n - 1, 1) * apart.T @ apart
    if level + 1 < len(found.stages):
        for unit in range(len(first)):
            share = drawn[unit] / there[unit]
            total += share * _variance(z, found, rows[unit_of == unit], level + 1)
    return total


def _first(unit_of: Codes) -> Codes:
    return np.unique(unit_of, return_index=True)[1]
