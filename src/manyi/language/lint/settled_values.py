"""V — settled values: what was decided, whether it has a reason, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from manyi.core.text import Lang, Text
from manyi.language.figures import CONDITION_KEYS, Figure, agrees, figures_of_value
from manyi.language.figures_in_text import figures_in_text
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Procedure
from manyi.language.model.values import Settled

LANGS: tuple[Lang, ...] = ("zh", "en")


@check("V1", "note", "所定的值与文件各处写法都不同", "a value differs from every reading")
def a_value_unlike_every_reading(procedure: Procedure) -> Iterator[Found]:
    """The company decided against all places of its document."""
    for doubt in procedure.settled:
        if (
            doubt.value is not None
            and doubt.readings
            and not any(same(doubt.value, r) for r in doubt.readings.values())
        ):
            says = ", ".join(f"{clause}: {_shown(reading)}" for clause, reading in doubt.readings.items())
            yield Found(
                doubt.path,
                Text(
                    f"执行“{_shown(doubt.value)}”，而文件写的是 {says}",
                    f"“{_shown(doubt.value)}” holds; the document says {says}",
                ),
                Text("供审核员查阅；确认理由充分", "For the auditor; see that the reason is sufficient"),
                clause=next(iter(doubt.readings)),
                state="settled",
            )


@check("V2", "error", "没有写明理由", "a settled value without a reason")
def no_reason(procedure: Procedure) -> Iterator[Found]:
    """Deciding a doubt without saying why is silent picking."""
    for doubt in procedure.settled:
        if doubt.reason is None or not (doubt.reason.zh.strip() or doubt.reason.en.strip()):
            yield Found(
                doubt.path,
                Text("这里作了决定，但没有写理由", "something is settled here without a reason"),
                Text("在 reason 中写明理由", "State the reason under reason"),
            )


@check("V3", "warning", "尚未确定（null）", "still open (null)")
def still_open(procedure: Procedure) -> Iterator[Found]:
    """``null`` with a reason is a decision to leave it open; without one it is an open question."""
    for doubt in procedure.settled:
        if doubt.value is None and not undecided(doubt):
            yield Found(
                doubt.path,
                Text("没有值；凡用到它的地方都“无法评价”", "there is no value; whatever uses it cannot be evaluated"),
                Text("由公司设定后填入 value", "Enter the value once the company has set it"),
                state="settled" if doubt.reason else "open",
            )


@check("V4", "error", "文件有两种写法而没有决定", "two readings and no value")
def two_readings_no_value(procedure: Procedure) -> Iterator[Found]:
    """The document contradicts itself and nobody has decided."""
    for doubt in procedure.settled:
        if undecided(doubt):
            says = ", ".join(f"{clause}: {_shown(reading)}" for clause, reading in doubt.readings.items())
            yield Found(
                doubt.path,
                Text(
                    f"文件前后不一（{says}），尚未决定以哪一处为准",
                    f"the document disagrees with itself ({says}) and nothing is decided",
                ),
                Text("在 value 中写明执行哪一种", "Say under value which one holds"),
                clause=next(iter(doubt.readings)),
            )


@check("V5", "note", "已作决定的疑点", "a settled doubt, for the auditor")
def settled_doubts(procedure: Procedure) -> Iterator[Found]:
    """The auditor's list of everything the document leaves in doubt."""
    for doubt in procedure.settled:
        reason = doubt.reason or Text("无", "none")
        yield Found(
            doubt.path,
            Text(
                f"执行：{_shown(doubt.value)}；理由：{reason.in_('zh')}",
                f"holds: {_shown(doubt.value)}; reason: {reason.in_('en')}",
            ),
            Text("供审核员查阅", "For the auditor"),
            clause=next(iter(doubt.readings), ""),
            state="settled",
        )


@check("V6", "warning", "理由中的数字与所定的值不同", "the reason states another figure than the value")
def a_reason_for_another_figure(procedure: Procedure) -> Iterator[Found]:
    """Where a reason names a figure of the same kind, one of them is the figure that holds."""
    for doubt in procedure.settled:
        key = next(str(part) for part in reversed(doubt.path) if isinstance(part, str))
        if doubt.reason is None or not isinstance(doubt.value, str) or key in CONDITION_KEYS:
            continue
        for figure in figures_of_value(key, doubt.value):
            for lang in LANGS:
                said = {f for f in figures_in_text(getattr(doubt.reason, lang), lang) if f[0] == figure[0]}
                if said and not any(_agree(figure, other) for other in said):
                    yield Found(
                        doubt.path,
                        Text(
                            f"执行“{doubt.value}”，理由写的却是另一个数字",
                            f"“{doubt.value}” holds, and the reason gives another figure",
                        ),
                        Text("改正值或理由", "Correct the value or the reason"),
                    )
                    break


def _agree(rule: Figure, text: Figure) -> bool:
    """The same figure; a text tells how much a fall is without its sign."""
    return agrees(rule, text) or (rule[0] == "share" and abs(rule[1]) == text[1])


def undecided(doubt: Settled) -> bool:
    """Two different readings and no value."""
    readings = list(doubt.readings.values())
    return doubt.value is None and any(not same(reading, readings[0]) for reading in readings[1:])


def same(value: Any, reading: Any) -> bool:
    """Whether a reading says what the value says; of a text, only the languages the reading has are compared."""
    if isinstance(value, dict) and isinstance(reading, dict) and set(reading) <= {"zh", "en"}:
        return all(value.get(lang) == words for lang, words in reading.items())
    return bool(value == reading)


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(part)}" for key, part in value.items())
    return ", ".join(_shown(part) for part in value) if isinstance(value, list) else str(value)
