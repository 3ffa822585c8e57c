"""How often customers who owe nothing come back: the BG/NBD and the Pareto/NBD model of repeat orders.

Both say: while active a customer orders at random at an own rate (gamma among customers) and at some time leaves unseen,
after an order (BG/NBD) or at any moment (Pareto/NBD). They foretell numbers of orders well. Their chance of still being
active is a poor sign of loss: BG/NBD holds everyone without a repeat order to be active for certain, and the plain time
since the last order tells who comes back as well as either (``measure.loss.silence``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import Floats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
NEAR_ONE = 1e-6
"""Formulas with 1 ÷ (a − 1) are taken this far from a = 1."""
FARTHEST = 9.0
"""Logarithms of parameters stay within this of 0; one that runs to the limit is not settled by the data."""


@dataclass(frozen=True, slots=True)
class History:
    """Customers as (n,): ``repeats`` after the first order, time of the ``last`` one and end of the watch, from the first."""

    repeats: Floats
    last: Floats
    watched: Floats


def history(repeats: ArrayLike, last: ArrayLike, watched: ArrayLike) -> History:
    """The checked figures of customers, times in any one unit since each one's first order.

    Refuses lengths that differ, no customers, broken or negative repeats, and times out of order: 0 ≤ last ≤ watched, and
    last = 0 exactly where there was no repeat.
    """
    found = History(*(np.atleast_1d(np.asarray(values, np.float64)) for values in (repeats, last, watched)))
    x, t, end = found.repeats, found.last, found.watched
    if not len(x) == len(t) == len(end) or not len(x):
        raise Refusal("bad_history", "customers", [len(x), len(t), len(end)],
                      Text("三列长度相同，至少一位顾客", "three columns of one length, at least one customer"),
                      Text("每位顾客一行：复购次数、最后一次、观察截止", "One row a customer: repeats, last order, end of the watch"))  # fmt: skip
    sound = (x >= 0) & (x == np.floor(x)) & (t >= 0) & (t <= end) & ((x == 0) == (t == 0)) & np.isfinite(end)
    if not sound.all():
        place = int(np.argmin(sound))
        raise Refusal("bad_history", f"customer {place + 1}", [float(v[place]) for v in (x, t, end)],
                      Text("0 ≤ 最后一次 ≤ 观察截止，无复购时最后一次为 0", "0 ≤ last ≤ watched, and last 0 where nothing was repeated"),
                      Text("时间都从该顾客第一次下单算起", "Count times from the customer's first order"))  # fmt: skip
    return found


class Shape(Protocol):
    """What a model of repeat orders has to say; ``values`` are its four parameters, all positive."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, in the order of the literature."""

    def likelihood(self, values: Floats, seen: History) -> tuple[Floats, Floats, Floats]:
        """Log-likelihood (n,), its slopes (n, 4) by each parameter, and P(still active) (n,)."""

    def ahead(self, values: Floats, seen: History, time: float) -> Floats:
        """Orders expected in ``time`` after the watch of customers active at its end, times P(active), (n,)."""


@dataclass(frozen=True, slots=True)
class BgNbd:
    """Leaving after an order with a chance that is beta(a, b) among customers; rates are gamma(r, α).

    L = Γ(r+x)α^r/Γ(r) · {B(a, b+x)/B(a, b) (α+T)^−(r+x) + [x > 0] B(a+1, b+x−1)/B(a, b) (α+t)^−(r+x)}.
    Source: Fader, Hardie & Lee 2005, Marketing Science 24:275.
    """

    names: tuple[str, ...] = ("r", "alpha", "a", "b")

    def likelihood(self, values: Floats, seen: History) -> tuple[Floats, Floats, Floats]:
        """See ``Shape``."""
        r, alpha, a, b = values
        x, t, end = seen.repeats, seen.last, seen.watched
        left = np.maximum(b + x - 1, b)  # b + x − 1 may be negative without a repeat, where the term is left out
        stays = special.betaln(a, b + x) - (r + x) * np.log(alpha + end)
        goes = np.where(x > 0, special.betaln(a + 1, left) - (r + x) * np.log(alpha + t), -np.inf)
        either = np.logaddexp(stays, goes)
        active = np.exp(stays - either)
        gone = 1 - active
        logs = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) - special.betaln(a, b) + either
        psi = special.psi
        slopes = np.stack([
            psi(r + x) - psi(r) + np.log(alpha) - active * np.log(alpha + end) - gone * np.log(alpha + t),
            r / alpha - (r + x) * (active / (alpha + end) + gone / (alpha + t)),
            gone / a - psi(a + b + x) + psi(a + b),
            active * psi(b + x) + gone * psi(left) - psi(a + b + x) - psi(b) + psi(a + b),
        ], axis=1)  # fmt: skip
        return logs, slopes, active

    def ahead(self, values: Floats, seen: History, time: float) -> Floats:
        """(a+b+x−1)/(a−1) · [1 − (1−z)^(a−1) ₂F₁(a+b−1−r, a−1; a+b+x−1; z)], z = time ÷ (α+T+time).

        The published ₂F₁(r+x, b+x; …) by Euler's transformation, which stays small however many orders there were.
        """
        r, alpha, a, b = values
        a = 1 + NEAR_ONE if abs(a - 1) < NEAR_ONE else a
        z = time / (alpha + seen.watched + time)
        top = a + b + seen.repeats - 1
        falls = (1 - z) ** (a - 1) * special.hyp2f1(a + b - 1 - r, a - 1, top, z)
        found: Floats = self.likelihood(values, seen)[2] * top / (a - 1) * (1 - falls)
        return found


@dataclass(frozen=True, slots=True)
class ParetoNbd:
    """Leaving at any moment at a rate that is gamma(s, β) among customers; rates of ordering are gamma(r, α).

    L = Γ(r+x)α^r β^s/Γ(r) · {(α+T)^−(r+x) (β+T)^−s + s ∫ₜᵀ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ}; the integral by Gauss–Legendre
    in log(min(α, β) + τ) instead of the difference of two ₂F₁, which loses its digits.
    Source: Schmittlein, Morrison & Colombo 1987, Management Science 33:1; Fader & Hardie 2005, note on the derivation.
    """

    names: tuple[str, ...] = ("r", "alpha", "s", "beta")

    def likelihood(self, values: Floats, seen: History) -> tuple[Floats, Floats, Floats]:
        """See ``Shape``."""
        r, alpha, s, beta = values
        x, end = seen.repeats, seen.watched
        parts, times = self._parts(values, seen)
        highest = parts.max(axis=1, keepdims=True)
        shares = np.exp(parts - highest)
        whole = shares.sum(axis=1, keepdims=True)
        shares /= whole
        active, gone = shares[:, 0], shares[:, 1:].sum(axis=1)
        logs = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        slower, sooner = alpha + times, beta + times
        slopes = np.stack([
            special.psi(r + x) - special.psi(r) + np.log(alpha) - (shares * np.log(slower)).sum(axis=1),
            r / alpha - (r + x) * (shares / slower).sum(axis=1),
            np.log(beta) - (shares * np.log(sooner)).sum(axis=1) + gone / s,
            s / beta - (s + 1) * (shares[:, 1:] / sooner[:, 1:]).sum(axis=1) - s * active / (beta + end),
        ], axis=1)  # fmt: skip
        return logs + highest[:, 0] + np.log(whole[:, 0]), slopes, active

    def _parts(self, values: Floats, seen: History) -> tuple[Floats, Floats]:
        """Logs of the terms in the braces (n, 1 + nodes): still active first, then left at each time; and those times."""
        r, alpha, s, beta = values
        base = min(alpha, beta)
        low, high = np.log(base + seen.last), np.log(base + seen.watched)
        half = (high - low)[:, None] / 2
        places = low[:, None] + half * (NODES + 1)
        times = np.concatenate([seen.watched[:, None], np.exp(places) - base], axis=1)
        with np.errstate(divide="ignore"):
            own = np.log(s) + np.log(half * WEIGHTS) + places - np.log(beta + times[:, 1:])
        both = -(r + seen.repeats)[:, None] * np.log(alpha + times) - s * np.log(beta + times)
        return np.concatenate([both[:, :1], both[:, 1:] + own], axis=1), times

    def ahead(self, values: Floats, seen: History, time: float) -> Floats:
        """P(active) · (r+x)(β+T) ÷ ((α+T)(s−1)) · [1 − ((β+T) ÷ (β+T+time))^(s−1)]."""
        r, alpha, s, beta = values
        longer = np.log1p(time / (beta + seen.watched))
        grows = longer if abs(s - 1) < NEAR_ONE else -np.expm1(-(s - 1) * longer) / (s - 1)
        rate = (r + seen.repeats) * (beta + seen.watched) / (alpha + seen.watched)
        found: Floats = self.likelihood(values, seen)[2] * rate * grows
        return found


@dataclass(frozen=True, slots=True)
class Repeats:
    """A fitted model: ``values`` and ``se`` (4,) in the order of ``shape.names``; ``se`` NaN where the data do not settle it.

    ``settled`` is false where the search did not end or a parameter ran to its limit.
    """

    shape: Shape
    values: Floats
    se: Floats
    log_likelihood: float
    n: int
    settled: bool

    def active(self, seen: History) -> Floats:
        """P(still active at the end of the watch), 0–1 (n,); no sign of loss by itself, see the module."""
        return self.shape.likelihood(self.values, seen)[2]

    def expected(self, seen: History, time: float) -> Floats:
        """Orders expected in ``time`` after the watch, given what was seen (n,)."""
        return self.shape.ahead(self.values, seen, _time(time))

    def expected_of_new(self, time: float) -> float:
        """Repeat orders expected in ``time`` of someone who has just ordered for the first time."""
        return float(self.expected(history(0.0, 0.0, 0.0), time)[0])


def repeats(seen: History, shape: Shape) -> Repeats:
    """The parameters of ``shape`` (``BgNbd()``, ``ParetoNbd()``) by maximum likelihood, errors from the observed information.

    Customers alike are counted together; the search runs over logarithms with analytic slopes. Assumes customers whose
    first order began the watch, and independent rates of ordering and leaving. Refuses customers none of whom repeats.
    """
    if not seen.repeats.any():
        raise Refusal("no_repeats", "repeats", 0, Text("至少一位顾客有复购", "at least one customer who came back"),
                      Text("延长观察期", "Watch for longer"))  # fmt: skip
    rows, counts = np.unique(np.column_stack([seen.repeats, seen.last, seen.watched]), axis=0, return_counts=True)
    alike, unit = History(*rows.T), float(seen.watched.mean())
    n = len(seen.repeats)

    def unlikely(logs: Floats) -> tuple[float, Floats]:
        values = np.exp(logs)
        each, slopes, _ = shape.likelihood(values, alike)
        return -float(counts @ each) / n, -(counts @ slopes) * values / n

    start = np.array([0.0, np.log(unit), 0.0, np.log(unit) if "beta" in shape.names else 0.0])
    return Repeats(shape, *_fitted(unlikely, start, n))


@dataclass(frozen=True, slots=True)
class Spending:
    """p, q and γ of the gamma-gamma model as ``values`` (3,), with ``se``, and how it fits the ``n`` customers who repeat."""

    values: Floats
    se: Floats
    log_likelihood: float
    n: int
    settled: bool

    def expected(self, orders: Floats, means: Floats) -> Floats:
        """What an order is worth in the long run: p(γ + x·m) ÷ (px + q − 1), NaN where px + q ≤ 1; of no orders too (n,)."""
        p, q, gamma = self.values
        below = p * orders + q - 1
        found: Floats = np.where(below > 0, p * (gamma + orders * means) / np.where(below > 0, below, 1.0), np.nan)
        return found


def spending(orders: Floats, means: Floats) -> Spending:
    """The gamma-gamma model of the mean value of ``orders`` repeat orders, ``means`` (n,), by maximum likelihood.

    L = Γ(px+q) ÷ (Γ(px) Γ(q)) γ^q m^(px−1) x^(px) ÷ (γ + mx)^(px+q). Assumes that what is spent does not hang together with
    how often. Customers without an order or of value 0 are left out; refuses lengths that differ and fewer than three others.
    Source: Colombo & Jiang 1999; Fader & Hardie 2013, note on the gamma-gamma model.
    """
    kept = (orders > 0) & (means > 0) if len(orders) == len(means) else np.zeros(0, np.bool_)
    if kept.sum() < 3:
        raise Refusal("bad_history", "customers", int(kept.sum()), Text("至少三位有复购金额的顾客", "at least three customers with repeat orders of a value"),
                      Text("核对次数与平均金额两列", "Check the columns of orders and of mean values"))  # fmt: skip
    x, m, psi = orders[kept], means[kept], special.psi

    def unlikely(logs: Floats) -> tuple[float, Floats]:
        values = np.exp(logs)
        p, q, gamma = values
        whole, share = p * x + q, np.log(gamma + m * x)
        each = special.gammaln(whole) - special.gammaln(p * x) - special.gammaln(q) + q * np.log(gamma)
        each += p * x * np.log(m * x) - np.log(m) - whole * share
        slopes = np.array([
            (x * (psi(whole) - psi(p * x) + np.log(m * x) - share)).sum(),
            (psi(whole) - psi(q) + np.log(gamma) - share).sum(), (q / gamma - whole / (gamma + m * x)).sum(),
        ])  # fmt: skip
        return -float(each.sum()) / len(x), -slopes * values / len(x)

    return Spending(*_fitted(unlikely, np.log(np.array([2.0, 2.0, m.mean()])), len(x)))


def _fitted(unlikely: _Slope, start: Floats, n: int) -> tuple[Floats, Floats, float, int, bool]:
    """Values, their errors, the log-likelihood, n, and whether it is settled; the search runs over logarithms."""
    found = optimize.minimize(
        unlikely, start, jac=True, method="L-BFGS-B", bounds=[(place - FARTHEST, place + FARTHEST) for place in start],
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    logs, bend = _polished(unlikely, found.x)
    values, (least, slope) = np.exp(logs), unlikely(logs)
    settled = bool(np.abs(slope).max() < 1e-5 and np.all(np.abs(logs - start) < FARTHEST - 1e-6))
    return values, _errors(bend * n) * values, -least * n, n, settled


class _Slope(Protocol):
    def __call__(self, logs: Floats, /) -> tuple[float, Floats]: ...


def _polished(unlikely: _Slope, logs: Floats, steps: int = 2) -> tuple[Floats, Floats]:
    """``logs`` after a few of Newton's steps where the bend allows them, and the bend there."""
    bend = _bend(unlikely, logs)
    for _ in range(steps):
        least, slope = unlikely(logs)
        nearer = logs - np.linalg.solve(bend, slope) if np.linalg.eigvalsh(bend)[0] > 0 else logs
        if np.abs(nearer - logs).max() > 0.01 or unlikely(nearer)[0] > least + 1e-12:
            break
        logs = nearer
        bend = _bend(unlikely, logs)
    return logs, bend


def _bend(unlikely: _Slope, logs: Floats, step: float = 1e-4) -> Floats:
    """Second derivatives, the slopes by central differences."""
    moves = np.eye(len(logs)) * step
    bend = np.array([(unlikely(logs + move)[1] - unlikely(logs - move)[1]) / (2 * step) for move in moves])
    found: Floats = (bend + bend.T) / 2
    return found


def _errors(information: Floats) -> Floats:
    """Standard errors; NaN where the information is not that of a settled maximum."""
    if np.linalg.eigvalsh(information)[0] <= 0:
        return np.full(len(information), np.nan)
    found: Floats = np.sqrt(np.diag(np.linalg.inv(information)))
    return found


def _time(time: float) -> float:
    if not (np.isfinite(time) and time >= 0):
        raise Refusal("bad_duration", "time", time, Text("不小于 0 的时长", "a duration of 0 or more"),
                      Text("与顾客的时间同一单位", "In the unit of the customers' times"))  # fmt: skip
    return time
