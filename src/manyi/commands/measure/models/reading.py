"""What the model methods read alike: keys, columns of numbers, missing values, resampling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.table import BLANK, DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.cases import check_answers, check_cases, complete_rows, with_means
from manyi.measure.linear import Floats
from manyi.measure.results import Warned

MISSING_CODES = SpecKey("missing_codes", "texts", Text("表示缺失的代码", "codes that mean missing, beside blanks"), [])
LEVEL = SpecKey("level", "number", Text("区间的置信水平", "confidence level of the intervals, between 0 and 1"), 0.95)
SEED = SpecKey("seed", "whole", Text("随机种子", "seed of the resampling (PCG64), 0 or more"), 1)
ITEMS = SpecKey(
    "items",
    "texts",
    Text("题目所在的列；不写则取全部数字列", "columns of the items; every numeric column when absent"),
    None,
)
REVERSED = SpecKey("reversed", "texts", Text("要反向计分的题目", "items to be turned round before scoring"), [])

ROW_NAMES = frozenset(("id", "rowname", "rownames", "row_name", "row_names", "row.names", "编号", "序号"))
MOST_REPLICATES = 100_000
MOST_COLUMNS = 400
SMALL = 100


def names(values: Iterable[object] | None) -> tuple[str, ...]:
    """Column names of a spec as texts."""
    return tuple(str(value) for value in values or ())


def check_resampling(spec: Mapping[str, Any]) -> None:
    """Refuse a level, a seed or a number of replicates that means nothing."""
    if not 0 < spec["level"] < 1:
        raise Refusal("bad_level", "level", spec["level"], Text("0 与 1 之间的数", "a number between 0 and 1"),
                      Text("例如 level = 0.95", "For example level = 0.95"))  # fmt: skip
    if spec.get("seed", 0) < 0:
        raise Refusal("bad_seed", "seed", spec["seed"], Text("0 或更大的整数", "a whole number of 0 or more"),
                      Text("例如 seed = 1", "For example seed = 1"))  # fmt: skip
    replicates = spec.get("bootstrap", 0)
    if replicates != 0 and not 2 <= replicates <= MOST_REPLICATES:
        raise Refusal("bad_bootstrap", "bootstrap", replicates,
                      Text(f"0，或 2 至 {MOST_REPLICATES} 的整数", f"0, or a whole number from 2 to {MOST_REPLICATES}"),
                      Text("一般用 1000；0 表示不要区间", "1000 is usual; 0 means no intervals"))  # fmt: skip


def numeric_columns(table: DataTable, codes: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of numbers, and those left out; a column that is mostly numbers has to be numbers throughout.

    A column without any answer is left out too: it names no item. Columns that name the rows are in neither.
    """
    kept, left = [], []
    for head in table.heads:
        if names_rows(table, head):
            continue
        words = [word for word in table.column(head) if word not in BLANK]
        numbers = sum(map(_is_number, words))
        if words and numbers * 2 >= len(words) and np.isfinite(table.numbers(head, tuple(codes))).any():
            kept.append(head)
        else:
            left.append(head)
    return tuple(kept), tuple(left)


def names_rows(table: DataTable, head: str) -> bool:
    """Whether a column only names the rows: it has no head, or is called so and numbers the rows each differently."""
    if not head:
        return True
    words = table.column(head)
    return head.lower() in ROW_NAMES and len(set(words)) == len(words) and all(map(str.isdecimal, words))


def rows_named(table: DataTable) -> list[Warned]:
    """The warning about columns that are not taken for items because they name the rows."""
    found = [head or '""' for head in table.heads if names_rows(table, head)]
    return [Warned("row_names_left_out", listed(found))] if found else []


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def read_columns(table: DataTable, heads: Sequence[str], codes: Sequence[object]) -> Floats:
    """The columns as numbers (n, p), NaN for missing; refuses none, too many, repeated ones and those without an answer."""
    if not heads:
        raise Refusal("no_columns", "items", [], Text("至少一列数字", "at least one column of numbers"),
                      Text("在 spec 中写出列名", "Name the columns in the spec"))  # fmt: skip
    if len(heads) > MOST_COLUMNS:
        raise Refusal("too_many_columns", "items", len(heads), Text(f"不超过 {MOST_COLUMNS} 列", f"at most {MOST_COLUMNS} columns"),
                      Text("只选需要的列", "Choose the columns you need"))  # fmt: skip
    twice = sorted({head for head in heads if list(heads).count(head) > 1})
    if twice:
        raise Refusal("column_twice", "items", twice[0], Text("每列只写一次", "every column once"),
                      Text("删去重复的列名", "Remove the repeated name"))  # fmt: skip
    data = table.matrix(heads, tuple(codes))
    check_answers(data, heads)
    return data


def read_scale_items(table: DataTable, spec: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...], list[Warned]]:
    """The items of one scale (n, k; NaN is missing), reversed ones turned, their names, and what was left out."""
    codes, warned = spec["missing_codes"], []
    heads = names(spec["items"])
    if spec["items"] is None:
        heads, left = numeric_columns(table, codes)
        warned += rows_named(table)
        if left:
            warned.append(Warned("columns_left_out", listed(left)))
    data = read_columns(table, heads, codes)
    for item in names(spec["reversed"]):
        if item not in heads:
            raise Refusal("unknown_item", "reversed", item, Text(f"题目之一：{'、'.join(heads[:12])}", f"one of {', '.join(heads[:12])}"),
                          Text("检查题目名称", "Check the name of the item"))  # fmt: skip
        data[:, heads.index(item)] *= -1
    return data, heads, warned


def complete(data: Floats, heads: Sequence[str], rule: str) -> tuple[Floats, list[Warned]]:
    """``data`` without missing values, by the ``rule`` mean or listwise, and the warning that says so."""
    gaps = np.isnan(data)
    if not gaps.any():
        return data, []
    if rule == "listwise":
        kept = complete_rows(data)
        check_cases(kept, heads, at_least=3)
        return kept, [Warned("missing_left_out", f"{len(data) - len(kept)} / {len(data)}")]
    check_cases(data[~gaps.all(axis=1)], heads, at_least=3)
    warned = [
        Warned("missing_filled", listed(f"{head} {n}" for head, n in zip(heads, gaps.sum(axis=0), strict=True) if n))
    ]
    empty = int(gaps.all(axis=1).sum())
    if empty:
        warned.append(Warned("missing_left_out", f"{empty} / {len(data)}"))
    return with_means(data), warned


def listed(parts: Iterable[str], most: int = 12) -> str:
    """Parts as one line, cut where there are many."""
    found = list(parts)
    return ", ".join(found[:most]) + (f", … ({len(found)})" if len(found) > most else "")


def named(heads: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    """Values under their names, as plain numbers."""
    return {head: float(value) for head, value in zip(heads, values, strict=True)}


def number(value: float) -> float | None:
    """A number, or ``None`` for one that does not exist; whoever gives it warns."""
    return float(value) if np.isfinite(value) else None
