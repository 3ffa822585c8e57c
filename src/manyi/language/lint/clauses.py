"""C — clauses: each exists, is served, is numbered in order and has a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.lint.places import nearly
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Procedure

NUMBERED = re.compile(r"\d+(\.\d+)*")


@check("C1", "error", "规则引用了不存在的条款", "a rule names a clause that is absent")
def an_absent_clause(procedure: Procedure) -> Iterator[Found]:
    """Rules serve clauses of the document; one that names nothing serves nothing."""
    if not procedure.clauses:
        return
    for number, paths in procedure.rules_by_clause().items():
        if number not in procedure.clauses:
            for path in paths:
                yield Found(
                    (*path, "clause"),
                    Text(f"没有条款 {number}", f"there is no clause {number}"),
                    nearly(number, procedure.clauses),
                    clause=number,
                )


@check("C2", "warning", "条款没有规则", "a clause served by nothing")
def a_clause_served_by_nothing(procedure: Procedure) -> Iterator[Found]:
    """Neither a rule names it, nor does it say that it only informs."""
    served = procedure.rules_by_clause()
    for number, clause in procedure.clauses.items():
        if number not in served and not clause.informative:
            yield Found(
                ("clauses", number),
                Text(f"没有规则落实条款 {number}", f"no rule serves clause {number}"),
                Text("给出规则，或写 informative: true", "Give it a rule, or write informative: true"),
            )


@check("C3", "warning", "条款号跳号、重复或不成层次", "clause numbers jump, repeat or do not nest")
def numbers_out_of_order(procedure: Procedure) -> Iterator[Found]:
    """Within each number the parts count 1, 2, 3 …; a clause with a ``printed`` note is reported as settled."""
    last: dict[tuple[int, ...], int] = {}
    before: tuple[int, ...] = ()
    for number, clause in procedure.clauses.items():
        if clause.printed:
            zh, en = clause.printed.in_("zh"), clause.printed.in_("en")
            yield Found(
                ("clauses", number),
                Text(f"印刷的编号或文字有误：{zh}", f"the printed number or wording is defective: {en}"),
                Text("供审核员查阅", "For the auditor"),
                state="settled",
            )
        if not NUMBERED.fullmatch(number):
            continue
        parts = tuple(int(part) for part in number.split("."))
        expected = _expected(parts, last)
        if parts <= before or expected is not None:
            should = expected or ".".join(str(part) for part in before)
            yield Found(
                ("clauses", number),
                Text(
                    f"条款号 {number} 不连续（应先有 {should}）",
                    f"the number {number} is out of order (expected {should} first)",
                ),
                Text("补上缺少的条款，或在 printed 中说明", "Add what is missing, or explain under printed"),
                state="settled" if clause.printed else "open",
            )
        for depth in range(len(parts)):
            last[parts[:depth]] = parts[depth]
        for stale in [key for key in last if len(key) > len(parts) - 1 and key[: len(parts)] == parts]:
            del last[stale]
        before = parts


def _expected(parts: tuple[int, ...], last: dict[tuple[int, ...], int]) -> str | None:
    """The number that should have come, where a level jumps; a level begins with 1."""
    for depth in range(len(parts)):
        seen = last.get(parts[:depth], 0)
        if parts[depth] > seen + 1:
            return ".".join(str(part) for part in (*parts[:depth], seen + 1))
    return None


@check("C4", "warning", "条款没有文字", "a clause without text")
def a_clause_without_text(procedure: Procedure) -> Iterator[Found]:
    """Once a file speaks two languages, each clause does."""
    texts = [clause.text for clause in procedure.clauses.values() if clause.text]
    needed = [lang for lang in ("zh", "en") if any(getattr(text, lang) for text in texts)] or ["zh"]
    for number, clause in procedure.clauses.items():
        missing = [lang for lang in needed if clause.text is None or not getattr(clause.text, lang).strip()]
        if missing:
            yield Found(
                ("clauses", number),
                Text(
                    f"条款 {number} 缺少文字（{'、'.join(missing)}）",
                    f"clause {number} lacks its text ({', '.join(missing)})",
                ),
                Text("用自己的话写明条款内容和全部数字", "Write the clause in your own words, with every figure"),
            )
