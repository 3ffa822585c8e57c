"""N — names: each is defined, used, and means one thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from manyi.core.predicates import facts_in
from manyi.core.text import Text
from manyi.language.facts import FACTS, SETS, items_of
from manyi.language.lint.conditions import conditions
from manyi.language.lint.places import nearly, steps, works
from manyi.language.lint.references import ROLE, references
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import KEY

PLACEHOLDERS = ("year", "month", "unit.short", "project.short", "per", "customer.code", "seq")

TITLED = ("roles", "units", "facts", "programmes", "records", "questionnaires", "playbooks", "measures", "duties")
"""Chapters whose keys have a title of their own."""


@check("N1", "error", "使用了没有定义的名称", "a name that is not defined")
def a_name_not_defined(procedure: Procedure) -> Iterator[Found]:
    """Roles, forms, tiers, records, programmes, parameters, words and facts are looked up where they are used."""
    for reference in references(procedure):
        if reference.name not in reference.known:
            what = reference.what
            yield Found(
                reference.path,
                Text(f"没有定义{what.zh}“{reference.name}”", f"the {what.en} “{reference.name}” is not defined"),
                nearly(reference.name, reference.known),
            )
    for condition in conditions(procedure):
        for name in sorted(_bare(name) for name in facts_in(condition.predicate)):
            if name not in condition.known:
                hint = nearly(name, condition.known)
                yield Found(
                    condition.path,
                    Text(
                        f"条件中的“{name}”不是事实、字段或参数",
                        f"“{name}” in the condition is no fact, field or parameter",
                    ),
                    Text(f"{hint.zh} 文字用单引号", f"{hint.en} Texts stand in single quotes"),
                )
    yield from _placeholders(procedure)
    yield from _words(procedure)


def _bare(name: str) -> str:
    return next((name[len(prefix) :] for prefix in SETS if name.startswith(prefix)), name)


def _placeholders(procedure: Procedure) -> Iterator[Found]:
    for work in works(procedure):
        for name in re.findall(r"\{([^}:]*)(?::[^}]*)?\}", work.rule.number):
            if name not in PLACEHOLDERS:
                yield Found(
                    (*work.path, "number"),
                    Text(f"编号中的“{{{name}}}”没有定义", f"“{{{name}}}” in the number is not defined"),
                    nearly(name, PLACEHOLDERS),
                )


def _words(procedure: Procedure) -> Iterator[Found]:
    """Once a file has words, every item, grade, outcome and choice that people see has one."""
    if not procedure.words:
        return
    for key, form in procedure.questionnaires.items():
        yield from _untitled(procedure, ("questionnaires", key), [*items_of(form), *getattr(form.scale, "grades", ())])
    for at in steps(procedure):
        yield from _untitled(procedure, (*at.path, "outcomes"), list(at.step.outcomes))
        for name, field in at.step.fields.items():
            choices = [choice for choice in field.choices if KEY.fullmatch(choice)]
            yield from _untitled(procedure, (*at.path, "fields", name), choices)


def _untitled(procedure: Procedure, path: Path, shown: list[str]) -> Iterator[Found]:
    titled = procedure.once("titled", lambda: {*procedure.words, *(k for c in TITLED for k in getattr(procedure, c))})
    for name in shown:
        if name not in titled:
            yield Found(
                path,
                Text(f"“{name}”没有标题", f"“{name}” has no title"),
                Text("在 words 中写明中英文标题", "Give its title under words"),
            )


@check("N2", "warning", "定义了而没有使用", "defined and never used")
def defined_and_never_used(procedure: Procedure) -> Iterator[Found]:
    """A role, fact or table nobody needs, or that was forgotten where it is needed."""
    roles = {r.name for r in references(procedure) if r.what is ROLE}
    roles |= {per for work in works(procedure) for o in work.rule.opens for per in o.per}
    facts = {_bare(name).split(".")[-1] for c in conditions(procedure) for name in facts_in(c.predicate)}
    facts |= {str(part) for work in works(procedure) for block in work.rule.contains for part in block.facts}
    facts |= {
        str(getattr(fact, kind)) for fact in procedure.facts.values() for kind in ("sum", "count", "share", "rank")
    }
    raw = str({key: value for key, value in procedure.raw.items() if key != "clauses"})
    for key, role in procedure.roles.items():
        if key not in roles and not role.reads:
            yield _unused(("roles", key), "角色", "role", key)
    for key in procedure.facts:
        if key not in facts:
            yield _unused(("facts", key), "事实", "fact", key)
    for key in procedure.tables:
        if f"'from': '{key}'" not in raw and f"'{key}.published'" not in raw:
            yield _unused(("tables", key), "表", "table", key)


def _unused(path: Path, zh: str, en: str, key: str) -> Found:
    return Found(
        path,
        Text(f"{zh}“{key}”没有被任何规则使用", f"no rule uses the {en} “{key}”"),
        Text("在规则中使用，或删去", "Use it in a rule, or remove it"),
    )


@check("N3", "error", "一个名称有两种含义", "a name means two things")
def a_name_means_two_things(procedure: Procedure) -> Iterator[Found]:
    """Work shares one space of event names; facts and parameters share one space in conditions."""
    seen: dict[str, str] = {}
    for kind in ("programmes", "records", "duties", "measures"):
        for key in getattr(procedure, kind):
            if key in seen:
                yield _twice((kind, key), key, f"{seen[key]}, {kind}")
            seen.setdefault(key, kind)
    for kind, keys in (("facts", procedure.facts), ("parameters", procedure.parameters)):
        for key in keys:
            if key in FACTS["customer"] or (kind == "parameters" and key in procedure.facts):
                yield _twice((kind, key), key, kind)
    for key, tiers in procedure.tiers.items():
        for name in _repeated([tier.key for tier in tiers]):
            yield _twice(("tiers", key, max(n for n, t in enumerate(tiers) if t.key == name)), name, f"tiers.{key}")
    for key, form in procedure.questionnaires.items():
        for name in _repeated(list(items_of(form))):
            yield _twice(("questionnaires", key), name, f"questionnaires.{key}")
    for work in works(procedure):
        yield from _steps_and_fields(work.path, work.key, procedure)


def _steps_and_fields(path: Path, key: str, procedure: Procedure) -> Iterator[Found]:
    rule = getattr(procedure, str(path[0]))[key]
    for name in _repeated([step.key for step in rule.steps]):
        yield _twice((*path, "steps", max(n for n, s in enumerate(rule.steps) if s.key == name)), name, f"{key}.steps")
    kinds: dict[str, tuple[object, ...]] = {}
    for at in steps(procedure):
        if at.work.key == key:
            for name, field in at.step.fields.items():
                if kinds.setdefault(name, field.kind) != field.kind:
                    yield _twice((*at.path, "fields", name), name, f"{key}.fields")


def _repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _twice(path: Path, name: str, where: str) -> Found:
    return Found(
        path,
        Text(f"“{name}”有两种含义（{where}）", f"“{name}” means two things ({where})"),
        Text("改用不同的名称", "Give one of them another name"),
    )
