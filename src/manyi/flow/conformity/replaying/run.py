"""Replaying a draft: the ground is laid, each kind of work is held against it, nothing is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from manyi.core.errors import Refusal
from manyi.core.replay import Compared, Judged, Unknown, missed
from manyi.core.text import Lang, Text
from manyi.flow.conformity.replaying.ground import Ground
from manyi.flow.conformity.replaying.measures import MeasureThen, replay_measures
from manyi.flow.conformity.replaying.occasions import replay_occasions
from manyi.flow.conformity.replaying.records import replay_records
from manyi.flow.conformity.replaying.waves import replay_waves
from manyi.flow.duties.queries import list_owed_between
from manyi.flow.procedure.models import Revision

EARLIEST = 1970
LONGEST = timedelta(days=366 * 10)


@dataclass(frozen=True, slots=True)
class Replay:
    """What a draft would have meant from ``first`` to ``last``: what was looked at, what was or would have been missed,
    and what nothing on record can tell."""

    first: date
    last: date
    looked_at: int
    missed: tuple[Compared, ...]
    unknown: tuple[Unknown, ...]
    measures: tuple[MeasureThen, ...]

    def count(self, change: str) -> int:
        """How many are missed on both sides (``both``), ``only_draft``, or ``only_then``."""
        return sum(one.change == change for one in self.missed)

    def as_json(self, lang: Lang) -> dict[str, Any]:
        """The stable JSON form."""
        return {
            "from": self.first.isoformat(), "to": self.last.isoformat(), "looked_at": self.looked_at,
            "counts": {change: self.count(change) for change in ("only_draft", "both", "only_then")},
            "missed": [_json_of(one, lang) for one in self.missed],
            "measures": [one.as_json(lang) for one in self.measures],
            "unknown": [
                {"rule": u.rule, "title": u.title.in_(lang), "clause": u.clause, "times": u.times} for u in self.unknown
            ],
        }  # fmt: skip


def replay(*, draft: Revision, first: date, last: date, now: datetime, units: Collection[int]) -> Replay:
    """Hold a draft against the past of its document in ``units``, from the day ``first`` to the day ``last``.

    Raises ``Refusal`` for days that are no span. ``draft`` need not be on record; nothing is written.
    """
    if first > last or first.year < EARLIEST or last - first > LONGEST or first > timezone.localdate(now):
        raise Refusal(
            "no_span", "from", f"{first} – {last}",
            Text("至多十年的一段过去的时间", "a span of the past, ten years at most"),
            Text("起始日期不晚于结束日期，也不晚于今天", "The first day is not later than the last, nor than today"),
        )  # fmt: skip
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    document = draft.document
    ledger = list_owed_between(document, start=start, end=end, units=units)
    ground = Ground(document, draft, first, last, start, end, now, units, ledger)
    replay_records(ground)
    replay_waves(ground)
    replay_occasions(ground)
    unknown = tuple(one for one in ground.unknown if one.times)
    return Replay(first, last, len(ground.found), missed(ground.found), unknown, replay_measures(ground))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _json_of(one: Compared, lang: Lang) -> dict[str, Any]:
    past = one.past
    return {
        "change": one.change, "rule": past.rule, "title": past.title.in_(lang), "clause": past.clause,
        "subject": past.subject, "label": past.label, "unit": past.unit,
        "happened": past.done_at.isoformat() if past.done_at else None,
        "then": _side(one.before, lang), "draft": _side(one.after, lang),
    }  # fmt: skip


def _side(side: Judged | None, lang: Lang) -> dict[str, Any] | None:
    if side is None:
        return None
    return {"due": side.due.at.isoformat(), "missed": side.missed, "why": [line.in_(lang) for line in side.due.why]}
