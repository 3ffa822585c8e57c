"""Each kind of rule as sentences: who, when, on which form, to which limit, for how many points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from manyi.core.text import Text
from manyi.language.model.nouns import FactRule, Parameter, Role, Table, TierRule, UnitKind
from manyi.language.model.questionnaires import (
    DimensionRule,
    GradedScale,
    ItemRule,
    NumericScale,
    QuestionnaireRule,
    Unanswered,
)
from manyi.language.model.work import (
    Archive,
    DutyRule,
    FloorRule,
    Focus,
    Hearing,
    Includes,
    MeasureRule,
    NotFor,
    Occasion,
    Playbook,
    ProgrammeRule,
    RecordRule,
    Register,
    Respondent,
    Sample,
    ScoreRule,
    Situation,
    Step,
)
from manyi.language.reading.vocabulary import ENDS
from manyi.language.reading.words import (
    MONTHS,
    Book,
    cadence,
    condition,
    day,
    dotted,
    filled,
    limit,
    listed,
    name,
    number,
    parameter_value,
    points,
    span,
)

Lines = Iterator[Text]
METHODS = {
    "mean": Text("答案的平均", "the mean of the answers"),
    "points": Text("原始分数按分值加权，再按表平均", "raw scores weighted by points, then the mean over the sheets"),
    "gap": Text("重要度与满意度之差", "the gap between importance and satisfaction"),
}
PARTS = {
    "item": Text("小项", "item"), "dimension": Text("项目", "dimension"), "product": Text("产品", "product"),
    "tag": Text("标签", "tag"),
}  # fmt: skip
DRAWS = {
    "all": Text("全部调查", "everybody is asked"), "random": Text("随机抽取", "drawn at random"),
    "in order of tiers": Text("按层次先后", "in the order of the tiers"), "by hand": Text("人工选定", "chosen by hand"),
}  # fmt: skip
COUNTS = {
    "asked": Text("按发出计", "counted by sheets sent"), "reached": Text("按联系到计", "counted by customers reached"),
    "answered": Text("按收回计", "counted by sheets returned"),
}  # fmt: skip
FIGURES = {
    "count": Text("个数", "count"), "share": Text("比例", "share"), "change": Text("变化", "change"),
    "score": Text("得分", "score"), "cells": Text("表格", "cells"),
}  # fmt: skip


def sentences(book: Book, rule: Any) -> Lines:
    """What ``rule`` says, one sentence after the other; nothing for what has no words of its own."""
    for kind, tell in TELLERS.items():
        if type(rule) is kind:
            yield from tell(book, rule)
            return


def _role(book: Book, rule: Role) -> Lines:
    if rule.part_of:
        yield filled(Text("隶属于{}", "part of {}"), name(book, rule.part_of))
    if rule.one_person:
        yield Text("由一人担任", "held by one person")


def _fact(book: Book, rule: FactRule) -> Lines:
    if rule.rank and rule.among:
        yield filled(
            Text("在每个{}内按 {} 排名", "ranked by {1} within each {0}"),
            name(book, rule.among),
            dotted(book, rule.rank),
        )
        yield (
            Text("并列者同名次", "equals share a place")
            if rule.ties == "together"
            else Text("并列者取后名次", "equals take the later place")
        )
    for word in (rule.sum, rule.count, rule.share, rule.change, rule.exists):
        if word:
            yield filled(Text("由 {} 计算", "computed from {}"), dotted(book, word))
    if rule.where:
        yield condition(book, rule.where)


def _parameter(book: Book, rule: Parameter) -> Lines:
    yield filled(Text("数值：{}", "value: {}"), parameter_value(rule.value))


def _table(book: Book, rule: Table) -> Lines:
    yield filled(Text("列：{}", "columns: {}"), listed(name(book, key) for key in rule.columns))


def _tier(book: Book, rule: TierRule) -> Lines:
    yield filled(Text("范围：{}", "who: {}"), condition(book, rule.where))
    if held := limit(book, rule, share=True):
        yield filled(Text("调查率{}", "coverage {}"), held)


def _questionnaire(book: Book, rule: QuestionnaireRule) -> Lines:
    if rule.owner:
        yield filled(Text("由{}编制", "drawn up by {}"), name(book, rule.owner))
    match rule.scale:
        case GradedScale(grades=grades):
            told = (filled(Text("{} {}", "{} {}"), name(book, key), number(score)) for key, score in grades.items())
            yield filled(Text("等级与原始分数：{}", "grades and raw scores: {}"), listed(told))
        case NumericScale(low=low, high=high):
            yield Text(f"以 {low} 至 {high} 评分", f"graded from {low} to {high}")
    if rule.items:
        yield filled(Text("小项：{}", "items: {}"), _items(book, rule.items))
    if rule.points is not None:
        yield filled(Text("合计 {}", "{} in all"), points(rule.points))


def _dimension(book: Book, rule: DimensionRule) -> Lines:
    if rule.points is not None:
        yield points(rule.points)
    yield filled(Text("小项：{}", "items: {}"), _items(book, rule.items))


def _items(book: Book, items: dict[str, ItemRule]) -> Text:
    return listed(
        filled(Text("{} {}", "{} {}"), name(book, key), points(item.points)) if item.points is not None
        else name(book, key)
        for key, item in items.items()
    )  # fmt: skip


def _unanswered(book: Book, rule: Unanswered) -> Lines:
    if rule.counts_as == "left_out":
        yield Text("未填写的小项不计", "items left empty are left out")
    else:
        yield filled(Text("未填写的小项按“{}”计", "items left empty count as “{}”"), name(book, rule.counts_as))


def _occasion(book: Book, rule: Occasion) -> Lines:
    parts = []
    if rule.every:
        parts.append(cadence(rule.every))
    if rule.in_:
        parts.append(Text(f"{rule.in_} 月", f"in {MONTHS[rule.in_ - 1]}"))
    if rule.covers == "previous":
        parts.append(Text("针对上一期", "about the period before"))
    if parts:
        yield listed(parts, ",", " ")
    if rule.event:
        yield filled(Text("事件：{}", "on the event {}"), listed(dotted(book, event) for event in rule.event))
    if rule.intake:
        yield filled(Text("来源：{}", "taken in by {}"), listed(name(book, key) for key in rule.intake))
    if rule.called_by:
        yield filled(Text("由{}决定", "when {} decides"), name(book, rule.called_by))
    if rule.when:
        yield filled(Text("条件：{}", "when {}"), condition(book, rule.when))
    if rule.within:
        yield filled(Text("{}内", "within {}"), span(rule.within))


def _sample(book: Book, rule: Sample) -> Lines:
    if rule.tiers:
        yield filled(
            Text("层次：{}", "tiers: {}"),
            listed(book.procedure.title_of(t.key, t.title) for t in book.procedure.tiers.get(rule.tiers, ())),
        )
    yield DRAWS[rule.draw]
    yield COUNTS[rule.counts]
    if rule.frame_on:
        yield filled(Text("名单日期：{}", "customers as of {}"), day(rule.frame_on))


def _floor(book: Book, rule: FloorRule) -> Lines:
    of = Text("全部顾客", "all customers") if rule.of == "all" else name(book, rule.of)
    if held := limit(book, rule, share=True):
        yield filled(Text("{}的调查率{}", "coverage of {} {}"), of, held)


def _respondent(book: Book, rule: Respondent) -> Lines:
    yield filled(Text("调查顾客的{}", "asks the customer's {}"), name(book, rule.department))
    if rule.where:
        yield condition(book, rule.where)


def _step(book: Book, rule: Step) -> Lines:
    if rule.role:
        yield filled(Text("由{}负责", "by {}"), name(book, rule.role.removeprefix("field.")))
    if rule.due:
        yield filled(Text("{}前", "by {}"), day(rule.due))
    if rule.within and rule.from_:
        yield filled(Text("自“{1}”起 {0}内", "within {0} of “{1}”"), span(rule.within), name(book, rule.from_))
    elif rule.within:
        yield (
            span(rule.within)
            if span(rule.within).en == "same day"
            else filled(Text("{}内", "within {}"), span(rule.within))
        )
    if held := limit(book, rule, share=True):
        yield held
    if rule.fields:
        yield filled(Text("填写：{}", "fills in {}"), listed(name(book, key) for key in rule.fields))
    if rule.evidence:
        yield filled(Text("证据：{}", "evidence: {}"), listed(_evidence(book, key) for key in rule.evidence))
    if rule.sign:
        yield Text("须签署", "to be signed")
    if rule.independent_of:
        yield filled(
            Text("不得与“{}”为同一人", "not by who did “{}”"),
            listed(name(book, key) for key in rule.independent_of),
        )
    yield from _hearings(book, rule.inform)
    if rule.when:
        yield filled(Text("条件：{}", "when {}"), condition(book, rule.when))


def _hearings(book: Book, hearings: tuple[Hearing, ...]) -> Lines:
    if hearings:
        yield filled(
            Text("通知：{}", "informs {}"), listed(name(book, h.role.removeprefix("field.")) for h in hearings)
        )


EVIDENCE = {
    "file": Text("文件", "a file"), "letter": Text("信函", "a letter"), "fax": Text("传真", "a fax"),
    "email": Text("电邮", "an e-mail"), "message": Text("通知", "a message"), "call": Text("电话", "a call"),
    "answer": Text("答复", "an answer"), "receipt": Text("发放记录", "a receipt"),
    "signature": Text("签名", "a signature"),
}  # fmt: skip


def _evidence(book: Book, key: str) -> Text:
    return listed((EVIDENCE.get(part) or ENDS.get(part) or name(book, part) for part in key.split(".")), "·", " · ")


def _score(book: Book, rule: ScoreRule) -> Lines:
    yield filled(Text("得分：{}", "score: {}"), METHODS[rule.method])
    yield (
        Text("以收回的表为准", "over the sheets that came back")
        if rule.over == "returned"
        else Text("以发出的表为准", "over the sheets sent")
    )
    if rule.overall == "weighted by sales":
        yield Text("总体按产品销售额比例加权", "the overall figure weights products by their share of sales")
    if rule.unmeasured == "renormalised":
        yield Text(
            "无回收表的产品列出，其余产品的比例重新折算",
            "products without a sheet are named; the shares of the others are renormalised",
        )


def _focus(book: Book, rule: Focus) -> Lines:
    if rule.lowest and rule.per:
        yield filled(
            Text("每个{1}中得分最低的{0}", "the lowest {0} of each {1}"),
            PARTS[rule.lowest],
            PARTS.get(rule.per) or name(book, rule.per),
        )
    elif rule.lowest:
        yield filled(Text("得分最低的{}", "the {} with the lowest score"), PARTS[rule.lowest])
    if rule.written:
        yield filled(Text("顾客写下的“{}”", "what customers wrote under “{}”"), name(book, rule.written))
    if rule.fell:
        yield filled(Text("比上次下降的{}", "what fell since last time: {}"), listed(PARTS[part] for part in rule.fell))


def _includes(book: Book, rule: Includes) -> Lines:
    yield filled(Text("年度结果包括：{}", "the yearly result takes in {}"), listed(name(book, key) for key in rule.of))


def _record(book: Book, rule: RecordRule) -> Lines:
    for occasion in rule.opens:
        yield listed(_occasion(book, occasion), ",", ", ")
    if rule.number:
        yield filled(Text("编号：{}", "numbered {}"), Text(rule.number, rule.number))


def _programme(book: Book, rule: ProgrammeRule) -> Lines:
    yield from _record(book, rule)
    yield filled(Text("调查表：{}", "form: {}"), name(book, rule.form))
    if rule.where:
        yield filled(Text("对象：{}", "customers with {}"), condition(book, rule.where))
    if rule.per:
        yield filled(Text("每个{}一份", "one sheet a {}"), PARTS.get(rule.per) or name(book, rule.per))
    if rule.channels:
        yield filled(Text("渠道：{}", "by {}"), listed(name(book, key) for key in rule.channels))


def _register(book: Book, rule: Register) -> Lines:
    yield filled(Text("台账：{}", "register: {}"), rule.title)


def _archive(book: Book, rule: Archive) -> Lines:
    yield filled(Text("由{}归档", "filed by {}"), name(book, rule.role))
    if rule.keep:
        yield filled(Text("保存 {}", "kept for {}"), span(rule.keep))


def _not_for(book: Book, rule: NotFor) -> Lines:
    yield Text("不得用于考核", "not to be used for appraisal")
    if rule.except_:
        yield filled(Text("除非 {}", "except when {}"), condition(book, rule.except_))


def _duty(book: Book, rule: DutyRule) -> Lines:
    yield filled(Text("由{}负责", "by {}"), name(book, rule.role))
    yield from _occasion(book, rule)
    if rule.due:
        yield filled(Text("{}前", "by {}"), day(rule.due))
    yield filled(Text("证据：{}", "evidence: {}"), listed(_evidence(book, key) for key in rule.evidence))


def _measure(book: Book, rule: MeasureRule) -> Lines:
    what = listed((name(book, rule.of.split(".")[0]), FIGURES[rule.figure]), "的", ": ")
    held = limit(book, rule, share=rule.figure in ("share", "change"))
    yield filled(Text("{}{}", "{} {}"), what, held) if held else what
    if rule.where:
        yield condition(book, rule.where)
    if rule.every:
        yield cadence(rule.every)


def _playbook(book: Book, rule: Playbook) -> Lines:
    yield from rule.always


def _situation(book: Book, rule: Situation) -> Lines:
    yield from (*rule.do, *rule.say)


def _plain(book: Book, rule: UnitKind) -> Lines:
    yield from ()


TELLERS: dict[type, Callable[[Book, Any], Lines]] = {
    Role: _role, UnitKind: _plain, FactRule: _fact, Parameter: _parameter, Table: _table, TierRule: _tier,
    QuestionnaireRule: _questionnaire, DimensionRule: _dimension, Unanswered: _unanswered, Occasion: _occasion,
    Sample: _sample, FloorRule: _floor, Respondent: _respondent, Step: _step, ScoreRule: _score, Focus: _focus,
    Includes: _includes, RecordRule: _record, ProgrammeRule: _programme, Register: _register, Archive: _archive,
    NotFor: _not_for, DutyRule: _duty, MeasureRule: _measure, Playbook: _playbook, Situation: _situation,
}  # fmt: skip
