"""What a procedure says of one kind of record, as plain values of the core."""

from __future__ import annotations

from collections.abc import Iterable

from manyi.core.dues import Term
from manyi.core.errors import Refusal
from manyi.core.flows import FieldRule, FlowRule, FlowStep, Heard, LimitedUse, OutcomeRule, Timing
from manyi.core.predicates import facts_in
from manyi.core.text import Text
from manyi.language.facts import fields_of
from manyi.language.model.fields import FIELD_TYPES, MANY
from manyi.language.model.fields import FieldRule as FieldSaid
from manyi.language.model.procedure import Procedure
from manyi.language.model.work import Hearing, RecordRule, Step, steps_of
from manyi.language.timing import duration_of, escalation_of, point_of, reminders_of

BY_FIELD = "field."
NAMED = {
    "text": Text("内容", "Text"), "number": Text("数量", "Number"), "money": Text("金额", "Amount"),
    "date": Text("日期", "Date"), "datetime": Text("时间", "Time"), "yes_no": Text("是否", "Yes or no"),
    "file": Text("文件", "File"), "photo": Text("照片", "Photo"), "signature": Text("签名", "Signature"),
    "log": Text("经过", "Log"), "customer": Text("顾客", "Customer"), "contact": Text("联系人", "Contact"),
    "product": Text("产品", "Product"), "project": Text("项目", "Project"), "unit": Text("部门", "Unit"),
    "role": Text("角色", "Role"), "roles": Text("角色", "Roles"), "user": Text("人员", "Person"),
    "users": Text("人员", "People"), "tasks": Text("事项", "Tasks"), "result": Text("结果", "Result"),
}  # fmt: skip
"""What a field named like its kind is called where the procedure has no word for it."""
KINDS = frozenset({*FIELD_TYPES, "photo", "signature", "choice", "any_of", "table"})
COLUMNS = {"what": Text("事项", "What"), "who": Text("责任人", "Who"), "due": Text("期限", "Due")}
"""What the columns of tasks are called where the procedure has no word for them."""


def flow_of(procedure: Procedure, kind: str) -> FlowRule:
    """The rules of a kind of record; raises ``Refusal`` where the procedure defines none."""
    rule = procedure.records.get(kind)
    if rule is None:
        raise Refusal(
            "no_record", "kind", kind, Text("一种在程序中定义的记录", "a kind of record the procedure defines"),
            Text("在 records 中定义", f"Known: {', '.join(procedure.records) or 'none'}"),
        )  # fmt: skip
    return FlowRule(
        kind=kind,
        title=rule.title,
        steps=tuple(_step(procedure, rule, step) for step in rule.steps),
        code=rule.code,
        clause=_first(rule.clause),
        number=rule.number,
        calendar=rule.calendar or procedure.procedure.calendar,
        of=rule.of or "",
        page=rule.page or "",
        playbook=rule.playbook or "",
        register_title=rule.register_.title if rule.register_ else None,
        columns=rule.register_.columns if rule.register_ else (),
        archive_role=rule.archive.role if rule.archive else "",
        archive_clause=_first(rule.archive.clause) if rule.archive else "",
        gates=rule.gates,
        openers=tuple(o.called_by for o in rule.opens if o.called_by),
        channels=tuple((channel, procedure.title_of(channel)) for o in rule.opens for channel in o.intake),
        is_report=bool(rule.contains),
        published=tuple(sorted(_published(procedure, kind, rule))),
        purpose=rule.purpose or "",
        not_for=_limited(rule),
    )


def _limited(rule: RecordRule) -> LimitedUse | None:
    said = rule.not_for
    return LimitedUse(said.purpose, _first(said.clause), said.except_) if said else None


def _published(procedure: Procedure, kind: str, rule: RecordRule) -> set[str]:
    """The fields that conditions of what follows from the record look at: they are published with its events."""
    work = [*procedure.records.values(), *procedure.programmes.values()]
    occasions = [o for one in work for o in one.opens] + list(procedure.duties.values())
    own = [o for o in occasions if any(name.startswith(f"{kind}.") for name in o.event)]
    conditions = [c for o in own for c in (o.when, o.where) if c is not None]
    conditions += [o.when for step in steps_of(rule) for o in step.outcomes.values() if o.when is not None]
    named = {name.removeprefix("any.").removeprefix("all.") for c in conditions for name in facts_in(c)}
    named |= {o.needs for step in steps_of(rule) for o in step.outcomes.values() if o.needs}
    return named & set(fields_of(rule))


def _first(clauses: Iterable[str]) -> str:
    return next(iter(clauses), "")


def _step(procedure: Procedure, rule: RecordRule, step: Step, whole: Step | None = None) -> FlowStep:
    role = step.role or (whole.role if whole else "") or ""
    clause = step.clause or (whole.clause if whole else ()) or rule.clause
    return FlowStep(
        key=step.key,
        title=procedure.title_of(step.key, step.title or (whole.title if whole and len(whole.all) == 1 else None)),
        clause=_first(clause),
        role=role,
        fields=tuple(field_of(procedure, key, said) for key, said in step.fields.items()),
        sign=step.sign,
        evidence=step.evidence,
        consult=_heard(step.consult),
        inform=_heard(step.inform),
        independent_of=step.independent_of,
        in_person=step.in_person,
        parts=tuple(_step(procedure, rule, part, step) for part in step.all),
        for_each=_for_each(rule, role) if whole else "",
        each=step.each or "",
        attempts=step.attempts or 0,
        outcomes=tuple(
            OutcomeRule(key, procedure.title_of(key), o.then, o.open or "", o.needs or "", o.when)
            for key, o in step.outcomes.items()
        ),
        when=step.when,
        events=step.event,
        timing=_timing(procedure, step if whole is None or _is_timed(step) else whole, _first(clause)),
        playbook=step.playbook or "",
        emits=step.emits or "",
    )


def _for_each(rule: RecordRule, role: str) -> str:
    """The field for each of whose values a part is done: only where the field holds several."""
    key = role.removeprefix(BY_FIELD) if role.startswith(BY_FIELD) else ""
    fields = {key: said for step in rule.steps for key, said in step.fields.items()}
    return key if key in fields and fields[key].type in MANY else ""


def _is_timed(step: Step) -> bool:
    return step.within is not None or step.due is not None


def _named(procedure: Procedure, key: str) -> Text:
    """A word of the file, or the title of the role of that name."""
    role = procedure.roles.get(key)
    return procedure.title_of(key, procedure.words.get(key) or (role.title if role else None))


def _heard(hearings: Iterable[Hearing]) -> tuple[Heard, ...]:
    return tuple(Heard(one.role, one.when) for one in hearings)


def _timing(procedure: Procedure, step: Step, clause: str) -> Timing:
    within, at = duration_of(procedure, step.within), point_of(step.due)
    stated = within is not None or at is not None
    return Timing(
        term=Term(clause, within, at, step.from_ or "") if stated else None,
        not_before=point_of(step.not_before),
        remind=reminders_of(procedure, step),
        escalate=escalation_of(procedure, step),
    )


def field_of(procedure: Procedure, key: str, said: FieldSaid) -> FieldRule:
    """One field of a form as the core knows it."""
    kind, of = said.type, said.source
    if kind == "from":
        kind = "from_table" if said.source in procedure.tables else "from_playbook"
    elif kind not in KINDS:
        kind, of = ("record", said.type) if said.type in procedure.records else ("text", "")
    return FieldRule(
        key=key,
        title=said.title or procedure.words.get(key) or NAMED.get(key) or COLUMNS.get(key) or Text(key, key),
        kind=kind,
        optional=said.optional,
        default=said.default or "",
        choices=tuple((choice, _named(procedure, choice)) for choice in said.choices),
        columns=tuple(field_of(procedure, name, column) for name, column in said.columns.items()),
        of=of,
    )
