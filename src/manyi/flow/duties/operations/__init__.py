"""What is done with what is owed: opened, discharged, superseded, waived; by hand, by the clock, by what happened."""

from manyi.flow.duties.operations.ahead import open_ahead
from manyi.flow.duties.operations.applying import apply_events
from manyi.flow.duties.operations.feeds import make_feed, revoke_feed
from manyi.flow.duties.operations.ledger import (
    MOST_REASON,
    CannotWaive,
    discharge_duty,
    open_duty,
    supersede_duty,
    waive_duty,
)
from manyi.flow.duties.operations.reporting import MOST_NOTE, CannotReportDuty, report_duty
from manyi.flow.duties.operations.warning import give_warnings

__all__ = (
    "MOST_NOTE",
    "MOST_REASON",
    "CannotReportDuty",
    "CannotWaive",
    "apply_events",
    "discharge_duty",
    "give_warnings",
    "make_feed",
    "open_ahead",
    "open_duty",
    "report_duty",
    "revoke_feed",
    "supersede_duty",
    "waive_duty",
)
