"""Methods of sampling, weighting, response and comparison."""

from __future__ import annotations

from manyi.commands.measure.method import Method
from manyi.commands.measure.survey.adjusting import MULTIPLICITY
from manyi.commands.measure.survey.allocating import ALLOCATE
from manyi.commands.measure.survey.differing import DIFFERENCE
from manyi.commands.measure.survey.drawing import DRAW
from manyi.commands.measure.survey.estimating import ESTIMATE
from manyi.commands.measure.survey.outcomes import AAPOR
from manyi.commands.measure.survey.raking import RAKE
from manyi.commands.measure.survey.rating import NPS
from manyi.commands.measure.survey.shares import PROPORTION

METHODS: tuple[Method, ...] = (ALLOCATE, DRAW, AAPOR, RAKE, ESTIMATE, PROPORTION, DIFFERENCE, MULTIPLICITY, NPS)
