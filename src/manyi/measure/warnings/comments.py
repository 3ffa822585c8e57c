"""Warnings of written comments."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

COMMENTS: Mapping[str, Text] = {}
