"""N and F — hands: every role a clause names has work."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.core.text import Lang, Text
from manyi.language.lint.places import works
from manyi.language.lint.references import ROLE, references
from manyi.language.lint.run import Found, check
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.work import steps_of

FLOWS = ("programmes", "records")
NOUNS = ("roles", "facts", "units", "parameters")


@check("N5", "warning", "条款规定了职责，流程中却没有工作", "a role responsible by clause but with no step")
def a_role_without_work(procedure: Procedure) -> Iterator[Found]:
    """Whoever a clause makes responsible does, hears, receives, calls, files or owns something, or a part of it."""
    at_work = _at_work(procedure)
    for key, role in procedure.roles.items():
        if role.clause and not role.reads and key not in at_work:
            yield Found(
                ("roles", key),
                Text(f"“{key}”没有任何步骤", f"“{key}” has no step anywhere"),
                Text("让它负责、参与或获知某个步骤，或删去", "Let it do, be heard in or learn of a step, or remove it"),
            )


def _at_work(procedure: Procedure) -> set[str]:
    """Roles that have something to do, with the groups and the wholes they belong to."""
    found = {r.name for r in references(procedure) if r.what is ROLE and r.path[0] != "roles"}
    found |= {per for work in works(procedure) for o in work.rule.opens for per in o.per}
    several = {key: role.includes for key, role in procedure.roles.items() if isinstance(role.includes, tuple)}
    for _ in procedure.roles:
        before = len(found)
        for key, role in procedure.roles.items():
            if role.part_of and (key in found or role.part_of in found):
                found |= {key, role.part_of}
            if key in found:
                found |= set(several.get(key, ()))
            if found & set(several.get(key, ())):
                found.add(key)
        if len(found) == before:
            break
    return found


@check("F9", "warning", "条款点名的角色在流程中没有步骤", "a role its clause names has no step in the flow")
def a_role_left_out_of_the_flow(procedure: Procedure) -> Iterator[Found]:
    """The clause of a flow names a role by its title, and no rule of that clause, nor any step of its flow, does."""
    served = procedure.rules_by_clause()
    for number, clause in procedure.clauses.items():
        flows = [path for path in served.get(number, ()) if path[0] not in NOUNS]
        if clause.informative or clause.text is None or not any(path[0] in FLOWS for path in flows):
            continue
        there = _related(procedure, {name for path in flows for name in _roles_of(procedure, path)})
        for role in sorted(_titled(procedure, clause.text) - there):
            yield Found(
                ("clauses", number),
                Text(
                    f"条款 {number} 提到“{procedure.roles[role].title.in_('zh')}”，落实它的流程中没有其步骤",
                    f"clause {number} names “{procedure.roles[role].title.in_('en')}”, "
                    "and the flow that serves it has no step for it",
                ),
                Text(
                    "补上步骤、征求意见或告知，或改正文字", "Give it a step, consult or inform it, or correct the text"
                ),
            )


def _roles_of(procedure: Procedure, path: Path) -> Iterator[str]:
    """The roles named in the work a path belongs to."""
    yield from procedure.once("roles by work", lambda: _by_work(procedure)).get(path[:2], ())


def _by_work(procedure: Procedure) -> dict[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for reference in references(procedure):
        if reference.what is ROLE:
            found.setdefault(reference.path[:2], set()).add(reference.name)
    for work in works(procedure):
        found.setdefault(work.path, set()).update(per for o in work.rule.opens for per in o.per)
        if any((step.role or "").startswith("field.") for step in steps_of(work.rule)):
            found[work.path] |= set(procedure.roles)  # whoever is chosen
    return found


def _related(procedure: Procedure, named: set[str]) -> set[str]:
    """The roles named, the parts and wholes of them, and the groups they are in."""
    found = set(named)
    for key, role in procedure.roles.items():
        inside = role.includes if isinstance(role.includes, tuple) else ()
        if role.includes == "everyone" and key in named:
            return set(procedure.roles)
        if role.part_of in named or set(inside) & named:
            found.add(key)
        if key in named:
            found |= {role.part_of or key, *inside}
    return found


def _titled(procedure: Procedure, text: Text) -> set[str]:
    """Roles of the company whose whole title stands in the text; the longest title at a place counts."""
    lang: Lang = "zh" if text.zh else "en"
    words, found = text.in_(lang).lower(), set()
    titles = {key: role.title.in_(lang).lower() for key, role in procedure.roles.items()}
    for key in sorted(titles, key=lambda k: len(titles[k]), reverse=True):
        if titles[key] and titles[key] in words:
            words = words.replace(titles[key], "~")
            found |= {k for k, title in titles.items() if title == titles[key]}
    named = {key: procedure.roles[key] for key in found}
    return {k for k, role in named.items() if not (role.external or role.reads or role.includes == "everyone")}
