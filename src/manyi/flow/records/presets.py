"""What a day or time of a form begins with, where the procedure proposes one: ``next day 17:00``, ``10 days``."""

from __future__ import annotations

import re
from datetime import datetime, time

from django.utils import timezone

from manyi.core.durations import date_after, parse_duration

_WRITTEN = re.compile(r"(?P<span>.+?)(?: (?P<clock>([01]\d|2[0-3]):[0-5]\d))?")


def moment_of(written: str, at: datetime) -> datetime | None:
    """The local instant a procedure proposes, counted from ``at``; without a clock it keeps the one of ``at``.

    ``None`` for what is no span of calendar days: nothing is proposed then, and the person fills it in.
    """
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        return None
    local = timezone.localtime(at)
    try:
        day = date_after(local.date(), parse_duration(match["span"]))
    except (ValueError, OverflowError):
        return None
    clock = time.fromisoformat(match["clock"]) if match["clock"] else local.time().replace(second=0, microsecond=0)
    return timezone.make_aware(datetime.combine(day, clock))
