"""From stored sheets to a wave's exact result, and stored results read again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Max, QuerySet

from manyi.base.customers.queries import get_customers_by_code, list_sales_by_product
from manyi.base.files.queries import read_file
from manyi.base.people.access import visible_to
from manyi.base.people.models import Person
from manyi.core.figures import exact
from manyi.core.waves import Cube, WaveData, WaveResult, WaveRules, Yardstick
from manyi.flow.plan.models import Wave
from manyi.flow.plan.models import Yardstick as StoredYardstick
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.models import Sheet
from manyi.flow.responses.queries import is_late, list_counted_sheets
from manyi.flow.sample.queries import get_frame
from manyi.flow.scores.inputs import digest_of_text, read_inputs, write_inputs
from manyi.flow.scores.models import Chart, Counted, Result, WaveCount
from manyi.measure.waves import evaluate
from manyi.papers.figures import figures_as_json

FORMULA = "points/1"
Cell = tuple[str, str, str, str]
"""Product, tier, item, grade."""


class Damaged(Exception):
    """What is stored is not what was stored: its digest has changed."""


def find_latest_result(wave: Wave) -> Result | None:
    """The result that was stored last."""
    return wave.results.select_related("computed_by").order_by("-pk").first()


def list_latest_results(waves: Iterable[Wave]) -> dict[int, Result]:
    """The result stored last of each wave that has one, by the wave's id: one query for any number of waves."""
    last = Result.objects.filter(wave__in=waves).order_by().values("wave").annotate(last=Max("pk")).values("last")
    return {result.wave_id: result for result in Result.objects.filter(pk__in=last)}


def list_results_as_of(waves: Iterable[Wave], at: datetime) -> dict[int, Result]:
    """As ``list_latest_results``, but of the results stored by an instant."""
    rows = Result.objects.filter(wave__in=waves, computed_at__lte=at).order_by()
    last = rows.values("wave").annotate(last=Max("pk")).values("last")
    return {result.wave_id: result for result in Result.objects.filter(pk__in=last)}


def list_results(wave: Wave) -> QuerySet[Result]:
    """All stored results of a wave, newest first, without their figures."""
    return wave.results.select_related("computed_by").defer("figures").order_by("-pk")


def get_visible_result(by: Person, pk: int) -> Result:
    """One stored result, or ``Result.DoesNotExist``."""
    results = Result.objects.select_related("wave__revision__document", "wave__unit", "computed_by", "inputs")
    return visible_to(by, results, unit="wave__unit").get(pk=pk)


def get_visible_chart(by: Person, pk: int) -> Chart:
    """One picture, or ``Chart.DoesNotExist``."""
    return visible_to(by, Chart.objects.select_related("file"), unit="result__wave__unit").get(pk=pk)


def list_charts(result: Result, language: str) -> QuerySet[Chart]:
    """The pictures of a result in a language, in the order they are shown in."""
    return result.charts.filter(language=language)


def count_waiting_sheets(wave: Wave, result: Result | None) -> int:
    """How many sheets came back that the result does not count yet."""
    return list_counted_sheets(wave).count() - (result.sheets if result else 0)


def read_result(result: Result) -> WaveResult:
    """The whole result again, computed from the input that was stored with it; ``Damaged`` where it differs."""
    text = read_file(result.inputs).decode()
    if digest_of_text(text) != result.inputs_digest:
        raise Damaged(f"inputs of result {result.pk}")
    data = read_inputs(text, {})
    asked = data.asked or frozenset()
    names = {code: customer.name for code, customer in get_customers_by_code(asked | data.customers.keys()).items()}
    found = evaluate(get_rules(result.wave), read_inputs(text, names))
    if json.dumps(figures_of(found), sort_keys=True) != json.dumps(result.figures, sort_keys=True):
        raise Damaged(f"figures of result {result.pk}")
    return found


def is_current(result: Result) -> bool:
    """Whether computing now would give this result again: no new sheet, target, sale or ledger row since."""
    if count_waiting_sheets(result.wave, result):
        return False
    return digest_of_text(inputs_of(result.wave, get_data(result.wave))) == result.inputs_digest


def inputs_of(wave: Wave, data: WaveData) -> str:
    """What is stored and named by its digest: the input, the formula and the revision applied to it."""
    return write_inputs(data, formula=FORMULA, revision=wave.revision.digest)


def figures_of(result: WaveResult) -> dict[str, Any]:
    """The figures as they are stored: the stable JSON, with what they were held against and both languages' texts."""
    figures = figures_as_json(result)
    for name in ("targets", "previous"):
        figures[name] = [
            {"of": y.of, "key": y.key, "product": y.product, "exact": exact(y.score)}
            for y in sorted(getattr(result.data, name), key=lambda y: (y.of, y.key, y.product))
        ]
    for row, finding in zip(figures["findings"], result.findings, strict=True):
        row["text_en"] = finding.text.in_("en")
    return figures


def digest_of_frame(tiers: Mapping[str, str | None]) -> str:
    """Names the tiers sheets are counted by."""
    return digest_of_text(json.dumps(tiers, sort_keys=True, ensure_ascii=False))


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


def count(sheets: Iterable[Any], items: tuple[str, ...], tiers: Mapping[str, str | None]) -> Counter[Cell]:
    """Cells (product, tier, item, grade) of sheets given as (customer code, product name or ``None``, answers)."""
    cells: Counter[Cell] = Counter()
    for customer, product, answers in sheets:
        product, tier = product or "", tiers.get(customer) or ""
        cells[product, tier, "", ""] += 1
        for item in items:
            cells[product, tier, item, answers.get(item, "")] += 1
    return cells


def get_data(wave: Wave) -> WaveData:
    """A wave's counted input, with the lists of sheets a report names: of the counted sheets, not of newer ones."""
    rules = get_rules(wave)
    asked = list(wave.asks.values_list("customer__code", flat=True))
    counted = Counted.objects.filter(wave=wave).first()
    sheets = list_counted_sheets(wave).filter(pk__lte=counted.last_sheet if counted else 0)
    own = sheets.filter(wave=wave)
    return WaveData(
        year=wave.year,
        cube=get_cube(wave),
        sales=list_sales_by_product(unit=wave.unit, year=wave.year) or None,
        customers=get_frame(wave).customers,
        asked_rows=len(asked) if asked else None,
        asked=frozenset(asked) if asked else None,
        returned=own.exclude(ask=None).count(),
        late=_late(own, rules),
        not_in_ledger=_numbers(own.filter(ask=None)) if asked else (),
        before_wave=_numbers(sheets.filter(returned_on__lt=date(wave.year, 1, 1))),
        written=_numbers(sheets.exclude(comment="")),
        targets=_yardsticks(wave, StoredYardstick.Kind.TARGET),
        previous=_yardsticks(wave, StoredYardstick.Kind.PREVIOUS) or _previous_result(wave),
    )


def _numbers(sheets: QuerySet[Sheet]) -> tuple[str, ...]:
    """Sheet numbers, sorted here: databases sort by rules of their own."""
    return tuple(sorted(sheets.values_list("number", flat=True)))


def _late(sheets: QuerySet[Sheet], rules: WaveRules) -> tuple[str, ...]:
    rows = sheets.exclude(ask=None).values_list("number", "ask__sent_on", "returned_on")
    return tuple(sorted(number for number, sent_on, came_on in rows if is_late(rules, sent_on, came_on)))


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
