"""T — times: nothing is due before what it follows, and clocks suit their calendars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from manyi.core.durations import Duration
from manyi.core.text import Text
from manyi.language.lint.places import StepAt, Work, steps, works
from manyi.language.lint.run import Found, check, governing_clause
from manyi.language.model.procedure import Procedure
from manyi.language.model.values import DayOfYear
from manyi.language.model.work import RecordRule

A_YEAR = 2001  # any year that is no leap year, followed by one that is none
TIME_WORD_ZH = re.compile("及时|尽快|立即|立刻|马上|适时|随时|不得拖延|定期")
TIME_WORD_EN = re.compile(
    r"\b(timely|in time|promptly|immediately|at once|as soon as|without delay|regularly|quickly)\b", re.IGNORECASE
)


def opening_month(rule: RecordRule) -> int | None:
    """The month a piece of work begins in, where its occasion says so."""
    return next((occasion.in_ for occasion in rule.opens if occasion.in_), None)


def day_after(start: date, day: DayOfYear) -> date:
    """The first time ``day`` comes on or after ``start``."""
    found = date(start.year, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return found if found >= start else found.replace(year=start.year + 1)


def window_start(rule: RecordRule) -> date | None:
    """The first day of the window, or the first fixed day of its steps."""
    month = opening_month(rule)
    if month:
        return date(A_YEAR, month, 1)
    first = next((step.due for step in rule.steps if isinstance(step.due, DayOfYear)), None)
    return day_after(date(A_YEAR, 1, 1), first) if first else None


@check("T1", "error", "期限早于起点或前一步骤", "due before its anchor, or before the step it follows")
def due_before_what_it_follows(procedure: Procedure) -> Iterator[Found]:
    """Fixed days are laid out from the opening of the window; a day that then lies half a year on was before it."""
    for work in works(procedure):
        start = window_start(work.rule)
        if start is None:
            continue
        before: tuple[str, date] | None = None
        for number, step in enumerate(work.rule.steps):
            if not isinstance(step.due, DayOfYear):
                continue
            day, path = day_after(start, step.due), (*work.path, "steps", number, "due")
            if opening_month(work.rule) and (day - start).days > 183:
                yield _early(path, f"{work.key} 开始（opening）", f"the opening of {work.key}")
            elif before and day < before[1] and before[0] != "send":
                yield _early(path, f"步骤“{before[0]}”", f"the step “{before[0]}”")
            if isinstance(step.not_before, DayOfYear) and day_after(start, step.not_before) > day:
                yield _early(path, "其最早时间", "its earliest time")
            before = (step.key, day)


def _early(path: tuple[str | int, ...], zh: str, en: str) -> Found:
    return Found(
        path, Text(f"期限早于{zh}", f"due before {en}"), Text("改正日期或次序", "Correct the day or the order")
    )


@check("T2", "error", "连续日历上没有工作日", "working days on a continuous calendar")
def working_days_on_continuous(procedure: Procedure) -> Iterator[Found]:
    """A continuous calendar never closes, so it has no working days."""
    for at in steps(procedure):
        calendar = at.work.rule.calendar or procedure.procedure.calendar
        if calendar == "continuous" and isinstance(at.step.within, Duration) and at.step.within.unit == "working_day":
            yield Found(
                (*at.path, "within"),
                Text("日历为 continuous，期限却按工作日", "the calendar is continuous, the term is in working days"),
                Text("改用工作日历，或按自然日写期限", "Use a working calendar, or write the term in days"),
            )


@check("T4", "warning", "文件有时间要求而没有期限", "a time word in the document and no term")
def a_time_word_without_a_term(procedure: Procedure) -> Iterator[Found]:
    """*In time* says nothing until somebody settles a term."""
    for at in steps(procedure):
        step = at.step
        if "all" in at.path:
            continue  # a part is due with the step it belongs to
        if step.within is not None or step.due is not None or _window_ends(at.work, at):
            continue
        clause = step.clause[0] if step.clause else governing_clause(procedure.raw, at.path)
        text = procedure.clauses[clause].text if clause in procedure.clauses else None
        word = text and (TIME_WORD_ZH.search(text.zh) or TIME_WORD_EN.search(text.en))
        if word:
            yield Found(
                at.path,
                Text(f"条款写“{word[0]}”，步骤没有期限", f"the clause says “{word[0]}”, the step has no term"),
                Text("写明 within 或 due，作为所定的值并写理由", "Settle a within or due, with a reason"),
                clause=clause,
            )


def _window_ends(work: Work, at: StepAt) -> bool:
    """Without a term of its own, the last step of periodic work is due at the end of the window."""
    return at.step is work.rule.steps[-1] and any(occasion.every for occasion in work.rule.opens)
