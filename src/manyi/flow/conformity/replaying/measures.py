"""The measures of a draft over the past: each figure at the end of its periods, beside what the revision then in force
held it to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from manyi.core.figures import exact
from manyi.core.limits import Limit
from manyi.core.measures import Figure, Key, MeasureRule
from manyi.core.periods import periods
from manyi.core.text import Lang, Text
from manyi.flow.conformity.replaying.ground import Ground, local_day
from manyi.flow.conformity.wording import said_of
from manyi.flow.findings.measuring import Asking, Measured, measure
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import find_revision_in_force, read_revision
from manyi.language.measures import measures_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeasureThen:
    """A figure missed under the draft, or under the revision then in force, or under both."""

    rule: MeasureRule
    period: str
    case: Key
    before: Figure | None
    after: Figure | None

    @property
    def change(self) -> str:
        """``both``, ``only_draft``, ``only_then`` or ``none``."""
        then, now = (side is not None and side.is_met is False for side in (self.before, self.after))
        return {(True, True): "both", (False, True): "only_draft", (True, False): "only_then"}.get((then, now), "none")

    @property
    def then(self) -> Text | None:
        """The figure and its limit of then, in words."""
        return said_of(self.rule, self.before) if self.before and self.before.value is not None else None

    @property
    def draft(self) -> Text | None:
        """The figure and its limit under the draft, in words."""
        return said_of(self.rule, self.after) if self.after and self.after.value is not None else None

    def as_json(self, lang: Lang) -> dict[str, object]:
        """The stable JSON form."""
        return {
            "change": self.change, "measure": self.rule.key, "title": self.rule.title.in_(lang),
            "clauses": list(self.rule.clauses), "period": self.period, "case": list(self.case),
            "then": _json_of(self.before), "draft": _json_of(self.after),
        }  # fmt: skip


def replay_measures(ground: Ground) -> tuple[MeasureThen, ...]:
    """Every figure that did not keep its limit on one side, by measure, time and case."""
    found: list[MeasureThen] = []
    for rule in measures_of(ground.procedure):
        for at in _times(ground, rule):
            then = find_revision_in_force(ground.document, local_day(at))
            after = measure(Asking(ground.draft, ground.units, at), rule)
            found += _compare(after, _measured_then(ground, then, rule.key, at))
    return tuple(one for one in found if one.change != "none")


def _measured_then(ground: Ground, then: Revision | None, key: str, at: datetime) -> Measured | None:
    rules = measures_of(read_revision(then)) if then is not None else ()
    rule = next((known for known in rules if known.key == key), None)
    return measure(Asking(then, ground.units, at), rule) if rule is not None and then is not None else None


def _compare(after: Measured, before: Measured | None) -> Iterator[MeasureThen]:
    now = {figure.key: figure for figure in after.figures}
    then = {figure.key: figure for figure in before.figures} if before else {}
    period = after.window.key if after.window else ""
    for key in sorted(now.keys() | then.keys()):
        yield MeasureThen(after.rule, period, key, then.get(key), now.get(key))


def _times(ground: Ground, rule: MeasureRule) -> Iterator[datetime]:
    """When it is looked at: at the end of each of its periods, else of each month, and at the end of the time unless
    that would be too early to judge it."""
    last = min(ground.last, local_day(ground.now))
    ends = [period.last for period in periods(rule.every or "month", ground.first, last) if period.last <= last]
    if not (rule.every and rule.is_floor) and last not in ends:
        ends.append(last)
    for end in ends:
        # a floor is judged when its period is over, a ceiling while it still runs
        at = _midnight(end + DAY) - (timedelta() if rule.every and rule.is_floor else timedelta(microseconds=1))
        yield min(at, ground.now)


def _json_of(figure: Figure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    limit: Limit | None = figure.limit
    return {
        "figure": float(figure.value) if figure.value is not None else None,
        "exact": exact(figure.value) if figure.value is not None else None,
        "limit": {"word": limit.word, "value": float(limit.value)} if limit else None, "met": figure.is_met,
        "n": figure.n,
    }  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
