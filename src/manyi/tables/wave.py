"""A wave's input, checked and counted: files in, ``WaveData`` out.

The engine counts raw answers in one pass and Python reads each distinct answer once; rows are looked for only when
something is wrong, so a clean file of a million sheets costs one grouping and the search for doubles.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

from manyi.core.customer_facts import facts_of
from manyi.core.errors import Fault, Faults
from manyi.core.predicates import Facts
from manyi.core.tiers import place
from manyi.core.waves import Cube, WaveData, WaveRules
from manyi.tables.faults import fault, limited
from manyi.tables.sheets import Sheets
from manyi.tables.small import Small, read_small
from manyi.tables.source import Source, open_source


def read_wave(path: Path, rules: WaveRules, year: int | None = None, skip_bad: bool = False) -> WaveData:
    """The input at ``path`` as the wave of ``year``; raises ``Faults`` with everything that is wrong.

    With ``skip_bad`` rows with a fault are left out and listed; a fault of a whole table still stops.
    """
    with open_source(path) as source:
        faults: list[Fault] = []
        small = read_small(source, rules, faults)
        sheets = Sheets(source, rules, small, faults)
        year = _year(year, sheets, small, faults)
        customers = _customers(small, rules, year)
        sheets.place(place(rules.tiers, customers) if rules.tiers else {})
        cube = sheets.count()
        sales = _sales(small, year, source, faults)
        _stop(faults, skip_bad)
        if faults and sheets.bad:
            cube = sheets.count()
        return _data(year, cube, sales, customers, small, sheets, faults)


def _stop(faults: list[Fault], skip_bad: bool) -> None:
    blocking = [f for f in faults if f.row is None or f.row <= 1]
    if blocking or (faults and not skip_bad):
        raise Faults(limited(blocking if skip_bad else faults))


def _year(year: int | None, sheets: Sheets, small: Small, faults: list[Fault]) -> int | None:
    years = sheets.years
    if year is not None:
        return year
    if len(years) > 1:
        faults.append(fault("two_years", sheets.table.name, None, "returned_on", ", ".join(map(str, sorted(years)))))
        return max(years)
    if years:
        return next(iter(years))
    if small.sales is not None or small.ledger is not None:
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
    faults: list[Fault],
) -> WaveData:
    ledger = None if small.ledger is None else [row for row in small.ledger if year is None or row[2].year == year]
    checked = sheets.check_ledger(ledger or [])
    return WaveData(
        year=year,
        cube=cube,
        sales=sales,
        customers=customers,
        asked_rows=None if ledger is None else len(ledger),
        asked=None if ledger is None else frozenset(customer for customer, _, _ in ledger),
        returned=checked.returned if ledger is not None else 0,
        late=checked.late,
        not_in_ledger=checked.not_in_ledger if ledger is not None else (),
        before_wave=sheets.before(date(year, 1, 1)) if year else (),
        written=sheets.written(),
        names=small.names,
        previous=small.previous,
        targets=small.targets,
        left_out=tuple(faults),
    )
