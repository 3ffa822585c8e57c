"""Every warning a method can give, worded once, as named codes. ``{about}`` is filled in."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text
from manyi.measure.warnings.attributes import ATTRIBUTES
from manyi.measure.warnings.general import GENERAL
from manyi.measure.warnings.models import MODELS
from manyi.measure.warnings.survey import SURVEY

WARNINGS: Mapping[str, Text] = {**GENERAL, **SURVEY, **MODELS, **ATTRIBUTES}
