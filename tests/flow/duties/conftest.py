"""A small company procedure: what comes round, what an event calls for, what a proof discharges."""

from __future__ import annotations

from datetime import date

import pytest
from tests.conftest import AT

RULES = """
manyi: 1
procedure: {{key: T1, code: QP-T1, title: {{zh: 值班程序, en: Duty procedure}}, revision: {label}, owner: quality_assurance}}
roles:
  quality_assurance: {{title: {{zh: 品保部, en: Quality assurance}}, clause: 1}}
  sales_company: {{title: {{zh: 销售公司, en: Sales company}}, clause: 1}}
  general_manager: {{title: {{zh: 总经理, en: General manager}}, clause: 1}}
units:
  office: {{title: {{zh: 办事处, en: Office}}}}
records:
  monthly_note:
    title: {{zh: 月度小结, en: Note of the month}}
    clause: 2
    number: "N-{{year}}-{{unit.short}}-{{seq:02}}"
    opens: {{every: month, covers: previous, per: office}}
    steps:
      - {{key: write, role: sales_company, within: {within}, remind: [2 days before], escalate: {{to: general_manager, after: 1 day}}}}
  complaint:
    title: {{zh: 投诉, en: Complaint}}
    clause: 3
    number: "C-{{year}}-{{seq:03}}"
    opens: {{intake: [phone]}}
    steps:
      - {{key: receive, role: sales_company, fields: {{loss: money, topic: [product, service]}}, outcomes: {{ours: next, theirs: close}}}}
      - {{key: answer, role: sales_company, within: 8 hours, emits: service.performed}}
  visit:
    title: {{zh: 走访, en: Visit}}
    clause: 4
    number: "V-{{year}}-{{seq:03}}"
    opens: {{event: [complaint.closed, contract.signed], when: "loss > 1000 or topic = 'service'"}}
    steps:
      - {{key: go, role: sales_company, within: 3 days}}
duties:
  put_away:
    title: {{zh: 归档, en: Put away}}
    clause: 5
    role: quality_assurance
    every: year
    in: January
    covers: previous
    evidence: [complaint.archived, monthly_note.archived]
  keep:
    title: {{zh: 修订程序, en: Keep the procedure}}
    clause: 6
    role: quality_assurance
    every: year
    evidence: file
clauses:
  "1": {{text: {{zh: 职责, en: Roles}}, informative: true}}
  "2": {{text: {{zh: "每月结束后 {zh}内小结；逾期 1 天报总经理。", en: "A note within {within} after the month; 1 day overdue, the general manager is told."}}}}
  "3": {{text: {{zh: 8 小时内答复。, en: Answered within 8 hours.}}}}
  "4": {{text: {{zh: "损失超过 1000 元的 3 天内走访。", en: "A loss above 1000 is followed by a visit within 3 days."}}}}
  "5": {{text: {{zh: 每年 1 月归档。, en: Put away each January.}}}}
  "6": {{text: {{zh: 修订。, en: Kept.}}}}
"""


def text_of(label: str = "A/0", within: str = "5 working days", zh: str = "5 个工作日") -> str:
    return RULES.format(label=label, within=within, zh=zh)


@pytest.fixture
def in_force(cast):
    """Put a revision of the small procedure in force: ``in_force(from_date, label=..., within=...)``."""
    from manyi.flow.procedure.operations import approve_revision, import_procedure, put_in_force, review_revision

    def put(from_date: date = date(2026, 12, 1), at=AT, **changes):
        revision = import_procedure(by=cast.zhang, at=at, text=text_of(**changes), unit=cast.company)
        revision = review_revision(by=cast.wang, at=at, revision=revision)
        approve_revision(by=cast.wang, at=at, revision=revision)
        return put_in_force(by=cast.zhang, at=at, revision=revision, from_date=from_date)

    return put


@pytest.fixture
def happens(cast):
    """Record an event as a later stage would: ``happens("records.record.closed", kind="complaint", loss=2000)``."""
    from manyi.base.evidence.operations import record_event

    def record(what: str, /, *, unit=None, at=AT, happened_at=None, period="", subject="records.record:1", **facts):
        return record_event(
            kind=what, subject=subject, unit=unit or cast.company, by=cast.zhao, at=at, happened_at=happened_at,
            period=period, facts=facts,
        )  # fmt: skip

    return record
