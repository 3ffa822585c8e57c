"""How many to ask: sample sizes, and their allocation to strata with floors, take-all strata and a cap at the population."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.tails import normal_quantile

Values = NDArray[np.float64]
METHODS = ("proportional", "neyman", "power", "equal")


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum of the frame: its units, the mean and the standard deviation of their size, and the least to take."""

    name: str
    population: int
    mean: float = math.nan
    spread: float = math.nan
    floor: int = 0
    take_all: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What a stratum gets: ``exact`` before rounding, ``allocated`` as whole units."""

    stratum: Stratum
    exact: float
    allocated: int

    @property
    def all_taken(self) -> bool:
        """Whether every unit of the stratum is taken."""
        return self.allocated == self.stratum.population


@dataclass(frozen=True, slots=True)
class Allocation:
    """The shares of all strata; ``cv`` is the coefficient of variation of the estimated mean size, where it is known."""

    shares: tuple[Share, ...]
    method: str
    cv: float | None

    @property
    def n(self) -> int:
        """All units to take."""
        return sum(share.allocated for share in self.shares)


@dataclass(frozen=True, slots=True)
class SampleSize:
    """``infinite`` n₀ and ``exact`` n of a finite population; ``n`` rounded up; ``to_send`` after expected returns."""

    infinite: float
    exact: float
    n: int
    to_send: int


def sample_size(
    error: float, *, spread: float | None = None, share: float = 0.5, population: float = math.inf,
    level: float = 0.95, response: float = 1.0,
) -> SampleSize:  # fmt: skip
    """How many answers bring the half-width of the interval to ``error``.

    n₀ = z²p(1−p)/e² for a share (default ½, the worst case), (z·S/e)² where ``spread`` S is given;
    n = n₀/(1 + (n₀ − 1)/N) of N units; divided by the expected ``response`` for the number to send.
    Source: Cochran 1977, ch. 4.

    >>> sample_size(0.05, population=1000).n
    278
    """
    wrong = next((name for name, value in (("error", error), ("population", population), ("response", response))
                  if not value > 0), None)  # fmt: skip
    if wrong or not 0 < share < 1 or response > 1:
        raise Refusal("bad_size", wrong or "share", error, Text("大于 0 的数，比例小于 1", "numbers above 0, shares below 1"),
                      Text("例如 error = 0.05", "Write error = 0.05, for example"))  # fmt: skip
    z = normal_quantile(level)
    infinite = (z * spread / error) ** 2 if spread is not None else z * z * share * (1 - share) / error**2
    exact = infinite if math.isinf(population) else infinite / (1 + (infinite - 1) / population)
    # a whole number that rounding lifted by a last digit is that whole number
    n = math.ceil(exact - 1e-9)
    return SampleSize(infinite, exact, n, math.ceil(n / response - 1e-9))


def least(share: str | float | Fraction, population: int, minimum: int = 0) -> int:
    """The floor of a stratum: max(⌈share·N⌉, minimum), at most N. ``share`` is read as the decimal it is written as.

    >>> least(0.9, 30), least(0.8, 31, minimum=30)
    (27, 30)
    """
    exact = Fraction(str(share)) if isinstance(share, float) else Fraction(share)
    if not 0 <= exact <= 1:
        raise Refusal("bad_floor", "floors", str(share), Text("0 到 1 之间的比例", "a share from 0 to 1"),
                      Text("例如 0.9", "Write 0.9, for example"))  # fmt: skip
    return min(population, max(math.ceil(exact * population), minimum))


def cover(strata: Sequence[Stratum], overall: str | float | Fraction = 0) -> Allocation:
    """Every stratum at its floor; the whole raised to the share ``overall`` in the largest strata not yet taken whole.

    Source: coverage as the procedures of this kind write it; ties by name.
    """
    taken = {s.name: s.population if s.take_all else min(s.floor, s.population) for s in strata}
    short = least(overall, sum(s.population for s in strata)) - sum(taken.values())
    for stratum in sorted(strata, key=lambda s: (-s.population, s.name)):
        more = max(0, min(short, stratum.population - taken[stratum.name]))
        taken[stratum.name] += more
        short -= more
    numbers = [taken[s.name] for s in strata]
    return _allocation(strata, np.array(numbers, float), numbers, "floors")


def allocate(
    strata: Sequence[Stratum], n: int, *, method: str = "proportional", powers: tuple[float, float, float] | None = None
) -> Allocation:
    """``n`` units over the strata in proportion to a_h, never above N_h nor below a floor.

    a_h: ``proportional`` N_h · ``neyman`` N_h·S_h · ``equal`` 1 · ``power`` N_h^(2q₁)·mean_h^(2q₂)·S_h^(2q₃) with
    ``powers`` q (default 0.35, 0.35, 0). A stratum that would get more than it has is taken whole and the rest is
    allocated anew; one below its floor gets the floor. Both at once: n_h = min(max(λ·a_h, floor_h), N_h) with the λ
    that makes Σ n_h = n. Whole numbers by largest remainders. Refuses n above the population or below the floors.
    Source: Neyman 1934; Cochran 1977, ch. 5; Hidiroglou & Srinath 1993.

    >>> strata = [Stratum("a", 100, 1, 1), Stratum("b", 10, 50, 40)]
    >>> [share.allocated for share in allocate(strata, 30, method="neyman").shares]
    [20, 10]
    """
    sizes = np.array([s.population for s in strata], float)
    low = np.array([s.population if s.take_all else min(s.floor, s.population) for s in strata], float)
    if not low.sum() <= n <= sizes.sum():
        raise Refusal("bad_n", "n", n, Text(f"{low.sum():g} 到 {sizes.sum():g}", f"from {low.sum():g} to {sizes.sum():g}"),
                      Text("n 不能超过总体，也不能低于各层下限之和", "n may not exceed the frame nor fall below the floors"))  # fmt: skip
    exact = _between(shares_of(strata, method, powers), low, sizes, float(n))
    return _allocation(strata, exact, _whole(exact, sizes, n), method)


def allocate_for_cv(
    strata: Sequence[Stratum], cv: float, *, method: str = "neyman", powers: tuple[float, float, float] | None = None,
    repair: bool = True,
) -> Allocation:  # fmt: skip
    """As few units as bring the coefficient of variation of the estimated mean to ``cv``.

    n = Σ N²S²/a / ((cv·Ȳ·N)² + Σ N·S²) over the strata not taken whole, a as for ``allocate``. With ``repair`` a
    stratum that would get more than it has is taken whole and n is computed anew; without, it is only capped and the
    ``cv`` reported is missed. Each stratum is rounded up. Source: Cochran 1977, ch. 5.
    """
    if not cv > 0:
        raise Refusal("bad_cv", "cv", cv, Text("大于 0 的数", "a number above 0"), Text("例如 0.02", "Write 0.02, for example"))  # fmt: skip
    sizes, spread = np.array([s.population for s in strata], float), np.array([s.spread for s in strata], float)
    means = np.array([s.mean for s in strata], float)
    a = shares_of(strata, method, powers)
    _known(means, "mean")
    _known(spread, "spread")
    aim = (cv * float(np.sum(sizes * means))) ** 2
    whole = np.array([s.take_all for s in strata])
    while True:
        free = ~whole
        exact = sizes.copy()
        if not a[free].sum() > 0:
            exact[free] = 0.0  # nothing varies in what is left, so that it adds no variance
        else:
            part = a[free] / a[free].sum()
            moving = part > 0
            each = (sizes[free] * spread[free])[moving] ** 2 / part[moving]
            need = np.sum(each) / (aim + np.sum(sizes[free] * spread[free] ** 2))
            exact[free] = need * part
        over = free & (exact > sizes)
        if not repair or not over.any():
            break
        whole |= over
    floors = [s.population if s.take_all else s.floor for s in strata]
    counts = [min(s.population, max(math.ceil(e - 1e-9), f)) for s, e, f in zip(strata, exact, floors, strict=True)]
    return _allocation(strata, exact, counts, method)


def shares_of(strata: Sequence[Stratum], method: str, powers: tuple[float, float, float] | None = None) -> Values:
    """a_h of every stratum; refuses where it needs a mean or a spread that is not known, or is 0 everywhere."""
    sizes = np.array([s.population for s in strata], float)
    means, spread = np.array([s.mean for s in strata], float), np.array([s.spread for s in strata], float)
    if method == "neyman":
        found = sizes * _known(spread, "spread")
    elif method == "power":
        q1, q2, q3 = powers or (0.35, 0.35, 0.0)
        found = sizes ** (2 * q1)
        found = found * _known(means, "mean", above=True) ** (2 * q2) if q2 else found
        found = found * _known(spread, "spread") ** (2 * q3) if q3 else found
    else:
        found = np.ones(len(sizes)) if method == "equal" else sizes
    if not found.sum() > 0:
        raise Refusal("constant", "spread", 0, Text("至少一层的标准差大于 0", "a spread above 0 in some stratum"),
                      Text("各层都没有差异，请用 proportional", "Nothing varies within the strata: use proportional"))  # fmt: skip
    return found


def _known(values: Values, name: str, *, above: bool = False) -> Values:
    if not np.isfinite(values).all() or (values < 0).any() or (above and not (values > 0).all()):
        raise Refusal("missing_figure", name, [float(v) for v in values], Text("每层一个非负的数", "a number of 0 or more for every stratum"),
                      Text("该分配方法需要各层的均值或标准差", "This method needs the mean or spread of every stratum"))  # fmt: skip
    return values


def _between(a: Values, low: Values, high: Values, n: float) -> Values:
    """clip(λ·a, low, high) with the λ that sums to ``n``: linear between the points where a stratum meets a bound."""
    positive = a > 0
    steps = np.unique(np.concatenate([[0.0], low[positive] / a[positive], high[positive] / a[positive]]))
    sums = np.array([np.clip(step * a, low, high).sum() for step in steps])
    if n >= sums[-1]:
        # strata of weight 0 get what the others cannot take, in proportion to their size
        rest, room = n - sums[-1], np.where(positive, 0.0, high - low)
        top = np.where(positive, high, low)
        return top + rest * room / room.sum() if rest > 0 and room.sum() > 0 else top
    place = int(np.searchsorted(sums, n, side="right")) - 1
    before, after = steps[place], steps[place + 1]
    factor = before + (after - before) * (n - sums[place]) / (sums[place + 1] - sums[place])
    found: Values = np.clip(factor * a, low, high)
    return found


def _whole(exact: Values, sizes: Values, n: int) -> list[int]:
    """Whole numbers of the same sum: down, then one more by the largest remainders."""
    down = np.floor(exact + 1e-9)
    order = sorted(range(len(exact)), key=lambda h: (-(exact[h] - down[h]), h))
    for h in order[: round(n - down.sum())]:
        down[h] += 1
    return [int(value) for value in np.minimum(down, sizes)]


def _allocation(strata: Sequence[Stratum], exact: Values, counts: Sequence[int], method: str) -> Allocation:
    shares = tuple(Share(s, float(e), int(c)) for s, e, c in zip(strata, exact, counts, strict=True))
    total = sum(s.population * s.mean for s in strata)
    known = math.isfinite(total) and total != 0 and all(math.isfinite(s.spread) for s in strata)
    if not known or any(share.allocated == 0 and share.stratum.spread > 0 for share in shares):
        return Allocation(shares, method, None)
    variance = sum(
        (x.stratum.population * x.stratum.spread) ** 2 / x.allocated * (1 - x.allocated / x.stratum.population)
        for x in shares if x.allocated
    )  # fmt: skip
    return Allocation(shares, method, math.sqrt(variance) / abs(total))
