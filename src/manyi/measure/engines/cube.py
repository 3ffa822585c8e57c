"""The cube of counts as one expression for any engine: an embedded one, a database server, or a cluster.

Only integers are counted — sheets and answers by product × tier × item × grade — so every engine gives the same cube,
and the exact rationals that follow from it (``measure.points``) are the same to the last digit. Cubes of disjoint
sheets add up: a new batch costs its own sheets only.

Needs the extra ``manyi[engines]``; ``manyi[spark]`` for PySpark. The command ``manyi score`` does without: it counts
with what is embedded (``engines.counting``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from manyi.core.errors import Refusal
from manyi.core.forms import BLANK, Questionnaire
from manyi.core.text import Text
from manyi.core.waves import Cube

AROUND = "^[\\s\u00a0\u3000]+|[\\s\u00a0\u3000]+$"
"""What may surround a value without belonging to it: blanks, the no-break and the ideographic space."""


def count_expression(
    sheets: ir.Table, items: Sequence[str], grades: Sequence[str], product: str | None = None, tier: str | None = None
) -> ir.Table:
    """One row for each product and tier: ``sheets``, and for item i and grade g how often it was given, ``n_i_g``.

    ``n_i_blank`` counts blanks, ``n_i_other`` answers that are no grade. One scan, sums of integers only.
    """
    place = {
        "product": _name(sheets, product) if product else ibis.literal(""),
        "tier": _name(sheets, tier) if tier else ibis.literal(""),
    }
    answers = {f"a_{i}": _words(sheets, item) for i, item in enumerate(items)}
    table = sheets.select(**place, **answers)
    return table.group_by("product", "tier").aggregate(sheets=table.count(), **dict(_sums(table, len(items), grades)))


def count_cube(sheets: ir.Table, form: Questionnaire, product: str | None = None, tier: str | None = None) -> Cube:
    """The cube of a table of sheets whose item columns are named as the questionnaire's columns or items.

    ``product`` and ``tier`` name the columns that tell them, ``None`` where there is one only. Answers that mean *not
    applicable* keep their code. Raises ``Refusal`` for a column that is missing and for an answer that is no grade.
    """
    columns = {key: form.columns.get(key, key) for key in form.item_keys}
    for column in (*columns.values(), *(c for c in (product, tier) if c)):
        if column not in sheets.columns:
            raise Refusal("missing_column", "sheets", column, Text("表中的列", "a column of the table"),
                          Text("请补上该列", "Add the column"))  # fmt: skip
    spellings = _spellings(form)
    found = count_expression(sheets, tuple(columns.values()), tuple(spellings), product, tier).execute()
    rows = found.to_dict("records")
    _refuse_others(rows, tuple(columns.values()))
    return Cube(
        {(str(row["product"]), str(row["tier"])): int(row["sheets"]) for row in rows},
        _cells(rows, tuple(columns), tuple(spellings.values())),
    )


def _spellings(form: Questionnaire) -> dict[str, str]:
    """Every way an answer may be written, in lower case, and the grade it stands for; whole numbers also as ``5.0``."""
    plain = dict(form.scale.answers)
    return plain | {f"{word}.0": key for word, key in plain.items() if word.isdigit()}


def _words(sheets: ir.Table, column: str) -> ir.StringValue:
    """The answers of a column as trimmed texts in lower case, blanks as ``""``; floating numbers as whole ones."""
    value = sheets[column]
    if value.type().is_floating():  # engines print floats differently; whole ones go as integers, others stay odd
        whole = value.floor()
        value = ibis.cases((value.isnull(), ""), (value == whole, whole.cast("int64").cast("string")), else_="?")
    return _trimmed(value).lower()


def _name(sheets: ir.Table, column: str) -> ir.StringValue:
    return _trimmed(sheets[column])


def _trimmed(value: ir.Value) -> ir.StringValue:
    # engines disagree on what their own trim takes away
    return value.cast("string").re_replace(AROUND, "").fill_null("")


def _sums(table: ir.Table, items: int, grades: Sequence[str]) -> Iterator[tuple[str, ir.IntegerScalar]]:
    for i in range(items):
        answer = table[f"a_{i}"]
        for g, grade in enumerate(grades):
            yield f"n_{i}_{g}", _count(answer == grade)
        yield f"n_{i}_blank", _count(answer == BLANK)
        yield f"n_{i}_other", _count(~answer.isin([BLANK, *grades]))


def _count(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.ifelse(1, 0).sum().cast("int64")


def _refuse_others(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    for i, column in enumerate(columns):
        if wrong := sum(int(row[f"n_{i}_other"]) for row in rows):
            raise Refusal("not_a_grade", column, wrong, Text("等级", "grades of the scale"),
                          Text(f"该列有 {wrong} 个回答不是等级", f"{wrong} answers of the column are no grade"))  # fmt: skip


def _cells(
    rows: Sequence[dict[str, Any]], items: Sequence[str], grades: Sequence[str]
) -> dict[tuple[str, str, str, str], int]:
    """What was counted under several spellings of a grade adds up."""
    cells: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        for i, item in enumerate(items):
            counted = [(grade, row[f"n_{i}_{g}"]) for g, grade in enumerate(grades)]
            for grade, n in (*counted, (BLANK, row[f"n_{i}_blank"])):
                if n:
                    place = (str(row["product"]), str(row["tier"]), item, grade)
                    cells[place] = cells.get(place, 0) + int(n)
    return cells
