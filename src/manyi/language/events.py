"""The events a procedure may wait for: of the company's world, of its own work, of its figures."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.language.model.procedure import Procedure
from manyi.language.model.work import RecordRule, steps_of

WORLD = (
    "contract.signed", "contract.executed", "contract.changed", "bid.submitted", "order.accepted",
    "delivery.accepted", "project.commissioned", "project.accepted", "project.completed", "product.launched",
    "service.requested", "service.performed", "quality.major_trouble", "incident.reported", "customer.first_order",
    "customer.file_complete", "trip.booked", "trip.ended", "sales.recorded",
)  # fmt: skip
"""What a person, an import or a step with ``emits`` records."""

SOURCE_AGAIN = "source.measured_again"
"""The figure that opened a record is next computed; only for a step's ``event``."""


def events_of(procedure: Procedure) -> frozenset[str]:
    """Every event that can happen under ``procedure``."""
    return procedure.once("events", lambda: frozenset(WORLD) | frozenset(_own_events(procedure)))


def _own_events(procedure: Procedure) -> Iterator[str]:
    for kind, record in procedure.records.items():
        yield from _of_work(kind, record)
    for kind, programme in procedure.programmes.items():
        yield from _of_work(kind, programme)
        yield from (f"{kind}.sheet", f"{kind}.focus", f"{kind}.sheets.archived")
    for measure in procedure.measures:
        yield from (f"{measure}.breached", f"{measure}.met_again")
    for duty in procedure.duties:
        yield f"{duty}.missed"
    yield from announcements_of(procedure)


def announcements_of(procedure: Procedure) -> frozenset[str]:
    """A table of the procedure is made known: nobody but a person can say so, as of what happens in the world."""
    return frozenset(f"{table}.published" for table in procedure.tables)


def _of_work(kind: str, rule: RecordRule) -> Iterator[str]:
    yield from (f"{kind}.opened", f"{kind}.closed", f"{kind}.archived")
    for step in steps_of(rule):
        yield from (f"{kind}.{step.key}", f"{kind}.{step.key}.missed")
        for outcome in step.outcomes:
            yield f"{kind}.{step.key}.{outcome}"
        yield from (f"{kind}.{name}" for name, field in step.fields.items() if field.type == "tasks")
        if step.emits:
            yield step.emits
