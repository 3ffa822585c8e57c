"""A wave evaluated: its rules and its counted input in; figures, coverage, comparisons and findings out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from manyi.core.predicates import Facts, holds
from manyi.core.tiers import judge, place
from manyi.core.waves import (
    NO_PRODUCT,
    Decline,
    Overall,
    ProductScore,
    Returns,
    Score,
    WaveData,
    WaveResult,
    WaveRules,
    Yardstick,
)
from manyi.measure.findings import find
from manyi.measure.points import Scored, score_by_product, weigh_by_sales


def evaluate(rules: WaveRules, data: WaveData) -> WaveResult:
    """Everything a wave's report states, exactly.

    ``overall`` is the sales-weighted mean over the *measured* products; where no sales are known, or the measured
    products sold nothing, it is the mean of sheets. A product is measured when one of its sheets has an answer
    that counts. The population is the customers of the frame; a customer asked outside it is named.
    """
    whole = Scored(data.cube, rules.questionnaire)
    by_product = score_by_product(data.cube, rules.questionnaire) if rules.per_product else {}
    figures = Figures(whole, by_product, _overall(rules, data, whole, by_product))
    frame = _frame(rules, data.customers)
    placed = place(rules.tiers, frame)
    result = WaveResult(
        year=data.year,
        sheets=whole.sheets,
        overall=figures.overall,
        products=_products(by_product, data.sales),
        unmeasured_products=_unmeasured(by_product, data.sales),
        items=whole.items,
        product_items={(p, i): score for p, part in by_product.items() for i, score in sorted(part.items.items())},
        dimensions=whole.dimensions,
        grades=whole.grades,
        lowest_items=_lowest_items(by_product or {NO_PRODUCT: whole}),
        lowest_products=_lowest({p: s.whole for p, s in by_product.items()}),
        declined=_declined(figures, data.previous),
        coverage=judge(rules.tiers, rules.floors, frame, data.asked),
        returns=_returns(rules, data),
        outside_frame=tuple(sorted((data.asked or frozenset()) - frame.keys()))
        if frame or data.sales is not None
        else (),
        uncovered=tuple(sorted(c for c, tier in placed.items() if tier is None)) if rules.tiers else (),
        findings=(),
        data=data,
    )
    return find(rules, result, figures.value_of)


@dataclass(frozen=True, slots=True)
class Figures:
    """The scores of a wave, looked up as a target or a previous result names them."""

    whole: Scored
    by_product: Mapping[str, Scored]
    overall: Overall | None

    def value_of(self, yardstick: Yardstick) -> Fraction | None:
        """The wave's figure that ``yardstick`` is held against; ``None`` where it was not measured."""
        if yardstick.of == "overall":
            return self.overall.value if self.overall else None
        product = yardstick.key if yardstick.of == "product" else yardstick.product
        part = self.by_product.get(product) if product else self.whole
        if part is None:
            return None
        if yardstick.of == "product":
            score = part.whole
        else:
            score = (part.items if yardstick.of == "item" else part.dimensions).get(yardstick.key)
        return score.value if score else None


def _frame(rules: WaveRules, customers: Mapping[str, Facts]) -> dict[str, Facts]:
    if rules.frame is None:
        return dict(customers)
    return {customer: facts for customer, facts in customers.items() if holds(rules.frame, facts)}


def _overall(rules: WaveRules, data: WaveData, whole: Scored, by_product: Mapping[str, Scored]) -> Overall | None:
    scores = {p: score for p, part in by_product.items() if (score := part.whole)}
    sales = data.sales or {}
    if rules.weighted_by_sales:
        value = weigh_by_sales({p: s.value for p, s in scores.items()}, sales)
        if value is not None:
            answered = {p: s.alternative for p, s in scores.items() if s.alternative is not None}
            alternative = weigh_by_sales(answered, sales)
            measured = sum((sales.get(p, Fraction(0)) for p in scores), Fraction(0))
            share = measured / sum(sales.values(), Fraction(0))
            return Overall(value, whole.sheets, "sales_weighted", share, alternative)
    mean = whole.whole
    return Overall(mean.value, whole.sheets, "mean_of_sheets", None, mean.alternative) if mean else None


def _products(by_product: Mapping[str, Scored], sales: Mapping[str, Fraction] | None) -> tuple[ProductScore, ...]:
    total = sum((sales or {}).values(), Fraction(0))
    rows = []
    for product, part in by_product.items():
        score = part.whole
        if score is None:
            continue
        amount = sales.get(product, Fraction(0)) if sales is not None else None
        rows.append(ProductScore(product, score, amount, amount / total if amount is not None and total else None))
    return tuple(rows)


def _unmeasured(by_product: Mapping[str, Scored], sales: Mapping[str, Fraction] | None) -> tuple[str, ...]:
    measured = {product for product, part in by_product.items() if part.whole}
    return tuple(sorted(p for p, amount in (sales or {}).items() if amount > 0 and p not in measured))


def _lowest(scores: Mapping[str, Score | None]) -> tuple[str, ...]:
    known = {key: score.value for key, score in scores.items() if score}
    least = min(known.values(), default=None)
    return tuple(sorted(key for key, value in known.items() if value == least))


def _lowest_items(by_product: Mapping[str, Scored]) -> dict[str, tuple[str, ...]]:
    return {product: low for product, part in by_product.items() if (low := _lowest(dict(part.items)))}


def _declined(figures: Figures, previous: Iterable[Yardstick]) -> tuple[Decline, ...]:
    fell = []
    for then in previous:
        now = figures.value_of(then)
        if then.of != "overall" and now is not None and now < then.score:
            fell.append(Decline(then.of, then.key, then.product, then.score, now))
    return tuple(sorted(fell, key=lambda d: (d.of, d.key, d.product)))


def _returns(rules: WaveRules, data: WaveData) -> Returns:
    share = Fraction(data.returned, data.asked_rows) if data.asked_rows else None
    return Returns(data.asked_rows, data.returned, share, rules.return_limit)
