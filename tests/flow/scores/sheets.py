"""Sheets for the tests of what follows from them: written through the operation customers' forms go through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import uuid4

from tests.conftest import AT

from manyi.flow.responses.operations import Submission, submit_sheets

GRADES = ("satisfied", "fairly_satisfied", "neutral", "rather_dissatisfied", "dissatisfied")
ITEMS = (
    "main_indicators", "maintainability", "ease_of_use", "stability", "safety", "service_timeliness",
    "service_effectiveness", "service_attitude", "price_performance", "delivery_timeliness", "delivery_reliability",
    "competitor_comparison",
)  # fmt: skip


def give(ask, answers: Mapping[str, str], comment: str = "", on: date = date(2026, 12, 9)) -> None:
    """One sheet on a ledger row."""
    give_all([(ask, answers, comment, on)])


def give_all(rows: Iterable[tuple[object, Mapping[str, str], str, date]]) -> None:
    """Sheets on ledger rows: (row, answers, comment, day)."""
    submit_sheets([Submission(ask.key, uuid4(), dict(a), comment, on, AT) for ask, a, comment, on in rows])


def all_items(grade: str) -> dict[str, str]:
    """A sheet with one grade for everything."""
    return dict.fromkeys(ITEMS, grade)
