"""What is done with records: opened, taken on step by step, passed on, corrected, closed, filed; and what happened."""

from manyi.flow.records.operations.acting import CannotRecord, CannotTake
from manyi.flow.records.operations.arriving import (
    Arrived,
    Busy,
    CannotArrive,
    add_to,
    bring_in,
    close_entrance,
    open_entrance,
    take_in,
    takes_arrivals,
)
from manyi.flow.records.operations.events import About, record_happening
from manyi.flow.records.operations.keeping import (
    archive,
    carry_records,
    correct,
    pass_on,
    remark,
    reopen,
    void,
)
from manyi.flow.records.operations.opening import open_record
from manyi.flow.records.operations.second import MovedOn
from manyi.flow.records.operations.taking import hear, take_step
from manyi.flow.records.operations.tasks import change_task, do_task, drop_task
from manyi.flow.records.operations.using import use_playbook

__all__ = (
    "About",
    "Arrived",
    "Busy",
    "CannotArrive",
    "CannotRecord",
    "CannotTake",
    "MovedOn",
    "add_to",
    "archive",
    "bring_in",
    "carry_records",
    "change_task",
    "close_entrance",
    "correct",
    "do_task",
    "drop_task",
    "hear",
    "open_entrance",
    "open_record",
    "pass_on",
    "record_happening",
    "remark",
    "reopen",
    "take_in",
    "take_step",
    "takes_arrivals",
    "use_playbook",
    "void",
)
