"""Spans, days, limits and conditions in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.core.durations import Duration, parse_duration
from manyi.core.figures import from_text, percent, shown
from manyi.core.predicates import (
    And,
    Arithmetic,
    Compare,
    Constant,
    Fact,
    In,
    IsNull,
    Not,
    Or,
    Predicate,
    Term,
    Truth,
    Value,
)
from manyi.core.text import Text
from manyi.language.model.procedure import Procedure
from manyi.language.model.values import COUNTED_POINT, DayOfYear, Held
from manyi.language.model.work import Step
from manyi.language.reading.vocabulary import ENDS, EVENTS, FACTS

UNITS = {
    "minute": Text("分钟", "minute"), "hour": Text("小时", "hour"), "day": Text("天", "day"),
    "working_day": Text("个工作日", "working day"), "week": Text("周", "week"), "month": Text("个月", "month"),
    "year": Text("年", "year"),
}  # fmt: skip
CADENCES = {
    "year": Text("每年", "every year"), "half-year": Text("每半年", "every half-year"),
    "quarter": Text("每季度", "every quarter"),
    "month": Text("每月", "every month"), "week": Text("每周", "every week"),
    "day": Text("每天", "every day"),
}  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LIMITS = {
    "at_least": Text("不低于{}", "at least {}"), "at_most": Text("不高于{}", "at most {}"),
    "above": Text("高于{}", "above {}"), "below": Text("低于{}", "below {}"),
}  # fmt: skip


def filled(pattern: Text, *parts: Text) -> Text:
    """``pattern`` with every ``{}`` filled by the next part, in each language."""
    return Text(
        pattern.in_("zh").format(*(p.in_("zh") for p in parts)), pattern.in_("en").format(*(p.in_("en") for p in parts))
    )


def same(text: str) -> Text:
    """A text that reads alike in both languages."""
    return Text(text, text)


def listed(parts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Texts one after the other."""
    every = list(parts)
    return Text(zh.join(p.in_("zh") for p in every), en.join(p.in_("en") for p in every))


def span(value: Duration | str) -> Text:
    """A duration in words, or the name of the parameter that holds it.

    >>> span(Duration(1, "month")).en, span(Duration(0, "day")).zh
    ('1 month', '当天')
    """
    if isinstance(value, str):
        return same(value)
    if value.unit == "day" and value.amount == 0:
        return Text("当天", "same day")
    unit = UNITS[value.unit]
    return Text(f"{value.amount} {unit.zh}", f"{value.amount} {unit.en}{'s' if value.amount != 1 else ''}")


def day(value: DayOfYear | str) -> Text:
    """A day that comes back, or a point of a period."""
    if isinstance(value, DayOfYear):
        return Text(f"{value.month} 月 {value.day} 日", f"{value.day} {MONTHS[value.month - 1]}")
    known = {
        "end of period": Text("期末", "the end of the period"),
        "last working day": Text("最后一个工作日", "the last working day"),
    }
    return known.get(value, same(value))


def term(book: Book, value: Duration | str) -> Text:
    """*within* so long: the same day, by the next day, a span, or the parameter that holds it."""
    if isinstance(value, str):
        return filled(Text("“{}”规定的时间内", "within “{}”"), name(book, value))
    if value.unit == "day" and value.amount == 0:
        return Text("当天", "same day")
    return filled(Text("{}内", "within {}"), span(value))


def point(book: Book, value: DayOfYear | str) -> Text:
    """A day of the year or of the period, a field, or so long before or after something."""
    if isinstance(value, str) and (counted := COUNTED_POINT.fullmatch(value)):
        told = span(parse_duration(counted[1])), dotted(book, counted[3])
        pattern = (
            Text("“{1}”前 {0}", "{0} before “{1}”")
            if counted[2] == "before"
            else Text("“{1}”后 {0}", "{0} after “{1}”")
        )
        return filled(pattern, *told)
    if isinstance(value, str) and day(value) == same(value):
        return filled(Text("“{}”所定的时间", "the time under “{}”"), dotted(book, value))
    return day(value)


def word(book: Book, key: str) -> Text:
    """What a choice, a tag or another value is called: by the words of the file before all else."""
    return book.procedure.words.get(key) or name(book, key)


def who(book: Book, role: str) -> Text:
    """A role by its title; whoever is chosen in a field by what the field is called."""
    if role == "field.per":
        return Text("所针对的部门或人员", "whoever it was opened for")
    return name(book, role.removeprefix("field."))


def cadence(value: str) -> Text:
    """How often; a parameter's name stands as it is."""
    return CADENCES.get(value, same(value))


def number(value: Fraction) -> Text:
    """A number as people write it."""
    if value.denominator == 1:
        return same(str(value.numerator))
    return same(str(shown(value, 4)).rstrip("0"))


def limit(book: Book, held: Held, *, share: bool) -> Text | None:
    """The limit something is held to; ``None`` where there is none."""
    for word, pattern in LIMITS.items():
        value = getattr(held, word)
        if value is None:
            continue
        if isinstance(value, Fraction):
            told = percent(value, 0 if (value * 100).denominator == 1 else 2) if share else number(value).en
            return filled(pattern, Text(f" {told}", told))
        if isinstance(value, str):
            return filled(pattern, name(book, value))
        return filled(pattern, filled(Text("表“{}”所定的值", "what the table “{}” sets"), name(book, value.from_)))
    return None


@dataclass(frozen=True, slots=True)
class Book:
    """A procedure, and of the work a rule belongs to its steps (keys known only there) and the aspects it asks for."""

    procedure: Procedure
    steps: tuple[Step, ...] = ()
    aspects: tuple[str, ...] = ()


def name(book: Book, key: str) -> Text:
    """What people call a role, form, record, step, fact, item, parameter or any other key of the procedure."""
    for step in book.steps:
        for part in (step, *step.all):
            if part.key == key:
                return book.procedure.title_of(key, part.title or step.title)
            if key in part.fields and part.fields[key].title:
                return book.procedure.title_of(key, part.fields[key].title)
    for chapter in _chapters(book.procedure):
        if key in chapter:
            return book.procedure.title_of(key, getattr(chapter[key], "title", None))
    return FACTS.get(key) or book.procedure.title_of(key)


def _chapters(procedure: Procedure) -> Iterator[Mapping[str, Any]]:
    yield from (
        procedure.roles, procedure.questionnaires, procedure.programmes, procedure.records, procedure.facts,
        procedure.parameters, procedure.measures, procedure.duties, procedure.tables, procedure.units,
    )  # fmt: skip
    yield from ({tier.key: tier for tier in tiers} for tiers in procedure.tiers.values())
    yield from (form.dimensions for form in procedure.questionnaires.values())


def dotted(book: Book, key: str) -> Text:
    """A dotted name (``yearly_report.closed``) in words: as a whole where it has a name, else part by part."""
    if known := EVENTS.get(key) or FACTS.get(key):
        return known
    first, *rest = key.split(".")
    work = book.procedure.records.get(first) or book.procedure.programmes.get(first)
    if work:
        book = Book(book.procedure, work.steps)
        kind = book.procedure.title_of(first, work.title)
        return listed((kind, *(ENDS.get(part) or name(book, part) for part in rest)), "·", " · ")
    return listed((name(book, first), *(ENDS.get(part) or name(book, part) for part in rest)), "·", " · ")


def condition(book: Book, predicate: Predicate) -> Text:
    """A condition in words, with the names of its facts.

    Parts of an *and* or *or* that are themselves joined stand in brackets, so that nothing reads two ways.
    """
    match predicate:
        case Compare(operator, left, right):
            sign = {"<>": "≠", "<=": "≤", ">=": "≥"}.get(operator, operator)
            return listed((_term(book, left), same(sign), _term(book, right)), " ", " ")
        case In(part, values):
            return filled(
                Text("{} 为 {} 之一", "{} is one of {}"),
                _term(book, part),
                listed(_value(book, value) for value in values),
            )
        case Not(IsNull(part)):
            return filled(Text("{}已填写", "{} is given"), _term(book, part))
        case IsNull(part):
            return filled(Text("{}未填写", "{} is not given"), _term(book, part))
        case Truth(Fact(key)) if key.endswith(".done"):
            return filled(Text("已完成“{}”", "“{}” is done"), name(book, key.split(".")[0]))
        case Truth(Constant(value)):
            return Text("全部", "all") if value else Text("无", "none")
        case Truth(part):
            return _term(book, part)
        case Not(inner):
            return filled(Text("非（{}）", "not ({})"), condition(book, inner))
        case And(parts):
            return _joined(book, parts, " 且 ", " and ")
        case Or(parts):
            return _joined(book, parts, " 或 ", " or ")


def _joined(book: Book, parts: tuple[Predicate, ...], zh: str, en: str) -> Text:
    texts = ((part, condition(book, part)) for part in parts)
    bracket = Text("（{}）", "({})")
    return listed((filled(bracket, text) if isinstance(part, And | Or) else text for part, text in texts), zh, en)


def _term(book: Book, term: Term) -> Text:
    match term:
        case Fact(key) if key.startswith("count."):
            return filled(Text("“{}”的项数", "the number of “{}”"), dotted(book, key[6:]))
        case Fact(key) if key.startswith(("any.", "all.")):
            each = Text("任一“{}”", "any “{}”") if key.startswith("any.") else Text("每一“{}”", "every “{}”")
            return filled(each, dotted(book, key[4:]))
        case Fact(key) if key.endswith(".outcome"):
            return filled(Text("“{}”的结果", "the outcome of “{}”"), name(book, key.split(".")[0]))
        case Fact(key):
            return FACTS.get(key) or dotted(book, key)
        case Constant(value):
            return _value(book, value)
        case Arithmetic(operator, left, right):
            return listed((_term(book, left), same(operator), _term(book, right)), " ", " ")


def _value(book: Book, value: Value) -> Text:
    match value:
        case bool():
            return Text("是", "yes") if value else Text("否", "no")
        case Fraction():
            return number(value)
        case None:
            return Text("未知", "unknown")
    return filled(Text("“{}”", "“{}”"), word(book, value))


def points(value: Fraction | None) -> Text:
    """How many points something is worth; nothing where all weigh the same."""
    return filled(Text("{} 分", "{} points"), number(value)) if value is not None else Text()


def parameter_value(text: str | None) -> Text:
    """What a parameter is set to, or that the company has to set it."""
    if text is None:
        return Text("由公司设定，尚无数值", "set by the company; no figure stands yet")
    try:
        return number(from_text(text))
    except ValueError:
        return same(text)
