"""The one expression everything is counted with: sheets by product × tier × item × raw answer, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Cell = tuple[str, str, int, str, int]
"""Product, tier, index of the item (−1 counts sheets), raw answer, how many."""


class Connection(Protocol):
    """What is asked of an engine: run one statement, give its rows."""

    def execute(self, query: str) -> Connection: ...

    def fetchall(self) -> list[tuple[object, ...]]: ...


def count_answers(connection: Connection, relation: str, items: Sequence[str]) -> list[Cell]:
    """Count a relation that has the columns ``product``, ``tier`` and ``items`` (texts, ``NULL`` is a blank).

    One scan groups by (product, tier) and by (product, tier, item) for every item at once.
    """
    sets = ", ".join(f"(product, tier, {item})" for item in items)
    # which grouping set a row belongs to: the position of the one item that is not rolled up
    which = " ".join(f"WHEN GROUPING({item}) = 0 THEN {n}" for n, item in enumerate(items))
    answer = " ".join(f"WHEN GROUPING({item}) = 0 THEN {item}" for item in items)
    query = (
        f"SELECT coalesce(product, ''), coalesce(tier, ''), CASE {which} ELSE -1 END, "  # noqa: S608 — names made by the caller
        f"coalesce(CASE {answer} END, ''), count(*) FROM {relation} "
        f"GROUP BY GROUPING SETS ((product, tier), {sets})"
    )
    return [
        (str(p), str(t), int(str(i)), str(a), int(str(n))) for p, t, i, a, n in connection.execute(query).fetchall()
    ]
