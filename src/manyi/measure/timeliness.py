"""Whether complaints and requests were answered in time, those still open included.

A case that is still open and already older than the limit is late, whatever happens to it; one that is open and
younger is not decided yet and counts in neither. The share in time is given with Wilson's interval and between the
bounds that hold if every undecided case turned out late, or in time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.proportions import Proportion, proportion
from manyi.measure.results import Warned
from manyi.measure.survival import Flags, Survival, Values, kaplan_meier

MANY_OPEN = 0.1


@dataclass(frozen=True, slots=True)
class Timeliness:
    """How cases stand against a limit; every time in the unit of the input.

    ``share`` is in time ÷ decided, ``None`` where none is decided; ``lowest`` and ``highest`` are its bounds over all
    cases. ``survival`` is the share not yet closed after a time, from which the median comes. ``negative`` holds the
    places (from 0) of cases that end before they begin; these are in no figure.
    """

    limit: float
    n: int
    closed: int
    in_time: int
    late: int
    late_open: int
    undecided: int
    share: Proportion | None
    lowest: float
    highest: float
    survival: Survival
    negative: tuple[int, ...]
    warnings: tuple[Warned, ...]


def timeliness(lasted: Values, closed: Flags, limit: float, *, level: float = 0.95) -> Timeliness:
    """How ``lasted`` stands against ``limit`` (in time: ≤ limit).

    ``lasted`` runs from receipt to closing, or to the day of the count where ``closed`` is false (shape: one a case).
    Refuses a limit below 0 and no case with a time of 0 or more.

    >>> found = timeliness(np.array([2.0, 8, 9, 30, 3]), np.array([True, True, True, False, False]), 8)
    >>> found.in_time, found.late, found.late_open, found.undecided, found.share.estimate
    (2, 2, 1, 1, 0.5)
    """
    if not limit >= 0:
        raise Refusal("wrong_value", "limit", limit, Text("不小于 0 的时限", "a limit of 0 or more"),
                      Text("例如 limit = 8", "Write limit = 8, for example"))  # fmt: skip
    good = lasted >= 0
    if not good.any():
        raise Refusal("all_missing", "start", 0, Text("至少一个起止时间完整的个案", "a case whose times are known"),
                      Text("请核对时间的列", "Check the columns of times"))  # fmt: skip
    negative = tuple(int(i) for i in np.flatnonzero(lasted < 0))
    times, done = lasted[good], closed[good]
    within = times <= limit
    in_time, undecided = int((within & done).sum()), int((within & ~done).sum())
    n = len(times)
    late = n - in_time - undecided
    decided = in_time + late
    return Timeliness(
        limit=limit,
        n=n,
        closed=int(done.sum()),
        in_time=in_time,
        late=late,
        late_open=int((~within & ~done).sum()),
        undecided=undecided,
        share=proportion(in_time, decided, level=level) if decided else None,
        lowest=in_time / n,
        highest=(in_time + undecided) / n,
        survival=kaplan_meier(times, done, level=level),
        negative=negative,
        warnings=tuple(_warnings(n, n - int(done.sum()), len(negative), decided)),
    )


def _warnings(n: int, still_open: int, negative: int, decided: int) -> list[Warned]:
    found = [Warned("negative_lag", f"n = {negative}")] if negative else []
    if still_open > MANY_OPEN * n:
        found.append(Warned("many_open", f"{still_open}/{n}"))
    if not decided:
        found.append(Warned("nothing_decided", f"n = {n}"))
    elif decided < 30:
        found.append(Warned("small_sample", f"n = {decided}"))
    return found
