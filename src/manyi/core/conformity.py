"""Whether a clause was followed in a period: one judgement for every rule that serves it, and the worst of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from manyi.core.figures import percent, shown
from manyi.core.text import Text


class Verdict(StrEnum):
    """What can be said of a rule, or of a clause, in a period."""

    DONE = "done"
    DONE_LATE = "done_late"
    MISSED = "missed"
    OPEN = "open"
    NOT_DUE = "not_due"
    INFORMATIVE = "informative"
    NOT_EVALUATED = "not_evaluated"


WORST_FIRST = (
    Verdict.MISSED,
    Verdict.OPEN,
    Verdict.NOT_EVALUATED,
    Verdict.DONE_LATE,
    Verdict.DONE,
    Verdict.NOT_DUE,
    Verdict.INFORMATIVE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a judgement rests on: a score on 0–100, or a share 0–1 where ``is_share``."""

    value: Fraction
    limit: Fraction | None
    is_share: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one rule, why, and the figure it rests on; ``subject`` names where the evidence is found."""

    verdict: Verdict
    reason: Text
    figure: Figure | None = None
    subject: str = ""


def verdict_of(judgements: Iterable[Judgement]) -> Verdict:
    """The verdict of a clause: the worst said of any rule that serves it; without one it only informs.

    A rule that is not due does not hide that another was done; one that cannot be evaluated does.

    >>> told = Text("…", "…")
    >>> str(verdict_of([Judgement(Verdict.DONE, told), Judgement(Verdict.NOT_DUE, told)]))
    'done'
    """
    said = {judgement.verdict for judgement in judgements}
    return next((verdict for verdict in WORST_FIRST if verdict in said), Verdict.INFORMATIVE)


def judge_owed(
    *, due_at: datetime, done_at: datetime | None, waived: str, now: datetime, due: Text, subject: str = ""
) -> Judgement:
    """Something owed: done in time, done late, let go with a reason, open, or past due. ``due`` says until when."""
    if waived:
        return Judgement(Verdict.NOT_DUE, Text(f"已豁免：{waived}", f"waived: {waived}"), subject=subject)
    if done_at is not None:
        late = done_at >= due_at
        told = Text(f"已完成，期限 {due.zh}", f"done; it was due {due.en}")
        told_late = Text(f"完成晚于期限 {due.zh}", f"done after {due.en}, when it was due")
        return Judgement(Verdict.DONE_LATE if late else Verdict.DONE, told_late if late else told, subject=subject)
    if due_at <= now:
        return Judgement(Verdict.MISSED, Text(f"期限 {due.zh} 已过", f"it was due {due.en}"), subject=subject)
    return Judgement(Verdict.OPEN, Text(f"期限 {due.zh}", f"due {due.en}"), subject=subject)


@dataclass(frozen=True, slots=True)
class Owed:
    """How what a rule made owed in a period stood at an instant: what was due in it, counted."""

    on_time: int = 0
    late: int = 0
    open: int = 0
    missed: int = 0
    waived: int = 0

    def __add__(self, other: Owed) -> Owed:
        return Owed(
            self.on_time + other.on_time, self.late + other.late, self.open + other.open, self.missed + other.missed,
            self.waived + other.waived,
        )  # fmt: skip

    @property
    def due(self) -> int:
        """How many were owed at all."""
        return self.on_time + self.late + self.open + self.missed + self.waived


def judge_counts(owed: Owed, subject: str = "") -> Judgement:
    """What is said of a rule from its counts: the worst of them; that all were waived is not due.

    >>> str(judge_counts(Owed(on_time=3, late=1)).verdict), judge_counts(Owed(on_time=3, missed=2)).reason.en
    ('done_late', '5 owed: 3 on time, 2 missed')
    """
    said = (
        (owed.missed, Verdict.MISSED), (owed.open, Verdict.OPEN), (owed.late, Verdict.DONE_LATE),
        (owed.on_time, Verdict.DONE),
    )  # fmt: skip
    verdict = next((verdict for n, verdict in said if n), Verdict.NOT_DUE)
    parts = (
        (owed.on_time, "按时", "on time"), (owed.late, "逾期完成", "late"), (owed.open, "进行中", "open"),
        (owed.missed, "逾期未完成", "missed"), (owed.waived, "豁免", "waived"),
    )  # fmt: skip
    zh = "，".join(f"{word} {n}" for n, word, _ in parts if n)
    en = ", ".join(f"{n} {word}" for n, _, word in parts if n)
    return Judgement(verdict, Text(f"应完成 {owed.due}：{zh}", f"{owed.due} owed: {en}"), subject=subject)


def judge_limit(figure: Figure, *, met: bool, running: bool, subject: str = "") -> Judgement:
    """A figure held to its limit; while the work is running, a limit that is not met yet is open, not missed."""
    value, limit = _shown(figure, figure.value), _shown(figure, figure.limit)
    reason = Text(f"{value}，要求 {limit}", f"{value}; required {limit}")
    verdict = Verdict.DONE if met else Verdict.OPEN if running else Verdict.MISSED
    return Judgement(verdict, reason, figure, subject)


def _shown(figure: Figure, value: Fraction | None) -> str:
    if value is None:
        return "—"
    return percent(value) if figure.is_share else str(shown(value))
