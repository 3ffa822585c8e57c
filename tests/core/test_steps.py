"""When a step is due, and why."""

from datetime import date

import pytest

from manyi.core.durations import Duration
from manyi.core.steps import StepRule, due_of
from manyi.core.text import Text

OPENED, WINDOW_END = date(2026, 12, 1), date(2026, 12, 31)


def step(**changes):
    return StepRule("send", Text("发放", "Send"), "5.3.1.3", "sales_company", **changes)


@pytest.mark.parametrize(
    ("rule", "done", "on"),
    [
        (step(due=(12, 5)), {}, date(2026, 12, 5)),
        (step(due=(1, 31)), {}, date(2027, 1, 31)),
        (step(within=Duration(1, "month"), counted_from="send"), {"send": date(2026, 12, 31)}, date(2027, 1, 31)),
        (step(within=Duration(2, "week")), {}, date(2026, 12, 15)),
        (step(), {}, WINDOW_END),
    ],
)
def test_it_is_due_on_the_day_the_procedure_says(rule, done, on):
    due = due_of(rule, OPENED, WINDOW_END, done)
    assert due.on == on
    assert "5.3.1.3" in due.why[0].zh
