"""What a survey says of its sample, its respondents, its score and its points of attention."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.model.work import FloorRule, Focus, Includes, Respondent, Sample, ScoreRule
from manyi.language.predicates import BadCondition, parse_predicate
from manyi.language.reading.words import Book, condition, filled, limit, listed, name, point, word

Lines = Iterator[Text]
METHODS = {
    "mean": Text("答案的平均", "the mean of the answers"),
    "points": Text("原始分数按分值加权，再按表平均", "raw scores weighted by points, then the mean over the sheets"),
    "gap": Text("{1}减{0}之差", "{1} minus {0}"),
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


def sample(book: Book, rule: Sample) -> Lines:
    """How customers are chosen, who counts as asked, and as of which day."""
    if rule.tiers:
        tiers = book.procedure.tiers.get(rule.tiers, ())
        yield filled(Text("层次：{}", "tiers: {}"), listed(book.procedure.title_of(t.key, t.title) for t in tiers))
    yield DRAWS[rule.draw]
    yield COUNTS[rule.counts]
    if rule.frame_on:
        yield filled(Text("名单日期：{}", "customers as of {}"), point(book, rule.frame_on))


def floor(book: Book, rule: FloorRule) -> Lines:
    """Of whom at least so many have to be asked."""
    if held := limit(book, rule, share=True):
        yield filled(Text("{}的调查率{}", "coverage of {} {}"), _of(book, rule.of), held)


def _of(book: Book, part: str) -> Text:
    if part == "all":
        return Text("全部顾客", "all customers")
    try:
        return name(book, part) if part.isidentifier() else condition(book, parse_predicate(part))
    except BadCondition:
        return name(book, part)


def respondent(book: Book, rule: Respondent) -> Lines:
    """Which department of which customers is asked."""
    yield filled(Text("调查顾客的{}", "asks the customer's {}"), word(book, rule.department))
    if rule.where:
        yield filled(Text("对象：{}", "where {}"), condition(book, rule.where))


def score(book: Book, rule: ScoreRule) -> Lines:
    """How answers become figures, and what they are divided and weighted by."""
    aspects = (*(word(book, aspect) for aspect in book.aspects), *GAP_OF)[:2]
    yield filled(Text("得分：{}", "score: {}"), filled(METHODS[rule.method], *aspects))
    if rule.by:
        yield filled(Text("按{}分别计算", "by {}"), PARTS.get(rule.by) or name(book, rule.by))
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


GAP_OF = (Text("期望", "expectation"), Text("感受", "perception"))


def focus(book: Book, rule: Focus) -> Lines:
    """What needs attention."""
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


def includes(book: Book, rule: Includes) -> Lines:
    """Whose sheets enter the yearly result."""
    yield filled(Text("年度结果包括：{}", "the yearly result takes in {}"), listed(name(book, key) for key in rule.of))
