"""G — programmes: steps in an order that works, rates with terms, results that say what they divide by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from manyi.core.durations import Duration, date_after
from manyi.core.text import Text
from manyi.language.lint.places import programmes, works
from manyi.language.lint.references import has_limit
from manyi.language.lint.run import Found, check
from manyi.language.lint.times import day_after, window_start
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import DayOfYear
from manyi.language.model.work import ProgrammeRule

BEFORE_DISPATCH = ("plan", "draw", "send")


@check("G1", "error", "步骤早于发放，或报告早于收回", "a step due before dispatch, or a report before collection")
def due_before_dispatch_or_collection(procedure: Procedure) -> Iterator[Found]:
    """Days are laid out from the opening of the survey; reports on it are held against the end of its collection."""
    for path, key, rule in programmes(procedure):
        start = window_start(rule)
        sent = next((s.due for s in rule.steps if s.key == "send" and isinstance(s.due, DayOfYear)), None)
        if start is None or sent is None:
            continue
        sent_on = day_after(start, sent)
        collected_on = _collected(rule, start, sent_on)
        for number, step in enumerate(rule.steps):
            if isinstance(step.due, DayOfYear) and step.key not in BEFORE_DISPATCH:
                on = day_after(start, step.due)
                if on < sent_on:
                    yield _too_early((*path, "steps", number, "due"), "发放", "dispatch")
                elif step.key == "analyse" and collected_on and on < collected_on:
                    yield _too_early((*path, "steps", number, "due"), "收回", "collection")
        if collected_on:
            yield from _reports(procedure, key, start, collected_on)


def _collected(rule: ProgrammeRule, start: date, sent_on: date) -> date | None:
    for step in rule.steps:
        if step.key == "collect":
            if isinstance(step.within, Duration) and step.within.unit in ("day", "week", "month", "year"):
                return date_after(sent_on, step.within)
            if isinstance(step.due, DayOfYear):
                return day_after(start, step.due)
    return None


def _reports(procedure: Procedure, key: str, start: date, collected_on: date) -> Iterator[Found]:
    for work in works(procedure):
        if work.path[0] == "records" and any(block.scores == key for block in work.rule.contains):
            for number, step in enumerate(work.rule.steps):
                if isinstance(step.due, DayOfYear) and day_after(start, step.due) < collected_on:
                    yield _too_early((*work.path, "steps", number, "due"), "收回", "collection")


def _too_early(path: Path, zh: str, en: str) -> Found:
    return Found(path, Text(f"期限早于{zh}", f"due before {en}"), Text("改正日期", "Correct the day"))


@check("G2", "warning", "回收率没有期限，或有期限没有回收率", "a return rate without a term, or the reverse")
def a_rate_without_a_term(procedure: Procedure) -> Iterator[Found]:
    """*At least so many* means something only *by when*, and the other way round."""
    for path, _, rule in programmes(procedure):
        for number, step in enumerate(rule.steps):
            if step.key != "collect":
                continue
            term = step.within is not None or step.due is not None
            settled = any(doubt.path[:-1] == (*path, "steps", number) for doubt in procedure.settled)
            if has_limit(step) != term:
                yield Found(
                    (*path, "steps", number),
                    Text("有回收率而没有期限", "a return rate without a term")
                    if not term
                    else Text("有收回期限而没有回收率", "a term of collection without a return rate"),
                    Text("补上另一项，或写 null 并说明理由", "Add the other, or settle it as null with a reason"),
                    state="settled" if settled else "open",
                )


@check("G3", "warning", "没有写明怎样算作已调查", "who counts as covered is not said")
def covered_is_not_said(procedure: Procedure) -> Iterator[Found]:
    """Floors need to know whether asking, reaching or an answer counts."""
    for path, _, rule in programmes(procedure):
        floors = rule.sample.floors or any(has_limit(t) for t in procedure.tiers.get(rule.sample.tiers or "", ()))
        if floors and "counts" not in _raw(procedure, path).get("sample", {}):
            yield Found(
                (*path, "sample"),
                Text(
                    "有最低调查率，但没有写明以发出、联系上还是答复计",
                    "a floor, and not said whether asked, reached or answered counts",
                ),
                Text("写明 counts: asked、reached 或 answered", "Say counts: asked, reached or answered"),
            )


@check("G4", "warning", "没有写明除以发出数还是收回数", "sent or returned is not said")
def divided_by_what_is_not_said(procedure: Procedure) -> Iterator[Found]:
    """A result divided by sheets has to say which sheets."""
    for path, _, rule in programmes(procedure):
        if rule.score and "over" not in _raw(procedure, path).get("score", {}):
            yield Found(
                (*path, "score"),
                Text(
                    "没有写明以发出的还是收回的调查表数为除数",
                    "not said whether sheets sent or returned divide the result",
                ),
                Text("写明 over: returned 或 sent", "Say over: returned, or sent"),
            )


@check("G5", "warning", "没有写明未调查到的产品怎样处理", "unmeasured products are left out of the overall result")
def unmeasured_products_not_said(procedure: Procedure) -> Iterator[Found]:
    """A product with sales and no sheet has a share and no score: the shares no longer make one."""
    for path, _, rule in programmes(procedure):
        weighted = rule.score is not None and rule.score.overall == "weighted by sales"
        if weighted and "unmeasured" not in _raw(procedure, path).get("score", {}):
            yield Found(
                (*path, "score"),
                Text(
                    "按销售额加权，但没有写明没有收回表的产品怎样处理",
                    "weighted by sales, and nothing said of products without a sheet",
                ),
                Text("写明 unmeasured: renormalised 或 named", "Say unmeasured: renormalised, or named"),
            )


def _raw(procedure: Procedure, path: Path) -> dict[str, Any]:
    node: Any = procedure.raw
    for part in path:
        node = node[part]
    return {key: value for key, value in node.items() if value is not None}
