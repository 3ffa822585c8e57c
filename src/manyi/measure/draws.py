"""Who is asked: a draw by stratum that anybody can repeat from its seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256

from manyi.core.errors import Refusal
from manyi.core.text import Text

ALGORITHM = "sha256-rank-1"
"""The order of a draw: units by the SHA-256 of ``seed`` + LF + ``id`` in UTF-8, smallest first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the frame."""

    id: str
    stratum: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A drawn unit: its place in the stratum's order, its chance of being drawn and the weight 1/chance."""

    unit: Unit
    order: int
    chance: float
    certain: bool

    @property
    def weight(self) -> float:
        """The base weight."""
        return 1 / self.chance


def rank(seed: int | str, unit: str) -> str:
    """The unit's place in every draw of this seed; it does not hang on the other units of the frame.

    >>> rank(7, "C001")[:12]
    '5c5178224df9'
    """
    return sha256(f"{seed}\n{unit}".encode()).hexdigest()


def draw(
    frame: Sequence[Unit], sizes: Mapping[str, int], seed: int | str, *, certain: AbstractSet[str] = frozenset()
) -> tuple[Taken, ...]:
    """``sizes[stratum]`` units of every stratum: the ``certain`` ones, then the first by ``rank``.

    A simple random sample within the stratum of those that are not certain; the same frame in any order and the same
    seed give the same draw, on every machine and in every version with this ``ALGORITHM``. Certain units count
    towards the size; more of them than the size are all taken. Refuses ids that stand twice, strata without a size
    and sizes above the stratum. Source: permanent random numbers, Ohlsson 1995.

    >>> [t.unit.id for t in draw([Unit("a"), Unit("b"), Unit("c")], {"": 2}, 1)]
    ['b', 'c']
    """
    members: dict[str, list[Unit]] = {}
    seen: set[str] = set()
    for unit in frame:
        if unit.id in seen:
            raise Refusal("duplicate", "id", unit.id, Text("互不相同的编号", "ids that stand once"),
                          Text("每个编号只保留一行", "Keep one row for every id"))  # fmt: skip
        seen.add(unit.id)
        members.setdefault(unit.stratum, []).append(unit)
    _check(members, sizes, certain - seen)
    return tuple(
        taken for name in sorted(members) for taken in _draw_stratum(members[name], sizes[name], seed, certain)
    )


def _check(members: Mapping[str, list[Unit]], sizes: Mapping[str, int], strangers: AbstractSet[str]) -> None:
    if members.keys() != sizes.keys():
        odd = ", ".join(sorted(members.keys() ^ sizes.keys())[:5])
        raise Refusal("strata_differ", "sizes", odd, Text("与总体相同的各层", "the strata of the frame"),
                      Text("每层给出一个样本量，不多不少", "Give one size for every stratum, and for no other"))  # fmt: skip
    if strangers:
        raise Refusal("not_in_frame", "certain", ", ".join(sorted(strangers)[:5]), Text("总体中的编号", "ids of the frame"),
                      Text("必选单位应在总体之内", "Units that must be in have to be in the frame"))  # fmt: skip
    for name, size in sizes.items():
        if not 0 <= size <= len(members[name]):
            raise Refusal("bad_n", f"sizes.{name}", size, Text(f"0 到 {len(members[name])}", f"from 0 to {len(members[name])}"),
                          Text("样本量不能超过该层", "A size cannot exceed its stratum"))  # fmt: skip


def _draw_stratum(units: Sequence[Unit], size: int, seed: int | str, certain: AbstractSet[str]) -> list[Taken]:
    ordered = sorted(units, key=lambda unit: (unit.id not in certain, rank(seed, unit.id)))
    sure = sum(unit.id in certain for unit in units)
    left = max(size - sure, 0)
    chance = left / (len(units) - sure) if left else 1.0
    return [
        Taken(unit, order, 1.0 if unit.id in certain else chance, unit.id in certain)
        for order, unit in enumerate(ordered[: sure + left], start=1)
    ]
