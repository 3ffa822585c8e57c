"""A record as its page shows it: what is next, what the form says, what was done, what is owed and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from manyi.base.people.models import Person
from manyi.core.flows import NOT_REACHED, FieldRule, Open, OutcomeRule
from manyi.core.flows_acts import NOT_REACHED_WORDS, outcomes_of
from manyi.core.text import Text
from manyi.flow.duties.models import Duty
from manyi.flow.duties.queries import get_role_title
from manyi.flow.records.fields import kind_of, say_field
from manyi.flow.records.ground import PURPOSES, Standing, serves
from manyi.flow.records.models import Attachment, Row, Taken
from manyi.flow.records.owing import answerable_for, may_do, rule_of
from manyi.flow.records.queries import list_duties, names_for
from manyi.flow.records.room import Names

WHAT = {
    "opened": Text("开立", "Opened"), "taken": Text("完成", "Done"), "tried": Text("尝试", "Tried"),
    "heard": Text("会签意见", "Heard"), "event": Text("发生", "Happened"), "passed": Text("转交", "Passed on"),
    "remarked": Text("备注", "Remark"), "corrected": Text("更正", "Corrected"),
    "reopened": Text("重新打开", "Reopened"),
    "closed": Text("关闭", "Closed"), "archived": Text("归档", "Filed"), "voided": Text("作废", "Declared void"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Next:
    """Something open: what, whose it is, until when and why, and whether this person may do it."""

    opened: Open
    duty: Duty | None
    who: Text
    mine: bool
    overdue: bool
    outcomes: tuple[OutcomeRule, ...]

    @property
    def why(self) -> tuple[Text, ...]:
        """Why it is due then, in lines a person reads."""
        return tuple(Text(line.get("zh", ""), line.get("en", "")) for line in self.duty.why) if self.duty else ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the form with what stands in it: words, or the rows of a table, or files."""

    field: FieldRule
    said: Text
    heads: tuple[Text, ...] = ()
    rows: tuple[tuple[Row, tuple[Text, ...]], ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """One act of the history in words."""

    act: Taken
    what: Text
    step: Text
    outcome: Text
    lines: tuple[tuple[Text, Text], ...]
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of it."""

    standing: Standing
    next: tuple[Next, ...]
    entries: tuple[Entry, ...]
    history: tuple[Done, ...]
    names: Names
    duties: tuple[Duty, ...]
    limit: Text | None = None
    """What the record may not be used for, with its clause; that it may after all where the exception holds."""

    @property
    def mine(self) -> Next | None:
        """What this person can do at once: the first that is open and theirs."""
        return next((one for one in self.next if one.mine), None)


def page_of(by: Person, standing: Standing, at: datetime) -> Page:
    """What the page of a record shows to a person."""
    record, flow = standing.record, standing.flow
    rows = [row.data for rows in standing.rows.values() for row in rows]
    columns = [column for one in flow.fields for column in one.columns]
    said = [record.data, *(act.data for act in standing.history)]
    changes = [{act.data.get("field"): act.data.get(key)} for act in standing.history for key in ("old", "new")]
    names = names_for([*flow.fields, *columns], [*said, *rows, *changes])
    duties = list_duties(record)
    files = list(record.attachments.select_related("file", "by"))
    by_act: dict[int | None, list[Attachment]] = {}
    for one in files:
        by_act.setdefault(one.act_id, []).append(one)
    following = tuple(_next(by, standing, one, duties, at) for one in standing.state.open)
    done = tuple(_done(standing, act, names, by_act.get(act.pk, [])) for act in reversed(standing.history))
    return Page(standing, following, tuple(entries_of(standing, names, files)), done, names, tuple(duties),
                limit_of(standing))  # fmt: skip


def limit_of(standing: Standing) -> Text | None:
    """What a record may not be used for, in words; ``None`` where the procedure says nothing."""
    limit = standing.flow.not_for
    if limit is None:
        return None
    what = PURPOSES.get(limit.purpose, Text(limit.purpose, limit.purpose))
    if serves(standing, limit.purpose):
        return Text(
            f"符合例外，可用于{what.zh}（条款 {limit.clause}）", f"For {what.en} by exception (clause {limit.clause})"
        )
    return Text(f"不得用于{what.zh}（条款 {limit.clause}）", f"Not for {what.en} (clause {limit.clause})")


def entries_of(standing: Standing, names: Names, files: Iterable[Attachment]) -> list[Entry]:
    """What stands in the form, field by field; empty ones of steps that are not done yet are left out."""
    by_field: dict[str, list[Attachment]] = {}
    for one in files:
        by_field.setdefault(one.field, []).append(one)
    found = []
    for field in standing.flow.fields:
        kept = standing.record.data.get(field.key)
        if kind_of(field).is_rows or field.kind == "log":
            rows = standing.rows.get(field.key, [])
            if rows:
                found.append(_table(field, rows, names))
        elif kind_of(field).is_files:
            if field.key in by_field:
                found.append(Entry(field, Text(), files=tuple(by_field[field.key])))
        elif kept not in (None, "", []):
            found.append(Entry(field, say_field(field, kept, names)))
    return found


def _table(field: FieldRule, rows: list[Row], names: Names) -> Entry:
    if field.kind == "log":
        log_heads = (Text("时间", "When"), Text("谁", "Who"), Text("内容", "What"))
        return Entry(field, Text(), log_heads, tuple((row, _log_line(row)) for row in rows))
    heads = tuple(column.title for column in field.columns)
    said = tuple((row, tuple(say_field(c, row.data.get(c.key), names) for c in field.columns)) for row in rows)
    return Entry(field, Text(), heads, said)


def _log_line(row: Row) -> tuple[Text, ...]:
    when = str(row.data.get("at", ""))
    local = timezone.localtime(datetime.fromisoformat(when)).strftime("%Y-%m-%d %H:%M") if when else ""
    return tuple(Text(said, said) for said in (local, str(row.data.get("by", "")), str(row.data.get("text", ""))))


def _next(by: Person, standing: Standing, opened: Open, duties: list[Duty], at: datetime) -> Next:
    key = (rule_of(standing.record, opened), opened.round)
    duty = next((d for d in reversed(duties) if (d.rule, d.round) == key and d.state == Duty.State.OPEN), None)
    who = answerable_for(standing, opened)
    role = get_role_title(standing.record.revision, who.role) if who.role else Text(who.unit.name, who.unit.name)
    named = Text(who.person.name, who.person.name) if who.person else role
    overdue = bool(duty and duty.due_at <= at)
    mine = may_do(by, standing, opened, timezone.localdate(at))
    return Next(opened, duty, named, mine, overdue, outcomes_of(opened, standing.ground))


def _done(standing: Standing, act: Taken, names: Names, files: list[Attachment]) -> Done:
    flow = standing.flow
    step = flow.find(act.step) if act.step else None
    rule = step.outcome(act.outcome) if step else None
    outcome = (
        rule.title if rule else NOT_REACHED_WORDS if act.outcome == NOT_REACHED else Text(act.outcome, act.outcome)
    )
    title = step.title if step else Text()
    if act.part:
        part = names.of("role", act.part)
        title = Text(f"{title.in_('zh')}（{part}）", f"{title.in_('en')} ({part})")
    return Done(act, WHAT.get(act.what, Text(act.what, act.what)), title, outcome, tuple(_lines(standing, act, names)),
                tuple(files))  # fmt: skip


def _lines(standing: Standing, act: Taken, names: Names) -> Iterable[tuple[Text, Text]]:
    """What was filled in with an act, or what a correction changed."""
    flow = standing.flow
    if act.what == Taken.What.CORRECTED:
        field = flow.field(str(act.data.get("field", "")))
        if field is not None:
            old, new = (say_field(field, act.data.get(key), names) for key in ("old", "new"))
            yield field.title, Text(f"{old.zh or '—'} → {new.zh or '—'}", f"{old.en or '—'} → {new.en or '—'}")
        return
    if act.what == Taken.What.PASSED:
        kind, key = ("user", act.data.get("person")) if act.data.get("person") else ("unit", act.data.get("unit"))
        said = name_of(standing, names, kind, key)
        yield Text("转交给", "To"), Text(said, said)
        return
    for field in flow.fields:
        kept: Any = act.data.get(field.key)
        if kept not in (None, "", []) and not kind_of(field).is_files:
            yield field.title, say_field(field, kept, names)


def name_of(standing: Standing, names: Names, kind: str, key: Any) -> str:
    """The name of a person or unit a record was passed to."""
    record = standing.record
    for one in (record.owner, record.with_unit):
        if one is not None and one.pk == key and (kind == "user") == isinstance(one, Person):
            return one.name
    party = next((p for p in record.parties.all() if (p.person_id if kind == "user" else p.unit_id) == key), None)
    found = (party.person if kind == "user" else party.unit) if party else None
    return found.name if found else names.of(kind, key)
