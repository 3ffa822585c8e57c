"""The issue's definitions worked out in Fractions, straight on, sharing nothing with the product."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

POINTS = {
    "main_indicators": 20, "maintainability": 10, "ease_of_use": 10, "stability": 5, "safety": 5,
    "service_timeliness": 5, "service_effectiveness": 5, "service_attitude": 5, "price_performance": 20,
    "delivery_timeliness": 5, "delivery_reliability": 5, "competitor_comparison": 5,
}  # fmt: skip
RAW = {"satisfied": 100, "fairly_satisfied": 80, "neutral": 60, "rather_dissatisfied": 40, "dissatisfied": 20, "": 80}
DIMENSIONS = {
    "product_quality": ["main_indicators", "maintainability", "ease_of_use", "stability", "safety"],
    "service": ["service_timeliness", "service_effectiveness", "service_attitude"],
    "price_performance": ["price_performance"],
    "delivery": ["delivery_timeliness", "delivery_reliability"],
    "competitor_comparison": ["competitor_comparison"],
}


def nd(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def expected(company: dict, year: int) -> dict:
    """sales [(customer, product, year, amount)], ledger [(customer, product, sent)], sheets [(no, c, p, day, answers)],
    previous and targets [(of, key, product, score)]; all years of sales and of the ledger are given."""
    days = {no: day for no, _, _, day, _ in company["sheets"]}
    sheets = [(no, c, p, answers) for no, c, p, _, answers in company["sheets"]]
    ledger = [(c, p, sent) for c, p, sent in company["ledger"] if sent.year == year]
    satisfaction = {
        no: sum(Fraction(RAW[answers[item]] * points) for item, points in POINTS.items()) / 100
        for no, _, _, answers in sheets
    }
    products = sorted({p for _, _, p, _ in sheets})
    by_product = {p: mean([satisfaction[no] for no, _, q, _ in sheets if q == p]) for p in products}
    sales = {}
    for _, product, y, amount in company["sales"]:
        if y == year:
            sales[product] = sales.get(product, Fraction(0)) + amount
    measured = sum((sales.get(p, Fraction(0)) for p in products), Fraction(0))
    if measured:
        overall = sum(by_product[p] * sales.get(p, Fraction(0)) for p in products) / measured
        method = "sales_weighted"
    else:
        overall, method = mean(list(satisfaction.values())), "mean_of_sheets"
    items = {i: mean([Fraction(RAW[a[i]]) for _, _, _, a in sheets]) for i in POINTS}
    product_items = {
        (p, i): mean([Fraction(RAW[a[i]]) for _, _, q, a in sheets if q == p]) for p in products for i in POINTS
    }
    lowest = {
        p: sorted(i for i in POINTS if product_items[p, i] == min(product_items[p, j] for j in POINTS))
        for p in products
    }
    least = min(by_product.values())
    dimensions = dimension_means(items)

    def now(of: str, key: str, product: str) -> Fraction | None:
        if of == "overall":
            return overall
        if of == "product":
            return by_product.get(key)
        if product:
            if product not in products:
                return None
            part = {i: product_items[product, i] for i in POINTS}
            return part[key] if of == "item" else dimension_means(part)[key]
        return items[key] if of == "item" else dimensions[key]

    def lower(yardsticks: list) -> list:
        held = [(of, key, product, then, now(of, key, product)) for of, key, product, then in yardsticks]
        return [row for row in held if row[4] is not None and row[4] < row[3]]

    sent = {(c, p): max(d for x, y, d in ledger if (x, y) == (c, p)) for c, p, _ in ledger}
    return {
        "declined": sorted(
            (of, key, p, nd(a), nd(b)) for of, key, p, a, b in lower(company["previous"]) if of != "overall"
        ),
        "below_target": sorted((nd(a), nd(b)) for *_, a, b in lower(company["targets"])),
        "below_previous": [(nd(a), nd(b)) for of, *_, a, b in lower(company["previous"]) if of == "overall"],
        "late": sorted(no for no, c, p, _ in sheets if (c, p) in sent and days[no] > one_month_after(sent[c, p])),
        "not_in_ledger": sorted(no for no, c, p, _ in sheets if (c, p) not in sent),
        "before_wave": sorted(no for no, day in days.items() if day.year < year),
        "sales_shares": {
            p: nd(sales.get(p, Fraction(0)) / sum(sales.values())) if sum(sales.values()) else None for p in products
        },
        "measured_share": nd(measured / sum(sales.values())) if measured else None,
        "overall": (nd(overall), method),
        "products": {p: nd(v) for p, v in by_product.items()},
        "unmeasured": sorted(p for p, amount in sales.items() if amount > 0 and p not in products),
        "items": {i: nd(v) for i, v in items.items()},
        "blanks": {i: sum(a[i] == "" for _, _, _, a in sheets) for i in POINTS},
        "product_items": {k: nd(v) for k, v in product_items.items()},
        "dimensions": {d: nd(v) for d, v in dimensions.items()},
        "lowest_items": lowest,
        "lowest_products": [p for p in products if by_product[p] == least],
        "coverage": coverage(company["sales"], {c for c, _, _ in ledger}, year),
        "returned": sum((c, p) in sent for _, c, p, _ in sheets),
        "asked": len(ledger),
    }


def dimension_means(items: dict[str, Fraction]) -> dict[str, Fraction]:
    return {
        d: sum(items[i] * POINTS[i] for i in parts) / sum(POINTS[i] for i in parts) for d, parts in DIMENSIONS.items()
    }


def one_month_after(day: date) -> date:
    """The same day of the next month, or that month's last."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for d in (day.day, 30, 29, 28):
        try:
            return date(year, month, d)
        except ValueError:
            continue
    raise AssertionError


def coverage(sales: list, asked: set[str], year: int) -> dict:
    bought: dict[str, dict[str, Fraction]] = {}
    for customer, product, y, amount in sales:
        if y == year:
            bought.setdefault(product, {}).setdefault(customer, Fraction(0))
            bought[product][customer] += amount
    totals: dict[str, Fraction] = {}
    for buyers in bought.values():
        for customer, amount in buyers.items():
            totals[customer] = totals.get(customer, Fraction(0)) + amount
    frame = {c for c, total in totals.items() if total > 0}
    key = {
        c
        for c in frame
        if totals[c] > 5_000_000
        or any(c in buyers and 1 + sum(v > buyers[c] for v in buyers.values()) <= 20 for buyers in bought.values())
    }
    rows: dict = {"outside": sorted(asked - frame)}
    for name, members, floor in (
        ("key_accounts", key, Fraction(9, 10)),
        ("others", frame - key, None),
        ("all", frame, Fraction(78, 100)),
    ):
        share = Fraction(len(members & asked), len(members)) if members else None
        met = None if floor is None or share is None else share >= floor
        rows[name] = (
            len(members),
            len(members & asked),
            (share and nd(share)) or (None if share is None else "0/1"),
            met,
            sorted(members - asked),
        )
    return rows
