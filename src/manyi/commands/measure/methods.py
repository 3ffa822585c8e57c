"""Every method of the command, by name; each family stands in a folder of its own."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.commands.measure import attributes, models, survey
from manyi.commands.measure.method import Method

METHODS: Mapping[str, Method] = {
    method.name: method for family in (survey, models, attributes) for method in family.METHODS
}
