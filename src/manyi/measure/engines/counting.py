"""The one expression everything is counted with: sheets by product × tier × item × raw answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Connection(Protocol):
    """What is asked of an engine: run one statement, give its columns as arrays."""

    def execute(self, query: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Group:
    """The sheets of one product and tier: how many, and the answers of each item (``""`` is a blank).

    The product stands as it was written; ``tier`` is ``None`` where the customer is not known.
    """

    product: str
    tier: str | None
    sheets: int
    answers: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found: the groups; the days as written; how many comments; which needed columns are empty somewhere;
    which keys two sheets may share.

    ``doubled`` rests on 64-bit hashes: where it is false there is no double, where it is true it has to be looked for.
    """

    groups: tuple[Group, ...]
    days: Mapping[str, int]
    written: int
    empty: tuple[bool, ...]
    doubled: tuple[bool, ...]


def count_sheets(
    connection: Connection,
    relation: str,
    items: Sequence[str],
    needed: Sequence[str] = (),
    keys: Sequence[str] = (),
    tiered: bool = True,
    one_scan: bool = True,
) -> Counted:
    """Count ``relation``: columns ``product``, ``tier``, ``day``, ``comment`` and ``items``, texts or ``NULL``.

    ``needed`` are columns that should not be empty; ``keys`` are lists of expressions that together should stand once.
    Without ``tiered`` all sheets are of the tier ``""``. ``one_scan`` reads a text file only once; columns are read
    faster one group of them at a time.
    """
    answers = ["count(*) AS n", *(f"histogram({item}) AS h{n}" for n, item in enumerate(items))]
    rest = ["histogram(day) AS days", "count(comment) AS written"]
    rest += [f"count(*) - count_if({column} <> '') AS e{n}" for n, column in enumerate(needed)]
    lists = [f"list(hash({key})) AS k{n}" for n, key in enumerate(keys)]
    place = ["coalesce(product, '') AS name"]
    place += ["coalesce(tier, '') AS place", "tier IS NULL AS unknown"] if tiered else []
    grouped = f"GROUP BY product{', tier' if tiered else ''}"

    def fetch(columns: Sequence[str], ending: str = "") -> dict[str, Any]:
        query = f"SELECT {', '.join(columns)} FROM {relation} {ending}"  # noqa: S608 — names made by the caller
        found: dict[str, Any] = connection.execute(query).fetchnumpy()
        return found

    if one_scan:
        rows = fetch([*place, *answers, *rest, *lists], grouped)
    else:
        rows = fetch([*place, *answers], grouped) | fetch(rest)
        hashes = fetch([f"hash({key}) AS k{n}" for n, key in enumerate(keys)]) if keys else {}
        rows |= {name: [values] for name, values in hashes.items()}
    return Counted(
        groups=tuple(
            Group(
                product=str(rows["name"][g]),
                tier=None if tiered and rows["unknown"][g] else str(rows["place"][g]) if tiered else "",
                sheets=int(n),
                answers=tuple(_with_blanks(rows[f"h{i}"][g], int(n)) for i in range(len(items))),
            )
            for g, n in enumerate(rows["n"])
        ),
        days=_added(_plain(days) for days in rows["days"]),
        written=int(sum(rows["written"])),
        empty=tuple(bool(rows[f"e{e}"].sum()) for e in range(len(needed))),
        doubled=tuple(_repeats(rows[f"k{k}"]) for k in range(len(keys))),
    )


def _added(histograms: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for histogram in histograms:
        for value, n in histogram.items():
            total[value] = total.get(value, 0) + n
    return total


def _plain(histogram: Any) -> dict[str, int]:
    # a column without any value has no histogram
    return {str(value): int(n) for value, n in histogram.items()} if isinstance(histogram, Mapping) else {}


def _with_blanks(histogram: Any, sheets: int) -> dict[str, int]:
    counts = _plain(histogram)
    blanks = sheets - sum(counts.values()) + counts.get("", 0)
    return counts | {"": blanks} if blanks else counts


def _repeats(lists: Sequence[Any]) -> bool:
    """Whether a value stands twice in these arrays."""
    if not len(lists):
        return False
    every = np.concatenate(list(lists)) if len(lists) > 1 else lists[0]
    every.sort()
    return bool((every[1:] == every[:-1]).any())
