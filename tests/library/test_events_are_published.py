"""Every event a shipped procedure waits for is one that somebody can publish: the product, or a person who records it.

What is published is asked of the code that reads events for the rules, given the events which the operations record; the
catalogue of names by which procedures are linted is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import AT

import manyi
from manyi.base.customers.models import Customer, Project
from manyi.base.evidence.models import Event
from manyi.base.people.models import Assignment
from manyi.flow.duties.happened import KINDS, names_of
from manyi.flow.duties.models import Duty
from manyi.flow.duties.operations import apply_events
from manyi.flow.procedure.models import Revision
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
from manyi.flow.records.ground import standing_of
from manyi.flow.records.models import Happening
from manyi.flow.records.operations import events, open_record, record_happening, take_step
from manyi.flow.records.operations.events import About, events_known, list_event_names
from manyi.flow.records.queries import get_kind
from manyi.flow.records.storing import Filling, Upload
from manyi.language.events import WORLD, announcements_of
from manyi.language.load import read_procedure
from manyi.language.model import Procedure
from manyi.language.model.work import RecordRule, steps_of
from manyi.language.waves import wave_rules
from manyi.library import PROCEDURES

SHIPPED = sorted(path.stem for path in PROCEDURES.glob("P*.yaml"))


@cache
def text_of(key: str) -> str:
    return (PROCEDURES / f"{key}.yaml").read_text(encoding="utf-8")


@cache
def procedure_of(text: str) -> Procedure:
    return read_procedure(text, "procedure")


# ---- what is waited for: by the rules that open and prove, by steps and gates, by the proofs of steps ------------


def waited_for(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """Who hears it, where it stands, and the name."""
    for kind, rule in {**procedure.records, **procedure.programmes}.items():
        yield from (("rules", f"{kind}.opens", name) for occasion in rule.opens for name in occasion.event)
        yield from (("steps", f"{kind}.gates", name) for name in rule.gates)
        for step in steps_of(rule):
            yield from (("steps", f"{kind}.{step.key}.event", name) for name in step.event)
            yield from (("proofs", f"{kind}.{step.key}.evidence", name) for name in step.evidence if "." in name)
    for key, duty in procedure.duties.items():
        yield from (("rules", f"duties.{key}.event", name) for name in duty.event)
        yield from (("rules", f"duties.{key}.evidence", name) for name in duty.evidence if "." in name)


# ---- what is published: the events the operations record, with the facts they carry -------------------------------


def recorded(procedure: Procedure) -> Iterator[tuple[str, dict[str, object]]]:
    """The kind and the facts of every event that work under the procedure records."""
    reports = {wave_rules(procedure, key).report for key in procedure.programmes} - {""}
    for kind, rule in procedure.records.items():
        if rule.contains:
            yield from _of_report(kind, rule, made=kind in reports)
        else:
            yield from _of_record(kind, rule)
    for key, programme in procedure.programmes.items():
        said: dict[str, object] = {"programme": key}
        yield from ((kind, said) for kind in ("plan.wave.opened", "plan.wave.closed", "responses.sheet.returned"))
        if wave_rules(procedure, key).report:
            yield "plan.sheets.archived", said
        if programme.focus:
            yield "findings.focus.found", said
        yield from _of_duties([f"{key}.{step.key}" for step in programme.steps])
    for key in procedure.measures:
        yield from ((f"findings.measure.{past}", {"measure": key}) for past in ("breached", "met_again"))
    yield from _of_duties([f"duties.{key}" for key in procedure.duties])


def _of_record(kind: str, rule: RecordRule) -> Iterator[tuple[str, dict[str, object]]]:
    ends = ("opened", "closed", *(["archived"] if rule.archive else []))
    yield from ((f"records.record.{past}", {"kind": kind}) for past in ends)
    for step in steps_of(rule):
        for outcome in ("", *step.outcomes):
            yield "records.step.taken", {"kind": kind, "step": step.key, "outcome": outcome}
    yield from _of_duties([f"{kind}.{step.key}" for step in steps_of(rule)])


def _of_report(kind: str, rule: RecordRule, *, made: bool) -> Iterator[tuple[str, dict[str, object]]]:
    """A report of a survey is made by the product; any other is only owed."""
    if made:
        yield from ((f"reports.report.{past}", {"kind": kind}) for past in ("approved", "archived"))
    yield from _of_duties([f"{kind}.{step.key}" for step in rule.steps])


def _of_duties(rules: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
    yield from ((f"duties.duty.{past}", {"rule": rule}) for rule in rules for past in ("discharged", "missed"))


@cache
def kinds_in_code() -> frozenset[str]:
    """The kinds that an operation records: each stands in the code, whole or with its past tense filled in."""
    root = Path(manyi.__file__).parent
    read_only = ("happened.py", "kinds.py")
    paths = [path for path in root.glob("*/*/**/*.py") if path.name not in read_only]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    found = set()
    for kind in KINDS:
        noun, _, past = kind.rpartition(".")
        built = re.search(rf'"{re.escape(noun)}\.\{{\w+\}}"', source) and f'"{past}"' in source
        if f'"{kind}"' in source or built:
            found.add(kind)
    return frozenset(found)


def heard(text: str, offered: frozenset[str]) -> dict[str, frozenset[str]]:
    """The names that reach the rules, the waiting steps and gates, and the proofs of steps; people record ``offered``."""
    procedure, revision = procedure_of(text), Revision(text=text)
    emitted = {step.emits for rule in procedure.records.values() for step in steps_of(rule) if step.emits}
    seen = [Event(kind=kind, subject="", facts=facts) for kind, facts in recorded(procedure) if kind in kinds_in_code()]
    seen += [Event(kind="records.happening.recorded", subject="", facts={"event": name}) for name in offered]
    rules = {name for event in seen for name in names_of(event, revision)}
    of_records = {
        name for event in seen if event.kind in ("records.step.taken", "records.record.closed",
        "records.record.archived", "records.record.opened") for name in names_of(event, revision)
    }  # fmt: skip
    outside = offered | emitted
    return {
        "rules": frozenset(rules), "steps": frozenset(outside), "proofs": frozenset(outside | of_records - emitted)
    }  # fmt: skip


@pytest.fixture
def offered(monkeypatch):
    """The names which the page of happenings offers under a procedure, as far as they are names of the language."""

    def names(text: str) -> frozenset[str]:
        monkeypatch.setattr(events, "list_revisions_over", lambda *_: [Revision(text=text)])
        return list_event_names(None, AT) & (frozenset(WORLD) | announcements_of(procedure_of(text)))

    return names


def unheard(text: str, names: frozenset[str]) -> list[str]:
    """What is waited for that nobody publishes."""
    known = heard(text, names)
    return [f"{place}: {name}" for ear, place, name in waited_for(procedure_of(text)) if name not in known[ear]]


NOT_YET = {
    "P05": {"improvement.opens: trip_survey.focus"},
    "P10": {"observation.opens: company_plan.schedule", "observation.opens: unit_plan.schedule"},
    "P12": {"corrective_action.opens: annual_survey.focus"},
}
"""What still waits for a name that nothing publishes: points of attention, and rows of tasks at their day. It may only
shrink."""


@pytest.mark.parametrize("key", SHIPPED)
def test_every_event_that_is_waited_for_can_be_published(key: str, offered) -> None:
    assert set(unheard(text_of(key), offered(text_of(key)))) == NOT_YET.get(key, set())


PLANTED = {
    "event: contract.signed": "event: contract.sealed",
    "gates: [bid.submitted, contract.signed": "gates: [bid.submitted, contract.sealed",
    "evidence: issue_slip.closed": "evidence: issue_slip.finished",
    "evidence: contact_record.archived": "evidence: contact_record.burnt",
    "event: trip.ended": "event: itinerary.closed",
    "evidence: facility_standards.published": "evidence: facility_standards.printed",
    "event: statistics_sheet.closed": "event: topic_report.closed",
}
"""Names nobody publishes: unknown ones, a closing that no waiting step hears, a report that nothing makes."""


@pytest.mark.parametrize("there", PLANTED)
def test_a_planted_name_that_nobody_publishes_is_found(there: str, offered) -> None:
    text = next(text_of(key) for key in SHIPPED if there in text_of(key))
    changed = text.replace(there, PLANTED[there])
    found = [told for told in unheard(changed, offered(changed)) if told not in set().union(*NOT_YET.values())]
    assert len(found) == 1
    assert found[0].endswith(re.split(r"[ \[]", PLANTED[there])[-1])


def test_every_kind_that_rules_read_is_recorded_somewhere() -> None:
    assert set(KINDS) - kinds_in_code() == {"findings.focus.found"}


# ---- through the operation -----------------------------------------------------------------------------------------


@pytest.fixture
def in_force(cast):
    """Put a shipped procedure in force for the company, everybody holding every role: ``in_force("P09")``."""

    def put(key: str) -> Revision:
        revision = import_procedure(by=cast.zhang, at=AT, text=text_of(key), unit=cast.company)
        review_revision(by=cast.wang, at=AT, revision=revision)
        approve_revision(by=cast.wang, at=AT, revision=revision)
        revision = put_in_force(by=cast.zhang, at=AT, revision=revision, from_date=date(2026, 12, 1))
        for role in procedure_of(text_of(key)).roles:
            Assignment.objects.create(person=cast.zhao, role=role, unit=cast.company, from_on=date(2020, 1, 1))
        return revision

    return put


@pytest.mark.parametrize(
    ("key", "name", "rule"),
    [("P01", "project.completed", "revisit"), ("P07", "customer.first_order", "customer_file")],
)
def test_what_happens_outside_is_recorded_by_hand_and_makes_its_work_owed(
    cast, register, in_force, key, name, rule
) -> None:
    in_force(key)
    customer = Customer.objects.get(code="C1")
    project = Project.objects.create(
        short="H1", name="海川一期", customer=customer, unit=cast.company, representative=True
    )
    about = About(customer, project=project)
    record_happening(by=cast.zhao, at=AT, name=name, unit=cast.company, about=about)
    apply_events(at=AT)
    assert Happening.objects.get().name == name
    assert Duty.objects.filter(rule__startswith=f"{rule}.").exists()


def test_making_a_table_known_is_recorded_by_hand_and_proves_its_duty(cast, register, in_force) -> None:
    in_force("P05")
    apply_events(at=AT)
    duty = Duty.objects.filter(rule="duties.publish_standards").latest("due_at")
    Duty.objects.filter(pk=duty.pk).update(begins_at=AT)
    name = "facility_standards.published"
    record_happening(by=cast.zhao, at=AT, name=name, unit=cast.company, about=About())
    apply_events(at=AT)
    assert Duty.objects.filter(rule="duties.publish_standards", state=Duty.State.DISCHARGED).exists()


def test_the_outcome_of_a_linked_record_proves_a_step(cast, register, in_force) -> None:
    in_force("P08")
    kind = get_kind(cast.zhao, "order_confirmation", AT.date())
    do = {"by": cast.zhao, "at": AT}
    lines = [{"product_name": "球阀", "model": "DN50", "quantity": "2", "price": {"amount": "100", "currency": "CNY"}}]
    said = {"customer": "C1", "lines": lines, "wanted_on": "2026-12-20", "terms": "款到发货"}
    order = open_record(**do, kind=kind, unit=cast.company, filling=Filling(data=said, signed=True))
    fax = Filling(
        data={"confirmed_by": "fax"}, files={"confirmation": [Upload("fax.pdf", b"%PDF")]}, outcome="confirmed",
        signed=True,
    )  # fmt: skip
    take_step(**do, record=order, step="confirm", filling=fax)
    kind = get_kind(cast.zhao, "sales_contract", AT.date())
    contract = open_record(**do, kind=kind, unit=cast.company)
    proof = "order_confirmation.confirm.confirmed"
    standing = standing_of(contract)
    assert proof not in events_known(standing)
    assert {proof, "order_confirmation.confirm"} <= events_known(standing, {"order": order.pk})
