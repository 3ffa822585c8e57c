"""The document clause by clause, and beside each clause the rules that name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from manyi.core.text import Text
from manyi.language.model.procedure import Clause, Path, Procedure
from manyi.language.model.work import ProgrammeRule, RecordRule
from manyi.language.reading.rules import sentences
from manyi.language.reading.words import Book, listed, name

CHAPTERS = {
    "roles": Text("角色", "Role"), "units": Text("单位类别", "Kind of unit"), "facts": Text("事实", "Fact"),
    "parameters": Text("参数", "Parameter"), "tables": Text("表格", "Table"), "tiers": Text("层次", "Tier"),
    "questionnaires": Text("调查表", "Questionnaire"), "playbooks": Text("行为指引", "Playbook"),
    "programmes": Text("调查", "Survey"), "records": Text("记录", "Record"), "duties": Text("职责", "Duty"),
    "measures": Text("指标", "Measure"),
}  # fmt: skip
INSIDE = {
    "opens": Text("何时开始", "when it begins"), "sample": Text("抽样", "sample"),
    "floors": Text("最低调查率", "floor of coverage"),
    "score": Text("得分", "score"), "focus": Text("重点关注", "points of attention"),
    "includes": Text("并入", "takes in"),
    "unanswered": Text("未填写", "left empty"), "archive": Text("归档", "filing"), "register": Text("台账", "register"),
    "respondents": Text("调查对象", "respondents"), "not_for": Text("用途限制", "limits of use"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One rule in words: where it stands in the file, what it is, what it says."""

    path: Path
    line: int
    chapter: Text
    title: Text
    says: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """One clause of the document with everything that serves it."""

    number: str
    clause: Clause
    rules: tuple[Reading, ...]


def read_clauses(procedure: Procedure) -> tuple[ClauseReading, ...]:
    """Every clause in the order of the document, each rule beside the clauses it names."""
    served = procedure.rules_by_clause()
    return tuple(
        ClauseReading(number, clause, tuple(_reading(procedure, path) for path in served.get(number, ())))
        for number, clause in procedure.clauses.items()
    )


def title_of_path(procedure: Procedure, path: Path) -> Text:
    """A place of the file in people's words: the names of its keys, without the words of the language."""
    node: Any = procedure
    parts = []
    for part in path:
        node = _inside(node, part)
        if isinstance(part, str) and part in INSIDE:
            parts.append(INSIDE[part])
        elif isinstance(node, BaseModel) and isinstance(key := getattr(node, "key", part), str) and key != "steps":
            parts.append(_own_title(procedure, key, node))
    return listed(parts, " · ", " · ") if parts else Text(str(path[-1]), str(path[-1]))


def title_of_paths(procedure: Procedure, paths: Iterable[Path]) -> Text:
    """Several places in words; what parts of one thing have in common is told once."""
    parts: dict[Path, dict[Text, None]] = {}
    for path in paths:
        parts.setdefault(path[:2], {})[title_of_path(procedure, path)] = None
    return listed(_together(title_of_path(procedure, head), list(titles)) for head, titles in parts.items())


def _together(head: Text, titles: list[Text]) -> Text:
    if len(titles) == 1:
        return titles[0]
    tails = [Text(t.in_("zh").removeprefix(head.in_("zh")), t.in_("en").removeprefix(head.in_("en"))) for t in titles]
    told = listed(Text(t.zh.removeprefix(" · "), t.en.removeprefix(" · ")) for t in tails if t.zh or t.en)
    return Text(f"{head.in_('zh')} · {told.zh}", f"{head.in_('en')} · {told.en}")


def name_of(procedure: Procedure, key: str) -> Text:
    """What people call a key of the procedure; a text that is no key stays as it is."""
    return name(Book(procedure), key)


def _own_title(procedure: Procedure, key: str, node: BaseModel) -> Text:
    own = getattr(node, "title", None)
    return own if isinstance(own, Text) else name(Book(procedure), key)


def _reading(procedure: Procedure, path: Path) -> Reading:
    rule: Any = procedure
    for part in path:
        rule = _inside(rule, part)
    if isinstance(rule, tuple) and len(rule) == 1:
        rule = rule[0]  # written as one, kept as several
    return Reading(
        path, procedure.line_of(path), CHAPTERS.get(str(path[0]), Text()), title_of_path(procedure, path),
        tuple(sentences(_book_of(procedure, path), rule)),
    )  # fmt: skip


def _book_of(procedure: Procedure, path: Path) -> Book:
    work: Any = _inside(_inside(procedure, path[0]), path[1]) if path[0] in ("programmes", "records") else None
    form = procedure.questionnaires.get(work.form) if isinstance(work, ProgrammeRule) else None
    return Book(procedure, work.steps if isinstance(work, RecordRule) else (), form.aspects if form else ())


def _inside(node: Any, part: str | int) -> Any:
    """The part of a typed value that stands at a key or index of the file; ``None`` where there is none."""
    if isinstance(node, BaseModel):
        fields = type(node).model_fields
        named = next((field for field, info in fields.items() if part in (info.alias, field)), None)
        return getattr(node, named) if named else None
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, tuple) and isinstance(part, int) and part < len(node):
        return node[part]
    return None
