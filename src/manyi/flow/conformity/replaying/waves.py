"""The steps of survey waves and of their reports under a draft."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from manyi.core.periods import Period
from manyi.core.replay import Clock
from manyi.core.steps import StepRule
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.conformity.replaying.ground import Ground, due_then, local_day, past_of
from manyi.flow.duties.models import Duty
from manyi.flow.plan.models import Wave
from manyi.flow.plan.queries import (
    SUBJECT,
    get_rules,
    list_rules_of_steps,
    list_waves_by_subject,
    start_of_fixed,
    subject_of,
)
from manyi.flow.procedure.queries import get_wave_rules


def replay_waves(ground: Ground) -> None:
    """Every wave on which something was owed in the time replayed."""
    owed: dict[str, list[Duty]] = defaultdict(list)
    for duty in ground.ledger:
        if duty.subject.startswith(SUBJECT):
            owed[duty.subject].append(duty)
    for wave in list_waves_by_subject(sorted(owed)):
        duties = owed[subject_of(wave)]
        ground.used.update(duty.pk for duty in duties)
        is_asked = wave.programme in ground.procedure.programmes
        _replay(ground, wave, duties, get_wave_rules(ground.draft, wave.programme) if is_asked else None)


def _replay(ground: Ground, wave: Wave, duties: list[Duty], rules: WaveRules | None) -> None:
    steps = list_rules_of_steps(rules) if rules else []
    known = {rule for rule, _ in list_rules_of_steps(get_rules(wave))}
    by_rule = dict(steps)
    for duty in duties:
        step = by_rule.get(duty.rule)
        clock = _clock(ground, wave, rules, duty, step, steps, duties) if step is not None and rules else None
        ground.tell(
            past_of(duty, Text(wave.title_zh, wave.title_en).in_("zh") + f" {wave.year}"), due_then(duty), clock
        )
    for rule, step in steps:
        if rule not in known:
            ground.asked[rule, step.title, step.clause] += 1


def _clock(
    ground: Ground,
    wave: Wave,
    rules: WaveRules,
    duty: Duty,
    step: StepRule,
    steps: list[tuple[str, StepRule]],
    duties: list[Duty],
) -> Clock:
    """A step opens when the one before it in the draft was done; the first with the wave."""
    done = {one.rule: one.happened_at for one in duties if one.happened_at and one.pk != duty.pk}
    order = [rule for rule, _ in steps]
    before = [rule for rule in order[: order.index(duty.rule)] if rule in done]
    opened = done[before[-1]] if before else wave.opened_at
    first = start_of_fixed(rules, wave, duty.rule)
    last = date(max(wave.year, local_day(wave.opened_at).year, first.year), 12, 31)
    instants = {rule.rpartition(".")[2]: at for rule, at in done.items()}
    calendar = ground.calendar(rules.calendar, wave.unit)
    return Clock(step.term, calendar, opened, Period(str(wave.year), first, last), instants)
