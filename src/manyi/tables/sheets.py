"""The table of sheets: checked and counted by the engine, row by row only where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from manyi.core.durations import date_after
from manyi.core.errors import Fault, Faults
from manyi.core.waves import Cube, WaveRules
from manyi.measure.engines.counting import count_answers
from manyi.tables.faults import MOST, fault
from manyi.tables.heads import read_heads
from manyi.tables.small import Small, parse_date
from manyi.tables.source import Source


@dataclass(frozen=True, slots=True)
class AgainstLedger:
    """How the sheets stand against the ledger: how many are in it, which are not, which came late."""

    returned: int
    not_in_ledger: tuple[str, ...]
    late: tuple[str, ...]


class Sheets:
    """The sheets of an input. Building it checks everything but the answers, which ``count`` checks."""

    def __init__(self, source: Source, rules: WaveRules, small: Small, faults: list[Fault]) -> None:
        self.connection, self.rules, self.small, self.faults = source.connection, rules, small, faults
        self.table = source.tables["sheets"]
        self.columns, wrong = read_heads("sheets", self.table, rules.questionnaire, rules.per_product)
        if wrong:
            raise Faults([*faults, *wrong])
        self.bad = False
        self._days: dict[str, date | None] = {}
        self._make_view()
        self._check()

    @property
    def years(self) -> set[int]:
        """The years in which sheets came back."""
        return {day.year for day in self._days.values() if day}

    def place(self, tiers: Mapping[str, str | None]) -> None:
        """Tell the tier of every customer."""
        self.connection.execute("CREATE TABLE tier_of (customer VARCHAR, tier VARCHAR)")
        self._fill("tier_of", ((customer, tier or "") for customer, tier in tiers.items()))

    def count(self) -> Cube:
        """The cube of the sheets that are good; answers that are no grade become faults, and their sheets bad."""
        form = self.rules.questionnaire
        tiered = bool(self.rules.tiers)
        names = [f"c{self.columns[key]}" for key in form.item_keys]
        product = self._text("product") if self.rules.per_product else "NULL"
        self.connection.execute(
            f"CREATE OR REPLACE VIEW counted AS SELECT {product} AS product, {'tier' if tiered else 'NULL'} AS tier, "
            f"{', '.join(names)} FROM sheet {'LEFT JOIN tier_of USING (customer)' if tiered else ''}"
            f"{' WHERE _row NOT IN (SELECT _row FROM bad)' if self.bad else ''}"
        )
        sheets: dict[tuple[str, str], int] = {}
        grades: dict[tuple[str, str, str, str], int] = {}
        wrong: dict[str, set[str]] = {}
        for product, tier, index, raw, n in count_answers(self.connection, "counted", names):
            if index < 0:
                sheets[product, tier] = sheets.get((product, tier), 0) + n
                continue
            item = form.item_keys[index]
            grade = form.scale.read(raw)
            if grade is None:
                wrong.setdefault(item, set()).add(raw)
            else:
                cell = (product, tier, item, grade)
                grades[cell] = grades.get(cell, 0) + n
        for item, raws in wrong.items():
            self._refuse_answers(item, raws)
        if not sheets:
            self.faults.append(fault("empty_table", self.table.name))
        return Cube(sheets, grades)

    def check_ledger(self, ledger: Iterable[tuple[str, str, date]]) -> AgainstLedger:
        """Sheets against the ledger; a sheet is late against the latest row of its customer and product."""
        latest: dict[tuple[str, str], date] = {}
        for customer, product, sent_on in ledger:
            latest[customer, product] = max(sent_on, latest.get((customer, product), sent_on))
        within = self.rules.returned_within
        self.connection.execute("CREATE TABLE ledger (customer VARCHAR, product VARCHAR, last VARCHAR)")
        self._fill(
            "ledger",
            ((c, p, date_after(day, within).isoformat() if within else "9999-12-31") for (c, p), day in latest.items()),
        )
        join = "FROM good LEFT JOIN ledger l ON l.customer = good.customer AND l.product = good.product"
        self._good()
        returned = self.connection.execute(f"SELECT count(l.last) {join}").fetchall()[0][0]
        absent = self._numbers(f"SELECT number {join} WHERE l.last IS NULL")
        late = self._numbers(f"SELECT number {join} WHERE day > l.last")
        return AgainstLedger(int(returned), absent, late)

    def before(self, day: date) -> tuple[str, ...]:
        """Sheets that are dated before ``day``."""
        self._good()
        return self._numbers(f"SELECT number FROM good WHERE day < '{day.isoformat()}'")

    def written(self) -> tuple[str, ...]:
        """Sheets with a comment."""
        if "comment" not in self.columns:
            return ()
        self._good()
        return self._numbers("SELECT number FROM good WHERE comment <> ''")

    def _text(self, key: str) -> str:
        return f"trim(coalesce(c{self.columns[key]}, ''))" if key in self.columns else "''"

    def _make_view(self) -> None:
        number = self._text("sheet_no") if "sheet_no" in self.columns else "CAST(_row AS VARCHAR)"
        customer = self._text("customer_id") if "customer_id" in self.columns else number
        wanted = ("sheet_no", "customer_id", *self.rules.questionnaire.item_keys)
        cells = ", ".join(f"c{self.columns[key]}" for key in wanted if key in self.columns)
        self.connection.execute(
            f"CREATE VIEW sheet AS SELECT *, {number} AS number, {customer} AS customer "
            f"FROM {self.table.relation} WHERE coalesce({cells}) IS NOT NULL"
        )
        self.connection.execute("CREATE TABLE bad (_row BIGINT)")
        self.connection.execute("CREATE TABLE day_of (raw VARCHAR, day VARCHAR)")

    def _good(self) -> None:
        """The view of good sheets with their day, product and comment; made once the bad ones are known."""
        product = self._text("product") if self.rules.per_product else "''"
        day = f"(SELECT day FROM day_of WHERE raw = {self._text('returned_on')})" if self._days else "NULL"
        self.connection.execute(
            f"CREATE OR REPLACE VIEW good AS SELECT number, customer, {product} AS product, {day} AS day, "
            f"{self._text('comment')} AS comment FROM sheet WHERE _row NOT IN (SELECT _row FROM bad)"
        )

    def _check(self) -> None:
        foreign = bool(self.rules.questionnaire.columns)
        for key in ("sheet_no", "customer_id"):
            if key in self.columns:
                self._refuse("missing_value", key, f"{self._text(key)} = ''", "''")
        self._check_days(required=not foreign)
        self._check_doubles()
        self._check_known()

    def _check_days(self, required: bool) -> None:
        if "returned_on" not in self.columns:
            return
        text = self._text("returned_on")
        raws = [str(r[0]) for r in self.connection.execute(f"SELECT DISTINCT {text} FROM sheet").fetchall()]
        self._days = {raw: parse_date(raw) for raw in raws}
        self._fill("day_of", ((raw, day.isoformat()) for raw, day in self._days.items() if day))
        self._refuse("not_a_date", "returned_on", f"{text} <> '' AND {text} NOT IN (SELECT raw FROM day_of)", text)
        if required:
            self._refuse("missing_value", "returned_on", f"{text} = ''", "''")

    def _check_doubles(self) -> None:
        if "sheet_no" in self.columns:
            self._refuse_doubles("duplicate_sheet", "sheet_no", "number", "number")
        if self.rules.questionnaire.respondents_several or "customer_id" not in self.columns:
            return
        product = self._text("product") if self.rules.per_product else "''"
        self._refuse_doubles(
            "duplicate_respondent",
            "customer_id",
            f"customer, {product}",
            f"concat_ws(' · ', customer, nullif({product}, ''))",
        )

    def _refuse_doubles(self, code: str, column: str, keys: str, shown: str) -> None:
        sheets, distinct = self.connection.execute(
            f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {keys} FROM sheet)) FROM sheet"
        ).fetchall()[0]
        if sheets == distinct:
            return
        # the first of them is kept: every later one is the double, whatever else is wrong with it
        self._refuse(code, column, f"row_number() OVER (PARTITION BY {keys} ORDER BY _row) > 1", shown, window=True)

    def _check_known(self) -> None:
        if self.small.customers is not None and "customer_id" in self.columns:
            self.connection.execute("CREATE TABLE known_customer (customer VARCHAR)")
            self._fill("known_customer", ((code,) for code in self.small.customers))
            self._refuse(
                "unknown_customer",
                "customer_id",
                "customer <> '' AND customer NOT IN (FROM known_customer)",
                "customer",
            )
        if self.rules.per_product:
            product = self._text("product")
            self._refuse("missing_value", "product", f"{product} = ''", "''")
            if self.small.products is not None:
                self.connection.execute("CREATE TABLE known_product (product VARCHAR)")
                self._fill("known_product", ((name,) for name in self.small.products))
                self._refuse(
                    "unknown_product", "product", f"{product} <> '' AND {product} NOT IN (FROM known_product)", product
                )

    def _refuse_answers(self, item: str, raws: set[str]) -> None:
        allowed = "、".join(grade.title.in_("zh") for grade in self.rules.questionnaire.scale.grades)
        column = f"c{self.columns[item]}"
        self.connection.execute("CREATE OR REPLACE TABLE wrong (raw VARCHAR)")
        self._fill("wrong", ((raw,) for raw in raws))
        self._refuse("not_a_grade", item, f"{column} IN (FROM wrong)", column, allowed=allowed)

    def _refuse(self, code: str, key: str, condition: str, shown: str, window: bool = False, allowed: str = "") -> None:
        keyword = "QUALIFY" if window else "WHERE"
        self.connection.execute(
            f"CREATE OR REPLACE TABLE found AS SELECT _row, {shown} AS got FROM sheet {keyword} {condition}"
        )
        rows = self.connection.execute("SELECT _row, got FROM found ORDER BY _row").fetchmany(MOST + 1)
        if rows:
            self.bad = True
            self.connection.execute("INSERT INTO bad SELECT _row FROM found")
            head = self.table.heads[self.columns[key]]
            self.faults += [fault(code, self.table.name, int(row), head, got, allowed) for row, got in rows]

    def _numbers(self, query: str) -> tuple[str, ...]:
        return tuple(str(row[0]) for row in self.connection.execute(f"{query} ORDER BY 1").fetchall())

    def _fill(self, table: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Insert rows of text; as one statement with lists, which the engine takes in far faster than row by row."""
        columns = list(zip(*rows, strict=True))
        if columns:
            lists = ", ".join("unnest(?)" for _ in columns)
            self.connection.execute(f"INSERT INTO {table} SELECT {lists}", [list(column) for column in columns])
