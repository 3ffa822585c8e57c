"""The table of sheets: checked and counted by the engine in one scan, row by row only where something is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from manyi.core.durations import date_after
from manyi.core.errors import Fault, Faults
from manyi.core.waves import Cube, WaveRules
from manyi.measure.engines.counting import SPACES, Counted, count_sheets
from manyi.tables.faults import MOST, fault
from manyi.tables.heads import read_heads
from manyi.tables.small import Small, parse_date
from manyi.tables.source import ReadCarefully, Source

NEVER = "9999-12-31"
NAMES = {"sheet_no": "number", "customer_id": "customer"}
KEYS = {"duplicate_sheet": "number", "duplicate_respondent": "customer, product"}


@dataclass(frozen=True, slots=True)
class Notes:
    """Sheets to name: how many stand in the ledger and which do not, came late, are older than the wave, have words."""

    returned: int
    not_in_ledger: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    before_wave: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


class Sheets:
    """The sheets of an input: ``place`` the customers, ``count`` them, then ask for ``notes``."""

    def __init__(self, source: Source, rules: WaveRules, small: Small, faults: list[Fault]) -> None:
        self.source, self.connection = source, source.connection
        self.rules, self.small, self.faults = rules, small, faults
        self.table = source.tables["sheets"]
        self.columns, wrong = read_heads("sheets", self.table, rules.questionnaire, rules.per_product)
        if wrong:
            raise Faults([*faults, *wrong])
        self.unlisted, self.bad = 0, False
        self._relation, self._tiered = "placed", False
        self._days: dict[str, date | None] = {}
        self._grades: dict[str, str | None] = {}
        self._sheets = 0
        self._written: tuple[str, ...] = ()
        self._make_view()

    def years(self) -> set[int]:
        """The years in which sheets came back."""
        if not self._days and "returned_on" in self.columns:
            self._read_days(str(raw) for (raw,) in self.connection.execute("SELECT DISTINCT day FROM sheet").fetchall())
        return {day.year for day in self._days.values() if day}

    @property
    def is_dated(self) -> bool:
        """Whether the sheets can have days, so that a missing one is a fault of its own."""
        return "returned_on" in self.columns and not self.rules.questionnaire.columns

    @property
    def has_unread_days(self) -> bool:
        """Whether a sheet has a day that is none; that is a fault of its own."""
        return any(raw.strip() and day is None for raw, day in self._days.items())

    def place(self, tiers: Mapping[str, str | None]) -> None:
        """Tell the tier of every customer that is known."""
        self.connection.execute("CREATE TABLE tier_of (customer VARCHAR, tier VARCHAR)")
        self._fill("tier_of", ((customer, tier or "") for customer, tier in tiers.items()))
        tier, join = "''", ""
        if "customer_id" in self.columns and (tiers or self.small.customers is not None):
            tier = "tier_of.tier" if self.small.customers is not None else "coalesce(tier_of.tier, '')"
            join, self._tiered = "LEFT JOIN tier_of USING (customer)", True
        for name, rows in (("placed", "sheet"), ("swift", "every_row")):
            self.connection.execute(
                f"CREATE VIEW {name} AS SELECT {rows}.* REPLACE ({tier} AS tier) FROM {rows} {join}"
            )

    def count(self) -> Cube:
        """The cube of all sheets; whatever is wrong with them becomes a fault, and the sheet bad."""
        form = self.rules.questionnaire
        needed = [key for key in ("sheet_no", "customer_id") if key in self.columns]
        doubles = self._keys()
        if "sheet_no" in self.columns:
            self._relation = "swift"
        counted = self._scan(needed, doubles)
        if any(counted.empty) and self._relation == "swift":
            # rows without a number may be empty rows, which are no sheets
            self._relation = "placed"
            counted = self._scan(needed, doubles)
        self._read_days(counted.days)
        untidy = any(group.product != group.product.strip() for group in counted.groups)
        for key, empty in zip(needed, counted.empty, strict=True):
            if empty:
                self._refuse("missing_value", key, f"{NAMES[key]} = ''", "''")
        self._check_days()
        for code, doubled in zip(doubles, counted.doubled, strict=True):
            if doubled or untidy:
                self._refuse_doubles(code)
        self._check_known(counted)
        for n, item in enumerate(form.item_keys):
            raws = {raw for group in counted.groups for raw in group.answers[n]}
            if wrong := {raw for raw in raws if self._grade(raw) is None}:
                self._refuse_answers(item, wrong)
        return self._cube(counted)

    def _scan(self, needed: Sequence[str] = (), doubles: Sequence[str] = ()) -> Counted:
        def cell(key: str) -> str:
            return f"c{self.columns[key]}" if key in self.columns else "''"

        product = cell("product") if self.rules.per_product else "''"
        number = cell("sheet_no") if "sheet_no" in self.columns else "number"
        keys = {
            "duplicate_sheet": cell("sheet_no"),
            "duplicate_respondent": f"{cell('customer_id')}, {product}",
        }
        # raw cells: what has to be trimmed is trimmed once for every distinct value, below
        return count_sheets(
            self.connection,
            f"(SELECT * REPLACE ({number} AS number, {product} AS product, {cell('comment')} AS comment) "
            f"FROM {self._relation})",
            [cell(key) for key in self.rules.questionnaire.item_keys],
            [cell(key) for key in needed],
            [keys[code] for code in doubles],
            tiered=self._tiered,
            one_scan=self.table.is_text,
        )

    def recount(self) -> Cube:
        """The cube of the good sheets, once ``count`` has found the bad ones."""
        self.connection.execute("CREATE VIEW good AS FROM placed WHERE _row NOT IN (FROM bad)")
        self._relation = "good"
        return self._cube(self._scan())

    def notes(self, ledger: Iterable[tuple[str, str, date]] | None, first: date | None) -> Notes:
        """The sheets to name. A sheet is late against the latest ledger row of its customer and product."""
        before = self._before(first) if first is not None else ()
        if ledger is None:
            return Notes(0, before_wave=before, written=self._written)
        self._fill_ledger(ledger)
        rows = self.connection.execute(
            f"SELECT number, last IS NULL, coalesce(day_of.day > last, false) FROM {self._relation} s "
            f"LEFT JOIN ledger l ON l.c = s.customer AND l.p = s.product LEFT JOIN day_of ON day_of.raw = s.day "
            f"WHERE last IS NULL OR day_of.day > last"
        ).fetchall()
        strangers, late = (tuple(sorted(row[0] for row in rows if row[n])) for n in (1, 2))
        return Notes(self._sheets - len(strangers), strangers, late, before, self._written)

    def _before(self, first: date) -> tuple[str, ...]:
        raws = [raw for raw, day in self._days.items() if day and day < first]
        if not raws:
            return ()
        self.connection.execute("CREATE TABLE early (raw VARCHAR)")
        self._fill("early", ((raw,) for raw in raws))
        rows = self.connection.execute(f"SELECT number FROM {self._relation} WHERE day IN (FROM early)").fetchall()
        return tuple(sorted(row[0] for row in rows))

    # ---- how the columns are read -----------------------------------------------------------------

    def _text(self, key: str) -> str:
        return f"trim(coalesce(c{self.columns[key]}, ''), {SPACES})" if key in self.columns else "''"

    def _make_view(self) -> None:
        """``sheet``: every row that is not empty, its cells by name; ``every_row``: the same with the empty ones."""
        number = self._text("sheet_no") if "sheet_no" in self.columns else "CAST(_row AS VARCHAR)"
        customer = self._text("customer_id") if "customer_id" in self.columns else number
        product = self._text("product") if self.rules.per_product else "''"
        day = f"c{self.columns['returned_on']}" if "returned_on" in self.columns else "''"
        comment = f"nullif({self._text('comment')}, '')" if "comment" in self.columns else "NULL"
        wanted = ("sheet_no", "customer_id", *self.rules.questionnaire.item_keys)
        cells = ", ".join(f"nullif({self._text(key)}, '')" for key in wanted if key in self.columns)
        self.connection.execute(
            f"CREATE VIEW every_row AS SELECT *, {number} AS number, {customer} AS customer, {product} AS product, "
            f"'' AS tier, coalesce({day}, '') AS day, {comment} AS comment FROM {self.table.relation}"
        )
        self.connection.execute(f"CREATE VIEW sheet AS FROM every_row WHERE coalesce({cells}) IS NOT NULL")
        self.connection.execute("CREATE TABLE bad (_row BIGINT)")
        self.connection.execute("CREATE TABLE day_of (raw VARCHAR, day VARCHAR)")

    def _cube(self, counted: Counted) -> Cube:
        form = self.rules.questionnaire
        sheets: dict[tuple[str, str], int] = {}
        grades: dict[tuple[str, str, str, str], int] = {}
        for group in counted.groups:
            place = (group.product.strip(), group.tier or "")
            sheets[place] = sheets.get(place, 0) + group.sheets
            for item, answers in zip(form.item_keys, group.answers, strict=True):
                for raw, n in answers.items():
                    cell = (*place, item, self._grade(raw) or "")
                    grades[cell] = grades.get(cell, 0) + n
        self._sheets = sum(sheets.values())
        self._written = tuple(sorted(counted.written))
        if not sheets:
            rows_out = any(f.table == self.table.name and f.row for f in self.faults)
            self.faults.append(fault("nothing_left" if rows_out else "empty_table", self.table.name))
        return Cube(sheets, grades)

    def _grade(self, raw: str) -> str | None:
        if raw not in self._grades:
            self._grades[raw] = self.rules.questionnaire.scale.read(raw)
        return self._grades[raw]

    def _read_days(self, raws: Iterable[str]) -> None:
        self._days |= {raw: parse_date(raw) for raw in set(raws) - self._days.keys()}

    def _fill_ledger(self, ledger: Iterable[tuple[str, str, date]]) -> None:
        latest: dict[tuple[str, str], date] = {}
        for customer, product, sent_on in ledger:
            latest[customer, product] = max(sent_on, latest.get((customer, product), sent_on))
        self.connection.execute("CREATE TABLE ledger (c VARCHAR, p VARCHAR, last VARCHAR)")
        self._fill("ledger", ((c, p, self._last_day(day)) for (c, p), day in latest.items()))

    def _last_day(self, sent_on: date) -> str:
        within = self.rules.returned_within
        # hours and working days need a calendar, which a file does not bring: nothing is called late by them
        if within is None or within.unit not in ("day", "week", "month", "year"):
            return NEVER
        return date_after(sent_on, within).isoformat()

    # ---- what can be wrong ------------------------------------------------------------------------

    def _keys(self) -> list[str]:
        several = self.rules.questionnaire.respondents_several
        return [
            code
            for code, column, wanted in (
                ("duplicate_sheet", "sheet_no", True),
                ("duplicate_respondent", "customer_id", not several),
            )
            if wanted and column in self.columns
        ]

    def _check_days(self) -> None:
        self._fill("day_of", ((raw, day.isoformat()) for raw, day in self._days.items() if day))
        if self.has_unread_days:
            self._refuse("not_a_date", "returned_on", "trim(day) <> '' AND day NOT IN (SELECT raw FROM day_of)", "day")
        if (
            any(not raw.strip() for raw in self._days)
            and "returned_on" in self.columns
            and not self.rules.questionnaire.columns
        ):
            self._refuse("missing_value", "returned_on", "trim(day) = ''", "''")

    def _refuse_doubles(self, code: str) -> None:
        # the first of them is kept: every later one is the double, whatever else is wrong with it
        place = f"row_number() OVER (PARTITION BY {KEYS[code]} ORDER BY _row) > 1"
        if code == "duplicate_sheet":
            self._refuse(code, "sheet_no", f"{place} AND number <> ''", "number", window=True)
        else:
            shown = "concat_ws(' · ', customer, nullif(product, ''))"
            self._refuse(code, "customer_id", f"{place} AND customer <> ''", shown, window=True)

    def _check_known(self, counted: Counted) -> None:
        if any(group.tier is None for group in counted.groups):
            self._refuse(
                "unknown_customer",
                "customer_id",
                "customer <> '' AND customer NOT IN (SELECT customer FROM tier_of)",
                "customer",
            )
        if not self.rules.per_product:
            return
        products, known = {group.product.strip() for group in counted.groups}, self.small.products
        if "" in products:
            self._refuse("missing_value", "product", "product = ''", "''")
        if known is not None and products - known - {""}:
            self.connection.execute("CREATE TABLE known_product (product VARCHAR)")
            self._fill("known_product", ((name,) for name in known))
            self._refuse(
                "unknown_product", "product", "product <> '' AND product NOT IN (FROM known_product)", "product"
            )

    def _refuse_answers(self, item: str, raws: set[str]) -> None:
        allowed = "、".join(grade.title.in_("zh") for grade in self.rules.questionnaire.scale.grades)
        column = f"c{self.columns[item]}"
        self.connection.execute("CREATE OR REPLACE TABLE wrong (raw VARCHAR)")
        self._fill("wrong", ((raw,) for raw in raws))
        self._refuse("not_a_grade", item, f"{column} IN (FROM wrong)", column, allowed=allowed)

    def _refuse(self, code: str, key: str, condition: str, shown: str, window: bool = False, allowed: str = "") -> None:
        if self.source.rough:
            raise ReadCarefully
        keyword = "QUALIFY" if window else "WHERE"
        self.connection.execute(
            f"CREATE OR REPLACE TABLE found AS SELECT _row, {shown} AS got FROM sheet {keyword} {condition}"
        )
        rows = self.connection.execute("SELECT _row, got FROM found ORDER BY _row").fetchall()
        if rows:
            self.bad = True
            self.connection.execute("INSERT INTO bad SELECT _row FROM found")
            head = self.table.heads[self.columns[key]]
            self.faults += [fault(code, self.table.name, int(row), head, got, allowed) for row, got in rows[:MOST]]
            self.unlisted += max(0, len(rows) - MOST)

    def _fill(self, table: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Insert rows of text; as one statement with lists, which the engine takes in far faster than row by row."""
        columns = list(zip(*rows, strict=True))
        if columns:
            lists = ", ".join("unnest(?)" for _ in columns)
            self.connection.execute(f"INSERT INTO {table} SELECT {lists}", [list(column) for column in columns])
