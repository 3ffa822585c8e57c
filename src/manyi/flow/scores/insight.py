"""What a result bears beyond its figures, reckoned from the stored answers by the jobs."""

from __future__ import annotations

import numpy as np

from manyi.core.text import Text
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.queries import list_counted_sheets
from manyi.flow.scores.certainty import MOST_SHEETS, judge, scores_of
from manyi.flow.scores.contrasts import find_contrasts
from manyi.flow.scores.models import Result
from manyi.flow.scores.priorities import find_priorities
from manyi.flow.scores.terms import find_terms
from manyi.papers.insight import Insight, Priorities, Terms

NOT_THOSE = Text(
    "库存的调查表已不是本次结果所计的那些，可信程度和改进的先后不再由它们得出；请重新计算得分",
    "The stored sheets are no longer those this result counted, so how far it can be trusted and what to work on first "
    "are not told from them: compute the scores anew",
)


def reckon_insight(result: Result) -> Insight:
    """How sure the overall figure is, what matters most, which words divide customers; parts that fail say why."""
    sheets = list_counted_sheets(result.wave).filter(pk__lte=result.last_sheet).order_by("pk")
    if sheets.count() != result.sheets:
        return Insight((NOT_THOSE,))
    certainty, interval = judge(result)
    if not result.figures["overall"] or result.sheets > MOST_SHEETS:
        return Insight(certainty)
    form = get_rules(result.wave).questionnaire
    rows = list(sheets.values_list("answers", "comment", "customer__name", "product__name"))
    scores = scores_of(form, [answers for answers, *_ in rows])
    means = np.array([np.nanmean(row) if np.isfinite(row).any() else np.nan for row in scores])
    line = float(np.nanmean(means)) if np.isfinite(means).any() else 0.0
    said = [
        (text, bool(mean >= line))
        for (_, text, *_), mean in zip(rows, means, strict=True)
        if text.strip() and np.isfinite(mean)
    ]
    customers = {customer for *_, customer, _ in rows if customer}
    parts = (find_priorities(form, scores), find_terms(said, customers, {product for *_, product in rows if product}))
    return Insight(
        certainty,
        next((part for part in parts if isinstance(part, Priorities)), None),
        next((part for part in parts if isinstance(part, Terms)), None),
        tuple(part for part in parts if isinstance(part, Text)),
        interval,
        find_contrasts(result),
    )
