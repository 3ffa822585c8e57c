"""From stored sheets to a wave's exact result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from manyi.base.customers.queries import list_sales_by_product
from manyi.core.durations import date_after
from manyi.core.waves import Cube, WaveData, WaveResult, WaveRules, Yardstick
from manyi.flow.plan.models import Wave
from manyi.flow.plan.models import Yardstick as StoredYardstick
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.models import Sheet
from manyi.flow.sample.queries import get_frame
from manyi.flow.scores.models import Result, WaveCount
from manyi.measure.waves import evaluate


def get_result(wave: Wave) -> WaveResult:
    """The wave's result from its stored counts; call ``count_sheets`` first to take in the newest sheets."""
    return evaluate(get_rules(wave), get_data(wave))


def find_latest_result(wave: Wave) -> Result | None:
    """The result that was stored last."""
    return wave.results.order_by("-pk").first()


def get_cube(wave: Wave) -> Cube:
    """The stored counts of a wave."""
    sheets: dict[tuple[str, str], int] = {}
    grades: dict[tuple[str, str, str, str], int] = {}
    for cell in WaveCount.objects.filter(wave=wave):
        if cell.item:
            grades[cell.product, cell.tier, cell.item, cell.grade] = cell.n
        else:
            sheets[cell.product, cell.tier] = cell.n
    return Cube(sheets, grades)


def count(sheets: Iterable[Any], items: tuple[str, ...], tiers: dict[str, str | None]) -> Counter[tuple[str, ...]]:
    """Cells (product, tier, item, grade) of sheets given as (customer code, product name or ``None``, answers)."""
    cells: Counter[tuple[str, ...]] = Counter()
    for customer, product, answers in sheets:
        place = (product or "", tiers.get(customer) or "")
        cells[*place, "", ""] += 1
        for item in items:
            cells[*place, item, answers.get(item, "")] += 1
    return cells


def get_data(wave: Wave) -> WaveData:
    """A wave's counted input, with the lists of sheets a report names."""
    rules = get_rules(wave)
    asks = list(wave.asks.select_related("customer"))
    sheets = Sheet.objects.filter(wave=wave)
    return WaveData(
        year=wave.year,
        cube=get_cube(wave),
        sales=list_sales_by_product(unit=wave.unit, year=wave.year) or None,
        customers=get_frame(wave).customers,
        asked_rows=len(asks) if asks else None,
        asked=frozenset(ask.customer.code for ask in asks) if asks else None,
        returned=sheets.exclude(ask=None).count(),
        late=_late(sheets, rules),
        not_in_ledger=tuple(sheets.filter(ask=None).order_by("number").values_list("number", flat=True)),
        written=tuple(sheets.exclude(comment="").order_by("number").values_list("number", flat=True)),
        names=dict(sheets.values_list("customer__code", "customer__name").distinct()),
        targets=_yardsticks(wave, StoredYardstick.Kind.TARGET),
        previous=_yardsticks(wave, StoredYardstick.Kind.PREVIOUS) or _previous_result(wave),
    )


def _late(sheets: Any, rules: WaveRules) -> tuple[str, ...]:
    if rules.returned_within is None:
        return ()
    rows: Iterable[tuple[str, date, date]] = (
        sheets.exclude(ask=None).order_by("number").values_list("number", "ask__sent_on", "returned_on")
    )
    within = rules.returned_within
    return tuple(number for number, sent_on, returned_on in rows if returned_on > date_after(sent_on, within))


def _yardsticks(wave: Wave, kind: str) -> tuple[Yardstick, ...]:
    return tuple(
        Yardstick(row.of, row.key, row.product, Fraction(row.score))  # type: ignore[arg-type]
        for row in wave.yardsticks.filter(kind=kind)
    )


def _previous_result(wave: Wave) -> tuple[Yardstick, ...]:
    """What the programme's wave before found, from its stored result."""
    before = Result.objects.filter(
        wave__programme=wave.programme, wave__unit=wave.unit, wave__year__lt=wave.year
    ).order_by("-wave__year", "-pk").first()  # fmt: skip
    if before is None:
        return ()
    return tuple(yardsticks_of(before.figures))


def yardsticks_of(figures: dict[str, Any]) -> Iterable[Yardstick]:
    """The figures of a stored result as yardsticks for the wave after it."""
    overall = figures.get("overall")
    if overall:
        yield Yardstick("overall", "", "", _exact(overall))
    for row in figures.get("products", ()):
        yield Yardstick("product", row["product"], "", _exact(row))
    for row in figures.get("dimensions", ()):
        yield Yardstick("dimension", row["dimension"], "", _exact(row))
    for row in figures.get("items", ()):
        yield Yardstick("item", row["item"], "", _exact(row))


def _exact(row: dict[str, Any]) -> Fraction:
    return Fraction(row["exact"])
