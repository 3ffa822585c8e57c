"""Warnings of path models, reliability and drivers."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

MODELS: Mapping[str, Text] = {}
