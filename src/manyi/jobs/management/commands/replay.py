"""``manyi procedure replay``: what a draft would have meant for the past."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from manyi.base.people.queries import list_units_below
from manyi.core.errors import Fault, Faults
from manyi.core.replay import Compared, Judged
from manyi.core.text import Lang, Text
from manyi.flow.conformity.replaying.run import Replay, replay
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.queries import find_document
from manyi.jobs.answers import Answer, day_of
from manyi.language.load import read_procedure
from manyi.library import find_procedure

CHANGES = {
    "only_draft": Text("草案下将被错过", "would be missed under the draft"),
    "both": Text("当时和草案下都错过", "missed then and under the draft"),
    "only_then": Text("当时错过，草案下不会", "missed then, not under the draft"),
}

MARKS = {"only_draft": "+", "both": "=", "only_then": "-"}


class Command(Answer):
    """Holds a procedure file against what is on record; nothing is written."""

    help = "what a draft of a procedure would have meant for the past"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, ``--from`` and ``--to``."""
        parser.add_argument("file", metavar="FILE", help="P12, or a procedure file")
        parser.add_argument("--from", dest="first", required=True, metavar="DAY", help="first day, 2026-01-01")
        parser.add_argument("--to", dest="last", required=True, metavar="DAY", help="last day, 2026-12-31")
        super().add_arguments(parser)

    def handle(self, *args: Any, file: str, first: str, last: str, json: bool, lang: Lang, **options: Any) -> None:
        """Run."""
        self.answer(
            lambda: _replay(file, first, last), json, lang, lambda found: _lines(found, lang),
            lambda found: found.as_json(lang),
        )  # fmt: skip


def _replay(file: str, first: str, last: str) -> Replay:
    since, until = day_of(first, "--from"), day_of(last, "--to")
    path = find_procedure(file)
    if path is None:
        message = Text(f"找不到程序“{file}”", f"There is no procedure “{file}”")
        hint = Text("给出随附程序的代号（如 P12）或文件路径", "Name a shipped procedure, such as P12, or a file")
        raise Faults([Fault("no_procedure", message, hint, table=file)])
    content = path.read_bytes()
    key = read_procedure(content, path.name).procedure.key
    document = find_document(key)
    if document is None:
        message = Text(f"系统中没有程序 {key}", f"Procedure {key} is not on record here")
        hint = Text("先导入该程序并使其生效", "Import it and put it in force first")
        raise Faults([Fault("not_on_record", message, hint, table=file)])
    draft = Revision(document=document, text=content.decode("utf-8-sig"))
    units = frozenset(list_units_below(document.unit).values_list("pk", flat=True))
    return replay(draft=draft, first=since, last=until, now=timezone.now(), units=units)  # noqa: TID251


def _lines(found: Replay, lang: Lang) -> Iterator[str]:
    counts = ", ".join(f"{told.in_(lang)} {found.count(change)}" for change, told in CHANGES.items())
    yield f"{found.first} – {found.last}: {found.looked_at}; {counts}"
    for one in found.missed:
        yield _line(one, lang)
        if one.after is not None:
            yield from (f"    {line.in_(lang)}" for line in one.after.due.why)
    for figure in found.measures:
        then, now = (side.in_(lang) if side else "—" for side in (figure.then, figure.draft))
        case = f" {' / '.join(figure.case)}" if figure.case else ""
        yield f"{MARKS[figure.change]} {figure.rule.key} {figure.period}{case}: {then}; {now}"
    for unknown in found.unknown:
        told = Text("新要求，记录无法说明", "new demand; nothing on record can tell").in_(lang)
        yield f"? [{unknown.clause}] {unknown.rule} × {unknown.times}: {told}"


def _line(one: Compared, lang: Lang) -> str:
    past, nothing = one.past, Text("未要求", "not asked").in_(lang)
    happened = _moment(past.done_at) if past.done_at else Text("未完成", "not done").in_(lang)
    then, now = Text("当时", "then").in_(lang), Text("草案", "draft").in_(lang)
    said = f"{then} {_due(one.before, nothing)}; {now} {_due(one.after, nothing)}"
    return f"{MARKS[one.change]} [{past.clause}] {past.rule} {past.label} {past.unit}: {happened}; {said}"


def _due(side: Judged | None, nothing: str) -> str:
    return _moment(side.due.at) if side else nothing


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
