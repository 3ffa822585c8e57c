"""Many tests at once: p values adjusted so that the family keeps its error rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.text import Text

METHODS = ("holm", "bh", "hochberg", "bonferroni")


def adjust(p: Sequence[float] | NDArray[np.float64], method: str = "holm") -> NDArray[np.float64]:
    """Adjusted p values in the order given; reject where the adjusted value is at most α.

    ``holm`` max_{j≤i} (m−j+1)p₍ⱼ₎ and ``hochberg`` min_{j≥i} (m−j+1)p₍ⱼ₎ keep the chance of one false alarm in the
    family, for a confirmatory list (Holm under any dependence, Hochberg under independence or positive dependence);
    ``bh`` min_{j≥i} m·p₍ⱼ₎/j keeps the share of false alarms among the alarms, for exploring; ``bonferroni`` m·p.
    None exceeds 1. Source: Holm 1979, Scand. J. Statistics 6:65; Hochberg 1988, Biometrika 75:800; Benjamini &
    Hochberg 1995, JRSS B 57:289.

    >>> [float(p) for p in adjust([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, float)
    if values.ndim != 1 or not len(values) or not ((values >= 0) & (values <= 1)).all():
        raise Refusal("bad_p", "p", np.array2string(values, threshold=5), Text("0 到 1 之间的数", "numbers from 0 to 1"),
                      Text("请检查 p 值一列", "Check the column of p values"))  # fmt: skip
    m, order = len(values), np.argsort(values, kind="stable")
    ranked, rank = values[order], np.arange(1, m + 1)
    steps = {"holm": m - rank + 1, "hochberg": m - rank + 1, "bh": m / rank, "bonferroni": np.full(m, m)}[method]
    adjusted = steps * ranked
    if method == "holm":
        adjusted = np.maximum.accumulate(adjusted)
    elif method != "bonferroni":
        adjusted = np.minimum.accumulate(adjusted[::-1])[::-1]
    found = np.empty(m)
    found[order] = np.minimum(adjusted, 1.0)
    return found
