"""A procedure with measures of its complaints, in force."""

import pytest
from tests.flow.records.conftest import PX, kind, open_, people, take
from tests.flow.records.conftest import px as _px

__all__ = ["kind", "open_", "people", "px", "take"]

MEASURES = """measures:
  many_late:
    {title: {zh: 逾期投诉, en: Late deliveries complained of}, clause: "2", figure: count, of: complaint, where: "kind = 'late'", per: customer, over: 30 days, below: 2}
  broken_share:
    {title: {zh: 质量问题占比, en: Share of broken}, clause: "2", figure: share, of: complaint, where: "kind = 'broken'", every: month, at_most: 50%}
  kinds_seen:
    {title: {zh: 类别覆盖, en: Kinds seen}, clause: "2", figure: cells, of: complaint, per: kind, every: month, at_least: 100%}

words:
"""
SAID = [
    ("客服 8 小时内处理并答复。", "30 天内同一顾客逾期投诉少于 2 起；每月质量问题不超过 50%，类别覆盖 100%。"),
    (
        "service handles and answers within 8 hours.",
        " Within 30 days a customer complains of fewer than 2 late deliveries; each month at most 50% are broken and 100% of the kinds are seen.",
    ),
]


@pytest.fixture
def px(cast, p12, monkeypatch, tmp_path):
    """The procedure of the tests of records, with measures; a breach calls for a plan."""
    text = PX.read_text(encoding="utf-8").replace("words:\n", MEASURES, 1)
    title = "    title: {zh: 改进计划, en: Improvement plan}\n"
    text = text.replace(title, f"{title}    opens: {{event: many_late.breached}}\n")
    for told, more in SAID:
        assert told in text
        text = text.replace(told, told + more)
    file = tmp_path / "px.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr("tests.flow.records.conftest.PX", file)
    return _px.__wrapped__(cast, p12)
