"""The facts a condition may name: those that exist everywhere, and those a procedure declares."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.language.model.procedure import Procedure
from manyi.language.model.questionnaires import QuestionnaireRule
from manyi.language.model.work import RecordRule, steps_of

FACTS: Mapping[str, tuple[str, ...]] = {
    "customer": (
        "code", "name", "kind", "country", "is_new", "has_bought", "annual_sales", "annual_usage",
        "months_since_order", "usage_change", "sales.amount", "sales.quantity", "industry", "unit", "phone",
        "address", "contact",
    ),
    "contact": ("department", "role", "reached_by"),
    "product": ("line", "launched_on", "sales_share"),
    "project": ("short", "representative", "value", "completed_on", "has_contact_sheets"),
    "unit": ("short", "kind"),
    "user": ("unit", "roles"),
    "sale": ("amount", "quantity", "on", "product", "customer"),
    "wave": ("frame_date", "period", "has_mixed_customers"),
    "sheet": ("points", "level", "answered", "returned_on", "product"),
    "record": ("number", "opened_at", "received_at", "closed_at", "outcome", "late", "unit", "per"),
}  # fmt: skip
"""What every installation knows, by subject."""

STEP_FACTS = ("done", "at", "by", "outcome")
"""What is known of every step of a record."""

COLUMNS = ("sheet_no", "customer_id", "product", "returned_on", "comment")
"""Columns of a table of sheets beside its items."""

SETS = ("any.", "all.", "count.")
"""How ``any f``, ``all f`` and ``count(f)`` are named in a parsed condition."""


def facts_everywhere(procedure: Procedure) -> frozenset[str]:
    """Facts of the customer and the wave by bare name, of every subject by dotted name, declared ones, parameters."""
    return procedure.once("facts", lambda: _everywhere(procedure))


def _everywhere(procedure: Procedure) -> frozenset[str]:
    dotted = {f"{about}.{name}" for about, names in FACTS.items() for name in names}
    own = {f"{fact.about}.{key}" for key, fact in procedure.facts.items()}
    bare = {*FACTS["customer"], *FACTS["wave"], *procedure.facts, *procedure.parameters}
    return frozenset(dotted | own | bare)


def facts_of_sheet(procedure: Procedure, form: str) -> frozenset[str]:
    """Beside the facts everywhere: what one returned sheet of ``form`` says."""
    rule = procedure.questionnaires.get(form)
    items = items_of(rule) if rule else ()
    fields = rule.fields if rule else ()
    aspects = rule.aspects if rule else ()
    inner = {f"{item}.{aspect}" for item in items for aspect in aspects}
    return facts_everywhere(procedure) | inner | {*FACTS["sheet"], *items, *fields, *aspects}


def facts_of_record(procedure: Procedure, rule: RecordRule) -> frozenset[str]:
    """Beside the facts everywhere: the fields of a record and what is known of its steps."""
    steps = {f"{step.key}.{fact}" for step in steps_of(rule) for fact in STEP_FACTS}
    return facts_everywhere(procedure) | steps | {*FACTS["record"], *fields_of(rule)}


def fields_of(rule: RecordRule) -> tuple[str, ...]:
    """The form of a record: the union of its steps' fields, in their order."""
    return tuple(dict.fromkeys(key for step in steps_of(rule) for key in step.fields))


def items_of(form: QuestionnaireRule) -> tuple[str, ...]:
    """The items of a questionnaire in the order it asks them."""
    return (*(item for group in form.dimensions.values() for item in group.items), *form.items)
