"""The one expression everything is counted with: sheets by product × tier × item × raw answer, in one scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Connection(Protocol):
    """What is asked of an engine: run one statement, give its columns as arrays."""

    def execute(self, query: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Group:
    """The sheets of one product and tier: how many, the answers of each item (``""`` is a blank), the days as written.

    ``tier`` is ``None`` where the customer is not known.
    """

    product: str
    tier: str | None
    sheets: int
    answers: tuple[Mapping[str, int], ...]
    days: Mapping[str, int]
    written: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What one scan found: the groups, for each needed column whether it is empty somewhere, for each key whether two
    sheets may share it.

    ``doubled`` rests on 64-bit hashes: where it is false there is no double, where it is true it has to be looked for.
    """

    groups: tuple[Group, ...]
    empty: tuple[bool, ...]
    doubled: tuple[bool, ...]


def count_sheets(
    connection: Connection, relation: str, items: Sequence[str], needed: Sequence[str] = (), keys: Sequence[str] = ()
) -> Counted:
    """Count ``relation``: columns ``product``, ``tier``, ``day``, ``comment`` and ``items``, texts or ``NULL``.

    ``needed`` are columns that should not be ``""``; ``keys`` are lists of columns that together should stand once.
    """
    empties = "".join(f", count_if({column} = '') AS e{n}" for n, column in enumerate(needed))
    histograms = "".join(f", histogram({item}) AS h{n}" for n, item in enumerate(items))
    hashes = "".join(f", list(hash({key})) AS k{n}" for n, key in enumerate(keys))
    rows = connection.execute(
        f"SELECT coalesce(product, '') AS product, coalesce(tier, '') AS tier, tier IS NULL AS unknown, "  # noqa: S608 — names made by the caller
        f"count(*) AS n, histogram(day) AS days, count(comment) AS written{histograms}{empties}{hashes} "
        f"FROM {relation} GROUP BY ALL"
    ).fetchnumpy()
    groups = tuple(
        Group(
            product=str(rows["product"][g]),
            tier=None if rows["unknown"][g] else str(rows["tier"][g]),
            sheets=int(n),
            answers=tuple(_with_blanks(rows[f"h{i}"][g], int(n)) for i in range(len(items))),
            days=_plain(rows["days"][g]),
            written=int(rows["written"][g]),
        )
        for g, n in enumerate(rows["n"])
    )
    empty = tuple(bool(rows[f"e{e}"].sum()) for e in range(len(needed)))
    return Counted(groups, empty, tuple(_repeats(rows[f"k{k}"]) for k in range(len(keys))))


def _plain(histogram: Mapping[Any, Any] | None) -> dict[str, int]:
    # a column without any value has no histogram
    return {str(value): int(n) for value, n in histogram.items()} if isinstance(histogram, Mapping) else {}


def _with_blanks(histogram: Mapping[Any, Any] | None, sheets: int) -> dict[str, int]:
    counts = _plain(histogram)
    blanks = sheets - sum(counts.values()) + counts.get("", 0)
    return counts | {"": blanks} if blanks else counts


def _repeats(lists: Sequence[Any]) -> bool:
    """Whether a value stands twice in these arrays."""
    if not len(lists):
        return False
    every = np.concatenate(list(lists))
    every.sort()
    return bool((every[1:] == every[:-1]).any())
