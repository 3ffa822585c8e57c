"""The measures of a revision evaluated from what is on record: records, results of waves, sales of the year.

Every figure is computed anew when it is asked for, for a unit and as of a day; none is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from manyi.base.customers.queries import list_sales
from manyi.base.people.queries import list_holders
from manyi.core.measures import (
    ByCase,
    Figure,
    Key,
    MeasureRule,
    changes_of,
    ended_window_of,
    figures_of,
    limit_of,
    scores_of,
)
from manyi.core.periods import Period
from manyi.core.text import Text
from manyi.flow.plan.queries import list_waves_of
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import IN_USE, read_revision
from manyi.flow.records.cases import list_cases
from manyi.flow.records.queries import get_flow
from manyi.flow.scores.queries import list_results_as_of
from manyi.language.measures import measures_of, roles_in

DAY = timedelta(days=1)
YEARLY = ("sales.amount",)
NO_SOURCE = Text("系统没有这一指标所需的资料", "what this figure is counted from is not on record here")
TOO_EARLY = Text(
    "程序生效后的首个完整周期尚未结束", "the first full period since the procedure is in force is not over"
)
NO_LIMIT = Text("限值尚未确定", "its limit is not settled yet")


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with its figures for a window; ``problem`` says why there are none."""

    rule: MeasureRule
    window: Period | None
    figures: tuple[Figure, ...]
    problem: Text | None = None

    @property
    def breached(self) -> tuple[Figure, ...]:
        """The figures that do not keep their limit."""
        return tuple(figure for figure in self.figures if figure.is_met is False)


@dataclass(frozen=True, slots=True)
class Asking:
    """Of which revision, in which units, as of when."""

    revision: Revision
    units: Collection[int]
    at: datetime

    @property
    def on(self) -> date:
        """The day."""
        return timezone.localdate(self.at)

    @property
    def since(self) -> date:
        """The first day on which any revision of the procedure held: before it nothing was owed."""
        used = (r.in_force_from for r in self.revision.document.revisions.all() if r.state in IN_USE)
        return min((day for day in used if day is not None), default=date.max)


def list_measured(revision: Revision, *, units: Collection[int], at: datetime) -> tuple[Measured, ...]:
    """Every measure of a revision as of an instant, with what was on record by then."""
    asking = Asking(revision, units, at)
    return tuple(measure(asking, rule) for rule in measures_of(read_revision(revision)))


def measure(asking: Asking, rule: MeasureRule) -> Measured:
    """One measure. A limit that is still open leaves the figures without a verdict."""
    procedure, window = read_revision(asking.revision), ended_window_of(rule, asking.on)
    if rule.every is not None and rule.is_floor and window is not None and window.first < asking.since:
        return Measured(rule, window, (), TOO_EARLY)
    source: Callable[[Asking, MeasureRule, Period | None], tuple[Figure, ...] | None] = _none
    if rule.of in procedure.records and rule.figure in ("count", "share", "cells"):
        source = _of_records
    elif rule.of in procedure.programmes and rule.figure == "score":
        source = _of_scores
    elif rule.of in YEARLY and rule.figure == "change":
        source = _of_sales
    figures = source(asking, rule, window)
    if figures is None:
        return Measured(rule, window, (), NO_SOURCE)
    no_limit = bool(figures) and all(figure.limit is None for figure in figures)
    return Measured(rule, window, figures, NO_LIMIT if no_limit else None)


def _none(_asking: Asking, _rule: MeasureRule, _window: Period | None) -> None:
    return None


def _of_records(asking: Asking, rule: MeasureRule, window: Period | None) -> tuple[Figure, ...]:
    end = min(_midnight(window.last + DAY), asking.at + timedelta(microseconds=1)) if window else asking.at
    start = _midnight(window.first) if window else None
    named = {*rule.per, rule.distinct} - {""}
    cases = list_cases(asking.revision, rule.of, start=start, end=end, units=asking.units, named=named)
    if isinstance(rule.limit, ByCase) and rule.per == ("user",):
        return _by_role(asking, rule, figures_of(rule, cases))
    return figures_of(rule, cases, values=_values(asking, rule))


def _by_role(asking: Asking, rule: MeasureRule, found: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """A figure for everybody who holds one of the roles a table names, held to the strictest row; even 0."""
    known = {figure.key: figure for figure in found}
    owed: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    match = rule.limit.match if isinstance(rule.limit, ByCase) else ""
    for role in roles_in(rule.limit):
        for person in list_holders(role=role, unit=asking.revision.document.unit, on=asking.on):
            owed[(str(person.pk),)].append({match: role})
    figures = []
    for key, roles in sorted(owed.items()):
        counted = known.get(key)
        value = counted.value if counted else Fraction(0)
        figures.append(Figure(key, value, counted.n if counted else 0, limit_of(rule, key, roles, None)))
    return tuple(figures)


def _values(asking: Asking, rule: MeasureRule) -> Mapping[str, list[str]]:
    """What the fields of ``per`` can be: the choices of a field, the rows of its table."""
    if rule.figure != "cells":
        return {}
    flow, tables = get_flow(asking.revision, rule.of), read_revision(asking.revision).tables
    found: dict[str, list[str]] = {}
    for name in rule.per:
        one = flow.field(name)
        if one is not None and one.choices:
            found[name] = [key for key, _ in one.choices]
        elif one is not None and one.of in tables:
            table = tables[one.of]
            column = next(iter(table.columns), "")
            found[name] = [str(row[column]) for row in table.rows if row.get(column)]
    return found


def _of_scores(asking: Asking, rule: MeasureRule, window: Period | None) -> tuple[Figure, ...]:
    """The latest result of the programme in the window, as of the instant, against target or previous result."""
    waves = [wave for wave in list_waves_of(asking.revision.document, rule.of) if wave.unit_id in asking.units]
    if window is not None:
        waves = [wave for wave in waves if window.first <= timezone.localdate(wave.opened_at) <= window.last]
    results = list_results_as_of(waves, asking.at)
    latest = next((results[wave.pk] for wave in waves if wave.pk in results), None)
    if latest is None:
        return ()
    figures: dict[str, Any] = latest.figures
    named = {
        name: Fraction(y["exact"])
        for name, key in (("target", "targets"), ("previous", "previous"))
        for y in figures.get(key, ())
        if y["of"] == "overall"
    }
    return scores_of(rule, _scores(rule, figures), named, latest.sheets)


def _scores(rule: MeasureRule, figures: dict[str, Any]) -> dict[Key, Fraction]:
    if not rule.per:
        overall = figures.get("overall")
        return {(): Fraction(overall["exact"])} if overall else {}
    of = rule.per[0]
    return {(str(row[of]),): Fraction(row["exact"]) for row in figures.get(f"{of}s", ()) if row.get("exact")}


def _of_sales(asking: Asking, rule: MeasureRule, _window: Period | None) -> tuple[Figure, ...] | None:
    """The change of sales from the year before the last full one to the last; sales are on record by the year, so that
    a shorter time cannot be told."""
    over = rule.over
    years = {"year": 1, "month": 12}
    if rule.per != ("customer",) or over is None or over.amount != years.get(over.unit):
        return None
    year, unit = asking.on.year - 1, asking.revision.document.unit
    before, now = (_by_customer(list_sales(unit=unit, year=y)) for y in (year - 1, year))
    return changes_of(rule, before, now)


def _by_customer(sales: list[tuple[str, str, Fraction]]) -> dict[Key, Fraction]:
    total: dict[Key, Fraction] = defaultdict(Fraction)
    for customer, _, amount in sales:
        total[customer,] += amount
    return dict(total)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
