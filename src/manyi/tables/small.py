"""The tables around the sheets: customers, sales, ledger, previous results and targets, checked row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from unicodedata import normalize

from manyi.core.errors import Fault
from manyi.core.figures import from_text
from manyi.core.forms import Questionnaire
from manyi.core.predicates import Facts, Value
from manyi.core.waves import Of, WaveRules, Yardstick
from manyi.tables.faults import fault
from manyi.tables.heads import plain, read_heads
from manyi.tables.source import Source, Table

OF_WORDS: dict[str, Of] = {
    "overall": "overall", "总体": "overall", "product": "product", "产品": "product", "dimension": "dimension",
    "项目": "dimension", "维度": "dimension", "item": "item", "小项": "item",
}  # fmt: skip
YES, NO = {"yes", "true", "是", "1"}, {"no", "false", "否", "0"}
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
YEARS = range(1900, 2200)
EXCEL_DAY_ZERO = date(1899, 12, 30)


@dataclass
class Small:
    """What the tables around the sheets say. A table that is absent is ``None``."""

    customers: dict[str, Facts] | None = None
    names: dict[str, str] = field(default_factory=dict)
    sales: list[tuple[str, str, int, Fraction]] | None = None
    ledger: list[tuple[str, str, date]] | None = None
    previous: tuple[Yardstick, ...] = ()
    targets: tuple[Yardstick, ...] = ()

    @property
    def products(self) -> frozenset[str] | None:
        """Every product that was ever sold, or ``None`` where no sales are known."""
        return None if self.sales is None else frozenset(product for _, product, _, _ in self.sales)


def read_small(source: Source, rules: WaveRules, faults: list[Fault]) -> Small:
    """Read all tables but the sheets, adding to ``faults``; rows with a fault are left out."""
    reader = _Reader(source, rules, faults)
    small = Small()
    small.customers = reader.customers(small.names)
    small.sales = reader.sales(small)
    small.ledger = reader.ledger(small)
    small.previous = tuple(reader.yardsticks("previous", small))
    small.targets = tuple(reader.yardsticks("targets", small))
    return small


def parse_date(text: str) -> date | None:
    """A day as people and spreadsheets write it, a time of day left aside; ``None`` for anything else.

    >>> parse_date("2026-12-05"), parse_date("2026年12月5日 13:04"), parse_date("46361"), parse_date("5.12.2026")
    (datetime.date(2026, 12, 5), datetime.date(2026, 12, 5), datetime.date(2026, 12, 5), None)
    """
    word = normalize("NFKC", text).strip()
    try:
        if match := _DATE.fullmatch(word):
            day = date(int(match[1]), int(match[2]), int(match[3]))
        elif re.fullmatch(r"\d{5}(\.\d+)?", word):
            day = EXCEL_DAY_ZERO + timedelta(days=int(float(word)))
        else:
            return None
    except ValueError:
        return None
    return day if day.year in YEARS else None


class _Reader:
    def __init__(self, source: Source, rules: WaveRules, faults: list[Fault]) -> None:
        self.source, self.rules, self.faults = source, rules, faults
        self.heads: dict[tuple[str, str], str] = {}

    def rows(self, key: str) -> tuple[Table | None, Iterator[tuple[int, dict[str, str]]]]:
        table = self.source.tables.get(key)
        if table is None:
            return None, iter(())
        columns, faults = read_heads(key, table, self.rules.questionnaire, self.rules.per_product)
        self.faults += faults
        if faults:
            return table, iter(())
        if key == "customers":
            columns |= {head: n for n, head in enumerate(table.heads) if n not in columns.values() and head}
        self.heads |= {(table.name, name): table.heads[n] for name, n in columns.items()}
        return table, self.source.rows(table, columns)

    def say(self, code: str, table: Table, row: int, column: str, got: object = "", allowed: str = "") -> None:
        """Add a fault; the column is named as the file names it."""
        self.faults.append(fault(code, table.name, row, self.heads.get((table.name, column), column), got, allowed))

    def customers(self, names: dict[str, str]) -> dict[str, Facts] | None:
        table, rows = self.rows("customers")
        if table is None:
            return None
        found: dict[str, Facts] = {}
        for row, cells in rows:
            code = cells.pop("customer_id")
            if not code:
                self.say("missing_value", table, row, "customer_id")
            elif code in found:
                self.say("duplicate_customer", table, row, "customer_id", code)
            else:
                names[code] = cells.pop("name", "") or code
                found[code] = {name: _fact(text) for name, text in cells.items() if text}
        return found

    def sales(self, small: Small) -> list[tuple[str, str, int, Fraction]] | None:
        table, rows = self.rows("sales")
        if table is None:
            return None
        found = []
        for row, cells in rows:
            before = len(self.faults)
            self.known_customer(table, row, cells["customer_id"], small)
            if not cells["product"]:
                self.say("missing_value", table, row, "product")
            year, amount = _year(cells["year"]), _number(cells["amount"])
            if year is None:
                self.say("not_a_year", table, row, "year", cells["year"])
            if amount is None:
                self.say("not_a_number", table, row, "amount", cells["amount"])
            if len(self.faults) == before and year is not None and amount is not None:
                found.append((cells["customer_id"], cells["product"], year, amount))
        return found

    def ledger(self, small: Small) -> list[tuple[str, str, date]] | None:
        table, rows = self.rows("dispatch")
        if table is None:
            return None
        found = []
        for row, cells in rows:
            before = len(self.faults)
            self.known_customer(table, row, cells["customer_id"], small)
            product = cells.get("product", "") if self.rules.per_product else ""
            if self.rules.per_product:
                self.known_product(table, row, product, small)
            sent_on = parse_date(cells["sent_on"])
            if sent_on is None:
                self.say("not_a_date", table, row, "sent_on", cells["sent_on"])
            if len(self.faults) == before and sent_on is not None:
                found.append((cells["customer_id"], product, sent_on))
        return found

    def known_customer(self, table: Table, row: int, code: str, small: Small) -> None:
        if not code:
            self.say("missing_value", table, row, "customer_id")
        elif small.customers is not None and code not in small.customers:
            self.say("unknown_customer", table, row, "customer_id", code)

    def known_product(self, table: Table, row: int, product: str, small: Small) -> None:
        if not product:
            self.say("missing_value", table, row, "product")
        elif small.products is not None and product not in small.products:
            self.say("unknown_product", table, row, "product", product)

    def yardsticks(self, key: str, small: Small) -> Iterator[Yardstick]:
        table, rows = self.rows(key)
        for row, cells in rows if table else ():
            assert table is not None  # noqa: S101 — rows come from a table
            of = OF_WORDS.get(normalize("NFKC", cells["of"]).lower())
            score = _number(cells["score"])
            name, product = cells.get("key", ""), cells.get("product", "")
            if score is None:
                self.say("not_a_number", table, row, "score", cells["score"])
                continue
            if of == "product":
                name, product = name or product, ""
            known = of and _key_of(of, name, self.rules.questionnaire)
            if of is None or known is None:
                self.say("unknown_figure", table, row, "key" if of else "of", name or cells["of"])
                continue
            yield Yardstick(of, known or "", product, score)


def _key_of(of: Of, name: str, form: Questionnaire) -> str | None:
    """The key a figure is stored under, from its key or title; ``None`` where there is no such figure."""
    if of == "overall":
        return ""
    if of == "product":
        return name or None
    for part in form.items if of == "item" else form.dimensions:
        if plain(name) in {plain(word) for word in (part.key, part.title.zh, part.title.en) if word}:
            return part.key
    return None


def _number(text: str) -> Fraction | None:
    try:
        return from_text(normalize("NFKC", text))
    except ValueError:
        return None


def _year(text: str) -> int | None:
    match = re.fullmatch(r"(\d{4})(\.0|年)?", normalize("NFKC", text))
    return int(match[1]) if match and int(match[1]) in YEARS else None


def _fact(text: str) -> Value:
    word = text.lower()
    if word in YES - {"1"} or word in NO - {"0"}:
        return word in YES
    return number if (number := _number(text)) is not None else text
