"""What the chain is made of: an event's content in canonical form, and the hash of a link."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""What the first link hangs on."""


def content_of(event: Any) -> str:
    """An event as canonical JSON: sorted keys, no spaces, instants in UTC to the microsecond."""
    return json.dumps(
        {
            "id": event.pk, "kind": event.kind, "subject": event.subject, "unit": event.unit, "actor": event.actor,
            "at": _instant(event.at), "happened_at": _instant(event.happened_at), "period": event.period,
            "procedure": event.procedure, "facts": event.facts, "digest": event.digest, "simulated": event.simulated,
        },
        sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip


def digest_of(content: Any) -> str:
    """SHA-256 over what an event is about, in canonical JSON: what the evidence holds of it instead of the thing.

    >>> digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def hash_of(prev: str, content: str) -> str:
    """The hash of a link: SHA-256 over the hash before it and the content.

    >>> hash_of(FIRST, "{}")[:12]
    '5649d09ed68c'
    """
    return hashlib.sha256(f"{prev}\n{content}".encode()).hexdigest()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
