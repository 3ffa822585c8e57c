"""What the comparisons share: values by group, which groups meet, and the rows of the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comparison import Difference, equivalence
from manyi.measure.results import Warned

Row = dict[str, Any]
T = TypeVar("T")


def column_of(spec: Mapping[str, Any]) -> str:
    """The column compared; refuses where none is named."""
    if spec["of"] is None:
        raise Refusal("missing_key", "of", None, Text("回答一列", "the column of answers"), Text("请给出 of", "Give of"))  # fmt: skip
    return str(spec["of"])


def group_values(
    table: DataTable, spec: Mapping[str, Any], least: int = 2
) -> tuple[list[tuple[str, c.Values]], list[Warned]]:
    """The answers of each group; groups without enough of them are left out with a warning."""
    values = table.numbers(column_of(spec), spec["missing_codes"])
    there = np.isfinite(values)
    parts = c.groups(table, spec["by"], spec["missing_codes"])
    used = int(sum((mask & there).sum() for _, _, mask in parts))
    notes = list(c.left_out(len(table) - used))
    chosen = set(spec["groups"] or []) and {c.plain(name) for name in spec["groups"]}
    found = []
    for name, _, mask in parts:
        if chosen and name not in chosen:
            continue
        answers = values[mask & there]
        if len(answers) < least and spec["by"] is not None:
            notes.append(Warned("no_test", f"{name}: n = {len(answers)}"))
        else:
            found.append((name, answers))
    if not found:
        raise Refusal("no_answers", "of", used, Text("每组至少两个回答", "two answers or more in a group"),
                      Text("没有可比较的组", "There are no groups to compare"))  # fmt: skip
    return found, notes


def pairs_of(groups: Sequence[tuple[str, T]], spec: Mapping[str, Any]) -> list[tuple[tuple[str, T], tuple[str, T]]]:
    """Every two of the groups, in the order of the spec or of their names; refuses fewer than two."""
    known = dict(groups)
    names = [c.plain(name) for name in spec["groups"]] if spec["groups"] else [name for name, _ in groups]
    strange = [name for name in names if name not in known]
    if strange or len(names) < 2 or len(names) > 60:
        raise Refusal("bad_groups", "groups" if spec["groups"] else "by", ", ".join(strange or names)[:60], Text("2 到 60 个有回答的组", "2 to 60 groups with answers"),
                      Text(f"现有：{'、'.join(list(known)[:8])}", f"There are: {', '.join(list(known)[:8])}"))  # fmt: skip
    return [((a, known[a]), (b, known[b])) for a, b in combinations(names, 2)]


def difference_row(a: str, b: str, found: Difference) -> Row:
    """A difference as a row; an infinite number of degrees of freedom (the normal) as ``None``."""
    sizes = dict(zip(("n_a", "n_b"), found.n, strict=False))
    return {
        "a": a, "b": b, "estimate": found.estimate, "se": found.se, **c.interval_keys(found.interval),
        "statistic": found.statistic, "df": None if math.isinf(found.df) else found.df, "p": found.p, "p_adjusted": None,
        "verdict": found.verdict, "method": found.method, **sizes,
    }  # fmt: skip


def with_margin(row: Row, found: Difference, spec: Mapping[str, Any]) -> Row:
    """The row with its equivalence test, where the spec has a margin."""
    if spec["margin"] is None:
        return row
    same = equivalence(found, float(spec["margin"]), level=spec["level"])
    return row | {"p_equivalence": same.p, "equivalent": same.equivalent}
