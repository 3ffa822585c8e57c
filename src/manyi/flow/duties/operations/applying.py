"""What happened opens and discharges what the rules name. Safe to run twice, to kill, and to run late."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from manyi.base.evidence.models import Event
from manyi.base.evidence.queries import find_event, list_events_to_read
from manyi.base.people.models import Unit
from manyi.core.occasions import OnEvent, OwedRule, occasion_of, published, times_in
from manyi.flow.duties.happened import ANEW, KINDS, facts_of, names_of, tell_programmes
from manyi.flow.duties.models import Duty, Position, Proof
from manyi.flow.duties.operations.ahead import AGAIN, open_ahead
from manyi.flow.duties.operations.ledger import discharge_duty, open_duty, supersede_duty
from manyi.flow.duties.rules import Reign, get_owed_rules, owed_of, owners_of, reigns_of
from manyi.flow.procedure.queries import list_documents

LOG = logging.getLogger(__name__)
READER, KEPT = "evidence", "kept:"
BATCH = 500
WAVE_OPENED, RECORD_OPENED = "plan.wave.opened", "records.record.opened"


def apply_events(*, at: datetime) -> int:
    """Read the evidence on from where it was read last; how many duties were opened or discharged.

    Sealed events are read in the order of the chain, which no late commit can slip into; what is not sealed yet is read
    at once, and once more when it is. Everything is counted from when the event happened, not from when it is read.
    """
    place, _ = Position.objects.get_or_create(reader=READER)
    changed = _try_again(at)
    reigns: list[list[Reign]] | None = None
    while True:
        read = list_events_to_read(after=place.seq, kinds=KINDS, most=BATCH)
        if read.events and reigns is None:
            reigns = [reigns_of(document) for document in list_documents()]
        tell_programmes(read.events)
        for event in read.events:
            changed += _apply_or_keep(event, reigns or [], at)
        if any(event.kind in ANEW for event in read.events):
            reigns = None
            changed += open_ahead(at=at, anyway=True)
        if read.last_seq == place.seq:
            return changed
        place.seq = read.last_seq
        Position.objects.filter(pk=place.pk, seq__lt=place.seq).update(seq=place.seq)


def _apply_or_keep(event: Event, reigns: list[list[Reign]], at: datetime) -> int:
    """Apply one event; one that cannot be applied holds up no other, and is tried again every hour."""
    try:
        with transaction.atomic():
            return _apply(event, reigns, at)
    except Exception:  # whatever it is: the other events go on, and this one is kept
        LOG.exception("event %s could not be applied", event.pk)
        Position.objects.update_or_create(reader=f"{KEPT}{event.pk}", defaults={"seq": event.pk, "at": at})
        return 0


def _try_again(at: datetime) -> int:
    changed = 0
    for kept in Position.objects.filter(reader__startswith=KEPT, at__lte=at - AGAIN).order_by("seq"):
        event = find_event(kept.seq)
        if event is not None:
            tell_programmes([event])
            changed += _apply_or_keep(event, [reigns_of(document) for document in list_documents()], at)
        Position.objects.filter(pk=kept.pk, at=kept.at).delete()  # kept anew where it failed again
    return changed


def _apply(event: Event, reigns: list[list[Reign]], at: datetime) -> int:
    unit = Unit.objects.filter(pk=event.unit).first() if event.unit else None
    day = timezone.localdate(event.happened_at)
    changed = 0
    for of_document in reigns:
        reign = next((r for r in of_document if r.holds_on(day)), None)
        if reign is None or (unit is not None and not unit.path.startswith(reign.revision.document.unit.path)):
            continue
        names = names_of(event, reign.revision)
        if not names:
            continue
        where = unit or reign.revision.document.unit
        changed += _open(event, names, reign, where, at)
        changed += _discharge(event, names, reign, where, at)
        _begun(event, where, at)
    return changed


def _open(event: Event, names: frozenset[str], reign: Reign, unit: Unit, at: datetime) -> int:
    facts = facts_of(event, reign.revision)
    known = published(facts)
    opened = 0
    for rule in get_owed_rules(reign.revision):
        occasion = occasion_of(rule, names, known)
        if occasion is not None:
            opened += _open_for(rule, occasion, event, names, reign, unit, at)
    return opened


def _open_for(
    rule: OwedRule, occasion: OnEvent, event: Event, names: frozenset[str], reign: Reign, unit: Unit, at: datetime
) -> int:
    happened = event.happened_at
    instants = {**times_in(event.facts), **dict.fromkeys(names, happened)}
    subject = f"event:{event.pk}"
    opened = 0
    for owner in owners_of(rule, occasion.per, reign.revision, unit):
        named = f"{subject}:{owner.mark}" if owner.mark else subject
        if Duty.objects.filter(rule=rule.rule, unit=owner.unit, subject=named, period=event.period).exists():
            continue
        owed = owed_of(rule, opened=happened, unit=owner.unit, instants=instants)
        open_duty(
            by=None, at=at, rule=rule.rule, title=rule.title, clause=occasion.clause or rule.clause,
            role=owner.role or rule.role, due_at=owed.due.at, why=owed.due.why, revision=reign.revision,
            unit=owner.unit, subject=named, period=event.period, warn_at=owed.warn_at, escalate=owed.escalate,
        )  # fmt: skip
        opened += 1
    return opened


def _discharge(event: Event, names: frozenset[str], reign: Reign, unit: Unit, at: datetime) -> int:
    """Bring the event as a proof to the open duties that ask for it; those that have all their proofs are done."""
    done = 0
    for rule in get_owed_rules(reign.revision):
        for name in names & set(rule.evidence):
            rows = Duty.objects.select_for_update(of=("self",)).select_related("unit").order_by("due_at", "pk")
            owed = rows.filter(rule=rule.rule, state=Duty.State.OPEN, revision__document=reign.revision.document)
            asking = [duty for duty in owed if _may_prove(event, unit, duty)]
            if Proof.objects.filter(event=event, name=name, duty__rule=rule.rule).exists():
                continue  # asked after the rows are locked: the same event is brought once, whoever reads it
            for duty in asking:
                if not duty.proofs.filter(name=name).exists():
                    done += _bring(duty, rule, name, event, at)
                    break
    return done


def _may_prove(event: Event, unit: Unit, duty: Duty) -> bool:
    """Whether an event of ``unit`` may prove that a duty was done: in its unit, its window, and about its period."""
    one, other = event.period, duty.period
    same_period = not one or not other or one.startswith(other) or other.startswith(one)
    return (
        same_period and unit.path.startswith(duty.unit.path) and event.happened_at >= (duty.begins_at or duty.opened_at)
    )


def _bring(duty: Duty, rule: OwedRule, name: str, event: Event, at: datetime) -> int:
    Proof.objects.get_or_create(duty=duty, name=name, defaults={"event": event})
    proofs = {proof.name: proof.event for proof in duty.proofs.select_related("event")}
    if not set(rule.evidence) <= set(proofs):
        return 0
    last = max(proofs.values(), key=lambda proof: (proof.happened_at, proof.pk))
    discharge_duty(
        by=None, at=at, rule=duty.rule, subject=duty.subject, evidence=last, happened_at=last.happened_at,
        unit=duty.unit, period=duty.period, round=duty.round,
    )  # fmt: skip
    return 1


def _begun(event: Event, unit: Unit, at: datetime) -> None:
    """Work that an event called for has begun: what the event opened goes on as the first step of the work itself.

    A record names the duty it was opened for; a survey is the one that was called for first.
    """
    open_now = Duty.objects.filter(state=Duty.State.OPEN, unit=unit)
    if event.kind == RECORD_OPENED and isinstance(event.facts.get("duty"), int):
        called = open_now.filter(pk=event.facts["duty"])
    elif event.kind == WAVE_OPENED:
        rule = f"{event.facts.get('programme', '')}."
        called = open_now.filter(rule__startswith=rule, subject__startswith="event:", opened_at__lte=event.at)
    else:
        return
    for duty in called.select_related("unit").order_by("due_at", "pk")[:1]:
        supersede_duty(by=None, at=at, duty=duty, reason="已开始 / begun", evidence=event)
