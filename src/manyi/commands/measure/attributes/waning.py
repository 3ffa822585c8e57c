"""What ``loss`` does with many rows a customer: usage by period, and orders by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.attributes.dates import as_day, day_of, known_moments
from manyi.commands.measure.attributes.losing import amounts, needed
from manyi.commands.measure.method import Answer
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Faults, Refusal
from manyi.core.text import Text
from manyi.measure.loss.silence import Silence, Status, silences
from manyi.measure.loss.usage import Usage, usage
from manyi.measure.multiplicity import adjust
from manyi.measure.results import Warned

Row = dict[str, Any]
YEAR = 365.0
FEW_GAPS = 5
WORST: tuple[Status, ...] = ("lost", "silent", "won_back", "active", "unknown")


def falling(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """Usage by customer and period, the last period against those before."""
    customer, period, value = needed(spec, "customer", "period", "value")
    names, periods, values = c.filled(table, customer), c.filled(table, period), amounts(table, value)
    order = {p: i for i, p in enumerate(sorted(set(periods), key=_natural))}
    if len(order) < 2:
        raise Refusal("one_period", "period", len(order), Text("至少两个时期", "two periods or more"),
                      Text("只有一个时期，无从比较", "One period has nothing to be compared with"))  # fmt: skip
    series: dict[str, c.Values] = {}
    seen: set[tuple[str, str]] = set()
    for row, (name, at) in enumerate(zip(names, periods, strict=True)):
        if (name, at) in seen:
            raise Faults([table.fault("duplicate", period, row, f"{name} · {at}")])
        seen.add((name, at))
        series.setdefault(name, np.full(len(order), np.nan))[order[at]] = values[row]
    # a period without a row is one without usage, from the customer's first on
    series = {name: np.nan_to_num(line[int(np.flatnonzero(np.isfinite(line))[0]) :]) for name, line in series.items()}
    classes = _classes(table, spec, names)
    indices = _class_indices(series, classes, spec["season"]) if spec["class"] else {}
    found = {name: usage(line, season=spec["season"], threshold=spec["threshold"], kind=spec["measure"],
                         index=indices.get(classes[name], 1.0)) for name, line in series.items()}  # fmt: skip
    return _usage_answer(found, classes, indices, list(order)[-1], spec)


def _natural(text: str) -> list[tuple[int, float, str]]:
    """A key by which Q9 comes before Q10."""
    return [(0, float(part), "") if part.isdigit() else (1, 0.0, part) for part in _split(text)]


def _split(text: str) -> list[str]:
    parts: list[str] = []
    for sign in text:
        if parts and parts[-1][-1].isdigit() == sign.isdigit():
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _classes(table: DataTable, spec: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    kinds = c.filled(table, spec["class"]) if spec["class"] else ("",) * len(names)
    found: dict[str, str] = {}
    for row, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        if found.setdefault(name, kind) != kind:
            raise Faults([table.fault("duplicate", spec["class"], row, f"{name} · {kind}")])
    return found


def _class_indices(series: Mapping[str, c.Values], classes: Mapping[str, str], season: int) -> dict[str, float]:
    """How each class moved over the year: usage now ÷ a year ago of the customers that were there at both times."""
    now: dict[str, float] = {}
    then: dict[str, float] = {}
    for name, line in series.items():
        if len(line) > season:
            now[classes[name]] = now.get(classes[name], 0.0) + float(line[-1])
            then[classes[name]] = then.get(classes[name], 0.0) + float(line[-1 - season])
    return {kind: now[kind] / then[kind] for kind in now if now[kind] > 0 and then[kind] > 0}


def _usage_answer(
    found: Mapping[str, Usage],
    classes: Mapping[str, str],
    indices: Mapping[str, float],
    last: str,
    spec: Mapping[str, Any],
) -> Answer:
    tested = [name for name, one in found.items() if one.p is not None]
    adjusted = (
        dict(zip(tested, adjust([found[n].p or 0.0 for n in tested], spec["adjust"]).tolist(), strict=True))
        if tested
        else {}
    )
    rows: list[Row] = [
        {"customer": name, "class": classes[name] or None, "periods": one.periods, "current": one.current,
         "year_ago": one.year_ago, "recent": one.recent, "by_year": one.by_year, "by_mean": one.by_mean,
         "ratio": one.ratio, "declined": one.declined, "at_risk": one.at_risk, "p": one.p,
         "p_adjusted": adjusted.get(name), "test": one.test, "dispersion": one.dispersion, "change": one.change}
        for name, one in found.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["at_risk"], row["customer"]))
    down = [one for one in found.values() if one.declined]
    overall = {"period": last, "customers": len(found), "declined": len(down), "at_risk": float(sum(one.at_risk for one in down)),
               "confirmed": sum(p <= 1 - spec["level"] for name, p in adjusted.items() if found[name].declined),
               "class_index": dict(indices)}  # fmt: skip
    warnings = (
        [Warned("usage_untested", f"{len(found) - len(tested)}/{len(found)}")] if len(tested) < len(found) else []
    )
    short = sum(one.year_ago is None for one in found.values())
    return Answer({"overall": overall, "rows": rows}, len(found),
                  (*warnings, *([Warned("no_year_before", f"{short}/{len(found)}")] if short else [])))  # fmt: skip


def silent(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """Orders by customer and day, the time since the last against past gaps."""
    customer, date = needed(spec, "customer", "date")
    names, days = c.filled(table, customer), np.floor(known_moments(table, date, spec["dates"]))
    sales = amounts(table, spec["sales"]) if spec["sales"] else None
    until = np.floor(day_of("until", spec["until"], spec["dates"])) if spec["until"] else float(days.max())
    orders: dict[str, list[float]] = {}
    for name, day in zip(names, days, strict=True):
        orders.setdefault(name, []).append(float(day))
    classes = _classes(table, spec, names) if spec["class"] else None
    found = silences(orders, float(until), classes=classes, quantile=spec["quantile"], least=FEW_GAPS)
    trailing: dict[str, float] = dict.fromkeys(orders, 0.0)
    if sales is not None:
        latest = {one.name: one.last for one in found}
        for name, day, amount in zip(names, days, sales, strict=True):
            trailing[name] += float(amount) if day > latest[name] - YEAR else 0.0
    return _silent_answer(found, trailing if sales is not None else None, classes, as_day(float(until)))


def _silent_answer(
    found: Sequence[Silence], sales: Mapping[str, float] | None, classes: Mapping[str, str] | None, until: str
) -> Answer:
    rows: list[Row] = [
        {"customer": one.name, "class": classes[one.name] if classes else None, "orders": one.orders, "last": as_day(one.last),
         "silent": one.silent, "limit": one.limit, "own_limit": one.own, "status": one.status,
         "at_risk": sales[one.name] if sales else None}
        for one in found
    ]  # fmt: skip
    rows.sort(key=lambda row: (WORST.index(row["status"]), -(row["at_risk"] or 0.0), -row["silent"], row["customer"]))
    quiet = [one.name for one in found if one.status in ("silent", "lost")]
    counts = {status: sum(one.status == status for one in found) for status in WORST}
    overall = {"until": until, "customers": len(found), "statuses": counts,
               "at_risk": float(sum(sales[name] for name in quiet)) if sales else None}  # fmt: skip
    shared = sum(not one.own for one in found)
    warnings = [Warned("class_limit", f"{shared}/{len(found)}")] if shared else []
    if counts["unknown"]:
        warnings.append(Warned("silence_unknown", f"{counts['unknown']}/{len(found)}"))
    return Answer({"overall": overall, "rows": rows}, len(found), tuple(warnings))
