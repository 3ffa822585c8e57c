"""A figure that does not keep its limit is an event, once for each case and spell; so is its keeping it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from manyi.base.evidence.operations import record_event
from manyi.base.people.queries import list_units_below
from manyi.core.figures import exact
from manyi.core.measures import Figure
from manyi.flow.findings.measuring import Measured, list_measured
from manyi.flow.findings.models import Spell
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import find_revision_in_force, list_documents

NAME = 400


def evaluate_measures(*, at: datetime) -> int:
    """Evaluate every measure in force and record what was breached or is met again; how many events."""
    today = timezone.localdate(at)
    return sum(_evaluate(revision, at) for revision in _in_force(today))


def _in_force(today: date) -> list[Revision]:
    found = (find_revision_in_force(document, today) for document in list_documents())
    return [revision for revision in found if revision is not None]


def _evaluate(revision: Revision, at: datetime) -> int:
    document = revision.document
    units = frozenset(list_units_below(document.unit).values_list("pk", flat=True))
    open_now: dict[tuple[str, str], Spell] = {
        (spell.measure, spell.name): spell for spell in Spell.objects.filter(document=document, ended_at=None)
    }
    changed = 0
    for measured in list_measured(revision, units=units, at=at):
        for figure in measured.figures:
            spell = open_now.get((measured.rule.key, _name(figure)))
            if figure.is_met is False and spell is None:
                changed += _begin(revision, measured, figure, at)
            elif figure.is_met and spell is not None:
                changed += _end(revision, measured, figure, spell, at)
        changed += sum(_end(revision, measured, None, spell, at) for spell in _gone(measured, open_now.values()))
    return changed


def _gone(measured: Measured, spells: Iterable[Spell]) -> list[Spell]:
    """The spells of cases that are no more: nothing is left in the window, or nobody is owed the figure."""
    if measured.problem is not None or measured.rule.figure not in ("count", "share"):
        return []
    known = {_name(figure) for figure in measured.figures}
    return [spell for spell in spells if spell.measure == measured.rule.key and spell.name not in known]


def _name(figure: Figure) -> str:
    return "\x1f".join(figure.key)[:NAME]


def _begin(revision: Revision, measured: Measured, figure: Figure, at: datetime) -> int:
    if figure.value is None or figure.limit is None:
        return 0
    try:
        with transaction.atomic():
            spell = Spell.objects.create(
                document=revision.document, measure=measured.rule.key, unit=revision.document.unit,
                case=list(figure.key), name=_name(figure), period=measured.window.key if measured.window else "",
                figure=exact(figure.value), limit=exact(figure.limit.value), began_at=at,
            )  # fmt: skip
            _record("breached", revision, measured, figure, spell, at)
    except IntegrityError:  # another process was first: the spell has begun
        return 0
    return 1


def _end(revision: Revision, measured: Measured, figure: Figure | None, spell: Spell, at: datetime) -> int:
    with transaction.atomic():
        if not Spell.objects.filter(pk=spell.pk, ended_at=None).update(ended_at=at):
            return 0
        _record("met_again", revision, measured, figure, spell, at)
    return 1


def _record(
    past: str, revision: Revision, measured: Measured, figure: Figure | None, spell: Spell, at: datetime
) -> None:
    """The case stands in the spell, not in the event: it may be a name."""
    value, limit = (figure.value, figure.limit) if figure else (None, None)
    record_event(
        kind=f"findings.measure.{past}", subject=f"findings.spell:{spell.pk}", unit=spell.unit, by=None, at=at,
        procedure=str(revision),
        facts={
            "measure": measured.rule.key, "spell": spell.pk,
            "figure": exact(value) if value is not None else "", "limit": exact(limit.value) if limit else spell.limit,
        },
    )  # fmt: skip
