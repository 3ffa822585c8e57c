"""A report made where the work is done, with pictures and the customer's signature."""

from __future__ import annotations

from manyi.flow.records.kinds.kind import PageKind

PAGE = PageKind()
