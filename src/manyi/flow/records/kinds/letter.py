"""A letter or sheet that waits for an answer: what is out, until when, and what came of it."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
