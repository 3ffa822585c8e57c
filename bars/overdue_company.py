"""What B9 runs inside its installation: a company with a small procedure, its world, and a clock that is killed."""

from __future__ import annotations

COMPANY = """
from datetime import date, datetime, timezone
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from manyi.base.people.operations import add_person, add_unit, assign_role, found_company
from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision
AT = datetime(2026, 11, 2, 2, tzinfo=timezone.utc)
founder = found_company(name="公司", administrator="admin", password="correct horse battery", at=AT)
do = {"by": founder, "at": AT}
offices = [add_unit(**do, key=f"office{n}", name=f"办事处{n}", kind="office", parent=founder.unit) for n in range(3)]
def person(name, role, unit):
    one = add_person(**do, username=name, name=name, unit=unit, email=f"{name}@company.example")
    assign_role(**do, person=one, role=role, unit=unit, from_on=date(2020, 1, 1))
    return one
boss = person("boss", "general_manager", founder.unit)
assign_role(**do, person=boss, role="approver", unit=founder.unit, from_on=date(2020, 1, 1))
for n, office in enumerate(offices):
    person(f"seller{n}", "seller", office)
revision = import_procedure(**do, text=TEXT, unit=founder.unit)
revision = review_revision(by=boss, at=AT, revision=revision)
approve_revision(by=boss, at=AT, revision=revision)
put_in_force(**do, revision=revision, from_date=date(2026, 11, 2))
"""

TEXT = """
manyi: 1
procedure: {key: B9, code: B9, title: {zh: 到期, en: Overdue}, revision: A}
roles:
  seller: {title: {zh: 销售, en: Seller}, clause: 1, per: office}
  general_manager: {title: {zh: 总经理, en: General manager}, clause: 1}
units: {office: {title: {zh: 办事处, en: Office}}}
records:
  visit:
    title: {zh: 走访, en: Visit}
    clause: 2
    number: "V-{year}-{seq:03}"
    opens: {event: contract.signed}
    steps:
      - {key: go, role: seller, within: 3 days, remind: [1 day before], escalate: {to: general_manager, after: 2 days}}
  daily_note:
    title: {zh: 日报, en: Note of the day}
    clause: 3
    number: "N-{year}-{month}-{seq:04}"
    opens: {every: week, covers: previous, per: office}
    steps:
      - {key: write, role: seller, within: 2 days, escalate: {to: general_manager, after: 1 day}}
clauses:
  "1": {text: {zh: 职责, en: Roles}, informative: true}
  "2": {text: {zh: "3 天内走访，到期前 1 天提醒，逾期 2 天上报。", en: "A visit within 3 days; a reminder 1 day before, 2 days overdue it goes up."}}
  "3": {text: {zh: "每周后 2 天内小结，逾期 1 天上报。", en: "A note within 2 days after each week; 1 day overdue it goes up."}}
"""

CLOCK = """
import json, sys
from datetime import datetime
from pathlib import Path
from django.db import transaction
from manyi.base.evidence.models import Event
from manyi.base.evidence.operations import record_event
from manyi.base.people.models import Unit
from manyi.flow.duties.operations import warning
from manyi.jobs.clock import JOBS
done, plan = Path(DONE), json.loads(Path(PLAN).read_text())
offices = list(Unit.objects.filter(kind="office").order_by("pk"))
if FAULT:
    memory, give = set(), warning._give
    def forgetful(pk, at):
        if pk in memory:
            return False
        memory.add(pk)
        given = give(pk, at)
        warning.DutyWarning.objects.filter(pk=pk).update(given_at=None)
        return given
    warning._give = forgetful
print("ready", flush=True)
for number, step in enumerate(plan["steps"]):
    if number < len(done.read_bytes()):
        continue
    at = datetime.fromisoformat(step)
    for case, (when, office) in enumerate(plan["cases"]):
        happened, subject = datetime.fromisoformat(when), f"records.happening:{case}"
        if happened <= at:
            with transaction.atomic():
                if not Event.objects.filter(subject=subject).exists():
                    record_event(
                        kind="records.happening.recorded", subject=subject, unit=offices[office], by=None, at=at,
                        happened_at=happened, facts={"event": "contract.signed"},
                    )
    for job in ("sealed", "owed", "warnings"):
        JOBS[job](at)
    with done.open("ab") as file:
        file.write(b".")
print("end", flush=True)
"""

LEDGER = """
import json
from collections import Counter
from manyi.base.evidence.models import Event
from manyi.base.outbox.models import Mail
from manyi.flow.duties.models import Duty, DutyWarning
events = Counter(Event.objects.filter(kind__in=("duties.duty.warned", "duties.duty.missed")).values_list("subject", "facts__warning"))
mails = Counter(dedupe.split(":")[1] for dedupe in Mail.objects.values_list("dedupe", flat=True))
duties = []
for duty in Duty.objects.select_related("unit"):
    case = Event.objects.get(pk=int(duty.subject[6:])).subject if duty.subject.startswith("event:") else duty.subject
    duties.append({
        "rule": duty.rule, "case": case, "period": duty.period, "unit": duty.unit.key, "due": duty.due_at.isoformat(),
        "opened": duty.opened_at.isoformat(),
        "warnings": [
            {"kind": w.kind, "due": w.due_at.isoformat(), "given": w.given_at and w.given_at.isoformat(),
             "events": events[f"duties.duty:{duty.pk}", w.kind], "mails": mails[str(w.pk)]}
            for w in duty.warnings.all()
        ],
    })
print(json.dumps(duties))
"""
