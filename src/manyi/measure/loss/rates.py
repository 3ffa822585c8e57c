"""Loss rates of a period: customers lost, sales lost, and sales kept from those who were customers before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.proportions import Proportion, proportion

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LossRate:
    """The loss among ``n`` customers.

    ``rate`` is the share of customers lost, with its interval. ``sales_lost`` = sales before of those lost ÷ sales
    before of all; ``kept`` (net retention) = sales now ÷ sales before of all, lost ones with what they still bought;
    both ``None`` without these sales, or where those before are nothing.
    """

    n: int
    lost: int
    rate: Proportion
    sales_lost: float | None
    kept: float | None


def loss_rate(
    lost: NDArray[np.bool_], before: Values | None = None, now: Values | None = None, *, level: float = 0.95
) -> LossRate:
    """The loss of one group; ``lost``, ``before`` and ``now`` hold one value a customer.

    The interval is Wilson's: it treats the customers as a sample of what the business loses in such a period.
    Refuses no customers and sales below 0.

    >>> found = loss_rate(np.array([True, False, False, False]), np.array([50.0, 100, 50, 0]), np.array([0.0, 120, 40, 8]))
    >>> found.rate.estimate, found.sales_lost, found.kept
    (0.25, 0.25, 0.84)
    """
    for name, sales in (("before", before), ("now", now)):
        if sales is not None and (sales < 0).any():
            raise Refusal("negative", name, float(sales.min()), Text("不小于 0 的销售额", "sales of 0 or more"),
                          Text("退货请并入原销售", "Set returns against the sale they belong to"))  # fmt: skip
    whole = float(before.sum()) if before is not None else 0.0
    sold = before is not None and whole > 0
    return LossRate(
        n=len(lost),
        lost=int(lost.sum()),
        rate=proportion(int(lost.sum()), len(lost), level=level),
        sales_lost=float(before[lost].sum()) / whole if before is not None and sold else None,
        kept=float(now.sum()) / whole if now is not None and sold else None,
    )
