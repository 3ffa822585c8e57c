"""Pareto: which few causes make most of the complaints, by number, cost or severity.

Categories in falling order with their share and the cumulated share; the *vital few* are those needed to reach a
stated part of the whole. Source: Juran 1951, *Quality Control Handbook*; ISO/TR 10017.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.proportions import proportion
from manyi.measure.results import Interval, Warned


@dataclass(frozen=True, slots=True)
class Cause:
    """One category: how many cases, what they weigh, and the share of the weight up to and with it.

    ``interval`` is Wilson's for the share of the *number* of cases; for cost or severity there is none.
    """

    name: str
    count: int
    weight: float
    share: float
    cumulated: float
    vital: bool
    interval: Interval | None


def pareto(
    counts: Mapping[str, int], weights: Mapping[str, float] | None = None, *, part: float = 0.8, level: float = 0.95
) -> tuple[Cause, ...]:
    """The categories from the heaviest on, equal ones by name; ``weights`` (cost, severity) default to the counts.

    Refuses a ``part`` outside 0–1, negative weights, and a whole of nothing.

    >>> [(c.name, c.cumulated, c.vital) for c in pareto({"late": 6, "rude": 1, "wrong": 3})]
    [('late', 0.6, True), ('wrong', 0.9, True), ('rude', 1.0, False)]
    """
    if not 0 < part <= 1:
        raise Refusal("wrong_value", "part", part, Text("0 到 1 之间的数", "a number above 0, at most 1"),
                      Text("例如 0.8", "Write 0.8, for example"))  # fmt: skip
    weighed: Mapping[str, float] = counts if weights is None else weights
    whole, cases = sum(weighed.values()), sum(counts.values())
    if not whole > 0 or any(w < 0 for w in weighed.values()):
        raise Refusal("nothing_to_share", "weight", whole, Text("不小于 0、合计大于 0 的数", "numbers of 0 or more, above 0 in sum"),
                      Text("请核对数量或金额", "Check the counts or the amounts"))  # fmt: skip
    found: list[Cause] = []
    before = 0.0
    for name in sorted(weighed, key=lambda key: (-weighed[key], key)):
        reached = before + weighed[name]
        interval = proportion(counts[name], cases, level=level).interval if weights is None else None
        # a category of nothing is never one of the vital few, not even while the part is not reached
        vital = before < part * whole * (1 - 1e-12) and weighed[name] > 0
        found.append(
            Cause(name, counts[name], float(weighed[name]), weighed[name] / whole, reached / whole, vital, interval)
        )
        before = reached
    return tuple(found)


def cautions(causes: tuple[Cause, ...]) -> tuple[Warned, ...]:
    """What to bear in mind: hardly any cases, or no category that stands out."""
    cases, several = sum(cause.count for cause in causes), len(causes) > 1
    found = [Warned("small_sample", f"n = {cases}")] if cases < 30 else []
    if several and causes[0].interval and causes[0].interval.lower <= 1 / len(causes):
        found.append(Warned("no_vital_few", f"{causes[0].name}: {causes[0].count}/{cases}"))
    return tuple(found)
