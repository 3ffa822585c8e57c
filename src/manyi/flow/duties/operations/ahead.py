"""What comes round by the calendar is written down a horizon ahead, under the revision that will hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from manyi.base.calendars.queries import get_calendar
from manyi.core.dues import start_of
from manyi.core.occasions import OwedRule, Recurring, windows
from manyi.core.periods import Period
from manyi.flow.duties.models import Duty, Position
from manyi.flow.duties.operations.ledger import open_duty, supersede_duty
from manyi.flow.duties.rules import Owner, Reign, get_owed_rules, owed_of, owners_of, reigns_of
from manyi.flow.procedure.models import Document
from manyi.flow.procedure.queries import list_documents

HORIZON = timedelta(days=30)
AGAIN = timedelta(hours=1)
READER = "calendar"
LONGEST = timedelta(days=366)
Key = tuple[str, int, str]


def open_ahead(*, at: datetime, anyway: bool = False) -> int:
    """Open what is owed by the calendar up to a horizon ahead of ``at``; how many duties were opened.

    Looked for once an hour, or ``anyway``. What was missed while nobody looked is opened late and is due when it was
    due. Nothing becomes owed whose time was over before its rule held.
    """
    place, _ = Position.objects.get_or_create(reader=READER)
    if not anyway and place.at is not None and timedelta() <= at - place.at < AGAIN:
        return 0
    since = min(timezone.localdate(place.at or at), timezone.localdate(at))
    opened = sum(_open_document(document, at, since) for document in list_documents())
    Position.objects.filter(pk=place.pk).update(at=at)
    return opened


@dataclass(slots=True)
class Known:
    """What needs no opening: the subjects that were opened ahead, and the work that began before it was."""

    subjects: set[Key]
    begun: Counter[Key]

    def holds(self, rule: str, unit: int, window: Period, subject: str) -> bool:
        """Whether a duty is there already; work that began by itself stands for one duty of its period."""
        if (rule, unit, subject) in self.subjects:
            return True
        for length in range(4, len(window.key) + 1):
            key = (rule, unit, window.key[:length])
            if self.begun[key] > 0:
                self.begun[key] -= 1
                return True
        return False


def _open_document(document: Document, at: datetime, since: date) -> int:
    reigns = reigns_of(document)
    if not reigns:
        return 0
    _supersede_of_old(document, reigns, at)
    known = _known(document, since)
    last = timezone.localdate(at + HORIZON)
    opened = 0
    for place, reign in enumerate(reigns):
        earlier = {rule.rule for before in reigns[:place] for rule in get_owed_rules(before.revision)}
        for rule in get_owed_rules(reign.revision):
            for occasion in rule.opens:
                if isinstance(occasion, Recurring):
                    found = windows(occasion, max(since, reign.first), min(last, reign.last or last))
                    for window in found:
                        if _is_of(reign, window, occasion, known_before=rule.rule in earlier):
                            opened += _open_window(rule, occasion, window, reign, at, known)
    return opened


def _is_of(reign: Reign, window: Period, occasion: Recurring, *, known_before: bool) -> bool:
    """Whether a window is owed under a revision: it begins in its time, or was running when a new rule came.

    What was running is that of the revision before, if that one knew the rule; and nothing is owed about a period that
    was over when the rule came.
    """
    return window.first >= reign.first or (not known_before and occasion.covers == "same")


def _known(document: Document, since: date) -> Known:
    """What is there of the windows that reach up to ``since`` or beyond; none is longer than a year."""
    rows = Duty.objects.filter(revision__document=document)
    ahead = rows.filter(begins_at__date__gte=since - LONGEST)
    standing = ahead.exclude(state=Duty.State.SUPERSEDED, evidence__isnull=True)
    begun = rows.filter(begins_at=None, opened_at__date__gte=since - 2 * LONGEST).exclude(period="")
    numbers = Counter(
        (rule, unit, period)
        for rule, unit, period, _ in begun.order_by().values_list("rule", "unit", "period", "subject").distinct()
    )
    carried = ahead.filter(state=Duty.State.SUPERSEDED, evidence__isnull=False)
    for rule, unit, period in carried.values_list("rule", "unit", "period"):
        for length in range(4, len(period) + 1):
            numbers[rule, unit, period[:length]] -= 1
    return Known(set(standing.values_list("rule", "unit", "subject")), numbers)


def _open_window(rule: OwedRule, occasion: Recurring, window: Period, reign: Reign, at: datetime, known: Known) -> int:
    opened = 0
    document = reign.revision.document
    for owner in owners_of(rule, occasion.per, reign.revision, document.unit):
        for time in range(1, occasion.times + 1):
            subject = subject_of(rule, owner, window, time)
            if not known.holds(rule.rule, owner.unit.pk, window, subject):
                opened += _open(rule, owner, window, reign, at, subject)
    return opened


def _open(rule: OwedRule, owner: Owner, window: Period, reign: Reign, at: datetime, subject: str) -> bool:
    calendar = get_calendar(rule.calendar, owner.unit)
    begins = start_of(window, calendar)
    owed = owed_of(rule, opened=begins, window=window, unit=owner.unit, instants={})
    held_from = start_of(Period("", reign.first, reign.first), calendar)
    if owed.due.at <= held_from:
        return False
    open_duty(
        by=None, at=at, rule=rule.rule, title=rule.title, clause=rule.clause, role=owner.role or rule.role,
        due_at=owed.due.at, why=owed.due.why, revision=reign.revision, unit=owner.unit, subject=subject,
        period=window.key, begins_at=begins, warn_at=owed.warn_at, escalate=owed.escalate,
    )  # fmt: skip
    return True


def subject_of(rule: OwedRule, owner: Owner, window: Period, time: int = 1) -> str:
    """How a duty that comes round is named: ``<kind>:<unit>:<period>``, with a mark where there are several."""
    marks = "".join(f":{mark}" for mark in (owner.mark, f"#{time}" if time > 1 else "") if mark)
    return f"{rule.kind}:{owner.unit.pk}:{window.key}{marks}"


def _supersede_of_old(document: Document, reigns: list[Reign], at: datetime) -> None:
    """Close what was opened ahead for a time in which another revision holds now; it is opened anew under that one."""
    ahead = Duty.objects.filter(revision__document=document, state=Duty.State.OPEN, begins_at__isnull=False)
    for duty in ahead.exclude(revision=reigns[-1].revision).select_related("unit"):
        begins = timezone.localdate(duty.begins_at)
        holding = next((reign for reign in reigns if reign.holds_on(begins)), None)
        if holding is not None and holding.revision.pk != duty.revision_id:
            with transaction.atomic():
                label = holding.revision.label
                told = f"自 {holding.first} 起执行 {label} 版 / revision {label} holds from {holding.first}"
                supersede_duty(by=None, at=at, duty=duty, reason=told)
