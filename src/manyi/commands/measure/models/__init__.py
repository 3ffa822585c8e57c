"""Methods of path models, reliability and drivers."""

from __future__ import annotations

from manyi.commands.measure.method import Method
from manyi.commands.measure.models.driving import DRIVERS
from manyi.commands.measure.models.index import INDEX
from manyi.commands.measure.models.plspm import PLSPM
from manyi.commands.measure.models.scales import ALPHA, OMEGA

METHODS: tuple[Method, ...] = (PLSPM, INDEX, ALPHA, OMEGA, DRIVERS)
