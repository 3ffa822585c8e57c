"""``manyi conformity``: every clause of the procedures in force with its verdict, as of any instant."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from manyi.core.conformity import Verdict
from manyi.core.errors import Fault, Faults
from manyi.core.text import Lang, Text
from manyi.flow.conformity.queries import Board, list_boards
from manyi.flow.procedure.queries import find_document
from manyi.jobs.answers import Answer, instant_of

WORDS = {
    Verdict.DONE: Text("完成", "done"), Verdict.DONE_LATE: Text("逾期完成", "done late"),
    Verdict.MISSED: Text("未做到", "missed"), Verdict.OPEN: Text("进行中", "open"),
    Verdict.NOT_DUE: Text("未到期", "not due"), Verdict.INFORMATIVE: Text("说明性条款", "informative"),
    Verdict.NOT_EVALUATED: Text("无法评价", "cannot be evaluated"),
}  # fmt: skip


class Command(Answer):
    """Reads what is on record and says of each clause whether it was followed; nothing is written."""

    help = "every clause with its verdict, as of any instant"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--as-of`` and ``--procedure``."""
        parser.add_argument("--as-of", metavar="DATE", help="as it stood at the end of this day, or at this ISO time")
        parser.add_argument("--procedure", default="", metavar="KEY", help="this procedure only")
        super().add_arguments(parser)

    def handle(self, *args: Any, as_of: str | None, procedure: str, json: bool, lang: Lang, **options: Any) -> None:
        """Run."""
        self.answer(
            lambda: _ask(as_of, procedure), json, lang, lambda found: _lines(found, lang),
            lambda found: [board.as_json(lang) for board in found],
        )  # fmt: skip


def _ask(as_of: str | None, procedure: str) -> list[Board]:
    now = timezone.now()  # noqa: TID251 — commands read the clock
    at: datetime = instant_of(as_of, "--as-of") if as_of else now
    if procedure and find_document(procedure) is None:
        message = Text(f"系统中没有程序 {procedure}", f"Procedure {procedure} is not on record here")
        hint = Text("给出已导入程序的代号", "Give the key of a procedure that was imported")
        raise Faults([Fault("not_on_record", message, hint, column="--procedure")])
    return list_boards(by=None, at=at, year=timezone.localdate(at).year, only=procedure)


def _lines(boards: list[Board], lang: Lang) -> Iterator[str]:
    if not boards:
        yield Text("当日没有生效的程序", "No procedure was in force that day").in_(lang)
    for board in boards:
        yield f"{board.document.key} {board.revision.label}"
        for clause in board.clauses:
            yield f"  {clause.number} {WORDS[clause.verdict].in_(lang)}"
            for rule in clause.rules:
                said = f"{WORDS[rule.judgement.verdict].in_(lang)} — {rule.judgement.reason.in_(lang)}"
                yield f"      {rule.title.in_(lang)}: {said}"
