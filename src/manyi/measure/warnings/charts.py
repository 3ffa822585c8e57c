"""Warnings of control charts and timeliness."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

CHARTS: Mapping[str, Text] = {}
