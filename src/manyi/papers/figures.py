"""A wave's result in its stable JSON form: rounded figures for people, exact ones beside them for auditors."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from manyi.core.figures import exact, shown
from manyi.core.text import Lang
from manyi.core.tiers import Coverage
from manyi.core.waves import Finding, Score, WaveResult, WaveRules

Json = dict[str, Any]


def figures_as_json(result: WaveResult, lang: Lang = "zh") -> Json:
    """Every figure of a wave; scores are numbers with two decimals, shares are 0–1, ``exact`` is ``"n/d"``.

    All lists are sorted by key; findings stand in the order a report tells them, their texts in ``lang``.
    """
    return {
        "wave": result.year,
        "sheets": result.sheets,
        "overall": _overall(result),
        "products": [
            {"product": p.product, **_score(p.score), "sales": _number(p.sales), **_share("sales_share", p.sales_share)}
            for p in sorted(result.products, key=lambda p: p.product)
        ],
        "unmeasured_products": list(result.unmeasured_products),
        "items": [{"item": key, **_score(score)} for key, score in sorted(result.items.items())],
        "product_items": [
            {"product": product, "item": item, **_score(score)}
            for (product, item), score in sorted(result.product_items.items())
        ],
        "dimensions": [{"dimension": key, **_score(score)} for key, score in sorted(result.dimensions.items())],
        "focus": _focus(result),
        "coverage": [_coverage(row) for row in result.coverage],
        "returns": _returns(result),
        "findings": [_finding(f, lang) for f in result.findings],
        "grades": {item: dict(sorted(counts.items())) for item, counts in sorted(result.grades.items())},
        "late": list(result.data.late),
        "not_in_ledger": list(result.data.not_in_ledger),
        "before_wave": list(result.data.before_wave),
        "outside_frame": list(result.outside_frame),
        "uncovered": list(result.uncovered),
        "left_out": [fault.as_json(lang) for fault in result.data.left_out],
    }  # fmt: skip


def source_as_json(rules: WaveRules) -> Json:
    """Which rules the figures were made by."""
    return {
        "procedure": rules.procedure,
        "code": rules.code,
        "revision": rules.revision,
        "programme": rules.programme,
    }


def _overall(result: WaveResult) -> Json | None:
    overall = result.overall
    if overall is None:
        return None
    return {
        "score": float(shown(overall.value)),
        "exact": exact(overall.value),
        "n": overall.n,
        "method": overall.method,
        **_share("measured_share", overall.measured_share),
        "answered_only": float(shown(overall.alternative)) if overall.alternative is not None else None,
        "answered_only_exact": exact(overall.alternative) if overall.alternative is not None else None,
    }


def _focus(result: WaveResult) -> Json:
    return {
        "lowest_item_per_product": {product: list(items) for product, items in sorted(result.lowest_items.items())},
        "lowest_product": list(result.lowest_products),
        "written_dissatisfaction": list(result.data.written),
        "declined": [
            {
                "of": d.of, "key": d.key, "product": d.product,
                "previous": float(shown(d.previous)), "previous_exact": exact(d.previous),
                "now": float(shown(d.now)), "now_exact": exact(d.now),
            }
            for d in result.declined
        ],
    }  # fmt: skip


def _returns(result: WaveResult) -> Json:
    returns = result.returns
    return {
        "asked": returns.asked,
        "returned": returns.returned,
        **_share("share", returns.share),
        **_share("required", returns.limit.value if returns.limit else None),
        "met": returns.met,
    }


def _finding(finding: Finding, lang: Lang) -> Json:
    value, limit = finding.value, finding.limit
    return {
        "clause": finding.clause, "kind": finding.kind, "subject": finding.subject,
        "value": _number(value), "value_exact": exact(value) if value is not None else None,
        "limit": _number(limit), "limit_exact": exact(limit) if limit is not None else None,
        "text": finding.text.in_(lang),
    }  # fmt: skip


def _score(score: Score) -> Json:
    return {
        "score": float(shown(score.value)),
        "exact": exact(score.value),
        "n": score.n,
        "unanswered": score.unanswered,
        "not_applicable": score.not_applicable,
        "answered_only": float(shown(score.alternative)) if score.alternative is not None else None,
        "answered_only_exact": exact(score.alternative) if score.alternative is not None else None,
    }


def _coverage(row: Coverage) -> Json:
    return {
        "tier": row.tier,
        "clause": row.clause,
        "population": row.population,
        "asked": row.asked,
        **_share("share", row.share),
        **_share("required", row.limit.value if row.limit else None),
        "met": row.met,
        "missing": list(row.missing),
    }


def _share(name: str, value: Fraction | None) -> Json:
    return {name: _number(value), f"{name}_exact": exact(value) if value is not None else None}


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)
