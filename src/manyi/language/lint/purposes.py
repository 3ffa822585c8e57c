"""R, D, M and B — purposes: what is not for appraisal, what is owed twice, limits in their unit, short sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from manyi.core.text import Text
from manyi.language.lint.places import occasions, works
from manyi.language.lint.references import limits
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import LIMIT_WORDS, Held
from manyi.language.model.work import DutyRule, MeasureRule, RecordRule, steps_of

LONGEST_ZH, LONGEST_EN = 40, 40
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")
SHARES, SCORES = ("share", "cells", "change"), ("score", "count")


@check("R5", "error", "用于考核的记录可取用不得用于考核的记录", "a record for appraisal reachable from one not for it")
def an_appraisal_reaches_it(procedure: Procedure) -> Iterator[Found]:
    """Opened by it, made of it, counted from it, or linked to it; allowed only where an exception is written."""
    leads = _leads(procedure)
    for key, record in procedure.records.items():
        if record.not_for is None or record.not_for.except_ is not None:
            continue
        for reached in sorted(_all_reached(leads, key)):
            goal = procedure.records.get(reached)
            if goal is not None and goal.purpose == record.not_for.purpose:
                yield Found(
                    ("records", key, "not_for"),
                    Text(
                        f"“{key}”不得用于考核，却可到达“{reached}”",
                        f"“{key}” is not for appraisal and reaches “{reached}”",
                    ),
                    Text("去掉两者的联系，或写明 except", "Take the link away, or write an except"),
                )


def _leads(procedure: Procedure) -> dict[str, set[str]]:
    """From a kind of record or a measure to what it opens, what is made of it, and what links to it."""
    leads: dict[str, set[str]] = {}
    for at in occasions(procedure):
        if at.work is not None:
            for event in at.occasion.event:
                leads.setdefault(event.split(".")[0], set()).add(at.work.key)
    for work in works(procedure):
        for step in steps_of(work.rule):
            leads.setdefault(work.key, set()).update(o.open for o in step.outcomes.values() if o.open)
            for linked in (step.each, *(field.type for field in step.fields.values())):
                leads.setdefault(linked or "", set()).add(work.key)
        for block in work.rule.contains:
            for part in (
                *block.records,
                *block.measures,
                *block.comments,
                block.register_ or "",
                (block.of or "").split(".")[0],
            ):
                leads.setdefault(part, set()).add(work.key)
    for key, measure in procedure.measures.items():
        leads.setdefault(measure.of.split(".")[0], set()).add(key)
    return leads


def _all_reached(leads: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(leads.get(start, ()))
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += leads.get(here, ())
    return found


@check("D3", "warning", "与记录的步骤重复", "a duty that is a step of a record already")
def a_duty_that_is_a_step(procedure: Procedure) -> Iterator[Found]:
    """The same role, as often, for the same proof: the step is the duty."""
    kinds = {work.key: work.rule for work in works(procedure)}
    for key, duty in procedure.duties.items():
        if duty.evidence and all(_is_owed_by(kinds, duty, event) for event in duty.evidence):
            yield Found(
                ("duties", key),
                Text("记录中已有这一步骤", "a record has this as its step already"),
                Text("删去，或把条款写到步骤上", "Remove it, or let the step name the clause"),
            )


def _is_owed_by(kinds: dict[str, RecordRule], duty: DutyRule, event: str) -> bool:
    kind, _, end = event.partition(".")
    rule = kinds.get(kind)
    if rule is None or duty.every is None or all(occasion.every != duty.every for occasion in rule.opens):
        return False
    owed = {step.key: step.role for step in rule.steps}
    owed |= {"closed": rule.steps[-1].role} if rule.steps else {}
    owed |= {"archived": rule.archive.role} if rule.archive else {}
    return owed.get(end.split(".")[0]) == duty.role


@check("M1", "error", "限值与指标的单位不同", "the unit of the limit and of the figure differ")
def a_limit_in_another_unit(procedure: Procedure) -> Iterator[Found]:
    """Shares and changes are held to ``80%``, scores and counts to plain numbers; a count to a whole one."""
    for path, held in limits(procedure):
        for word in LIMIT_WORDS:
            written = _written(procedure, (*path, word)) if getattr(held, word) is not None else None
            if written is not None and (told := _unlike(held, written)):
                yield Found((*path, word), told, Text("改正限值的写法", "Correct how the limit is written"))


def _written(procedure: Procedure, path: Path) -> str | None:
    """The limit as it is written, a parameter by its value; ``None`` where it is no figure."""
    node: Any = procedure.raw
    for part in path:
        node = node[part]
    named = procedure.parameters.get(node) if isinstance(node, str) else None
    text = named.value if named else node
    return text if isinstance(text, str) and NUMBER.fullmatch(text) else None


def _unlike(held: Held, written: str) -> Text | None:
    figure = held.figure if isinstance(held, MeasureRule) else "share"
    percent = written.endswith("%")
    if figure in SCORES and percent:
        return Text(f"{figure} 不是比率，限值却写成 {written}", f"a {figure} is no share, and its limit is {written}")
    if figure == "count" and Fraction(written.replace(",", "")).denominator != 1:
        return Text(f"个数的限值应为整数，现为 {written}", f"the limit of a count is a whole number, not {written}")
    if figure in SHARES and not percent and abs(Fraction(written.replace(",", ""))) > 1:
        return Text(
            f"比率的限值应写成百分数，现为 {written}", f"the limit of a share is written as per cent, not {written}"
        )
    return None


@check("B2", "note", "话术超过四十字", "a sentence longer than forty signs")
def a_long_sentence(procedure: Procedure) -> Iterator[Found]:
    """Conduct is remembered, a script is not; told to whoever writes playbooks."""
    for path, sentence in _said(procedure):
        if len(sentence.zh) > LONGEST_ZH or (not sentence.zh and len(sentence.en.split()) > LONGEST_EN):
            yield Found(
                path,
                Text(f"超过四十字：{sentence.in_('zh')[:12]}…", f"more than forty signs: {sentence.in_('en')[:20]}…"),
                Text("写行为要点，不写台词", "Write conduct, not a script"),
                state="settled",
            )


def _said(procedure: Procedure) -> Iterator[tuple[Path, Text]]:
    for key, book in procedure.playbooks.items():
        for word in ("always", "say", "never_say"):
            yield from ((("playbooks", key, word, n), text) for n, text in enumerate(getattr(book, word)))
        for number, situation in enumerate(book.situations):
            for word in ("do", "say", "never_say", "ask"):
                place: Path = ("playbooks", key, "situations", number, word)
                yield from (((*place, n), text) for n, text in enumerate(getattr(situation, word)))
