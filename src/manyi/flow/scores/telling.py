"""What a page tells of a result beyond its figures."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.core.text import Text
from manyi.flow.plan.queries import get_rules
from manyi.flow.scores.models import Result
from manyi.measure.findings import title_of
from manyi.papers.insight import QUADRANTS, Driver, Insight, read_insight


@dataclass(frozen=True, slots=True)
class Told:
    """The insight of a result, and each item of its map with its title and where it stands in words."""

    insight: Insight
    items: tuple[tuple[Driver, Text, Text], ...]


def tell(result: Result) -> Told:
    """What there is to tell, the item that matters most first."""
    insight, rules = read_insight(result.insight), get_rules(result.wave)
    drivers = insight.priorities.drivers if insight.priorities else ()
    ordered = sorted(drivers, key=lambda one: -one.importance)
    return Told(insight, tuple((one, title_of(rules, "item", one.item), QUADRANTS[one.quadrant]) for one in ordered))
