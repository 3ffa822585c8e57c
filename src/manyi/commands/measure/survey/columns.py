"""What the survey methods read alike: groups, answers that mean yes, weights, and the keys for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyi.commands.measure.method import SpecKey
from manyi.commands.measure.table import BLANK, DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.results import Warned

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]

FEW, SMALL = 5, 30
ALL = "all"

LEVEL = SpecKey("level", "number", Text("置信水平", "confidence level, between 0 and 1"), 0.95)
MISSING = SpecKey("missing_codes", "texts", Text("表示未回答的代码", "codes that mean no answer"), ())
BY = SpecKey("by", "columns", Text("分组的列", "column or columns of the groups"), None)
YES = SpecKey(
    "yes", "texts", Text("算作“是”的回答", "the answers that count as yes; 1, yes, true and 是 where absent"), None
)

YES_WORDS, NO_WORDS = frozenset(("1", "yes", "true", "是", "y")), frozenset(("0", "no", "false", "否", "n"))


def listed(value: Any) -> list[str]:
    """A key of one column or several as a list."""
    return [] if value is None else [value] if isinstance(value, str) else [str(v) for v in value]


def plain(word: object) -> str:
    """A cell or code as text, whole numbers without their point: ``5``, ``5.0`` and ``"5"`` are one."""
    text = str(word).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else text


def words(table: DataTable, head: str, missing: Iterable[object] = ()) -> list[str | None]:
    """A column of texts, ``None`` for no answer."""
    none = {plain(code) for code in missing}
    return [None if cell in BLANK or plain(cell) in none else cell for cell in table.column(head)]


def filled(table: DataTable, head: str) -> tuple[str, ...]:
    """A column that must not have blanks; each of them is a fault."""
    cells = table.column(head)
    faults = [table.fault("empty_cell", head, row) for row, cell in enumerate(cells) if cell in BLANK]
    if faults:
        raise Faults(faults[:100])
    return cells


def unique(table: DataTable, head: str) -> tuple[str, ...]:
    """A column of ids: filled, and every one once."""
    cells = filled(table, head)
    seen: set[str] = set()
    faults = []
    for row, cell in enumerate(cells):
        if cell in seen:
            faults.append(table.fault("duplicate", head, row, cell))
        seen.add(cell)
    if faults:
        raise Faults(faults[:100])
    return cells


def whole(table: DataTable, head: str) -> Values:
    """A column of numbers without blanks."""
    values = table.numbers(head)
    faults = [table.fault("empty_cell", head, int(row)) for row in np.flatnonzero(np.isnan(values))]
    if faults:
        raise Faults(faults[:100])
    return values


def whole_grades(table: DataTable, head: str, values: Values) -> None:
    """Refuse grades between the grades: bands such as *promoters from 9* do not say where 8.5 belongs."""
    broken = np.flatnonzero(np.isfinite(values) & (values % 1 != 0))
    if broken.size:
        cells = table.column(head)
        raise Faults([table.fault("not_whole", head, int(row), cells[row]) for row in broken[:100]])


def weights(table: DataTable, head: str | None) -> Values:
    """A column of weights above 0, or ones."""
    if head is None:
        return np.ones(len(table))
    values = whole(table, head)
    faults = [table.fault("not_positive", head, int(r), table.column(head)[r]) for r in np.flatnonzero(values <= 0)]
    if faults:
        raise Faults(faults[:100])
    return values


def groups(table: DataTable, by: Any, missing: Iterable[object] = ()) -> list[tuple[str, Mapping[str, str], Mask]]:
    """The groups of one column or of several crossed: name, level by column, rows; rows without a level in none.

    In the order of their numbers, or of their texts. Without ``by`` one group of all.
    """
    heads = listed(by)
    if not heads:
        return [(ALL, {}, np.ones(len(table), bool))]
    columns = [words(table, head, missing) for head in heads]
    keys = list(zip(*columns, strict=True))
    levels = sorted({key for key in keys if None not in key}, key=lambda key: [_natural(str(part)) for part in key])
    if not levels:
        raise Refusal("no_groups", "by", ", ".join(heads), Text("有分组值的列", "a column with groups"),
                      Text("该列全部为空", "The column is empty"))  # fmt: skip
    if len(levels) > 5000:
        raise Refusal("too_many_groups", "by", len(levels), Text("不超过 5000 组", "at most 5000 groups"),
                      Text("请检查分组列", "Check the column of groups"))  # fmt: skip
    place = {key: number for number, key in enumerate(levels)}
    at = np.array([place.get(key, -1) for key in keys])
    return [(" / ".join(map(str, key)), dict(zip(heads, map(str, key), strict=True)), at == n)
            for n, key in enumerate(levels)]  # fmt: skip


def _natural(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def agreed(table: DataTable, head: str, yes: Sequence[object] | None, missing: Iterable[object] = ()) -> Values:
    """1 where the answer is a yes, 0 where not, NaN for none; refuses to guess which answer is the yes."""
    cells = words(table, head, missing)
    there = {plain(cell) for cell in cells if cell is not None}
    if yes is not None:
        wanted = {plain(word) for word in yes}
        if not wanted & there:
            raise Refusal("no_such_answer", "yes", ", ".join(sorted(wanted))[:60], Text("该列中的回答", "answers of the column"),
                          Text(f"该列中有：{'、'.join(sorted(there)[:8])}", f"It holds: {', '.join(sorted(there)[:8])}"))  # fmt: skip
        return np.array([np.nan if cell is None else float(plain(cell) in wanted) for cell in cells])
    if not {word.lower() for word in there} <= YES_WORDS | NO_WORDS:
        raise Refusal("which_is_yes", "yes", ", ".join(sorted(there)[:5]), Text("说明哪些回答算作“是”", "which answers count as yes"),
                      Text("例如 yes = [\"4\", \"5\"]", "Write yes = [\"4\", \"5\"], for example"))  # fmt: skip
    return np.array([np.nan if cell is None else float(plain(cell).lower() in YES_WORDS) for cell in cells])


def left_out(missing: int) -> tuple[Warned, ...]:
    """The warning about cases without an answer, where there are any."""
    return (Warned("missing_left_out", str(missing)),) if missing else ()


def sized(counts: Iterable[tuple[str, float]]) -> tuple[Warned, ...]:
    """The warnings about groups too small to show figures of, or to rank."""
    found = []
    for name, n in counts:
        about = f"n = {n:g}" if name == ALL else f"{name}: n = {n:g}"
        if n < FEW:
            found.append(Warned("few_cases", about))
        elif n < SMALL:
            found.append(Warned("small_sample", about))
    return tuple(found)


def interval_keys(interval: Any) -> dict[str, float | None]:
    """``lower`` and ``upper`` of an interval; both ``None`` where there is none."""
    return {"lower": interval.lower if interval else None, "upper": interval.upper if interval else None}
