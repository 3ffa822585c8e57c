"""A routed review: who has to say what before something is accepted, and who has."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
