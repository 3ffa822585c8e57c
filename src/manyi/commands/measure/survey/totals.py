"""Known totals of the population as a spec gives them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from manyi.commands.measure.survey.columns import filled, plain
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.weighting import Margin


def numbers_by_name(given: Any, key: str) -> dict[str, float]:
    """A table of names to finite numbers; anything else is refused."""
    found = {}
    for name, value in given.items() if isinstance(given, Mapping) else [("", given)]:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not name:
            raise Refusal("wrong_value", f"{key}.{name}" if name else key, str(value)[:60], Text("名称到数字的表", "a table of names to numbers"),
                          Text("例如 {\"East\" = 120}", "Write {\"East\" = 120}, for example"))  # fmt: skip
        found[plain(name)] = float(value)
    return found


def margins_of(table: DataTable, given: Mapping[str, Any], key: str) -> list[Margin]:
    """Each variable of the spec with the levels of the rows and the totals of the levels."""
    return [
        Margin(head, [plain(cell) for cell in filled(table, head)], numbers_by_name(totals, f"{key}.{head}"))
        for head, totals in given.items()
    ]
