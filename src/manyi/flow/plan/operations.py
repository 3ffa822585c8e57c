"""Opening a wave, and carrying it from step to step: every open step is a duty."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction

from manyi.base.calendars.queries import get_calendar
from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.notices.operations import News, tell
from manyi.base.people.access import CannotDo, require
from manyi.base.people.models import Person, Unit
from manyi.base.people.queries import list_holders
from manyi.core.dues import due_of, escalation_at, warnings_of
from manyi.core.periods import Period
from manyi.core.steps import StepRule
from manyi.core.text import Text
from manyi.core.waves import OF, WaveRules
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import discharge_duty, open_duty, supersede_duty
from manyi.flow.duties.queries import list_done_times, list_owed, list_subjects_with_waived, next_round
from manyi.flow.plan.models import Wave, Yardstick
from manyi.flow.plan.queries import (
    SUBJECT,
    count_waves,
    get_rules,
    list_rules_of_steps,
    list_waves_by_subject,
    local_day,
    rule_of,
    start_of_fixed,
    subject_of,
)
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import find_revision_in_force, get_wave_rules
from manyi.language.rights import STEPS


class CannotOpenWave(CannotDo):
    """The wave cannot be opened as asked."""


class CannotReport(CannotDo):
    """The step is not one that is reported done, or not now."""


class CannotChangeWave(CannotDo):
    """The wave is closed; what it says stands."""


def open_wave(
    *,
    by: Person,
    at: datetime,
    revision: Revision,
    programme: str,
    unit: Unit,
    year: int,
    frame_on: date,
    about: str = "",
) -> Wave:
    """Open a wave of ``programme`` for ``year`` under a revision in force, and the duty of its first step.

    A survey of every year has one wave a year; another one as many as are called for, told apart by what they are
    ``about``.
    """
    require(by, "plan.open_wave", unit)
    if find_revision_in_force(revision.document, local_day(at)) != revision:
        raise CannotOpenWave(
            Text("该版本的程序未生效，不能据以开展调查", "No wave can be opened: this revision is not in force")
        )
    rules = get_wave_rules(revision, programme)
    run = 1 if rules.yearly else count_waves(rules.programme, unit, year) + 1
    title = _title(rules.programme_title, about.strip(), run)
    try:
        with transaction.atomic():
            wave = Wave.objects.create(
                revision=revision, programme=rules.programme, title_zh=title.zh, title_en=title.en, unit=unit,
                year=year, run=run, opened_at=at, frame_on=frame_on,
            )  # fmt: skip
            record_event(
                kind="plan.wave.opened", subject=subject_of(wave), unit=unit, by=by, at=at, period=str(year),
                procedure=str(revision), facts={"programme": rules.programme, "frame_on": frame_on.isoformat()},
            )  # fmt: skip
            carry_on(by=by, at=at, wave=wave)
    except IntegrityError:
        raise CannotOpenWave(
            Text(f"{year} 年的这项调查已经开展", f"This survey already has its wave of {year}"),
        ) from None
    return wave


def _title(programme: Text, about: str, run: int) -> Text:
    """The programme's title, with what the wave is about or the how manieth of its year it is."""
    mark = about or (str(run) if run > 1 else "")
    zh, en = programme.in_("zh"), programme.in_("en")
    return Text(f"{zh}（{mark}）", f"{en} ({mark})") if mark else Text(zh, en)


def finish_step(*, by: Person, at: datetime, wave: Wave, step: str, evidence: Event, happened_at: datetime) -> None:
    """Discharge the duty of ``step`` with its evidence and open what follows it; nothing where it is not owed now.

    ``step`` is the key of a step of the programme (``send``) or of its report (``prepare``), or the full rule as duties
    carry it: ``<programme>.<step>`` or ``<report record>.<step>``.
    """
    with transaction.atomic():
        done = discharge_duty(
            by=by, at=at, rule=rule_of(get_rules(wave), step), subject=subject_of(wave), evidence=evidence,
            happened_at=happened_at,
        )  # fmt: skip
        if done is not None:
            carry_on(by=by, at=at, wave=wave)


def take_step_back(*, by: Person, at: datetime, wave: Wave, rule: str, reason: str) -> None:
    """A step that was done is owed again, with a new clock; what had been opened after it waits for it once more."""
    subject = subject_of(wave)
    with transaction.atomic():
        rules = list_rules_of_steps(get_rules(wave))
        place = next(n for n, (known, _) in enumerate(rules) if known == rule)
        owed = list_owed(subject)
        for later, _ in rules[place + 1 :]:
            if (
                later in owed
                and owed[later].state == Duty.State.OPEN
                and later.rpartition(".")[0] == rule.rpartition(".")[0]
            ):
                supersede_duty(by=by, at=at, duty=owed[later], reason=reason)
        _open_step(by=by, at=at, wave=wave, rule=rule, step=rules[place][1], began=at)


def report_step(
    *, by: Person, at: datetime, wave: Wave, step: str, note: str, happened_at: datetime | None = None
) -> Event:
    """Report a step done that no page of its own does; who the procedure says is informed gets a mail.

    The right is that of the step itself: ``<programme>.<step>``.
    """
    rules, rule = get_rules(wave), f"{wave.programme}.{step}"
    found = next((s for s in rules.steps if s.key == step), None)
    if found is None or step in STEPS:
        raise CannotReport(Text("这一步不能在此报告完成", "This step is not reported done here"))
    require(by, rule, wave.unit)
    happened = happened_at or at
    owed = list_owed(subject_of(wave)).get(rule)
    if owed is None or owed.state != Duty.State.OPEN:
        raise CannotReport(Text("这一步现在不需要完成", "This step is not owed now"))
    if happened > at or happened < wave.opened_at:
        raise CannotReport(
            Text("完成时间应在调查开始之后、现在之前", "It was done after the survey began and not later than now")
        )
    with transaction.atomic():
        told = _inform(rules=rules, wave=wave, step=found, note=note.strip(), by=by, at=at)
        event = record_event(
            kind="plan.step.done", subject=subject_of(wave), unit=wave.unit, by=by, at=at, happened_at=happened,
            period=str(wave.year), procedure=str(wave.revision), facts={"step": step, "informed": told},
            values={"note": note.strip()} if note.strip() else {}, about=f"people.person:{by.pk}",
        )  # fmt: skip
        finish_step(by=by, at=at, wave=wave, step=rule, evidence=event, happened_at=happened)
    return event


def carry_on(*, by: Person | None, at: datetime, wave: Wave) -> None:
    """Open the duty of every step that may begin now; what is owed already is left as it stands.

    A step opens when the one before it is done or waived. One whose clock starts at another step is owed from then on,
    though a step between them is still open: its time runs.
    """
    rules, owed = get_rules(wave), list_owed(subject_of(wave))
    closed = {rule: duty for rule, duty in owed.items() if duty.state != Duty.State.OPEN}
    before: str | None = None
    for rule, step in list_rules_of_steps(rules):
        starts = rule_of(rules, step.counted_from) if step.counted_from else None
        if rule not in owed and (before is None or before in closed or starts in closed):
            after = closed.get(before or "")
            began = (after.happened_at or after.closed_at or at) if after else wave.opened_at
            _open_step(by=by, at=at, wave=wave, rule=rule, step=step, began=began)
        before = rule


def carry_waves(*, at: datetime) -> int:
    """Open what follows steps that were waived; for the clock. How many waves were looked at."""
    waves = list_waves_by_subject(list_subjects_with_waived(SUBJECT))
    for wave in waves:
        with transaction.atomic():
            carry_on(by=None, at=at, wave=wave)
    return len(waves)


def set_yardstick(
    *, by: Person, at: datetime, wave: Wave, kind: str, of: str, key: str = "", product: str = "", score: Decimal
) -> Yardstick:
    """Set a target, or the previous result, that a figure of the wave is held against."""
    require(by, "plan.set_target", wave.unit)
    if wave.state == Wave.State.CLOSED:
        raise CannotChangeWave(Text("该次调查已结束", "This wave is closed"))
    if of not in OF or not 0 <= score <= 100:
        raise CannotChangeWave(Text("分值应在 0 到 100 之间", "A score lies between 0 and 100"))
    with transaction.atomic():
        yardstick, _ = Yardstick.objects.update_or_create(
            wave=wave, kind=kind, of=of, key=key, product=product, defaults={"score": score}
        )
        record_event(
            kind=f"plan.{kind}.set", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year),
            facts={"of": of, "key": key, "product": product, "score": str(score)},
        )  # fmt: skip
    return yardstick


def remove_yardstick(*, by: Person, at: datetime, yardstick: Yardstick) -> None:
    """Take a target or a previous result back; that it stood stays in the evidence."""
    wave = yardstick.wave
    require(by, "plan.set_target", wave.unit)
    if wave.state == Wave.State.CLOSED:
        raise CannotChangeWave(Text("该次调查已结束", "This wave is closed"))
    with transaction.atomic():
        record_event(
            kind=f"plan.{yardstick.kind}.removed", subject=subject_of(wave), unit=wave.unit, by=by, at=at,
            period=str(wave.year),
            facts={
                "of": yardstick.of, "key": yardstick.key, "product": yardstick.product, "score": str(yardstick.score),
            },
        )  # fmt: skip
        yardstick.delete()


def close_wave(*, by: Person, at: datetime, wave: Wave) -> Wave:
    """Close a wave: no more sheets come in."""
    require(by, "plan.close_wave", wave.unit)
    with transaction.atomic():
        if not Wave.objects.filter(pk=wave.pk, state=Wave.State.OPEN).update(state=Wave.State.CLOSED):
            raise CannotChangeWave(Text("该次调查已结束", "This wave is closed"))
        record_event(
            kind="plan.wave.closed", subject=subject_of(wave), unit=wave.unit, by=by, at=at, period=str(wave.year)
        )
    wave.state = Wave.State.CLOSED
    return wave


def _open_step(*, by: Person | None, at: datetime, wave: Wave, rule: str, step: StepRule, began: datetime) -> None:
    rules = get_rules(wave)
    calendar = get_calendar(rules.calendar, wave.unit)
    first = start_of_fixed(rules, wave, rule)
    window = Period(str(wave.year), first, date(max(wave.year, local_day(wave.opened_at).year, first.year), 12, 31))
    due = due_of(
        step.term,
        opened=began,
        window=window,
        calendar=calendar,
        instants=list_done_times(subject_of(wave)),
        called={s.key: s.title for s in rules.steps},
    )
    open_duty(
        by=by, at=at, rule=rule, title=step.title, clause=step.clause, role=step.role, due_at=due.at, why=due.why,
        revision=wave.revision, unit=wave.unit, subject=subject_of(wave), period=str(wave.year),
        round=next_round(rule, subject_of(wave)),
        warn_at=warnings_of(step.remind, opened=began, due_at=due.at, calendar=calendar),
        escalate=escalation_at(step.escalate, due_at=due.at, calendar=calendar),
    )  # fmt: skip


def _inform(*, rules: WaveRules, wave: Wave, step: StepRule, note: str, by: Person, at: datetime) -> int:
    """Tell everybody who holds a role that is informed of a step; how many."""
    people = {p for role in step.inform for p in list_holders(role=role, unit=wave.unit, on=local_day(at))}
    title = Text(
        f"{wave.title_zh} {wave.year}：{step.title.in_('zh')}", f"{wave.title_en} {wave.year}: {step.title.in_('en')}"
    )
    place = f"/plan/{wave.pk}/"
    body = "\n".join(
        (
            f"{rules.code} {step.clause}", f"{step.title.zh} / {step.title.en}", f"{by.name}  {local_day(at)}", "",
            note, "", f"{settings.MANYI_URL}{place}",
        )
    )  # fmt: skip
    return tell(News(title, place, body, f"plan.step:{wave.pk}:{step.key}"), people=people, at=at)
