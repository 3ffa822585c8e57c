"""What comes round and what events call for under a draft, beside what the ledger says was owed and done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from manyi.base.evidence.models import Event
from manyi.base.evidence.queries import list_events_between, list_events_by_number
from manyi.base.people.models import Unit
from manyi.core.dues import start_of
from manyi.core.occasions import OnEvent, OwedRule, Recurring, occasion_of, published, times_in, windows
from manyi.core.periods import Period
from manyi.core.replay import Clock, Past
from manyi.flow.conformity.replaying.ground import Ground, due_then, local_day, past_of
from manyi.flow.duties.happened import KINDS, facts_of, names_of
from manyi.flow.duties.models import Duty
from manyi.flow.duties.rules import get_owed_rules, owners_of, reigns_of
from manyi.flow.procedure.queries import find_revision_in_force

EVENT = "event:"
AROUND = timedelta(days=400)
"""So far from its beginning a window is looked for that has the key of one in the ledger."""
Rows = dict[tuple[str, int], list[datetime]]


def replay_occasions(ground: Ground) -> None:
    """All that is left of the ledger, and what the draft would have asked for beside it."""
    rules = {rule.rule: rule for rule in get_owed_rules(ground.draft)}
    left = [duty for duty in ground.ledger if duty.pk not in ground.used]
    events = list_events_by_number(_number(duty) for duty in left if duty.subject.startswith(EVENT))
    for duty in left:
        rule = rules.get(duty.rule)
        called = events.get(_number(duty)) if duty.subject.startswith(EVENT) else None
        clock = None
        if rule is not None and called is not None:
            clock = _clock_of_event(ground, rule, called, duty.unit)
        elif rule is not None and duty.begins_at is not None:
            clock = _clock_of_window(ground, rule, duty)
        elif duty.subject.startswith("records."):
            continue  # a task of a record: its day stands in the record, no revision changes it
        ground.tell(past_of(duty, duty.period or str(local_day(duty.opened_at))), due_then(duty), clock)
    for rule in rules.values():
        _come_round(ground, rule)
    _called_for(ground, rules)


def _number(duty: Duty) -> int:
    number = duty.subject.removeprefix(EVENT).partition(":")[0]
    return int(number) if number.isdecimal() else 0


def _clock_of_event(ground: Ground, rule: OwedRule, event: Event, unit: Unit) -> Clock | None:
    names = names_of(event, ground.draft)
    if occasion_of(rule, names, published(facts_of(event, ground.draft))) is None:
        return None
    day = local_day(event.happened_at)
    window = Period(str(day.year), day, date(day.year, 12, 31))
    instants = {**times_in(event.facts), **dict.fromkeys(names, event.happened_at)}
    return Clock(rule.term, ground.calendar(rule.calendar, unit), event.happened_at, window, instants)


def _clock_of_window(ground: Ground, rule: OwedRule, duty: Duty) -> Clock | None:
    day = local_day(duty.begins_at or duty.opened_at)
    for occasion in _recurring(rule):
        for window in windows(occasion, day - AROUND, day + AROUND):
            if window.key == duty.period:
                return _clock(ground, rule, window, duty.unit)
    return None


def _clock(ground: Ground, rule: OwedRule, window: Period, unit: Unit) -> Clock:
    calendar = ground.calendar(rule.calendar, unit)
    return Clock(rule.term, calendar, start_of(window, calendar), window, {})


def _recurring(rule: OwedRule) -> Iterator[Recurring]:
    return (occasion for occasion in rule.opens if isinstance(occasion, Recurring))


def _come_round(ground: Ground, rule: OwedRule) -> None:
    """The windows of the draft for which the ledger has no duty of their own: another cadence, another unit, or new.

    Where the rule was in force, the work done is set against the new windows in turn; where it was not, nothing tells.
    """
    rows = [duty for duty in ground.ledger if duty.rule == rule.rule]
    owed = {(duty.period, duty.unit_id) for duty in rows}
    done: Rows = defaultdict(list)
    for duty in rows:
        if duty.happened_at is not None:
            done[rule.rule, duty.unit_id].append(duty.happened_at)
    last = min(ground.last, local_day(ground.now))
    first = max(ground.first, min((reign.first for reign in reigns_of(ground.document)), default=date.max))
    for occasion in _recurring(rule) if first <= last else ():
        for window in windows(occasion, first, last):
            for owner in owners_of(rule, occasion.per, ground.draft, ground.document.unit):
                if (window.key, owner.unit.pk) in owed or owner.unit.pk not in ground.units:
                    continue
                if not rows:
                    ground.asked[rule.rule, rule.title, rule.clause] += 1
                    continue
                clock = _clock(ground, rule, window, owner.unit)
                past = Past(
                    rule.rule, rule.title, rule.clause, "", window.key, owner.unit.name,
                    _taken(done[rule.rule, owner.unit.pk], clock.opened),
                )  # fmt: skip
                ground.tell(past, None, clock)


def _taken(done: list[datetime], start: datetime) -> datetime | None:
    """The first time it was done since ``start``; one doing serves one window."""
    found = min((at for at in done if at >= start), default=None)
    if found is not None:
        done.remove(found)
    return found


def _called_for(ground: Ground, rules: dict[str, OwedRule]) -> None:
    """Events that call for something under the draft and did not under the revision in force when they happened."""
    asking = [rule for rule in rules.values() if any(isinstance(o, OnEvent) for o in rule.opens)]
    if not asking:
        return
    for event in list_events_between(start=ground.start, end=ground.end, kinds=KINDS):
        if event.unit is not None and event.unit not in ground.units:
            continue
        names, known = names_of(event, ground.draft), published(facts_of(event, ground.draft))
        wanted = [rule for rule in asking if occasion_of(rule, names, known) is not None]
        then = find_revision_in_force(ground.document, local_day(event.happened_at)) if wanted else None
        before = {rule.rule: rule for rule in get_owed_rules(then)} if then else {}
        for rule in wanted:
            old = before.get(rule.rule)
            asked = old is not None and then is not None and occasion_of(
                old, names_of(event, then), published(facts_of(event, then))
            ) is not None  # fmt: skip
            if not asked:
                ground.asked[rule.rule, rule.title, rule.clause] += 1
