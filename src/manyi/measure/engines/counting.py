"""The one expression everything is counted with: sheets by product × tier × item × raw answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

SPACES = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"
"""What may surround a value without belonging to it: ASCII blanks, the no-break and the ideographic space."""


class Connection(Protocol):
    """What is asked of an engine: run one statement, give its columns as arrays; do so on several cursors at once."""

    def execute(self, query: str) -> Any: ...

    def cursor(self) -> Connection: ...


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
    """What was found: the groups; the days as written; the numbers of sheets with a comment; which needed columns may
    be empty somewhere; which keys two sheets may share.

    ``doubled`` rests on 64-bit hashes, ``empty`` on the least value: where they are false there is nothing, where they
    are true it has to be looked for.
    """

    groups: tuple[Group, ...]
    days: Mapping[str, int]
    written: tuple[str, ...]
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
    """Count ``relation``: ``number``, ``product``, ``tier``, ``day``, ``comment`` and ``items`` are texts or ``NULL``.

    ``needed`` are columns that should not be empty; ``keys`` are lists of columns that together should stand once.
    Without ``tiered`` all sheets are of the tier ``""``. ``one_scan`` reads a text file only once; columns are read
    faster one group of them at a time.
    """
    answers = ["count(*) AS n", *(f"histogram({item}) AS h{n}" for n, item in enumerate(items))]
    has_words = f"trim(comment, {SPACES}) <> ''"
    days = ["histogram(day) AS days"]
    # nothing that is not blank sorts before "!"; the least value is often known without reading the column
    empties = [f"count(*) > count({column}) OR min({column}) < '!' AS e{n}" for n, column in enumerate(needed)]
    # values as they stand are hashed; where one has blanks at its ends, equal ones may have escaped
    padded = " OR ".join(f"suffix({column}, ' ') OR prefix({column}, ' ')" for column in needed)
    place = ["coalesce(product, '') AS name"]
    place += ["coalesce(tier, '') AS place", "tier IS NULL AS unknown"] if tiered else []
    grouped = f"GROUP BY product{', tier' if tiered else ''}"

    if one_scan:
        written = f"list(number) FILTER (WHERE {has_words}) AS written"
        keyed = [f"list(hash({key})) AS k{n}" for n, key in enumerate(keys)] + [f"bool_or({padded or False}) AS padded"]
        rows = _fetch(connection, [*place, *answers, *days, *empties, written, *keyed], relation, grouped)
        rows |= {f"k{n}": _repeats(rows[f"k{n}"]) for n in range(len(keys))}
    else:
        keyed = [f"hash({key}) AS k{n}" for n, key in enumerate(keys)] + [f"{padded or False} AS padded"]
        rows = _fetch_at_once(
            connection,
            ([*place, *answers], relation, grouped),
            (keyed if keys else [], relation, ""),
            (days, relation, ""),
            (empties, relation, ""),
            (["list(number) AS written"], relation, f"WHERE {has_words}"),
        )
    unsure = bool(keys) and bool(np.ma.filled(rows["padded"], False).any())
    return Counted(
        groups=tuple(_group(rows, g, len(items), tiered) for g in range(len(rows["n"]))),
        days=_added(_plain(days) for days in rows["days"]),
        written=tuple(str(number).strip() for numbers in rows["written"] for number in _listed(numbers)),
        empty=tuple(bool(np.ma.filled(rows[f"e{e}"], True).any()) for e in range(len(needed))),
        doubled=tuple(unsure or rows[f"k{k}"] for k in range(len(keys))),
    )


def _group(rows: Mapping[str, Any], g: int, items: int, tiered: bool) -> Group:
    n = int(rows["n"][g])
    tier = "" if not tiered else None if rows["unknown"][g] else str(rows["place"][g])
    return Group(str(rows["name"][g]), tier, n, tuple(_with_blanks(rows[f"h{i}"][g], n) for i in range(items)))


def _fetch(connection: Connection, columns: Sequence[str], relation: str, ending: str) -> dict[str, Any]:
    query = f"SELECT {', '.join(columns)} FROM {relation} {ending}"  # noqa: S608 — names made by the caller
    found: dict[str, Any] = connection.execute(query).fetchnumpy()
    return found


def _fetch_at_once(connection: Connection, *parts: tuple[Sequence[str], str, str]) -> dict[str, Any]:
    """Several selections side by side: what one does alone, the others fill the time of."""
    with ThreadPoolExecutor(len(parts)) as pool:
        found = pool.map(lambda part: _fetch_judged(connection.cursor(), *part) if part[0] else {}, parts)
        return {name: values for part in found for name, values in part.items()}


def _fetch_judged(connection: Connection, columns: Sequence[str], relation: str, ending: str) -> dict[str, Any]:
    """A selection; of hashes only whether one stands twice, found out while other selections run."""
    found = _fetch(connection, columns, relation, ending)
    return {name: _repeats([values]) if values.dtype == np.uint64 else values for name, values in found.items()}


def _added(histograms: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for histogram in histograms:
        for value, n in histogram.items():
            total[value] = total.get(value, 0) + n
    return total


def _listed(values: Any) -> Sequence[Any]:
    # an empty list comes as no value
    return () if values is None or values is np.ma.masked else list(values)


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
