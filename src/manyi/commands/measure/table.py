"""The data of a method: a CSV file as named columns, numbers parsed where a method asks for them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Fault, Faults
from manyi.core.text import Text

BLANK = frozenset(("", "NA", "N/A", "NaN", "nan", "null", "NULL", "."))
"""What is read as *no answer* beside the codes a spec names."""

MOST_FAULTS = 100
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ("\t", ";")
"""What may stand between the cells in place of the comma, where the head has no comma."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """Named columns of texts, all of one length; ``digest`` is the SHA-256 of the file."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    digest: str
    first_row: int = 2

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, head: str) -> tuple[str, ...]:
        """The texts of a column; raises ``Faults`` where there is none of that name."""
        try:
            place = self.heads.index(head)
        except ValueError:
            raise Faults([self._no_column(head)]) from None
        return tuple(row[place] for row in self.rows)

    def numbers(self, head: str, missing: Iterable[object] = ()) -> NDArray[np.float64]:
        """A column as numbers, a blank or one of ``missing`` as NaN; raises ``Faults`` naming each cell that is none."""
        none = BLANK | _codes(missing)
        found = np.empty(len(self.rows))
        faults: list[Fault] = []
        for index, text in enumerate(self.column(head)):
            word = text.strip()
            if word in none:
                found[index] = math.nan
                continue
            try:
                value = float(word)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                faults.append(self.fault("not_a_number", head, index, text))
                continue
            found[index] = math.nan if word in none or _plain(value) in none else value
        if faults:
            raise Faults(faults[:MOST_FAULTS])
        return found

    def matrix(self, heads: Sequence[str], missing: Iterable[object] = ()) -> NDArray[np.float64]:
        """Several columns side by side, shape (rows, columns)."""
        codes = tuple(missing)
        return np.column_stack([self.numbers(head, codes) for head in heads])

    def fault(self, code: str, head: str, index: int | None, got: object = "") -> Fault:
        """A fault of one cell, the row as a spreadsheet shows it."""
        zh, en, zh_hint, en_hint = WORDS[code]
        shown = str(got)[:60]
        return Fault(code, Text(zh.replace("{got}", shown), en.replace("{got}", shown)), Text(zh_hint, en_hint), self.name,
                     None if index is None else index + self.first_row, head)  # fmt: skip

    def _no_column(self, head: str) -> Fault:
        known = "、".join(self.heads[:12]), ", ".join(self.heads[:12])
        return Fault("no_column", Text(f"没有列“{head}”", f"There is no column “{head}”"),
                     Text(f"现有列：{known[0]}", f"Columns: {known[1]}"), self.name, 1, head)  # fmt: skip


WORDS = {
    "not_a_number": ("“{got}”不是数字", "“{got}” is no number", "请改为数字；表示缺失的代码写入 missing_codes",
                     "Write a number; name codes that mean missing in missing_codes"),
    "not_positive": ("“{got}”应大于 0", "“{got}” should be above 0", "请填写大于 0 的数", "Write a number above 0"),
    "not_whole": ("“{got}”不是整数分值", "“{got}” is no whole grade",
                  "净推荐值只能由各人的整数评分计算，请勿填平均分", "A net promoter score is made of the grades people gave, not of averages: write whole grades"),
    "outside_scale": ("“{got}”不在量表之内", "“{got}” is not on the scale",
                      "请核对；若表示不适用或未回答，请写入 missing_codes", "Check it; name it in missing_codes if it means no answer"),
    "unknown_code": ("不认识代码“{got}”", "The code “{got}” is not known", "请在 codes 中说明它的含义", "Say in codes what it stands for"),
    "negative": ("“{got}”不应小于 0", "“{got}” should not be below 0", "请填写 0 或更大的数", "Write 0 or more"),
    "empty_cell": ("此格不能为空", "This cell must not be empty", "请填写", "Fill it in"),
    "duplicate": ("“{got}”重复出现", "“{got}” stands twice", "每个编号只保留一行", "Keep one row for every id"),
}  # fmt: skip


def read_table(path: Path) -> DataTable:
    """A .csv or .csv.gz with a head, in UTF-8 or GB18030; raises ``Faults`` for anything that is none.

    Cells stand between commas, or between tabs or semicolons where the head has these and no comma.
    """
    name = path.name
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
    except (OSError, EOFError):
        raise Faults([_fault("not_readable", f"无法读取“{name}”", f"“{name}” cannot be read",
                             "请检查路径和文件", "Check the path and the file", name)]) from None  # fmt: skip
    text = _decode(content, name)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        rows = [tuple(cell.strip() for cell in row) for row in lines]
    except csv.Error as wrong:
        raise Faults([_fault("broken_row", f"CSV 格式有误：{wrong}", f"This is no proper CSV: {wrong}",
                             "请检查引号", "Check the quotes", name)]) from None  # fmt: skip
    return _checked(name, rows, hashlib.sha256(content).hexdigest())


def _separator(text: str) -> str:
    head = next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    if len(head) != 1:
        return ","
    # a quoted head may hold any sign: what counts is what stands outside the quotes
    outside = "".join(text.lstrip().split("\n", 1)[0].split('"')[::2])
    return next((sign for sign in SEPARATORS if sign in outside), ",")


def _checked(name: str, rows: list[tuple[str, ...]], digest: str) -> DataTable:
    if not rows:
        raise Faults(
            [_fault("no_rows", "文件是空的", "The file is empty", "请提供带表头的 CSV", "Give a CSV with a head", name)]
        )
    heads, body = rows[0], rows[1:]
    while body and not any(body[-1]):
        body.pop()
    faults = [
        _fault("broken_row", f"该行有 {len(row)} 列，表头有 {len(heads)} 列",
               f"This row has {len(row)} cells, the head {len(heads)}", "请补齐或删去多余的格", "Complete or shorten the row",
               name, number)
        for number, row in enumerate(body, start=2) if len(row) != len(heads)
    ]  # fmt: skip
    twice = sorted({head for head in heads if heads.count(head) > 1})
    faults += [_fault("duplicate_column", f"列“{head}”出现两次", f"The column “{head}” stands twice",
                      "请删去其中一列", "Remove one of them", name, 1) for head in twice]  # fmt: skip
    if not body:
        faults.append(_fault("no_rows", "表中没有数据", "The table holds no rows", "请填入数据后重试",
                             "Fill it and try again", name))  # fmt: skip
    if faults:
        raise Faults(faults[:MOST_FAULTS])
    return DataTable(name, heads, tuple(body), digest)


def _decode(content: bytes, name: str) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Faults([_fault("encoding", "文字编码既不是 UTF-8 也不是 GB18030", "The text is neither UTF-8 nor GB18030",
                         "请另存为 UTF-8 编码的 CSV", "Save the CSV as UTF-8", name)])  # fmt: skip


def _codes(missing: Iterable[object]) -> frozenset[str]:
    return frozenset(_plain(code) if isinstance(code, (int, float)) else str(code) for code in missing)


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _fault(code: str, zh: str, en: str, zh_hint: str, en_hint: str, table: str, row: int | None = None) -> Fault:
    return Fault(code, Text(zh, en), Text(zh_hint, en_hint), table, row)
