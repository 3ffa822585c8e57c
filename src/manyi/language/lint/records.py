"""R, D, M and B — records, duties, measures, playbooks: numbers that stay unique, proof, limits that say something."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from manyi.core.text import Text
from manyi.language.events import events_of
from manyi.language.facts import fields_of
from manyi.language.lint.places import nearly, occasions, works
from manyi.language.lint.references import has_limit, limit_of, limits
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import LIMIT_WORDS, Held
from manyi.language.model.work import EVIDENCE, MeasureRule

COLUMN_WORDS = ("number", "project", "unit", "customer", "opened_at", "closed_at", "outcome")
ENDINGS = ("at", "by", "by_and_at", "outcome")
RANGES = {"share": (0, 1), "cells": (0, 1), "score": (0, 100), "count": (0, None)}


@check("R1", "warning", "记录没有编号", "a record without a number")
def no_number(procedure: Procedure) -> Iterator[Found]:
    """A numbered sheet can be asked for; one without a number cannot."""
    for key, record in procedure.records.items():
        if not record.number:
            yield Found(
                ("records", key),
                Text("没有写明编号方法", "no way of numbering is given"),
                Text('写明 number，例如 "F-{year}-{seq:03}"', 'Give a number, such as "F-{year}-{seq:03}"'),
            )


@check("R2", "error", "编号会重复", "a number that can repeat")
def a_number_can_repeat(procedure: Procedure) -> Iterator[Found]:
    """Without a running part, or with the pattern of another record, two papers get one number."""
    seen: dict[str, str] = {}
    for work in works(procedure):
        number = work.rule.number
        if number and "{seq" not in number:
            yield Found(
                (*work.path, "number"),
                Text("编号没有流水号，会重复", "without a running number it repeats"),
                Text("加上 {seq:02}", "Add {seq:02}"),
            )
        elif number and number in seen:
            yield Found(
                (*work.path, "number"),
                Text(f"与“{seen[number]}”的编号相同", f"the same numbers as “{seen[number]}”"),
                Text("改用不同的前缀", "Use another prefix"),
            )
        seen.setdefault(number, work.key)


@check("R3", "error", "登记簿的列不存在", "a register column that is unknown")
def an_unknown_column(procedure: Procedure) -> Iterator[Found]:
    """A column is a field, a word every record has, or what is known of a step."""
    for work in works(procedure):
        if work.rule.register_ is None:
            continue
        known = {*COLUMN_WORDS, *fields_of(work.rule)}
        known |= {f"{step.key}.{ending}" for step in work.rule.steps for ending in ENDINGS}
        for number, column in enumerate(work.rule.register_.columns):
            if column not in known:
                yield Found(
                    (*work.path, "register", "columns", number),
                    Text(f"没有列“{column}”", f"there is no column “{column}”"),
                    nearly(column, known),
                )


@check("R4", "error", "没有人登记的事件作为关口", "a gate on an event nobody records")
def a_gate_on_no_event(procedure: Procedure) -> Iterator[Found]:
    """What cannot be recorded cannot be held back."""
    known = events_of(procedure)
    for work in works(procedure):
        for gate in work.rule.gates:
            if gate not in known:
                yield Found(
                    (*work.path, "gates"),
                    Text(f"没有事件“{gate}”", f"there is no event “{gate}”"),
                    nearly(gate, known),
                )


@check("D1", "error", "应做事项没有证据", "a duty without evidence")
def no_evidence(procedure: Procedure) -> Iterator[Found]:
    """A duty is discharged by nothing but its evidence; without one it stays open for ever."""
    for key, duty in procedure.duties.items():
        if not duty.evidence:
            yield Found(
                ("duties", key),
                Text("没有写明以什么证明已做", "nothing is named that proves it was done"),
                Text("写明 evidence", "Give its evidence"),
            )


@check("D2", "error", "没有任何东西产生这项证据", "a duty's evidence that nothing produces")
def a_duty_nothing_discharges(procedure: Procedure) -> Iterator[Found]:
    """Evidence of a duty is a paper of a known kind, or an event."""
    known = {*EVIDENCE, *events_of(procedure)}
    for key, duty in procedure.duties.items():
        for name in duty.evidence:
            if name not in known:
                yield Found(
                    ("duties", key, "evidence"),
                    Text(f"没有任何东西产生“{name}”", f"nothing produces “{name}”"),
                    nearly(name, known),
                )


@check("M2", "warning", "低于限值时没有后续", "a breach that opens nothing")
def a_breach_opens_nothing(procedure: Procedure) -> Iterator[Found]:
    """A limit without a consequence is a figure on a page."""
    opened = {event for at in occasions(procedure) for event in at.occasion.event}
    for key, measure in procedure.measures.items():
        if has_limit(measure) and f"{key}.breached" not in opened:
            yield Found(
                ("measures", key),
                Text("不符合时不会打开任何记录或应做事项", "when it is not met, nothing is opened"),
                Text(f"让一项记录以 event: {key}.breached 打开", f"Let a record open with event: {key}.breached"),
            )


@check("M3", "warning", "指标没有限值", "a measure without a limit")
def a_measure_without_a_limit(procedure: Procedure) -> Iterator[Found]:
    """A limit that is ``null``, or was never written."""
    for key, measure in procedure.measures.items():
        if not has_limit(measure):
            settled = any(
                d.path[:2] == ("measures", key) and d.path[-1] in LIMIT_WORDS and d.reason for d in procedure.settled
            )
            yield Found(
                ("measures", key),
                Text("没有限值，无法评价", "there is no limit to hold it to"),
                Text("写明 at_least、at_most、above 或 below", "Give at_least, at_most, above or below"),
                state="settled" if settled else "open",
            )


@check("M4", "error", "限值永远达不到，或永远达到", "a limit that can never, or must always, be met")
def a_limit_that_says_nothing(procedure: Procedure) -> Iterator[Found]:
    """Shares lie between 0 and 1 (78 is not 78 %), scores between 0 and 100, counts are not negative."""
    for path, held in limits(procedure):
        found, lowest, highest = limit_of(held), *_range(held)
        if found is None or lowest is None:
            continue
        word, value = found
        verdict = _verdict(word, value, lowest, highest)
        if verdict:
            yield Found((*path, word), verdict, Text("比率写成 78%", "Write shares as 78%"))


def _range(held: Held) -> tuple[int | None, int | None]:
    if isinstance(held, MeasureRule):
        return RANGES.get(held.figure, (None, None))
    return 0, 1


def _verdict(word: str, value: Fraction, lowest: int, highest: int | None) -> Text | None:
    above, below = highest is not None and value > highest, value < lowest
    at_top, at_bottom = highest is not None and value == highest, value == lowest
    never = {"at_least": above, "above": above or at_top, "at_most": below, "below": below or at_bottom}
    always = {"at_least": below or at_bottom, "above": below, "at_most": above or at_top, "below": above}
    if never[word]:
        return Text("这个限值永远达不到", "this limit can never be met")
    return Text("这个限值总是达到", "this limit is always met") if always[word] else None


@check("B1", "warning", "话术手册没有用到", "a playbook attached nowhere")
def a_playbook_attached_nowhere(procedure: Procedure) -> Iterator[Found]:
    """Conduct nobody is shown."""
    used: set[str] = set()
    for work in works(procedure):
        used |= {(book or "").split(".")[0] for book in (work.rule.playbook, *(s.playbook for s in work.rule.steps))}
    for key in procedure.playbooks:
        if key not in used:
            path: Path = ("playbooks", key)
            yield Found(
                path, Text("没有任何步骤显示它", "no step shows it"), Text("在步骤中写 playbook", "Attach it to a step")
            )
