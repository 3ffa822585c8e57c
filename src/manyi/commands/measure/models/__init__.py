"""Methods of path models, reliability and drivers."""

from __future__ import annotations

from manyi.commands.measure.method import Method

METHODS: tuple[Method, ...] = ()
