"""Methods of sampling, weighting, response and comparison."""

from __future__ import annotations

from manyi.commands.measure.method import Method

METHODS: tuple[Method, ...] = ()
