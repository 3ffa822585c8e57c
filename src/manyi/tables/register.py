"""A file from outside read and checked whole, in a process of its own, for the register or for a wave.

``python -m manyi.tables.register JOB`` reads the job, a JSON file, writes the rows it found as JSON lines and prints
``{"rows": n, "faults": [...]}``. Either there are faults or there are rows, never both: a file is taken whole or not at
all. Whoever asks never loads the engine and is not hurt by what a file does to this process.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from manyi.core.errors import Fault, Faults
from manyi.core.figures import from_text, shown
from manyi.core.forms import Questionnaire, Scale
from manyi.core.predicates import Facts
from manyi.core.text import Text
from manyi.language.load import read_procedure
from manyi.language.waves import wave_rules
from manyi.tables.faults import fault, limited
from manyi.tables.heads import read_heads
from manyi.tables.sheets import Sheets
from manyi.tables.small import Small, parse_date
from manyi.tables.source import Source, Table, open_source

MEMORY = 4 * 1024**3
SECONDS = 100
Job = Mapping[str, Any]
Row = list[Any]

NO_FORM = Questionnaire("", Text(), (), (), Scale(()), None)
EXTRA = {
    "unit": ("部门", "所属部门", "单位"),
    "country": ("国家", "国家或地区"),
    "contact": ("联系人",),
    "department": ("联系人部门", "客户部门"),
    "email": ("邮箱", "电子邮箱", "电邮"),
    "phone": ("电话", "联系电话"),
}
"""Columns a table of customers may have beside number and name."""
LONGEST = {
    "customer_id": 60, "name": 200, "country": 60, "contact": 120, "department": 120, "email": 254, "phone": 40,
    "product": 120, "sheet_no": 60, "comment": 4000,
}  # fmt: skip
LARGEST = 10**15
_YEAR = re.compile(r"(\d{4})(\.0|年)?")
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")

WORDS = {
    "too_long": ("超过 {got} 字", "Longer than {got} characters", "请缩短", "Shorten it"),
    "not_an_address": ("“{got}”不是电子邮箱", "“{got}” is no e-mail address",
                       "请改正或留空", "Correct it or leave it empty"),
    "unknown_unit": ("没有“{got}”这个部门", "There is no unit “{got}”",
                     "请填写部门名称", "Write the name of a unit"),
    "of_another_unit": ("客户编号“{got}”已被其他部门使用", "The customer id “{got}” belongs to another unit",
                        "请改编号", "Use another id"),
    "too_large": ("金额“{got}”过大", "The amount “{got}” is too large",
                  "请核对单位是否为元", "Check that it is in CNY"),
    "nothing_to_take": ("没有“客户”表，也没有“销售”表", "There is no table “customers” or “sales”",
                        "工作表应命名为 客户、销售", "Name the sheets customers and sales"),
    "sheet_on_record": ("表号“{got}”在这次调查中已有", "The sheet number “{got}” is on record in this wave",
                        "请删去该行或改正表号", "Remove the row or correct the number"),
    "answered_before": ("该客户（及产品）的表已收到：{got}", "A sheet of this customer and product is on record: {got}",
                        "请删去该行", "Remove the row"),
}  # fmt: skip


@dataclass
class Reading:
    """What is being read: the open source, the job, and what was found wrong so far."""

    source: Source
    job: Job
    faults: list[Fault] = field(default_factory=list)
    unlisted: int = 0
    heads: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(self, code: str, table: Table, row: int | None, column: str, got: object = "") -> None:
        """Add a fault, in the words of this module or of all tables; the column is named as the file names it."""
        column = self.heads.get((table.name, column), column)
        if code not in WORDS:
            self.faults.append(fault(code, table.name, row, column, got))
            return
        zh, en, zh_hint, en_hint = WORDS[code]
        told = str(got)[:80].encode("utf-8", "replace").decode("utf-8")
        message = Text(zh.format(got=told), en.format(got=told))
        self.faults.append(Fault(code, message, Text(zh_hint, en_hint), table.name, row, column))

    def fits(self, table: Table, row: int, cells: Mapping[str, str]) -> bool:
        """Whether every text has its place in the register."""
        long = [key for key, text in cells.items() if key in LONGEST and len(text) > LONGEST[key]]
        for key in long:
            self.say("too_long", table, row, key, LONGEST[key])
        return not long

    def rows(self, key: str, extra: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Table, int, dict[str, str]]]:
        """The rows of a table that is there and whose heads are right; absent columns are empty."""
        table = self.source.tables.get(key)
        if table is None:
            return
        columns, wrong = read_heads(key, table, NO_FORM, False)
        self.faults += wrong
        for index, head in enumerate(table.heads):
            word = head.strip().lower()
            name = next((name for name, words in extra.items() if word == name or word in words), None)
            if name:
                columns.setdefault(name, index)
        self.heads |= {(table.name, name): table.heads[index] for name, index in columns.items()}
        if not wrong:
            for row, cells in self.source.rows(table, columns):
                yield table, row, dict.fromkeys(extra, "") | cells


def read_customers(reading: Reading) -> list[Row]:
    """Customers, ``["customer", code, name, …]``, then sales, ``["sale", customer, product, year, amount]``."""
    customers = _customers(reading)
    known = set(reading.job["customers"]) | customers.keys()
    amounts = _sales(reading, known)
    if not reading.source.tables.keys() & {"customers", "sales"}:
        reading.say("nothing_to_take", Table("", "", ()), None, "")
    return [
        *(["customer", *row] for row in customers.values()),
        *(["sale", c, p, y, str(shown(amount))] for (c, p, y), amount in amounts.items()),
    ]


def _customers(reading: Reading) -> dict[str, Row]:
    units: Mapping[str, str] = reading.job["units"]
    foreign = set(reading.job["foreign"])
    found: dict[str, Row] = {}
    for table, row, cells in reading.rows("customers", EXTRA):
        code, unit = cells["customer_id"], cells["unit"]
        checks = (
            ("missing_value", "customer_id", not code),
            ("duplicate_customer", "customer_id", code in found),
            ("of_another_unit", "customer_id", code in foreign),
            ("unknown_unit", "unit", bool(unit) and unit not in units),
            ("not_an_address", "email", bool(cells["email"]) and not _ADDRESS.fullmatch(cells["email"])),
        )
        wrong = [(fault_code, column) for fault_code, column, is_wrong in checks if is_wrong]
        for fault_code, column in wrong:
            reading.say(fault_code, table, row, column, cells[column])
        if reading.fits(table, row, cells) and not wrong:
            name = cells.get("name") or code
            found[code] = [code, name, units.get(unit, ""), *(cells[key] for key in EXTRA if key != "unit")]
    return found


def _sales(reading: Reading, known: set[str]) -> dict[tuple[str, str, int], Fraction]:
    """Amounts by customer, product and year; several rows of one add up."""
    amounts: dict[tuple[str, str, int], Fraction] = {}
    for table, row, cells in reading.rows("sales", {}):
        customer, product = cells["customer_id"], cells["product"]
        year, amount = _year(cells["year"]), _amount(cells["amount"])
        checks = (
            ("missing_value", "customer_id", not customer),
            ("unknown_customer", "customer_id", bool(customer) and customer not in known),
            ("missing_value", "product", not product),
            ("not_a_year", "year", year is None),
            ("not_a_number", "amount", amount is None),
            ("too_large", "amount", amount is not None and abs(amount) >= LARGEST),
        )
        wrong = [(code, column) for code, column, is_wrong in checks if is_wrong]
        for code, column in wrong:
            reading.say(code, table, row, column, cells[column])
        if reading.fits(table, row, cells) and not wrong and year is not None and amount is not None:
            key = (customer, product, year)
            amounts[key] = amounts.get(key, Fraction(0)) + amount
    return amounts


def read_sheets(reading: Reading) -> list[Row]:
    """Sheets of a wave: ``[row, number, customer, name, product, day, comment, {item: grade}]`` in the file's order."""
    job = reading.job
    rules = wave_rules(read_procedure(job["procedure"], "procedure"), job["programme"])
    open_register = bool(job["add"])
    named = {row[0]: row[1] for row in _customers(reading).values()} if open_register else {}
    known: dict[str, Facts] | None = None if open_register else {code: {} for code in job["customers"]}
    products = [("", name, 0, Fraction(0)) for name in job["products"]]
    small = Small(customers=known, sales=None if open_register else products)
    sheets = Sheets(reading.source, rules, small, reading.faults)
    sheets.place(dict.fromkeys(known or ()))
    sheets.count()
    reading.unlisted += sheets.unlisted
    form = rules.questionnaire
    items = "".join(f", c{sheets.columns[key]}" for key in form.item_keys)
    found = sheets.connection.execute(
        f"SELECT _row, number, customer, product, day, coalesce(comment, ''){items} FROM sheet ORDER BY _row"  # noqa: S608
    ).fetchall()
    rows = []
    for row, number, customer, product, day, comment, *raws in found:
        grades = {key: form.scale.read(str(raw or "")) or "" for key, raw in zip(form.item_keys, raws, strict=True)}
        answers = {key: grade for key, grade in grades.items() if grade}
        when = parse_date(str(day)) if day else None
        rows.append(
            [int(row), number, customer, named.get(customer, customer), product, _iso(when, job), comment, answers]
        )
    reading.heads |= {(sheets.table.name, key): sheets.table.heads[n] for key, n in sheets.columns.items()}
    _check_against_wave(reading, sheets.table, rows, form.respondents_several)
    return rows


def _check_against_wave(reading: Reading, table: Table, rows: list[Row], several: bool) -> None:
    numbers = set(reading.job["numbers"])
    answered = {(customer, product) for customer, product in reading.job["answered"]}
    foreign = set(reading.job["foreign"])
    today = reading.job["today"]
    for row, number, customer, _name, product, day, comment, _answers in rows:
        texts = {"sheet_no": number, "customer_id": customer, "product": product, "comment": comment}
        reading.fits(table, row, texts)
        if number in numbers:
            reading.say("sheet_on_record", table, row, "sheet_no", number)
        if not several and (customer, product) in answered:
            reading.say("answered_before", table, row, "customer_id", f"{customer} {product}".strip())
        if customer in foreign:
            reading.say("of_another_unit", table, row, "customer_id", customer)
        if day > today:
            reading.say("not_a_date", table, row, "returned_on", day)


def _iso(day: date | None, job: Job) -> str:
    return day.isoformat() if day else str(job["today"])


def _year(text: str) -> int | None:
    match = _YEAR.fullmatch(text)
    return int(match[1]) if match else None


def _amount(text: str) -> Fraction | None:
    try:
        return from_text(text)
    except ValueError:
        return None


READERS: dict[str, tuple[str, Callable[[Reading], list[Row]]]] = {
    "customers": ("customers", read_customers),
    "sheets": ("sheets", read_sheets),
}


def read(job: Job) -> tuple[list[Row], list[Fault]]:
    """The rows of a job's file, or everything that is wrong with it."""
    main, reader = READERS[job["kind"]]
    try:
        with open_source(Path(job["file"]), main=main) as source:
            reading = Reading(source, job, source.faults)
            rows = reader(reading)
            faults = limited(reading.faults, reading.unlisted)
            if not rows and not faults:
                faults = [fault("empty_table", next(iter(source.tables.values())).name)]
    except Faults as error:
        return [], list(error.faults)
    return ([], faults) if faults else (rows, [])


def _as_json(found: Fault) -> dict[str, Any]:
    return {
        "code": found.code, "table": found.table, "row": found.row, "column": found.column,
        "message": [found.message.zh, found.message.en], "hint": [found.hint.zh, found.hint.en],
    }  # fmt: skip


def _main(job_file: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # the hard limit is left alone: a workbook is unpacked in a process that sets its own
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, resource.RLIM_INFINITY))
    job: Job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    rows, faults = read(job)
    with Path(job["rows"]).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    sys.stdout.write(json.dumps({"rows": len(rows), "faults": [_as_json(f) for f in faults]}))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
