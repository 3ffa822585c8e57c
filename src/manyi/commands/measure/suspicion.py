"""Codes that look as if they meant *no answer* though the spec does not name them: told, never corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from manyi.commands.measure.table import BLANK, DataTable
from manyi.measure.results import Warned

CODES = frozenset((-9, -98, -99, -998, -999, -9999, 88, 97, 98, 99, 888, 998, 999, 9999))
MOST_GRADES = 11
"""The grades of the longest scale in use, 0 to 10."""


def likely_codes(table: DataTable, spec: Mapping[str, Any]) -> tuple[Warned, ...]:
    """A warning for every such code in a column the method reads: those the spec names, or all where it leaves them open.

    A column is held to be of grades where all it has beside the codes is whole, 2 to 11 different numbers, of a range
    of at most 10; a code stands out where it is further from them than they are apart.
    """
    open_ = any(key in spec and spec[key] is None for key in ("items", "predictors"))
    named = set(table.heads) if open_ else set(_texts(spec.values()))
    declared = {float(code) for code in _numbers(map(str, spec.get("missing_codes") or ()))}
    return tuple(
        Warned("likely_missing_code", f"{head}: {code:g} × {count}")
        for head in table.heads
        if head and head in named
        for code, count in _standing_out(table.column(head), declared)
    )


def _standing_out(cells: tuple[str, ...], declared: set[float]) -> Iterator[tuple[float, int]]:
    words = set(cells) - BLANK
    if len(words) > 2 * (MOST_GRADES + len(CODES)):
        return
    values = {word: value for word in words for value in _numbers([word])}
    found = sorted({v for v in values.values() if v in CODES} - declared)
    rest = {v for v in values.values() if v not in CODES and v not in declared}
    if not found or len(values) < len(words) or not 2 <= len(rest) <= MOST_GRADES or any(v % 1 for v in rest):
        return
    low, high = min(rest), max(rest)
    for code in found if high - low < MOST_GRADES else ():
        if max(code - high, low - code) > high - low:
            yield code, sum(values.get(cell) == code for cell in cells)


def _numbers(words: Iterable[str]) -> Iterator[float]:
    for word in words:
        try:
            yield float(word)
        except ValueError:
            continue


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _texts((*value, *value.values()))
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)
        else:
            yield str(value)
