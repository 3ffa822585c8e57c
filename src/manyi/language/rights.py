"""What a procedure's roles may do: it follows from the steps they have, and from who owns the document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from manyi.language.model.procedure import Procedure
from manyi.language.model.work import RecordRule

OWNER = (
    "procedure.import", "procedure.review", "procedure.put_in_force", "plan.open_wave", "plan.set_target",
    "plan.close_wave", "sample.draw", "customers.import", "calendars.manage", "duties.waive",
)  # fmt: skip
STEPS = {
    "plan": ("plan.open_wave", "plan.set_target", "sample.draw"),
    "draw": ("sample.draw",),
    "send": ("plan.open_wave", "sample.draw", "dispatch.send", "dispatch.close", "customers.import"),
    "collect": ("responses.enter", "responses.import", "responses.finish", "dispatch.close", "plan.close_wave"),
    "analyse": ("plan.set_target", "scores.compute", "responses.enter", "responses.import"),
}
"""The five steps that do something by themselves; every other step is carried out by who holds its role."""


KEEPS = ("records.correct", "records.reopen", "records.void")
"""What the owner of the document may do with its records; where it has none, who begins them."""


CHOSEN = "field."
"""Before a field in the place of a role: whoever is chosen there, who is no role of the file."""


def rights_of(procedure: Procedure) -> dict[str, set[str]]:
    """Verbs by role. A role that is part of another may do what the other may, for the units it is held for."""
    rights: dict[str, set[str]] = defaultdict(set)
    if procedure.procedure.owner:
        rights[procedure.procedure.owner].update(OWNER)
    for key, programme in procedure.programmes.items():
        for step in programme.steps:
            if step.role:
                rights[step.role].update((*STEPS.get(step.key, ()), f"{key}.{step.key}"))
    for key, record in procedure.records.items():
        for number, step in enumerate(record.steps):
            if step.role:
                rights[step.role].add(f"{key}.{step.key}")
                if record.contains:
                    rights[step.role].add("reports.approve" if number else "reports.make")
        for holder, verb in _of_record(key, record):
            rights[holder].update((verb, "records.happening"))
    for key, duty in procedure.duties.items():
        rights[duty.role].add(f"duties.{key}")
    for keeper in _keepers(procedure):
        rights[keeper].update(KEEPS)
    for key, role in procedure.roles.items():
        if role.part_of:
            rights[key] |= rights.get(role.part_of, set())
    return {key: verbs for key, verbs in rights.items() if not key.startswith(CHOSEN)}


def _keepers(procedure: Procedure) -> set[str]:
    if procedure.procedure.owner:
        return {procedure.procedure.owner}
    return {rule.steps[0].role for rule in procedure.records.values() if rule.steps and rule.steps[0].role}


def _of_record(key: str, rule: RecordRule) -> Iterator[tuple[str, str]]:
    """Who opens a kind of record, who takes its steps and parts, who is heard before them, who files it."""
    yield from ((occasion.called_by, f"{key}.open") for occasion in rule.opens if occasion.called_by)
    for number, step in enumerate(rule.steps):
        for part in (step, *step.all):
            for role in _roles_of(rule, part.role or step.role):
                yield role, f"{key}.{part.key}"
                if number == 0:
                    yield role, f"{key}.open"
        yield from ((heard.role, f"{key}.{step.key}.consult") for heard in step.consult)
    if rule.archive:
        yield rule.archive.role, f"{key}.archive"


def _roles_of(rule: RecordRule, role: str | None) -> Iterator[str]:
    """A role; or the roles a record is opened for, where it is the one it was opened for."""
    if role == "field.per":
        yield from (one for occasion in rule.opens for one in occasion.per)
    elif role:
        yield role
