"""A wave's input, checked and counted: files in, ``WaveData`` out.

The engine counts raw answers in one scan, Python reads each distinct answer once; rows are looked for only when
something is wrong, so a clean file of a million sheets costs one grouping and the search for doubles.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb

from manyi.core.customer_facts import facts_of
from manyi.core.errors import Fault, Faults
from manyi.core.predicates import Facts
from manyi.core.tiers import place
from manyi.core.waves import Cube, WaveData, WaveRules
from manyi.tables.faults import fault, limited
from manyi.tables.sheets import Sheets
from manyi.tables.small import Small, read_small
from manyi.tables.source import ReadCarefully, Source, open_source


def read_wave(path: Path, rules: WaveRules, year: int | None = None, skip_bad: bool = False) -> WaveData:
    """The input at ``path`` as the wave of ``year``; raises ``Faults`` with everything that is wrong.

    With ``skip_bad`` rows with a fault are left out and listed; a fault of a whole table still stops. CSV files are
    first left to the engine; where that finds anything amiss they are read again, row by row.
    """
    try:
        with open_source(path, careful=False) as source:
            try:
                return _read(source, rules, year, skip_bad)
            except (ReadCarefully, Faults, duckdb.Error):
                if not source.rough:
                    raise
        with open_source(path) as source:
            return _read(source, rules, year, skip_bad)
    except (duckdb.OutOfMemoryException, MemoryError):
        raise Faults([fault("too_big", path.name, got="memory")]) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise  # our own query is wrong, not the file
    except (duckdb.Error, OSError):
        raise Faults([fault("not_readable", path.name, got=path.name)]) from None


def _read(source: Source, rules: WaveRules, year: int | None, skip_bad: bool) -> WaveData:
    faults = source.faults
    small = read_small(source, rules, faults)
    sheets = Sheets(source, rules, small, faults)
    early = year is None and small.sales is not None
    if early:
        # tiers follow from a year's sales, so the year has to be known before the sheets are counted
        year = _year(sheets, small, faults)
    customers = _customers(small, rules, year)
    sheets.place(place(rules.tiers, customers))
    cube = sheets.count()
    if year is None and not early:
        year = _year(sheets, small, faults)
    sales = _sales(small, year, source, faults)
    _stop(faults, sheets, skip_bad)
    if sheets.bad:
        cube = sheets.recount()
        if not cube.sheets:
            raise Faults(limited(faults, sheets.unlisted))
    return _data(year, cube, sales, customers, small, sheets)


def _stop(faults: list[Fault], sheets: Sheets, skip_bad: bool) -> None:
    blocking = [f for f in faults if f.row is None or f.row <= 1]
    if faults and sheets.source.rough:
        raise ReadCarefully
    if blocking and skip_bad:
        raise Faults(limited(blocking))
    if faults and not skip_bad:
        raise Faults(limited(faults, sheets.unlisted))


def _year(sheets: Sheets, small: Small, faults: list[Fault]) -> int | None:
    years = sheets.years()
    if len(years) > 1:
        faults.append(fault("two_years", sheets.table.name, None, "returned_on", ", ".join(map(str, sorted(years)))))
        return max(years)
    if years:
        return next(iter(years))
    if (small.sales is not None or small.ledger is not None) and not sheets.is_dated:
        faults.append(fault("no_year", sheets.table.name, None, "returned_on"))
    return None


def _customers(small: Small, rules: WaveRules, year: int | None) -> dict[str, Facts]:
    sales = [(c, p, amount) for c, p, y, amount in small.sales or () if y == year]
    return facts_of(sales, rules.ranks, small.customers)


def _sales(small: Small, year: int | None, source: Source, faults: list[Fault]) -> dict[str, Fraction] | None:
    if small.sales is None:
        return None
    total: dict[str, Fraction] = defaultdict(Fraction)
    for _, product, y, amount in small.sales:
        if y == year:
            total[product] += amount
    for product, amount in total.items():
        if amount < 0:
            faults.append(fault("negative_sales", source.tables["sales"].name, None, "amount", product))
    return dict(total)


def _data(
    year: int | None,
    cube: Cube,
    sales: dict[str, Fraction] | None,
    customers: dict[str, Facts],
    small: Small,
    sheets: Sheets,
) -> WaveData:
    ledger = None if small.ledger is None else [row for row in small.ledger if year is None or row[2].year == year]
    notes = sheets.notes(ledger, date(year, 1, 1) if year else None)
    return WaveData(
        year=year,
        cube=cube,
        sales=sales,
        customers=customers,
        asked_rows=None if ledger is None else len(ledger),
        asked=None if ledger is None else frozenset(customer for customer, _, _ in ledger),
        returned=notes.returned,
        late=notes.late,
        not_in_ledger=notes.not_in_ledger,
        before_wave=notes.before_wave,
        written=notes.written,
        names=small.names,
        previous=small.previous,
        targets=small.targets,
        left_out=tuple(limited(sheets.faults, sheets.unlisted)),
    )
