"""The issue's definitions worked out in Fractions, straight on, sharing nothing with the product."""

from __future__ import annotations

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
    """company: sales [(customer, product, year, amount)], ledger [(customer, product)], sheets [(no, c, p, answers)]."""
    sheets = company["sheets"]
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
    return {
        "overall": (nd(overall), method),
        "products": {p: nd(v) for p, v in by_product.items()},
        "unmeasured": sorted(p for p, amount in sales.items() if amount > 0 and p not in products),
        "items": {i: nd(v) for i, v in items.items()},
        "blanks": {i: sum(a[i] == "" for _, _, _, a in sheets) for i in POINTS},
        "product_items": {k: nd(v) for k, v in product_items.items()},
        "dimensions": {
            d: nd(sum(items[i] * POINTS[i] for i in parts) / sum(POINTS[i] for i in parts))
            for d, parts in DIMENSIONS.items()
        },
        "lowest_items": lowest,
        "lowest_products": [p for p in products if by_product[p] == least],
        "coverage": coverage(company, year),
        "returned": sum((c, p) in set(company["ledger"]) for _, c, p, _ in sheets),
    }


def coverage(company: dict, year: int) -> dict:
    bought: dict[str, dict[str, Fraction]] = {}
    for customer, product, y, amount in company["sales"]:
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
    asked = {c for c, _ in company["ledger"]}
    rows = {}
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
