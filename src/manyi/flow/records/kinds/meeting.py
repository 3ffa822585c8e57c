"""A meeting: its notice, who came, what was said and decided."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
