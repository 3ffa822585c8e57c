"""Roles, units, facts, parameters, tables, tiers and questionnaires as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.model.nouns import FactRule, Parameter, Role, Table, TierRule, UnitKind
from manyi.language.model.questionnaires import (
    DimensionRule,
    GradedScale,
    ItemRule,
    Level,
    NumericScale,
    QuestionnaireRule,
    Unanswered,
)
from manyi.language.reading.steps import field
from manyi.language.reading.words import (
    UNITS,
    Book,
    condition,
    dotted,
    filled,
    limit,
    listed,
    name,
    number,
    parameter_value,
    points,
    span,
    word,
)

Lines = Iterator[Text]
COMPUTED = {
    "sum": Text("{}的合计", "the sum of {}"), "count": Text("{}的次数", "the number of {}"),
    "share": Text("在{}中的比例", "the share in {}"), "change": Text("{}的变化", "the change of {}"),
    "exists": Text("有{}", "whether there is {}"),
}  # fmt: skip
ENTERED = {
    "yes_no": Text("登记：是或否", "entered: yes or no"), "number": Text("登记：数字", "entered: a number"),
    "text": Text("登记：文字", "entered: a text"), "date": Text("登记：日期", "entered: a date"),
}  # fmt: skip


def role(book: Book, rule: Role) -> Lines:
    """Where a role belongs, who may hold it, what it may read."""
    if rule.part_of:
        yield filled(Text("隶属于{}", "part of {}"), name(book, rule.part_of))
    if rule.per:
        yield filled(Text("每个{}各有一人", "one holder for each {}"), name(book, rule.per))
    if rule.one_person:
        yield Text("由一人担任", "held by one person")
    if rule.deputy:
        yield Text("可设代理人", "may have a deputy")
    if rule.includes == "everyone":
        yield Text("包括全体人员", "everyone belongs to it")
    elif rule.includes:
        yield filled(Text("包括{}", "made of {}"), listed(name(book, key) for key in rule.includes))
    if rule.external:
        yield Text("在公司之外", "outside the company")
    if rule.reads:
        yield Text("可阅读全部内容，不作修改", "may read everything and change nothing")


def unit(_: Book, __: UnitKind) -> Lines:
    """A kind of unit has its title and nothing more."""
    yield from ()


def fact(book: Book, rule: FactRule) -> Lines:
    """Whether a fact is entered or computed, out of what, over which time."""
    if isinstance(rule.type, tuple):
        yield filled(Text("登记：{}之一", "entered: one of {}"), listed(word(book, key) for key in rule.type))
    elif rule.type:
        yield ENTERED[rule.type]
    if rule.rank and rule.among:
        told = name(book, rule.among), dotted(book, rule.rank)
        yield filled(Text("在每个{}内按 {} 排名", "ranked by {1} within each {0}"), *told)
        yield (
            Text("并列者同名次", "equals share a place")
            if rule.ties == "together"
            else Text("并列者取后名次", "equals take the later place")
        )
    for kind, pattern in COMPUTED.items():
        if source := getattr(rule, kind):
            yield filled(pattern, dotted(book, source))
    if rule.where:
        yield filled(Text("只计：{}", "counting {}"), condition(book, rule.where))
    if rule.over == "calendar year":
        yield Text("按日历年计", "over the calendar year")
    elif rule.over:
        yield filled(Text("{}内", "over {}"), span(rule.over))
    if rule.until:
        yield filled(Text("截至“{}”", "until “{}”"), dotted(book, rule.until))


def parameter(book: Book, rule: Parameter) -> Lines:
    """The figure a parameter stands at, with its unit."""
    told = filled(Text("数值：{}", "value: {}"), parameter_value(rule.value))
    unit_ = book.procedure.words.get(rule.unit) or UNITS.get(rule.unit.removesuffix("s"))
    yield filled(Text("{} {}", "{} {}"), told, Text(unit_.zh, rule.unit)) if unit_ and rule.value else told


def table(book: Book, rule: Table) -> Lines:
    """The columns of a table, how many rows stand in it, who may see it."""
    yield filled(Text("列：{}", "columns: {}"), listed(field(book, key, kind) for key, kind in rule.columns.items()))
    if rule.rows:
        yield Text(f"现有 {len(rule.rows)} 行，公司可以修改", f"{len(rule.rows)} rows, which the company may edit")
    if rule.public:
        yield Text("对外公布", "published")


def tier(book: Book, rule: TierRule) -> Lines:
    """Who is in a tier, and how many of them have to be asked."""
    yield filled(Text("范围：{}", "who: {}"), condition(book, rule.where))
    if held := limit(book, rule, share=True):
        yield filled(Text("调查率{}", "coverage {}"), held)


def questionnaire(book: Book, rule: QuestionnaireRule) -> Lines:
    """Who owns a form, what it asks, on which scale, for how many points."""
    if rule.owner:
        yield filled(Text("由{}编制", "drawn up by {}"), name(book, rule.owner))
    if rule.fields:
        yield filled(Text("填写：{}", "with {}"), listed(field(book, key, kind) for key, kind in rule.fields.items()))
    yield from _scale(book, rule)
    if rule.aspects:
        yield filled(Text("每个小项问：{}", "each item is asked for {}"), listed(word(book, a) for a in rule.aspects))
    if rule.items:
        yield filled(Text("小项：{}", "items: {}"), _items(book, rule.items))
    for tag, values in rule.tags.items():
        told = word(book, tag), listed(word(book, value) for value in values)
        yield filled(Text("小项按“{}”分为{}", "items are told apart by “{}”: {}"), *told)
    if rule.levels:
        yield filled(
            Text("等级依次为：{}", "levels in order: {}"), listed(_level(book, level) for level in rule.levels)
        )
    if rule.points is not None:
        yield filled(Text("合计 {}", "{} in all"), points(rule.points))
    if rule.respondents == "several":
        yield Text("一个顾客可以填写多份", "one customer may send several sheets")


def _scale(book: Book, rule: QuestionnaireRule) -> Lines:
    match rule.scale:
        case GradedScale(grades=grades):
            told = (filled(Text("{} {}", "{} {}"), word(book, key), number(score)) for key, score in grades.items())
            yield filled(Text("等级与原始分数：{}", "grades and raw scores: {}"), listed(told))
        case NumericScale(low=low, high=high, missing=missing):
            yield Text(f"以 {low} 至 {high} 评分", f"graded from {low} to {high}")
            if missing:
                yield Text(f"{'、'.join(missing)} 表示不适用", f"{', '.join(missing)} means not applicable")


def _level(book: Book, rule: Level) -> Text:
    return filled(Text("{}（{}）", "{} ({})"), word(book, rule.key), condition(book, rule.where))


def dimension(book: Book, rule: DimensionRule) -> Lines:
    """The points and items of a group, and whom it is about."""
    if rule.points is not None:
        yield points(rule.points)
    yield filled(Text("小项：{}", "items: {}"), _items(book, rule.items))
    if rule.of:
        yield filled(Text("调查表注明{}", "the sheet names the {}"), word(book, rule.of))


def _items(book: Book, items: dict[str, ItemRule]) -> Text:
    return listed(
        filled(Text("{} {}", "{} {}"), word(book, key), points(item.points)) if item.points is not None
        else word(book, key)
        for key, item in items.items()
    )  # fmt: skip


def unanswered(book: Book, rule: Unanswered) -> Lines:
    """What an item left empty counts as."""
    if rule.counts_as == "left_out":
        yield Text("未填写的小项不计", "items left empty are left out")
    else:
        yield filled(Text("未填写的小项按“{}”计", "items left empty count as “{}”"), word(book, rule.counts_as))
