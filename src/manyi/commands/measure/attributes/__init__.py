"""Methods of attributes, control charts, customer loss and comments."""

from __future__ import annotations

from manyi.commands.measure.attributes.cases import CASES
from manyi.commands.measure.attributes.charts import CHARTS
from manyi.commands.measure.attributes.comments import COMMENTS
from manyi.commands.measure.attributes.loss import LOSS
from manyi.commands.measure.attributes.pairs import PAIRS
from manyi.commands.measure.method import Method

METHODS: tuple[Method, ...] = (*PAIRS, *CHARTS, *LOSS, *CASES, *COMMENTS)
