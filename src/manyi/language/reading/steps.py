"""Occasions and steps as sentences: when work begins, who does it, by when, with which proof, and what follows."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Text
from manyi.language.model.fields import TASK_COLUMNS, FieldRule
from manyi.language.model.values import DayOfYear, Reminder
from manyi.language.model.work import Hearing, Occasion, Outcome, Step
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
    point,
    same,
    span,
    term,
    who,
    word,
)

Lines = Iterator[Text]
EVIDENCE = {
    "file": Text("文件", "a file"), "letter": Text("信函", "a letter"), "fax": Text("传真", "a fax"),
    "email": Text("电邮", "an e-mail"), "message": Text("通知", "a message"), "call": Text("电话", "a call"),
    "answer": Text("答复", "an answer"), "receipt": Text("发放记录", "a receipt"),
    "signature": Text("签名", "a signature"),
}  # fmt: skip
NEXT, CLOSE = Text("下一步", "the next step"), Text("结束", "closed")


def occasion(book: Book, rule: Occasion) -> Lines:
    """When a piece of work begins, for whom, and on which condition."""
    parts = []
    if rule.every:
        parts.append(cadence(rule.every))
    if rule.in_:
        parts.append(Text(f"{rule.in_} 月", f"in {MONTHS[rule.in_ - 1]}"))
    if rule.times and rule.times > 1:
        parts.append(Text(f"至少 {rule.times} 次", f"at least {rule.times} times"))
    if rule.covers == "previous":
        parts.append(Text("针对上一期", "about the period before"))
    if parts:
        yield listed(parts, "，", " ")
    if rule.event:
        yield filled(Text("事件：{}", "on the event {}"), listed(dotted(book, event) for event in rule.event))
    if rule.intake:
        yield filled(Text("来源：{}", "taken in by {}"), listed(name(book, key) for key in rule.intake))
    if rule.called_by:
        yield filled(Text("由{}决定", "when {} decides"), name(book, rule.called_by))
    if rule.per:
        yield filled(Text("每个{}各一份", "one for each {}"), listed(name(book, per) for per in rule.per))
    if rule.ask:
        yield filled(Text("询问“{}”", "asking for “{}”"), name(book, rule.ask))
    if rule.where:
        yield filled(Text("对象：{}", "where {}"), condition(book, rule.where))
    if rule.when:
        yield filled(Text("条件：{}", "when {}"), condition(book, rule.when))
    if rule.within:
        yield term(book, rule.within)


def step(book: Book, rule: Step) -> Lines:
    """Everything a step says, in the order it happens."""
    yield from _before(book, rule)
    if rule.role:
        yield filled(Text("由{}负责", "by {}"), who(book, rule.role))
    yield from _clock(book, rule)
    if held := limit(book, rule, share=True):
        yield held
    yield from _work(book, rule)
    yield from _proof(book, rule)
    yield from hearings(book, rule.inform, Text("通知：{}", "informs {}"))
    yield from _after(book, rule)


def _before(book: Book, rule: Step) -> Lines:
    if rule.when:
        yield filled(Text("条件：{}", "when {}"), condition(book, rule.when))
    if rule.event:
        yield filled(Text("等待：{}", "waits for {}"), listed(dotted(book, event) for event in rule.event))
    if rule.each:
        yield filled(Text("对每份相关的“{}”各做一次", "once for each linked “{}”"), name(book, rule.each))
    yield from hearings(book, rule.consult, Text("先征求意见：{}", "hears first {}"))


def _clock(book: Book, rule: Step) -> Lines:
    if rule.not_before:
        yield filled(Text("不早于{}", "not before {}"), _spaced(point(book, rule.not_before)))
    if rule.due:
        yield due(book, rule.due)
    if rule.within and rule.from_:
        yield filled(Text("自“{1}”起{0}", "{0} of “{1}”"), _spaced(term(book, rule.within)), dotted(book, rule.from_))
    elif rule.within:
        yield term(book, rule.within)
    if rule.remind:
        yield filled(Text("提醒：{}", "reminded {}"), listed(_reminder(book, each) for each in rule.remind))
    if rule.escalate:
        yield filled(
            Text("逾期{1}报{0}", "told to {0} when overdue by {1}"),
            who(book, rule.escalate.to),
            _span(book, rule.escalate.after),
        )


def due(book: Book, value: DayOfYear | str) -> Text:
    """By which day, or at which point counted from another."""
    pattern = Text("{}前", "by {}") if day(value) != same(str(value)) else Text("最迟：{}", "at the latest: {}")
    return filled(pattern, point(book, value))


def _spaced(text: Text) -> Text:
    """A figure stands off the Chinese words before it."""
    return Text(f" {text.zh}" if text.zh[:1].isdigit() else text.zh, text.en)


def _span(book: Book, value: object) -> Text:
    return name(book, value) if isinstance(value, str) else _spaced(span(value))  # type: ignore[arg-type]


def _reminder(book: Book, rule: Reminder) -> Text:
    pattern = Text("到期前{}", "{} before the term") if rule.before else Text("开始后{}", "{} after it opened")
    return filled(pattern, _span(book, rule.span))


def _work(book: Book, rule: Step) -> Lines:
    if rule.draw:
        yield filled(
            Text(f"从“{{}}”中随机抽取 {rule.draw.n} 个", f"{rule.draw.n} drawn at random of “{{}}”"),
            dotted(book, rule.draw.of),
        )
    if rule.all:
        yield filled(Text("同时进行：{}", "side by side: {}"), listed(_part(book, rule, part) for part in rule.all))
    if rule.fields:
        yield filled(
            Text("填写：{}", "fills in {}"), listed(field(book, key, kind) for key, kind in rule.fields.items())
        )
    if rule.attempts:
        yield Text(f"最多尝试 {rule.attempts} 次", f"at most {rule.attempts} attempts")
    if rule.playbook:
        yield filled(Text("参照行为指引“{}”", "with the playbook “{}” beside it"), playbook(book, rule.playbook))


def _part(book: Book, whole: Step, part: Step) -> Text:
    title = book.procedure.title_of(part.key, part.title)
    if (part.role or "").startswith("field."):
        return filled(Text("所选的每个{}各一份", "one for each of {} chosen"), who(book, part.role or ""))
    return filled(Text("{}（{}）", "{} ({})"), title, who(book, part.role or whole.role or ""))


def playbook(book: Book, key: str) -> Text:
    """A playbook by its title, with the situation shown."""
    first, _, situation = key.partition(".")
    rule = book.procedure.playbooks.get(first)
    title = book.procedure.title_of(first, rule.title if rule else None)
    found = next((s for s in rule.situations if s.key == situation), None) if rule else None
    return listed((title, book.procedure.title_of(situation, found.title)), "·", " · ") if found else title


def field(book: Book, key: str, rule: FieldRule) -> Text:
    """A field with its choices, its columns, or what it stands at beforehand."""
    title = rule.title or name(book, key)
    inside: list[Text] = [_choice(book, choice) for choice in rule.choices]
    if rule.type == "table" or (rule.type == "tasks" and set(rule.columns) != set(TASK_COLUMNS)):
        inside = [field(book, column, kind) for column, kind in rule.columns.items()]
    if rule.default is not None:
        inside.append(filled(Text("预填 {}", "set to {}"), _choice(book, rule.default)))
    return filled(Text("{}（{}）", "{} ({})"), title, listed(inside, "、", ", ")) if inside else title


DEFAULTS = {"next day": Text("次日 {}", "{} the next day"), "same day": Text("当天 {}", "{} the same day")}


def _choice(book: Book, key: str) -> Text:
    """A choice or a default by its word; a time of the next day as people say it."""
    head, _, rest = key.rpartition(" ")
    if head in DEFAULTS:
        return filled(DEFAULTS[head], same(rest))
    return word(book, key)


def _proof(book: Book, rule: Step) -> Lines:
    if rule.evidence:
        yield filled(Text("证据：{}", "evidence: {}"), listed(evidence(book, key) for key in rule.evidence))
    if rule.sign:
        yield Text("须签署", "to be signed")
    if rule.in_person:
        yield Text("须亲自进行，不得代理", "in person, no deputy")
    others = [key for key in rule.independent_of if key != "everyone"]
    if others:
        told = listed(dotted(book, key) for key in others)
        yield filled(Text("不得与“{}”为同一人", "not by who did “{}”"), told)
    if "everyone" in rule.independent_of:
        yield Text("不得由参与过的人进行", "by nobody who took part")
    if rule.emits:
        yield filled(Text("即视为“{}”", "this is the event “{}”"), dotted(book, rule.emits))


def evidence(book: Book, key: str) -> Text:
    """A proof by its kind, its field, or the event it is."""
    return EVIDENCE.get(key) or ENDS.get(key) or dotted(book, key)


def hearings(book: Book, rules: tuple[Hearing, ...], pattern: Text) -> Lines:
    """Roles that are heard or told, each with its condition."""
    if rules:
        yield filled(pattern, listed(_hearing(book, rule) for rule in rules))


def _hearing(book: Book, rule: Hearing) -> Text:
    told = who(book, rule.role)
    return filled(Text("{}（当{}）", "{} (when {})"), told, condition(book, rule.when)) if rule.when else told


def _after(book: Book, rule: Step) -> Lines:
    if rule.outcomes:
        told = (_outcome(book, key, outcome) for key, outcome in rule.outcomes.items())
        yield filled(Text("结果：{}", "outcomes: {}"), listed(told, "；", "; "))


def _outcome(book: Book, key: str, rule: Outcome) -> Text:
    title = name(book, key) if key not in {step.key for step in book.steps} else book.procedure.title_of(key)
    goal = {"next": NEXT, "close": CLOSE}.get(rule.then) or filled(Text("“{}”", "“{}”"), name(book, rule.then))
    told = filled(Text("{}→{}", "{} → {}"), title, goal)
    if rule.open:
        told = filled(Text("{}，并启动“{}”", "{}, opening “{}”"), told, name(book, rule.open))
    if rule.needs:
        told = filled(Text("{}（须填“{}”）", "{} (“{}” filled in)"), told, name(book, rule.needs))
    if rule.when:
        told = filled(Text("{}（当{}）", "{} (when {})"), told, condition(book, rule.when))
    return told
