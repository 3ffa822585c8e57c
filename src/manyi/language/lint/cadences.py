"""T — calendars that know the year, and parts that come round as often as the whole they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manyi.core.durations import Duration
from manyi.core.text import Text
from manyi.language.lint.places import programmes, steps, works
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import CADENCES
from manyi.language.model.work import Occasion

OPEN_HOURS = ("minute", "hour", "working_day")
DATED = re.compile(r"(\d{4})-\d\d-\d\d")


@check("T3", "warning", "日历没有当年的数据", "a calendar without data for the year")
def no_data_for_the_year(procedure: Procedure) -> Iterator[Found]:
    """Asked where it is known which years the calendars hold, of a procedure with a date of coming in force."""
    dated = DATED.match(procedure.procedure.in_force)
    if dated is None or not procedure.around.years:
        return
    year = int(dated[1])
    used: dict[str, Path] = {}
    for at in steps(procedure):
        if isinstance(at.step.within, Duration) and at.step.within.unit in OPEN_HOURS:
            used.setdefault(at.work.rule.calendar or procedure.procedure.calendar, (*at.path, "within"))
    for calendar, path in used.items():
        if year not in procedure.around.years.get(calendar, {year}):
            yield Found(
                path,
                Text(f"日历“{calendar}”没有 {year} 年的数据", f"the calendar “{calendar}” has no data for {year}"),
                Text("登记该年的节假日和调休日", "Enter the holidays and working days of that year"),
            )


@check("T5", "error", "部分的周期长于整体", "the cadence of a part is longer than of the whole")
def a_part_comes_less_often(procedure: Procedure) -> Iterator[Found]:
    """A monthly report made of yearly sheets would mostly be made of nothing, and a monthly duty have no proof."""
    cadence = {work.key: _shortest(procedure, work.rule.opens) for work in works(procedure)}
    for work in works(procedure):
        whole = cadence[work.key]
        for number, block in enumerate(work.rule.contains):
            for part in block.records:
                yield from _longer((*work.path, "contains", number, "records"), part, cadence.get(part), whole)
    for path, key, rule in programmes(procedure):
        for part in rule.includes.of if rule.includes else ():
            yield from _longer((*path, "includes", "of"), part, cadence.get(part), cadence[key])
    for key, duty in procedure.duties.items():
        for event in duty.evidence:
            part = event.split(".")[0]
            yield from _longer(("duties", key, "every"), part, cadence.get(part), _place(procedure, duty.every))


def _longer(path: Path, name: str, part: int | None, whole: int | None) -> Iterator[Found]:
    if part is not None and whole is not None and part < whole:
        yield Found(
            path,
            Text(f"“{name}”每个周期更长，整体到期时还没有它", f"“{name}” comes less often than what is made of it"),
            Text("改正其中一个周期", "Correct one of the two cadences"),
        )


def _shortest(procedure: Procedure, opens: tuple[Occasion, ...]) -> int | None:
    """The place of the most frequent cadence; ``None`` where something else may open it too."""
    places = [_place(procedure, occasion.every) for occasion in opens]
    return None if None in places or not places else max(place for place in places if place is not None)


def _place(procedure: Procedure, cadence: str | None) -> int | None:
    """Where a cadence stands from the longest to the shortest; a parameter by its value."""
    named = procedure.parameters.get(cadence or "")
    written = named.value if named else cadence
    return CADENCES.index(written) if written in CADENCES else None
