"""Days and times in a column, as numbers of days."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Fault, Faults, Refusal
from manyi.core.text import Text

DATES = SpecKey(
    "dates", "text", Text("日期的写法", "how dates are written, such as `%m/%d/%Y`; year-month-day where absent"), ""
)
SECONDS = 86400.0
SLASHED = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?=$|[ T])")
COMPACT = re.compile(r"^\d{8}$")


def moment(text: str, written: str = "") -> float | None:
    """The days since 1970 of a date or a time, ``None`` where it is neither; without a zone all count alike."""
    try:
        if written:
            at = datetime.strptime(text, written).replace(tzinfo=UTC)
        elif COMPACT.match(text):
            at = datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
        else:
            at = datetime.fromisoformat(SLASHED.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", text))
    except (ValueError, OverflowError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() / SECONDS


def moments(table: DataTable, head: str, written: str = "", missing: Iterable[object] = ()) -> NDArray[np.float64]:
    """A column of dates or times as days since 1970, NaN for none; raises ``Faults`` naming each cell that is no date."""
    found = np.full(len(table), math.nan)
    faults: list[Fault] = []
    for row, cell in enumerate(c.words(table, head, missing)):
        at = None if cell is None else moment(cell, written)
        if at is not None:
            found[row] = at
        elif cell is not None:
            faults.append(_no_date(table, head, row, cell))
    if faults:
        raise Faults(faults[:100])
    return found


def known_moments(table: DataTable, head: str, written: str = "") -> NDArray[np.float64]:
    """A column of dates without blanks."""
    c.filled(table, head)
    return moments(table, head, written)


def day_of(spec_key: str, text: str, written: str) -> float:
    """A date of the spec, in the way of the column or as year-month-day."""
    at = moment(text, written)
    at = moment(text) if at is None else at
    if at is None:
        raise Refusal("not_a_date", spec_key, text, Text("日期，如 2026-06-30", "a date such as 2026-06-30"),
                      Text("请写明日期", "Write the date"))  # fmt: skip
    return at


def as_day(days: float) -> str:
    """The day of a number of days since 1970, as year-month-day."""
    return datetime.fromtimestamp(days * SECONDS, UTC).date().isoformat()


def _no_date(table: DataTable, head: str, row: int, cell: str) -> Fault:
    shown = cell[:40]
    return Fault("not_a_date", Text(f"“{shown}”不是日期", f"“{shown}” is no date"),
                 Text("请写成 2026-06-30，或用 dates 说明写法", "Write 2026-06-30, or say in dates how it is written"),
                 table.name, row + table.first_row, head)  # fmt: skip
