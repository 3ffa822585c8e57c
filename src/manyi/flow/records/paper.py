"""A record on paper, in the form's own order: its code and number, its fields step by step, who signed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from manyi.core.flows import FlowStep
from manyi.core.text import Lang, Text
from manyi.flow.records.ground import Standing
from manyi.flow.records.models import Attachment, Taken
from manyi.flow.records.page import Entry, entries_of
from manyi.flow.records.queries import Kind, names_for
from manyi.papers.blocks import Column, Paragraph, Report, Section, Table

WORDS = {
    "field": Text("项目", "Item"), "content": Text("内容", "Content"), "number": Text("编号", "Number"),
    "unit": Text("部门", "Unit"), "customer": Text("顾客", "Customer"), "project": Text("项目", "Project"),
    "happened": Text("发生时间", "Happened"), "opened": Text("登记时间", "Registered"), "state": Text("状态", "State"),
    "clause": Text("条款", "Clause"), "files": Text("附件", "Files"), "none": Text("（未填写）", "(not filled in)"),
    "open": Text("办理中", "open"), "closed": Text("已关闭", "closed"), "void": Text("已作废", "void"),
    "outcome": Text("结果", "Outcome"), "remark": Text("备注", "Remark"),
}  # fmt: skip


def paper_of(standing: Standing, lang: Lang) -> Report:
    """A record as a paper."""
    record, flow = standing.record, standing.flow
    columns = [column for one in flow.fields for column in one.columns]
    rows = [row.data for rows in standing.rows.values() for row in rows]
    names = names_for([*flow.fields, *columns], [record.data, *rows])
    files = list(record.attachments.select_related("file"))
    entries = {entry.field.key: entry for entry in entries_of(standing, names, files)}
    sections = tuple(_section(standing, step, entries, lang) for step, _ in flow.walk() if not step.parts)
    code = " · ".join(part for part in (record.document.code, flow.code) if part)
    return Report(
        lang=lang,
        title=flow.title.in_(lang),
        subtitle=str(record),
        mark=code,
        facts=_facts(standing, lang),
        signatures=_signatures(standing, lang),
        sections=tuple(section for section in sections if section.blocks),
    )


def compiled_paper(kind: Kind, title: str, standings: Iterable[Standing], lang: Lang) -> Report:
    """Several records of a kind as one paper, each a section of its own, in the order of their numbers."""
    papers = [paper_of(standing, lang) for standing in standings]
    heads = (Column(WORDS["field"].in_(lang), 1), Column(WORDS["content"].in_(lang), 3))
    sections = tuple(
        Section(
            paper.subtitle, (Table(paper.title, heads, paper.facts), *(b for s in paper.sections for b in s.blocks))
        )
        for paper in papers
    )
    mark = " · ".join(part for part in (kind.document.code, kind.flow.code) if part)
    return Report(
        lang=lang, title=kind.title.in_(lang), subtitle=title, mark=mark, facts=(), signatures=(), sections=sections
    )


def _facts(standing: Standing, lang: Lang) -> tuple[tuple[str, str], ...]:
    record = standing.record
    customer = record.customer.name if record.customer else ""
    pairs = [
        ("number", str(record)), ("unit", record.unit.name), ("customer", customer),
        ("project", record.project.name if record.project else ""), ("happened", _moment(record.happened_at)),
        ("opened", _moment(record.opened_at)), ("state", WORDS[record.state].in_(lang)),
    ]  # fmt: skip
    return tuple((WORDS[key].in_(lang), said) for key, said in pairs if said)


def _section(standing: Standing, step: FlowStep, entries: dict[str, Entry], lang: Lang) -> Section:
    acts = [act for act in standing.history if act.step == step.key and act.what == Taken.What.TAKEN]
    lines: list[tuple[str, str]] = []
    tables: list[Table] = []
    for one in step.fields:
        entry = entries.get(one.key)
        if entry is not None and entry.rows:
            heads = tuple(Column(head.in_(lang)) for head in entry.heads)
            cells = tuple(tuple(said.in_(lang) for said in row) for _row, row in entry.rows)
            tables.append(Table(one.title.in_(lang), heads, cells))
        else:
            lines.append((one.title.in_(lang), _said(entry, lang) or WORDS["none"].in_(lang)))
    for act in acts:
        rule = step.outcome(act.outcome)
        if act.outcome:
            lines.append((WORDS["outcome"].in_(lang), rule.title.in_(lang) if rule else act.outcome))
        if act.note:
            lines.append((WORDS["remark"].in_(lang), act.note))
    heads = (Column(WORDS["field"].in_(lang), 1), Column(WORDS["content"].in_(lang), 3))
    blocks: list[Table | Paragraph] = [Table(step.title.in_(lang), heads, tuple(lines))] if lines else []
    return Section(step.title.in_(lang), (*blocks, *tables))


def _said(entry: Entry | None, lang: Lang) -> str:
    if entry is None:
        return ""
    if entry.files:
        return "、".join(_title(one) for one in entry.files)
    return entry.said.in_(lang)


def _title(one: Attachment) -> str:
    return one.file.title


def _signatures(standing: Standing, lang: Lang) -> tuple[tuple[str, str, str], ...]:
    """One line for each step that is signed, or was done: what, by whom, on which day."""
    found = []
    for step, _ in standing.flow.walk():
        if step.parts:
            continue
        acts = [act for act in standing.history if act.step == step.key and act.what == Taken.What.TAKEN]
        for act in acts[-1:] if not step.for_each else acts:
            found.append((step.title.in_(lang), act.by.name if act.by else "", _day(act.happened_at)))
        if not acts and step.sign:
            found.append((step.title.in_(lang), "", ""))
    return tuple(found)


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()
