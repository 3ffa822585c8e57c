"""An observation of work: what was done well, what was not, and what was done about it at once."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
