"""Silence: a customer who has not ordered for longer than it ever used to.

Every customer is held against the quantile of its own past gaps; one with too few gaps against that of its class. A
gap is the number of days between two days with an order. Beyond the limit a customer is *silent*, beyond twice the
limit *lost*; one that came back after so long a gap is *won back* until it has ordered again. On the public record of a
music shop (CDNOW 1997–98) the plain time since the last order foretells later orders as well as any model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

Values = NDArray[np.float64]
Status = Literal["active", "won_back", "silent", "lost", "unknown"]
LOST = 2


@dataclass(frozen=True, slots=True)
class Silence:
    """One customer: days with an order, days since the last, the limit it is held against and whose limit it is.

    ``limit`` is ``None`` and ``status`` *unknown* where neither the customer nor its class has gaps enough.
    """

    name: str
    orders: int
    last: float
    silent: float
    limit: float | None
    own: bool
    status: Status


def silences(
    days: Mapping[str, Sequence[float]],
    until: float,
    *,
    classes: Mapping[str, str] | None = None,
    quantile: float = 0.95,
    least: int = 5,
) -> tuple[Silence, ...]:
    """Every customer of ``days`` (name → days of its orders, as numbers) on the day ``until``.

    Quantiles interpolate linearly (Hyndman & Fan 1996, type 7). ``classes`` names each customer's class; without it
    all are one class. Refuses days after ``until`` and a ``quantile`` outside 0–1.

    >>> found = silences({"a": [0, 30, 60, 95, 120, 150], "b": [140]}, 200)
    >>> [(s.name, s.silent, round(s.limit, 6), s.own, s.status) for s in found]
    [('a', 50.0, 34.0, True, 'silent'), ('b', 60.0, 34.0, False, 'silent')]
    """
    if not 0 < quantile < 1:
        raise Refusal("wrong_value", "quantile", quantile, Text("0 到 1 之间的数", "a number between 0 and 1"),
                      Text("例如 0.95", "Write 0.95, for example"))  # fmt: skip
    known = {name: np.unique(np.asarray(given, float)) for name, given in days.items()}
    late = [name for name, given in known.items() if given[-1] > until]
    if late:
        raise Refusal("after_until", "until", late[0], Text("截止日之前的订单", "orders up to the day of the count"),
                      Text("请改截止日或删去其后的订单", "Move the day, or leave out what comes after it"))  # fmt: skip
    gaps = {name: np.diff(given) for name, given in known.items()}
    pooled: dict[str, list[Values]] = {}
    for name, own in gaps.items():
        pooled.setdefault(_class(classes, name), []).append(own)
    limits = {key: _limit(np.concatenate(parts), quantile, least) for key, parts in pooled.items()}
    return tuple(
        _silence(name, known[name], gaps[name], until, limits[_class(classes, name)], quantile, least) for name in days
    )


def _class(classes: Mapping[str, str] | None, name: str) -> str:
    return "" if classes is None else classes[name]


def _limit(gaps: Values, quantile: float, least: int) -> float | None:
    return float(np.quantile(gaps, quantile)) if len(gaps) >= least else None


def _silence(
    name: str, days: Values, gaps: Values, until: float, shared: float | None, quantile: float, least: int
) -> Silence:
    own = _limit(gaps, quantile, least)
    limit = shared if own is None else own
    silent = until - float(days[-1])
    status = "unknown" if limit is None else _status(silent, limit, gaps, shared, quantile, least)
    return Silence(name, len(days), float(days[-1]), silent, limit, own is not None, status)


def _status(silent: float, limit: float, gaps: Values, shared: float | None, quantile: float, least: int) -> Status:
    if silent > limit:
        return "lost" if silent > LOST * limit else "silent"
    # a long gap would raise the very limit it is held against: what counts is the limit from the gaps before it
    before = _limit(gaps[:-1], quantile, least) or shared or limit
    return "won_back" if len(gaps) and gaps[-1] > LOST * before else "active"
