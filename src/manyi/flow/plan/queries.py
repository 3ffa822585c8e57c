"""Finding waves, the rules they began with, and how far each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from manyi.base.people.access import visible_to
from manyi.base.people.models import Person, Unit
from manyi.core.dues import next_day_of_year
from manyi.core.steps import StepRule
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import get_role_title, list_owed, list_visible_duties
from manyi.flow.plan.models import Wave
from manyi.flow.procedure.models import Document, Revision
from manyi.flow.procedure.queries import find_revision_in_force, get_wave_rules, list_visible_documents, read_revision
from manyi.language.rights import STEPS

SUBJECT = "plan.wave:"


class Progress(StrEnum):
    """How a step of a wave stands."""

    DONE = "done"
    DONE_LATE = "done_late"
    OPEN = "open"
    OVERDUE = "overdue"
    WAIVED = "waived"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class WaveStep:
    """One step of a wave: what the procedure says, and what was owed and done so far."""

    rule: str
    step: StepRule
    role: Text
    of_report: bool
    duty: Duty | None
    progress: Progress
    expected: date | None
    """The day it will be due, where the procedure names one."""

    @property
    def by_itself(self) -> bool:
        """Whether it is carried out by reporting it done: no page of its own does it."""
        return not self.of_report and self.step.key not in STEPS

    @property
    def why(self) -> tuple[Text, ...]:
        """Why it is due that day, in lines a person reads; none for a step that is not owed yet."""
        return tuple(Text(line.get("zh", ""), line.get("en", "")) for line in self.duty.why) if self.duty else ()

    @property
    def is_owed(self) -> bool:
        """Whether it waits to be done."""
        return self.progress in (Progress.OPEN, Progress.OVERDUE)


@dataclass(frozen=True, slots=True)
class Programme:
    """A survey that may be opened now, under the revision in force."""

    revision: Revision
    rules: WaveRules

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.revision.pk}:{self.rules.programme}"


def subject_of(wave: Wave) -> str:
    """How evidence and duties name a wave."""
    return f"{SUBJECT}{wave.pk}"


def list_visible_waves(by: Person) -> QuerySet[Wave]:
    """The waves of the person's units and below, newest first."""
    return visible_to(by, Wave.objects.select_related("revision__document", "unit"))


def list_waves_in(units: Collection[int]) -> QuerySet[Wave]:
    """The waves of some units, newest first."""
    return Wave.objects.select_related("revision__document", "unit").filter(unit__in=units)


def get_visible_wave(by: Person, pk: int) -> Wave:
    """One wave, or ``Wave.DoesNotExist`` for one that is missing or not the person's to see."""
    return list_visible_waves(by).get(pk=pk)


def list_waves_by_subject(subjects: list[str]) -> list[Wave]:
    """Waves by how duties name them."""
    keys = [int(subject.removeprefix(SUBJECT)) for subject in subjects]
    return list(Wave.objects.select_related("revision__document", "unit").filter(pk__in=keys))


def list_waves_of(document: Document, programme: str) -> list[Wave]:
    """The waves of one programme of a procedure, under whatever revision, newest first."""
    rows = Wave.objects.select_related("revision__document", "unit")
    return list(rows.filter(revision__document=document, programme=programme).order_by("-year", "-pk"))


def count_waves(programme: str, unit: Unit, year: int) -> int:
    """How many waves of a programme a unit has of a year."""
    return Wave.objects.filter(programme=programme, unit=unit, year=year).count()


def list_included(wave: Wave) -> list[Wave]:
    """The single surveys of a wave's year, in its unit and below, that enter its result: those with the same form."""
    rules = get_rules(wave)
    if not rules.includes:
        return []
    rows = Wave.objects.select_related("revision__document", "unit").filter(
        revision__document=wave.revision.document_id, programme__in=rules.includes, year=wave.year,
        unit__path__startswith=wave.unit.path,
    )  # fmt: skip
    asked = (rules.questionnaire.items, rules.questionnaire.scale)
    forms = ((one, get_rules(one).questionnaire) for one in rows)
    return [one for one, form in forms if (form.items, form.scale) == asked]


def list_programmes(by: Person, on: date) -> list[Programme]:
    """The surveys of the procedures in force on a day that the person sees."""
    found = []
    for document in list_visible_documents(by):
        revision = find_revision_in_force(document, on)
        if revision is not None:
            found += [Programme(revision, get_wave_rules(revision, p)) for p in read_revision(revision).programmes]
    return found


def get_rules(wave: Wave) -> WaveRules:
    """What the revision a wave began with says of it."""
    return get_wave_rules(wave.revision, wave.programme)


def list_rules_of_steps(rules: WaveRules) -> list[tuple[str, StepRule]]:
    """The wave's steps in order, then its report's, each with its rule.

    A rule is named ``<programme>.<step>`` or ``<report record>.<step>``: ``annual_survey.send``,
    ``yearly_report.submit``.
    """
    own = [(f"{rules.programme}.{step.key}", step) for step in rules.steps]
    return own + [(f"{rules.report}.{step.key}", _of_report(rules, step)) for step in rules.report_steps]


def _of_report(rules: WaveRules, step: StepRule) -> StepRule:
    """A step of the report, with the report's name before its own: "Prepared" alone says nothing in a list of work."""
    report = rules.report_title
    zh, en = f"{report.in_('zh')}:{step.title.in_('zh')}", f"{report.in_('en')}: {step.title.in_('en')}"
    return replace(step, title=Text(zh, en))


def rule_of(rules: WaveRules, step: str) -> str:
    """The rule of a step named by its key; where programme and report share a key, the programme's.

    A full rule (``yearly_report.prepare``) names itself.
    """
    for rule, known in list_rules_of_steps(rules):
        if step in (rule, known.key):
            return rule
    return ""


def list_steps(wave: Wave, at: datetime) -> list[WaveStep]:
    """The timeline of a wave."""
    rules, owed = get_rules(wave), list_owed(subject_of(wave))
    return [
        WaveStep(
            rule, step, get_role_title(wave.revision, step.role), rule.startswith(f"{rules.report}."), owed.get(rule),
            progress_of(owed.get(rule), at), _expected(rules, wave, rule, step),
        )
        for rule, step in list_rules_of_steps(rules)
    ]  # fmt: skip


def progress_of(duty: Duty | None, at: datetime) -> Progress:
    """How a step stands, from its duty."""
    if duty is None:
        return Progress.TO_COME
    if duty.state == Duty.State.WAIVED:
        return Progress.WAIVED
    if duty.state == Duty.State.DISCHARGED:
        return Progress.DONE_LATE if duty.was_late else Progress.DONE
    return Progress.OVERDUE if duty.due_at <= at else Progress.OPEN


def list_next_duties(by: Person, waves: list[Wave]) -> dict[int, Duty]:
    """The open duty of each wave that is due first, for a page of waves: one query."""
    subjects = {subject_of(wave): wave.pk for wave in waves}
    first: dict[int, list[Duty]] = defaultdict(list)
    for duty in list_visible_duties(by).filter(subject__in=subjects, state=Duty.State.OPEN).order_by("due_at", "pk"):
        first[subjects[duty.subject]].append(duty)
    return {pk: duties[0] for pk, duties in first.items()}


def suggest_frame_on(rules: WaveRules, year: int) -> date:
    """The day whose customers and facts the wave of ``year`` is about: the procedure's, else the year's last."""
    month, day = rules.frame_on or (12, 31)
    return date(year, month, day)


def suggest_year(rules: WaveRules, on: date) -> int:
    """The year a wave opened on a day is most likely about: this one from the opening month on, else the last."""
    return on.year if rules.opens_in is None or on.month >= rules.opens_in - 1 else on.year - 1


def find_year_opening(rules: WaveRules, wave: Wave, *, of_report: bool) -> date | None:
    """The first day of the month in which the wave of its year, or its report, is due to begin; ``None``: any time."""
    if of_report and rules.report_opens is not None:
        years, month = rules.report_opens
        return date(wave.year + years, month, 1)
    return date(wave.year, rules.opens_in, 1) if rules.opens_in else None


def start_of_fixed(rules: WaveRules, wave: Wave, rule: str) -> date:
    """From which day on a recurring day (12-05) is looked for: what is opened after its month is late at once."""
    opening = find_year_opening(rules, wave, of_report=rule.startswith(f"{rules.report}."))
    return opening or local_day(wave.opened_at)


def _expected(rules: WaveRules, wave: Wave, rule: str, step: StepRule) -> date | None:
    day = step.yearly
    return next_day_of_year(day.month, day.day, start_of_fixed(rules, wave, rule)) if day else None


def local_day(at: datetime) -> date:
    """The day of an instant on the calendar the installation lives by."""
    return timezone.localdate(at)
