"""What a procedure's roles may do: it follows from the steps they have, and from who owns the document."""

from __future__ import annotations

from collections import defaultdict

from manyi.language.model.procedure import Procedure

OWNER = (
    "procedure.import", "procedure.put_in_force", "plan.open_wave", "plan.set_target", "plan.close_wave", "sample.draw",
    "customers.import", "duties.waive",
)  # fmt: skip
STEPS = {
    "plan": ("plan.open_wave", "plan.set_target", "sample.draw"),
    "draw": ("sample.draw",),
    "send": ("plan.open_wave", "sample.draw", "dispatch.send", "dispatch.close", "customers.import"),
    "collect": ("responses.enter", "responses.import", "responses.finish", "dispatch.close", "plan.close_wave"),
    "analyse": ("plan.set_target", "scores.compute", "responses.enter", "responses.import"),
}
"""The five steps that do something by themselves; every other step is carried out by who holds its role."""


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
    for key, role in procedure.roles.items():
        if role.part_of:
            rights[key] |= rights.get(role.part_of, set())
    return dict(rights)
