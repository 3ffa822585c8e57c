"""Every place where a procedure names something it defines elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from manyi.core.text import Text
from manyi.language.events import events_of
from manyi.language.facts import COLUMNS, FACTS, facts_everywhere, fields_of, items_of
from manyi.language.lint.places import occasions, programmes, steps, works
from manyi.language.model.fields import FIELD_TYPES, FieldRule
from manyi.language.model.nouns import COMPUTED
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import KEY, LIMIT_WORDS, Cell, Held
from manyi.language.model.work import RecordRule, Step, steps_of

ROLE, FORM, TIERS = Text("角色", "role"), Text("调查表", "questionnaire"), Text("顾客分层", "set of tiers")
PROGRAMME, RECORD, PARAMETER = Text("调查", "programme"), Text("记录", "record"), Text("参数", "parameter")
FIELD, MEASURE, FACT = Text("字段", "field"), Text("指标", "measure"), Text("事实", "fact")
TABLE, COLUMN, TYPE = Text("表", "table"), Text("列", "column"), Text("字段类型", "type of field")
SOURCE = Text("来源", "source")
TIER = Text("顾客分层", "tier")
PLAYBOOK, STEP, PER = Text("话术手册", "playbook"), Text("步骤", "step"), Text("对象", "kind of subject")
SUBJECTS = ("shop", "unit", "project", "product", "customer", "area", "contract", "user")
SPLITS = ("item", "dimension", "tag", "level", "tier")
CALCULATED = ("target", "previous")
WRITTEN_TYPES = ("choice", "any_of", "from", "table")
"""Types a file writes by their form."""


@dataclass(frozen=True, slots=True)
class Reference:
    """``name``, said at ``path``, has to be one of ``known``."""

    path: Path
    name: str
    what: Text
    known: Collection[str]


def references(procedure: Procedure) -> tuple[Reference, ...]:
    """All names used, in the order of the chapters of the language."""
    return procedure.once("references", lambda: tuple(_references(procedure)))


def _references(procedure: Procedure) -> Iterator[Reference]:
    yield from _of_nouns(procedure)
    yield from _of_questionnaires(procedure)
    yield from _of_programmes(procedure)
    yield from _of_occasions(procedure)
    yield from _of_steps(procedure)
    yield from _of_records(procedure)
    yield from _of_limits(procedure)
    yield from _of_measures(procedure)
    for key, duty in procedure.duties.items():
        yield Reference(("duties", key, "role"), duty.role, ROLE, roles_known(procedure))
        for hearing in duty.inform:
            yield Reference(("duties", key, "inform"), hearing.role, ROLE, roles_known(procedure))


def roles_known(procedure: Procedure) -> set[str]:
    """The roles of the file, and the one that is always there."""
    return {*procedure.roles, "customer"}


def _of_nouns(procedure: Procedure) -> Iterator[Reference]:
    roles = roles_known(procedure)
    if procedure.procedure.owner:
        yield Reference(("procedure", "owner"), procedure.procedure.owner, ROLE, roles)
    for key, role in procedure.roles.items():
        if role.part_of:
            yield Reference(("roles", key, "part_of"), role.part_of, ROLE, roles)
        if role.per:
            yield Reference(("roles", key, "per"), role.per, PER, {*SUBJECTS, *procedure.units})
        for part in role.includes if isinstance(role.includes, tuple) else ():
            yield Reference(("roles", key, "includes"), part, ROLE, roles)
    subjects, sources = {*SUBJECTS, *procedure.units}, _sources(procedure)
    for key, fact in procedure.facts.items():
        for word in COMPUTED:
            if source := getattr(fact, word):
                yield Reference(("facts", key, word), source.split(".")[0], SOURCE, sources)
        if fact.among:
            yield Reference(("facts", key, "among"), fact.among, PER, subjects)
    for key, table in procedure.tables.items():
        yield from _of_fields(procedure, ("tables", key, "columns"), table.columns)
        for number, row in enumerate(table.rows):
            for column in row:
                yield Reference(("tables", key, "rows", number, column), column, COLUMN, table.columns)


def _of_fields(procedure: Procedure, path: Path, fields: Mapping[str, FieldRule]) -> Iterator[Reference]:
    known = {*FIELD_TYPES, *procedure.records, *procedure.programmes}
    for key, field in fields.items():
        if field.type not in WRITTEN_TYPES:
            yield Reference((*path, key), field.type, TYPE, known)
        if field.source:
            yield Reference(
                (*path, key, "from"), field.source, TABLE, {*procedure.tables, *procedure.playbooks, "playbook"}
            )
        yield from _of_fields(procedure, (*path, key, field.type), field.columns)


def _of_questionnaires(procedure: Procedure) -> Iterator[Reference]:
    for key, form in procedure.questionnaires.items():
        path = ("questionnaires", key)
        if form.owner:
            yield Reference((*path, "owner"), form.owner, ROLE, roles_known(procedure))
        yield from _of_fields(procedure, (*path, "fields"), form.fields)
        for column in form.columns:
            yield Reference((*path, "columns", column), column, FIELD, {*items_of(form), *form.fields, *COLUMNS})


def _of_programmes(procedure: Procedure) -> Iterator[Reference]:
    for path, _, rule in programmes(procedure):
        yield Reference((*path, "form"), rule.form, FORM, procedure.questionnaires)
        if rule.sample.tiers:
            yield Reference((*path, "sample", "tiers"), rule.sample.tiers, TIERS, procedure.tiers)
        form = procedure.questionnaires.get(rule.form)
        parts = {"all", *(tier.key for tier in procedure.tiers.get(rule.sample.tiers or "", ()))}
        for number, floor in enumerate(rule.sample.floors):
            if KEY.fullmatch(floor.of):
                yield Reference((*path, "sample", "floors", number, "of"), floor.of, TIER, parts)
        for number, focus in enumerate(rule.focus):
            if focus.written and form:
                yield Reference((*path, "focus", number, "written"), focus.written, FIELD, {*form.fields, "comment"})
            if focus.per:
                yield Reference((*path, "focus", number, "per"), focus.per, PER, {*SUBJECTS, *procedure.units})
        for other in rule.includes.of if rule.includes else ():
            yield Reference((*path, "includes", "of"), other, PROGRAMME, procedure.programmes)


def _of_occasions(procedure: Procedure) -> Iterator[Reference]:
    pers = {*SUBJECTS, *procedure.units, *procedure.roles}
    for at in occasions(procedure):
        if at.occasion.called_by:
            yield Reference((*at.path, "called_by"), at.occasion.called_by, ROLE, roles_known(procedure))
        for per in at.occasion.per:
            yield Reference((*at.path, "per"), per, PER, pers)
        yield from _duration(procedure, (*at.path, "within"), at.occasion.within)


def _of_steps(procedure: Procedure) -> Iterator[Reference]:
    roles, events = roles_known(procedure), events_of(procedure)
    everywhere = {"everyone", *(f"{w.key}.{s.key}" for w in works(procedure) for s in steps_of(w.rule))}
    for path, step, work in steps(procedure):
        fields = set(fields_of(work.rule))
        yield from _of_fields(procedure, (*path, "fields"), step.fields)
        # Whoever is chosen in a field; that the field is filled in time is another check's question.
        who = roles | {f"field.{name}" for name in (*fields, "per")}
        if step.role:
            yield Reference((*path, "role"), step.role, ROLE, who)
        for word in ("consult", "inform"):
            for hearing in getattr(step, word):
                yield Reference((*path, word), hearing.role, ROLE, who)
        if step.escalate:
            yield Reference((*path, "escalate", "to"), step.escalate.to, ROLE, who)
            yield from _duration(procedure, (*path, "escalate", "after"), step.escalate.after)
        yield from _duration(procedure, (*path, "within"), step.within)
        own = {other.key for other in steps_of(work.rule)}
        anchors = own | fields | events | {"opened_at", "received_at", "agreed_at"}
        if step.from_:
            yield Reference((*path, "from"), step.from_, STEP, anchors)
        for word in ("due", "not_before"):
            yield from _anchor(path, word, getattr(step, word), anchors)
        for other in step.independent_of:
            yield Reference((*path, "independent_of"), other, STEP, own | everywhere)
        yield from _leads(procedure, path, step, fields)


def _leads(procedure: Procedure, path: Path, step: Step, fields: set[str]) -> Iterator[Reference]:
    for name, outcome in step.outcomes.items():
        if outcome.open:
            yield Reference((*path, "outcomes", name, "open"), outcome.open, RECORD, procedure.records)
        if outcome.needs:
            yield Reference((*path, "outcomes", name, "needs"), outcome.needs, FIELD, fields)
    if step.each:
        yield Reference((*path, "each"), step.each, RECORD, {*procedure.records, *procedure.programmes})
    if step.playbook:
        yield Reference((*path, "playbook"), step.playbook, PLAYBOOK, _playbooks(procedure))


def _of_records(procedure: Procedure) -> Iterator[Reference]:
    surveys, facts = procedure.programmes, {*facts_everywhere(procedure), *procedure.facts}
    works_known = {*surveys, *procedure.records}
    blocks: dict[str, tuple[Text, Collection[str]]] = {
        "scores": (PROGRAMME, surveys), "returns": (PROGRAMME, surveys), "focus": (PROGRAMME, surveys),
        "coverage": (TIERS, procedure.tiers), "comments": (PROGRAMME, works_known),
        "records": (RECORD, works_known), "register": (RECORD, works_known),
        "measures": (MEASURE, procedure.measures), "facts": (FACT, facts),
    }  # fmt: skip
    for work in works(procedure):
        for number, block in enumerate(work.rule.contains):
            for word, (what, known) in blocks.items():
                for name in _listed(getattr(block, f"{word}_" if word == "register" else word)):
                    yield Reference((*work.path, "contains", number, word), name, what, known)
        yield from _filed(procedure, work.path, work.rule)


def _filed(procedure: Procedure, path: Path, rule: RecordRule) -> Iterator[Reference]:
    if rule.archive:
        yield Reference((*path, "archive", "role"), rule.archive.role, ROLE, roles_known(procedure))
    if rule.playbook:
        yield Reference((*path, "playbook"), rule.playbook, PLAYBOOK, _playbooks(procedure))


def _of_measures(procedure: Procedure) -> Iterator[Reference]:
    sources, pers = _sources(procedure), {*SUBJECTS, *SPLITS, *procedure.units, *procedure.facts}
    for key, measure in procedure.measures.items():
        kind = measure.of.split(".")[0]
        yield Reference(("measures", key, "of"), kind, SOURCE, sources)
        own = _fields_of_source(procedure, kind)
        for per in measure.per:
            yield Reference(("measures", key, "per"), per, PER, pers | own)
        if measure.distinct:
            yield Reference(("measures", key, "distinct"), measure.distinct, PER, pers | own)


def _fields_of_source(procedure: Procedure, kind: str) -> set[str]:
    """What the sheets or records of a kind are filled with."""
    survey = procedure.programmes.get(kind)
    work = survey or procedure.records.get(kind)
    form = procedure.questionnaires.get(survey.form) if survey else None
    return {*(fields_of(work) if work else ()), *(form.fields if form else ())}


def _sources(procedure: Procedure) -> set[str]:
    """What can be counted, summed or compared."""
    return {
        "sales",
        *FACTS,
        *procedure.records,
        *procedure.programmes,
        *procedure.tables,
        *procedure.facts,
        *procedure.units,
    }


def _of_limits(procedure: Procedure) -> Iterator[Reference]:
    for path, held in limits(procedure):
        for word in LIMIT_WORDS:
            name = getattr(held, word)
            if isinstance(name, str):
                known = {*CALCULATED, *procedure.parameters, *_grades(procedure)}
                yield Reference((*path, word), name, PARAMETER, known)
            elif isinstance(name, Cell):
                yield from _cell(procedure, (*path, word), name)


def _cell(procedure: Procedure, path: Path, cell: Cell) -> Iterator[Reference]:
    yield Reference((*path, "from"), cell.from_, TABLE, procedure.tables)
    if cell.from_ in procedure.tables:
        columns = procedure.tables[cell.from_].columns
        yield Reference((*path, "take"), cell.take, COLUMN, columns)
        yield Reference((*path, "column" if cell.column else "match"), cell.column or cell.match, COLUMN, columns)


def limits(procedure: Procedure) -> Iterator[tuple[Path, Held]]:
    """Everything that may be held to a limit."""
    for key, tiers in procedure.tiers.items():
        yield from ((("tiers", key, number), tier) for number, tier in enumerate(tiers))
    for path, _, rule in programmes(procedure):
        yield from (((*path, "sample", "floors", number), floor) for number, floor in enumerate(rule.sample.floors))
    yield from ((at.path, at.step) for at in steps(procedure))
    yield from ((("measures", key), measure) for key, measure in procedure.measures.items())


def has_limit(held: Held) -> bool:
    """Whether one of the four words stands with a value."""
    return any(getattr(held, word) is not None for word in LIMIT_WORDS)


def limit_of(held: Held) -> tuple[str, Fraction] | None:
    """The word and the figure, where the limit is a figure."""
    return next(((w, v) for w in LIMIT_WORDS if isinstance(v := getattr(held, w), Fraction)), None)


def _duration(procedure: Procedure, path: Path, value: Any) -> Iterator[Reference]:
    if isinstance(value, str):
        yield Reference(path, value, PARAMETER, procedure.parameters)


def _anchor(path: Path, word: str, value: Any, known: Collection[str]) -> Iterator[Reference]:
    if isinstance(value, str) and value not in ("end of period", "last working day"):
        yield Reference((*path, word), value.split(" ")[-1], FIELD, known)


def _playbooks(procedure: Procedure) -> set[str]:
    inner = {f"{key}.{s.key}" for key, book in procedure.playbooks.items() for s in book.situations}
    return {*procedure.playbooks, *inner}


def _grades(procedure: Procedure) -> set[str]:
    levels = {level.key for form in procedure.questionnaires.values() for level in form.levels}
    return levels | {grade for form in procedure.questionnaires.values() for grade in getattr(form.scale, "grades", ())}


def _listed(value: Any) -> list[str]:
    return [part for part in (value if isinstance(value, tuple) else [value]) if isinstance(part, str)]
