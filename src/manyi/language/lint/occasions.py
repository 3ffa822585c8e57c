"""O — occasions: no circle that turns by itself, no two occasions for one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from manyi.core.text import Text
from manyi.language.lint.places import OccasionAt, occasions, works
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Procedure
from manyi.language.model.work import Occasion


@check("O2", "error", "没有人参与的循环启动", "a circle of openings without a person in it")
def a_circle_without_a_person(procedure: Procedure) -> Iterator[Found]:
    """Work that opens because other work opened, and so on back to itself, would open for ever."""
    leads = _by_itself(procedure)
    for at in occasions(procedure):
        if at.work is None:
            continue
        for event in at.occasion.event:
            start = event.rpartition(".")[0]
            if at.work.key in leads.get(start, ()) and _comes_back(leads, at.work.key, start):
                yield Found(
                    (*at.path, "event"),
                    Text(
                        f"“{at.work.key}”会无人参与地反复打开自己",
                        f"“{at.work.key}” opens itself again, without a person",
                    ),
                    Text("改为等待一个由人完成的步骤", "Wait for a step that a person does"),
                )


def _by_itself(procedure: Procedure) -> dict[str, set[str]]:
    """What opens what with nobody acting in between: an opening, a step without a role, a count that rises."""
    leads: dict[str, set[str]] = defaultdict(set)
    for at in occasions(procedure):
        if at.work is not None:
            for event in at.occasion.event:
                first, _, rest = event.partition(".")
                if rest in ("opened", "breached", "met_again"):
                    leads[first].add(at.work.key)
    for key, measure in procedure.measures.items():
        if measure.figure == "count" and (measure.below is not None or measure.at_most is not None):
            leads[measure.of.split(".")[0]].add(key)
    return leads


def _comes_back(leads: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        todo += leads.get(here, set()) - seen
        seen |= leads.get(here, set())
    return False


@check("O4", "warning", "同一工作的两个启动时机重叠", "two occasions of one thing overlap")
def two_occasions_overlap(procedure: Procedure) -> Iterator[Found]:
    """One happening, or one period, would open the work twice."""
    for work in works(procedure):
        own = [at for at in occasions(procedure) if at.work is not None and at.work.path == work.path]
        for first, second in combinations(own, 2):
            shared = _shared(first.occasion, second.occasion)
            if shared:
                yield _overlap(second, shared)


def _shared(one: Occasion, other: Occasion) -> str:
    """What both begin with, where nothing else tells them apart."""
    if (one.per, one.ask, one.when, one.where) != (other.per, other.ask, other.when, other.where):
        return ""
    if one.every and other.every:
        months = one.in_ == other.in_ or None in (one.in_, other.in_)
        return one.every if months and one.covers == other.covers else ""
    if one.called_by and one.called_by == other.called_by:
        return one.called_by
    return next(iter(sorted({*one.event, *one.intake} & {*other.event, *other.intake})), "")


def _overlap(at: OccasionAt, shared: str) -> Found:
    return Found(
        at.path,
        Text(f"“{shared}”会打开两次", f"“{shared}” opens it twice"),
        Text("合并为一个，或用 when、where、per 区分", "Make them one, or tell them apart by when, where or per"),
    )
