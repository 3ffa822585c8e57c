"""Methods of attribute methods, control charts, loss and comments."""

from __future__ import annotations

from manyi.commands.measure.method import Method

METHODS: tuple[Method, ...] = ()
