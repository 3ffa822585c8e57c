"""What a register says over a period: how many, of what kind, from the heaviest cause on, how fast, what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Q
from django.utils import timezone

from manyi.base.people.models import Person
from manyi.core.flows import FieldRule
from manyi.core.periods import Cadence, Period, parse_period, period_of, periods, previous_period
from manyi.core.text import Text
from manyi.flow.records.fields import say_field
from manyi.flow.records.models import Record, Taken
from manyi.flow.records.queries import Kind, list_visible_records, names_for

CADENCES: tuple[Cadence, ...] = ("half-year", "quarter", "year", "month")
FEW, VITAL = 6, Fraction(4, 5)
COUNTED = ("choice", "any_of", "yes_no", "product", "unit", "role")


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a field: how many, its share, the share reached with it, and whether it is of the vital few."""

    title: Text
    count: int
    share: Fraction
    reached: Fraction
    vital: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it for one period; ``before`` is how many there were in the period before."""

    period: Period
    count: int
    before: int
    still_open: int
    on_time: int
    late: int
    by_field: tuple[tuple[FieldRule, tuple[Part, ...]], ...]
    months: tuple[tuple[str, int, Fraction], ...]
    money: tuple[tuple[Text, str, Decimal], ...]

    @property
    def share_on_time(self) -> Fraction | None:
        """Of the steps that were done, the share done in time; ``None`` where none was."""
        return Fraction(self.on_time, self.on_time + self.late) if self.on_time + self.late else None


def offer_periods(on: date) -> list[Period]:
    """The periods one is likely to ask for: this one and the one before of each cadence."""
    found = []
    for cadence in CADENCES:
        this = period_of(cadence, on)
        found += [this, previous_period(cadence, this)]
    return found


def read_period(key: str, on: date) -> Period:
    """The period of a key; the half-year of today where it is none."""
    try:
        return parse_period(key)
    except ValueError:
        return period_of("half-year", on)


def reckon(by: Person, kind: Kind, period: Period) -> Statistics:
    """The statistics of the records of a kind that happened in ``period``, void ones left out; five queries."""
    every = list_visible_records(by).filter(document=kind.document, kind=kind.flow.kind).exclude(state="void")
    rows = every.filter(**_within(period.first, period.last))
    span = period.last - period.first
    earlier = every.filter(**_within(period.first - (span + _DAY), period.first - _DAY)).count()
    kept = list(rows.order_by("pk").values_list("data", "happened_at", "state"))
    acts = Taken.objects.filter(record__in=rows, what=Taken.What.TAKEN).aggregate(
        over=Count("pk", filter=Q(late=True)), kept=Count("pk", filter=Q(late=False))
    )
    data = [values for values, _, _ in kept]
    still_open = sum(state == Record.State.OPEN for *_, state in kept)
    return Statistics(
        period, len(kept), earlier, still_open, acts["kept"], acts["over"],
        tuple(_by_field(kind, data)), tuple(_by_month(period, (at for _, at, _ in kept))), tuple(_money(kind, data)),
    )  # fmt: skip


_DAY = date.resolution


def _within(first: date, last: date) -> dict[str, datetime]:
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, last + _DAY))
    return {"happened_at__gte": start, "happened_at__lt": end}


def _by_field(kind: Kind, data: list[dict[str, object]]) -> Iterable[tuple[FieldRule, tuple[Part, ...]]]:
    fields = [one for one in kind.flow.fields if one.kind in COUNTED]
    names = names_for(fields, data)
    for one in fields:
        counts: Counter[str] = Counter()
        titles: dict[str, Text] = {}
        for values in data:
            kept = values.get(one.key)
            for value in kept if isinstance(kept, list) else [kept]:
                if value not in (None, ""):
                    title = say_field(one, [value] if isinstance(kept, list) else value, names)
                    counts[str(value)] += 1
                    titles[str(value)] = title
        if counts:
            yield one, tuple(pareto_of(counts, titles))


def pareto_of(counts: Counter[str], titles: dict[str, Text]) -> Iterable[Part]:
    """The values from the most frequent on; the vital few are those needed to reach four fifths of all."""
    whole, reached = sum(counts.values()), 0
    for key, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        vital = Fraction(reached, whole) < VITAL
        reached += n
        yield Part(titles[key], n, Fraction(n, whole), Fraction(reached, whole), vital)


def _by_month(period: Period, happened: Iterable[datetime]) -> Iterable[tuple[str, int, Fraction]]:
    counts = Counter(timezone.localdate(at).strftime("%Y-%m") for at in happened)
    most = max(counts.values(), default=0) or 1
    for month in periods("month", period.first, period.last):
        yield month.key, counts[month.key], Fraction(counts[month.key], most)


def _money(kind: Kind, data: list[dict[str, object]]) -> Iterable[tuple[Text, str, Decimal]]:
    for one in kind.flow.fields:
        if one.kind != "money":
            continue
        sums: dict[str, Decimal] = {}
        for values in data:
            kept = values.get(one.key)
            if isinstance(kept, dict) and kept.get("amount") is not None:
                currency = str(kept.get("currency", ""))
                sums[currency] = sums.get(currency, Decimal(0)) + Decimal(str(kept["amount"]))
        for currency, amount in sorted(sums.items()):
            yield one.title, currency, amount
