"""Warnings of customer loss."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

LOSS: Mapping[str, Text] = {}
