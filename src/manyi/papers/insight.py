"""What a wave's figures bear beyond themselves: how sure they are, what matters most, which words divide customers.

Reckoned once by the jobs and kept with the result as JSON; pages and papers only tell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from manyi.core.text import Text

CAUTIOUS, ALPHA = 30, 0.05
"""Below 30 sheets nothing is ranked; above 5 % a difference is within chance."""
QUADRANTS = {
    "concentrate": Text("优先改进", "Improve first"), "keep up": Text("继续保持", "Keep up"),
    "low priority": Text("可缓改进", "Can wait"), "overkill": Text("无需加力", "No more effort"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Driver:
    """One item: its share (0–1) of what makes sheets differ with 95 % limits, its score, and where that puts it.

    ``undecided``: chance alone could put it into another quadrant.
    """

    item: str
    importance: float
    lower: float
    upper: float
    performance: float
    quadrant: str
    undecided: bool


@dataclass(frozen=True, slots=True)
class Priorities:
    """The importance map of ``n`` sheets; the lines stand at the means of the items."""

    n: int
    importance: float
    performance: float
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words written more by customers above the overall figure than by those below it, and the reverse."""

    comments: int
    above: tuple[str, ...]
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A product's score minus its ``against`` (``target`` or ``previous``), with the 95 % limits of this difference.

    ``p`` is adjusted over all contrasts of the wave (Holm), the limits are not.
    """

    product: str
    against: str
    difference: float
    lower: float
    upper: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether this is more than chance, with all the other comparisons in mind."""
        return self.p <= ALPHA


@dataclass(frozen=True, slots=True)
class Insight:
    """All of it; ``why`` tells for a part that is missing what the figures do not bear.

    ``interval`` are the 95 % limits of the overall figure, where its error could be reckoned.
    """

    certainty: tuple[Text, ...] = ()
    priorities: Priorities | None = None
    terms: Terms | None = None
    why: tuple[Text, ...] = ()
    interval: tuple[float, float] | None = None
    contrasts: tuple[Contrast, ...] = ()


NONE = Insight()


def as_json(insight: Insight) -> dict[str, Any]:
    """As it is kept."""
    found = asdict(insight)
    found["certainty"], found["why"] = (
        [{"zh": t.zh, "en": t.en} for t in part] for part in (insight.certainty, insight.why)
    )
    return found


def is_whole(kept: Mapping[str, Any]) -> bool:
    """Whether every part was looked for when this was kept; an earlier release knew fewer of them."""
    return all(part.name in kept for part in fields(Insight))


def read_insight(kept: Mapping[str, Any]) -> Insight:
    """What ``as_json`` wrote; nothing where nothing was kept."""
    map_, terms, interval = kept.get("priorities"), kept.get("terms"), kept.get("interval")
    return Insight(
        _texts(kept.get("certainty", ())),
        Priorities(**{**map_, "drivers": tuple(Driver(**one) for one in map_["drivers"])}) if map_ else None,
        Terms(terms["comments"], tuple(terms["above"]), tuple(terms["below"])) if terms else None,
        _texts(kept.get("why", ())),
        (interval[0], interval[1]) if interval else None,
        tuple(Contrast(**one) for one in kept.get("contrasts", ())),
    )


def _texts(rows: Any) -> tuple[Text, ...]:
    return tuple(Text(row["zh"], row["en"]) for row in rows)
