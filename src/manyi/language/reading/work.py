"""Records, surveys, duties, measures and playbooks as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.model.blocks import BLOCKS, Block
from manyi.language.model.work import (
    Archive,
    DutyRule,
    MeasureRule,
    NotFor,
    Playbook,
    ProgrammeRule,
    RecordRule,
    Register,
    Situation,
)
from manyi.language.reading.steps import due, evidence, hearings, occasion
from manyi.language.reading.steps import playbook as playbook_title
from manyi.language.reading.surveys import PARTS
from manyi.language.reading.words import (
    Book,
    cadence,
    condition,
    dotted,
    filled,
    limit,
    listed,
    name,
    span,
    term,
    who,
    word,
)

Lines = Iterator[Text]
FIGURES = {
    "count": Text("个数", "count"), "share": Text("比例", "share"), "change": Text("变化", "change"),
    "score": Text("得分", "score"), "cells": Text("已覆盖的组合比例", "share of combinations covered"),
}  # fmt: skip
TOLD = {
    "scores": Text("{}的得分", "scores of {}"), "coverage": Text("调查率（{}）", "coverage ({})"),
    "returns": Text("{}的回收率", "returns of {}"), "measures": Text("指标{}", "the measures {}"),
    "focus": Text("{}的重点关注", "points of attention of {}"), "comments": Text("{}的意见", "comments of {}"),
    "records": Text("各份“{}”", "the sheets “{}”"), "sum": Text("{}的合计", "the sum of {}"),
    "facts": Text("{}", "{}"), "register": Text("“{}”的台账", "the register of “{}”"),
    "chart": Text("{}", "{}"),
}  # fmt: skip
CHARTS = {
    "histogram": Text("柱状图", "a histogram"), "pie": Text("饼图", "a pie chart"),
    "pareto": Text("帕累托图", "a Pareto chart"),
}  # fmt: skip
SUBJECTS = {
    "customer": Text("按顾客", "of a customer"), "project": Text("按项目", "of a project"),
    "contract": Text("按合同", "of a contract"),
}  # fmt: skip
CALENDARS = {
    "continuous": Text("连续计时", "clocks run without a break"),
    "working": Text("按工作时间计时", "clocks run in working time"),
}  # fmt: skip


def record(book: Book, rule: RecordRule) -> Lines:
    """When a record begins, what it is about, how it is numbered, what a report contains, what waits for it."""
    for each in rule.opens:
        yield listed(occasion(book, each), "，", ", ")
    if rule.of:
        yield SUBJECTS[rule.of]
    if rule.number:
        yield filled(Text("编号：{}", "numbered {}"), Text(rule.number, rule.number))
    if rule.calendar:
        yield CALENDARS.get(rule.calendar) or filled(Text("日历：{}", "on the calendar {}"), name(book, rule.calendar))
    if rule.contains:
        yield filled(Text("内容：{}", "contains {}"), listed((_block(book, b) for b in rule.contains), "；", "; "))
    if rule.playbook:
        yield filled(Text("参照行为指引“{}”", "with the playbook “{}” beside it"), playbook_title(book, rule.playbook))
    if rule.gates:
        events = listed(dotted(book, event) for event in rule.gates)
        yield filled(Text("完成之前不得：{}", "before it is closed none of this may happen: {}"), events)
    if rule.purpose:
        yield Text("用于考核", "used for appraisal")


def _block(book: Book, rule: Block) -> Text:
    kind = next(word_ for word_ in BLOCKS if getattr(rule, _attribute(word_)))
    value = getattr(rule, _attribute(kind))
    if kind == "chart":
        told = filled(Text("{}（{}）", "{} ({})"), CHARTS[value], dotted(book, rule.of)) if rule.of else CHARTS[value]
    else:
        keys = value if isinstance(value, tuple) else (value,)
        told = filled(TOLD[kind], listed(_called(book, kind, key) for key in keys))
    if rule.by:
        told = filled(Text("{}，按{}", "{} by {}"), told, listed(_split(book, key) for key in rule.by))
    if rule.per:
        told = filled(Text("{}，每个{}", "{} for each {}"), told, listed(_split(book, key) for key in rule.per))
    return told


def _attribute(kind: str) -> str:
    return "register_" if kind == "register" else kind


def _called(book: Book, kind: str, key: str) -> Text:
    if kind == "coverage":
        tiers = book.procedure.tiers.get(key, ())
        return listed(book.procedure.title_of(tier.key, tier.title) for tier in tiers)
    return dotted(book, key)


def _split(book: Book, key: str) -> Text:
    return PARTS.get(key) or dotted(book, key)


def programme(book: Book, rule: ProgrammeRule) -> Lines:
    """A survey: what a record says, and with which form, of whom, by which ways."""
    yield from record(book, rule)
    yield filled(Text("调查表：{}", "form: {}"), name(book, rule.form))
    if rule.where:
        yield filled(Text("对象：{}", "customers with {}"), condition(book, rule.where))
    if rule.per:
        yield filled(Text("每个{}一份", "one sheet a {}"), PARTS.get(rule.per) or name(book, rule.per))
    if rule.channels:
        yield filled(Text("渠道：{}", "by {}"), listed(word(book, key) for key in rule.channels))


def register(book: Book, rule: Register) -> Lines:
    """A register with its columns."""
    yield filled(Text("台账：{}", "register: {}"), rule.title)
    if rule.per:
        yield filled(Text("每个{}一本", "one for each {}"), name(book, rule.per))
    yield filled(Text("列：{}", "columns: {}"), listed(dotted(book, column) for column in rule.columns))


def archive(book: Book, rule: Archive) -> Lines:
    """Who files, for how long."""
    yield filled(Text("由{}归档", "filed by {}"), who(book, rule.role))
    if rule.keep:
        yield filled(Text("保存 {}", "kept for {}"), span(rule.keep))


def not_for(book: Book, rule: NotFor) -> Lines:
    """What a record may not be used for."""
    yield Text("不得用于考核", "not to be used for appraisal")
    if rule.except_:
        yield filled(Text("除非 {}", "except when {}"), condition(book, rule.except_))


def duty(book: Book, rule: DutyRule) -> Lines:
    """Who owes what, when, and what proves it."""
    yield filled(Text("由{}负责", "by {}"), name(book, rule.role))
    yield from occasion(book, rule)
    if rule.due:
        yield due(book, rule.due)
    yield filled(Text("证据：{}", "evidence: {}"), listed(evidence(book, key) for key in rule.evidence))
    yield from hearings(book, rule.inform, Text("通知：{}", "informs {}"))


def measure(book: Book, rule: MeasureRule) -> Lines:
    """A figure with its limit, of what, out of what, how often."""
    what = filled(Text("{}的{}", "{}: {}"), dotted(book, rule.of), FIGURES[rule.figure])
    if rule.per:
        each = Text("{}（{}）", "{} ({})") if rule.figure == "cells" else Text("每个{1}的{0}", "{} for each {}")
        joined = (
            listed((_split(book, key) for key in rule.per), " × ", " × ")
            if rule.figure == "cells"
            else listed(_split(book, key) for key in rule.per)
        )
        what = filled(each, what, joined)
    held = limit(book, rule, share=rule.figure in ("share", "change", "cells"))
    yield filled(Text("{}{}", "{} {}"), what, held) if held else what
    if rule.distinct:
        yield filled(Text("同一{}只计一次", "each {} counted once"), name(book, rule.distinct))
    if rule.where:
        yield filled(Text("只计：{}", "counting {}"), condition(book, rule.where))
    if rule.among:
        yield filled(Text("以此为总数：{}", "out of {}"), condition(book, rule.among))
    if rule.over:
        yield (
            filled(Text("每次看最近 {}", "over the last {}"), span(rule.over))
            if not isinstance(rule.over, str)
            else term(book, rule.over)
        )
    if rule.every:
        yield cadence(rule.every)


def playbook(_: Book, rule: Playbook) -> Lines:
    """What holds in every situation."""
    yield from rule.always
    yield from _said(rule.say, rule.never_say)


def situation(_: Book, rule: Situation) -> Lines:
    """How to behave in one situation."""
    yield from rule.do
    yield from (filled(Text("询问：{}", "ask: {}"), told) for told in rule.ask)
    yield from _said(rule.say, rule.never_say)


def _said(say: tuple[Text, ...], never: tuple[Text, ...]) -> Lines:
    yield from (filled(Text("可说：{}", "say: {}"), told) for told in say)
    yield from (filled(Text("不说：{}", "never say: {}"), told) for told in never)
