"""Which products lie off their target or last time by more than chance, all of them looked at together.

Twenty products compared at 5 % each make a false alarm likely; so the p values are adjusted (Holm 1979), which holds
under any dependence: the same customers answer on several products. The procedure's own comparison stays exact.
"""

from __future__ import annotations

from fractions import Fraction

from manyi.core.errors import Refusal
from manyi.flow.plan.queries import get_rules
from manyi.flow.scores.certainty import COUNTS_ONLY, MOST_SHEETS, SAME, answers_of, between, find_before, of_sheets
from manyi.flow.scores.models import Result
from manyi.measure.comparison import Difference, from_se
from manyi.measure.multiplicity import adjust
from manyi.measure.sensitivity import Sensitivity
from manyi.papers.insight import Contrast


def find_contrasts(result: Result) -> tuple[Contrast, ...]:
    """Every product against its target and its previous score, where the error of both is known."""
    targets, previous = (_of_products(result, name) for name in ("targets", "previous"))
    if not targets and not previous:
        return ()
    now, before = reckon_products(result), find_before(result) if previous else None
    then = reckon_products(before) if before is not None else {}
    # a previous score that was set by hand is nobody's sheets: nothing is known of its error
    then = {name: one for name, one in then.items() if abs(one.estimate - float(previous.get(name, -1))) < SAME}
    found: list[tuple[str, str, Difference]] = []
    for name, one in now.items():
        if name in targets and one.se and one.df:
            found.append((name, "target", from_se(one.estimate - float(targets[name]), one.se, one.df)))
        if name in then and (one.se or then[name].se):
            found.append((name, "previous", between(one, then[name])))
    adjusted = adjust([one.p for *_, one in found]) if found else ()
    return tuple(
        Contrast(name, against, one.estimate, one.interval.lower, one.interval.upper, float(p))
        for (name, against, one), p in zip(found, adjusted, strict=True)
    )


def reckon_products(result: Result) -> dict[str, Sensitivity]:
    """The score of each product with its error; only those whose stored score these sheets make up."""
    rules = get_rules(result.wave)
    answers = answers_of(result, rules) if result.sheets <= MOST_SHEETS else None
    if answers is None:
        return {}
    found: dict[str, Sensitivity] = {}
    for row in result.figures["products"]:
        product = row["product"]
        own = [n for n, name in enumerate(answers.products) if name == product]
        if len(own) < COUNTS_ONLY:
            continue
        there = {product: answers.customers[product]} if answers.customers else None
        try:
            one = of_sheets(rules.questionnaire, answers.scores[own], (product,) * len(own), there)
        except Refusal:
            continue
        if abs(one.estimate - float(Fraction(row["exact"]))) < SAME:
            found[product] = one
    return found


def _of_products(result: Result, name: str) -> dict[str, Fraction]:
    return {row["key"]: Fraction(row["exact"]) for row in result.figures[name] if row["of"] == "product"}
