"""Warnings of sampling, weighting, response and comparison."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

SURVEY: Mapping[str, Text] = {}
