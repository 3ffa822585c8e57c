"""Warnings of attribute methods, control charts, loss and comments."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

ATTRIBUTES: Mapping[str, Text] = {}
