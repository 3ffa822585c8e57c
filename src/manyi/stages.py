"""The ordered list of stages. The import order, URLs, menu, docs and contracts are held to it."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.core.text import Text


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the procedure: its word (folder, app label, URL), and what people call it."""

    word: str
    label: Text


STAGES: tuple[Stage, ...] = (
    Stage("procedure", Text("程序", "Procedures")),
    Stage("duties", Text("我的工作", "My work")),
    Stage("plan", Text("调查", "Surveys")),
    Stage("sample", Text("抽样", "Sample")),
    Stage("dispatch", Text("发放", "Dispatch")),
    Stage("responses", Text("回收", "Returns")),
    Stage("scores", Text("得分", "Scores")),
    Stage("records", Text("记录", "Registers")),
    Stage("findings", Text("关注点", "Points of attention")),
    Stage("reports", Text("报告", "Reports")),
    Stage("conformity", Text("条款", "Clauses")),
)
"""The stages that are built, in the order of the procedure; ``forms`` and ``actions`` come in between."""

BASES: tuple[str, ...] = ("evidence", "files", "outbox", "people", "notices", "calendars", "customers")
"""The rooms under the flow, each importing only those before it."""
