"""What a wave's figures bear beyond themselves: how sure they are, what matters most, which words divide customers.

Reckoned once by the jobs and kept with the result as JSON; pages and papers only tell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from manyi.core.text import Text

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
class Insight:
    """All of it; ``why`` tells for a part that is missing what the figures do not bear."""

    certainty: tuple[Text, ...] = ()
    priorities: Priorities | None = None
    terms: Terms | None = None
    why: tuple[Text, ...] = ()


NONE = Insight()


def as_json(insight: Insight) -> dict[str, Any]:
    """As it is kept."""
    found = asdict(insight)
    found["certainty"], found["why"] = (
        [{"zh": t.zh, "en": t.en} for t in part] for part in (insight.certainty, insight.why)
    )
    return found


def read_insight(kept: Mapping[str, Any]) -> Insight:
    """What ``as_json`` wrote; nothing where nothing was kept."""
    map_, terms = kept.get("priorities"), kept.get("terms")
    return Insight(
        _texts(kept.get("certainty", ())),
        Priorities(**{**map_, "drivers": tuple(Driver(**one) for one in map_["drivers"])}) if map_ else None,
        Terms(terms["comments"], tuple(terms["above"]), tuple(terms["below"])) if terms else None,
        _texts(kept.get("why", ())),
    )


def _texts(rows: Any) -> tuple[Text, ...]:
    return tuple(Text(row["zh"], row["en"]) for row in rows)
