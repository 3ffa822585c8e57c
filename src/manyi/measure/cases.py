"""What a table of numbers has to be before covariances of it mean anything, and what becomes of missing values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.linear import Floats

LARGEST = 1e100
SAME = 1e-12
"""A column whose range is a smaller share of its largest value than this counts as constant."""


def check_cases(data: Floats, names: Sequence[str], at_least: int) -> None:
    """Refuse fewer rows of ``data`` (n, p) than ``at_least`` (never under 3), constant columns and absurdly large numbers."""
    least = max(at_least, 3)
    if len(data) < least:
        raise Refusal(
            "too_few_cases", "data", len(data), Text(f"至少 {least} 个完整个案", f"at least {least} complete cases"),
            Text("增加个案，减少题目，或处理缺失值", "Add cases, use fewer items, or look after the missing values"),
        )  # fmt: skip
    largest = np.nanmax(np.abs(data), axis=0)
    if (largest > LARGEST).any():
        place = int(np.argmax(largest))
        raise Refusal("too_large", names[place], float(largest[place]), Text("通常大小的数", "numbers of an ordinary size"),
                      Text("检查这一列的单位和录入", "Check the unit and the entry of this column"))  # fmt: skip
    still = np.nanmax(data, axis=0) - np.nanmin(data, axis=0) <= np.maximum(SAME * largest, 1 / LARGEST)
    if still.any():
        place = int(np.argmax(still))
        raise Refusal("constant_column", names[place], float(np.nanmax(data[:, place])),
                      Text("有变化的列", "a column that varies"), Text("删去这一列", "Leave this column out"))  # fmt: skip


def check_answers(data: Floats, names: Sequence[str]) -> None:
    """Refuse a column of ``data`` (n, p; NaN is missing) without any answer."""
    silent = np.isnan(data).all(axis=0)
    if silent.any():
        place = int(np.argmax(silent))
        raise Refusal("all_missing", names[place], "NA", Text("至少一个答案", "at least one answer"),
                      Text("删去这一列，或检查缺失代码", "Leave this column out, or check the codes for missing"))  # fmt: skip


def complete_rows(data: Floats) -> Floats:
    """The rows of ``data`` (n, p) without a missing value."""
    kept: Floats = data[~np.isnan(data).any(axis=1)]
    return kept


def with_means(data: Floats) -> Floats:
    """``data`` (n, p) with every missing value replaced by its column's mean; a row without any answer is left out."""
    answered = data[~np.isnan(data).all(axis=1)]
    filled: Floats = np.where(np.isnan(answered), np.nanmean(answered, axis=0), answered)
    return filled
