"""An inbox: cases with running clocks, from whoever speaks up to the answer and the follow-up."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
