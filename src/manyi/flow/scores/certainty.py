"""How far a wave's overall figure can be trusted, in words: chance, the rule for blanks, those who did not answer.

Reckoned by the jobs from the stored answers, never while sheets are counted. Where the figures do not bear a
statement, the words say why; they never stand in for the procedure's own comparison, which stays exact.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from manyi.core.errors import Refusal
from manyi.core.forms import Questionnaire
from manyi.core.text import Text
from manyi.core.waves import WaveRules
from manyi.flow.plan.queries import get_rules
from manyi.flow.responses.queries import list_counted_sheets
from manyi.flow.scores.models import Result
from manyi.measure.comparison import ABOVE, BELOW, Difference, from_se
from manyi.measure.results import Interval
from manyi.measure.sensitivity import Sensitivity, sensitivity
from manyi.papers.insight import CAUTIOUS

COUNTS_ONLY, MOST_SHEETS, HIGH_RETURN, SAME = 5, 5000, 0.6, 1e-6
"""Below 5 sheets only counts are told; bounds are told from a high return on."""
TOO_MANY = Text("调查表很多，此处不作误差估计", "There are so many sheets that the error is not reckoned here")
NOT_FROM_SHEETS = Text(
    "本次结果的误差无法由各调查表得出（空白不计入、有“不适用”，或同一顾客对同一产品有多份调查表）",
    "The error cannot be told from single sheets here: blanks or answers that do not apply are left out, "
    "or a customer gave several sheets on one product",
)
SINGLE = Text("误差不能估计：有的产品只有一份调查表", "The error cannot be told: a product has a single sheet")
NO_ERROR = Text(
    "各调查表结果相同，或顾客全部答复，没有抽样误差",
    "All sheets agree or every customer answered: there is no sampling error",
)
UNKNOWN_BEFORE = Text(
    "上次结果的误差不详，不能判断与上次之差是否超出偶然",
    "The error of the previous result is not known, so whether the difference from it is more than chance "
    "cannot be told",
)


@dataclass(frozen=True, slots=True)
class Answers:
    """The sheets of a result: raw ``scores`` (sheets, items; NaN unanswered), their products, customers by product."""

    scores: NDArray[np.float64]
    products: tuple[str, ...]
    customers: dict[str, int] | None


def describe(result: Result) -> tuple[Text, ...]:
    """What a manager needs to know before acting on the overall figure; empty where there is none."""
    return judge(result)[0]


def judge(result: Result) -> tuple[tuple[Text, ...], tuple[float, float] | None]:
    """What ``describe`` tells, and the 95 % limits of the overall figure; ``None`` where its error is not known."""
    if not result.figures["overall"]:
        return (), None
    if result.sheets < COUNTS_ONLY:
        few = Text(
            f"只有 {result.sheets} 份调查表，太少，不作误差估计：只宜看个数",
            f"With only {result.sheets} sheet(s) no error can be told: look at the counts only",
        )
        return (few,), None
    if result.sheets > MOST_SHEETS:
        return (TOO_MANY,), None
    try:
        found = reckon(result)
    except Refusal as refusal:
        return (refusal.hint,), None
    if found is None:
        return (NOT_FROM_SHEETS,), None
    interval = found[0].interval
    return tuple(line for line in _lines(result, found) if line.zh), _kept(interval) if interval else None


def reckon(result: Result) -> tuple[Sensitivity, Answers] | None:
    """The overall figure with its error; ``None`` where single sheets do not make that figure up."""
    rules = get_rules(result.wave)
    answers = answers_of(result, rules)
    overall = result.figures["overall"]
    if answers is None or not overall:
        return None
    weighted = overall["method"] == "sales_weighted"
    sales = {row["product"]: float(Fraction(row["sales_share_exact"] or 0)) for row in result.figures["products"]}
    products = answers.products if weighted else ("",) * len(answers.products)
    customers = answers.customers if weighted else _together(answers.customers)
    found = of_sheets(rules.questionnaire, answers.scores, products, customers, sales if weighted else None)
    return (found, answers) if abs(found.estimate - float(Fraction(overall["exact"]))) < SAME else None


def of_sheets(
    form: Questionnaire, scores: NDArray[np.float64], products: Sequence[str], customers: Mapping[str, int] | None,
    sales: Mapping[str, float] | None = None,
) -> Sensitivity:  # fmt: skip
    """The score of these sheets by the form's points and its rule for blanks, with its error."""
    fill = form.scale.score_of(form.counts_as) if form.counts_as else None
    raw = [float(grade.score) for grade in form.scale.grades]
    return sensitivity(
        scores, [float(item.points) for item in form.items], products,
        fill=float(fill or 0), worst=min(raw), best=max(raw), sales=sales, customers=customers,
    )  # fmt: skip


def answers_of(result: Result, rules: WaveRules) -> Answers | None:
    """The sheets a result counted; ``None`` where they are no longer those, or not independent within a product."""
    form = rules.questionnaire
    sheets = list_counted_sheets(result.wave).filter(pk__lte=result.last_sheet).order_by("pk")
    rows = list(sheets.values_list("customer__code", "product__name", "answers"))
    if len(rows) != result.sheets or len({(customer, product) for customer, product, _ in rows}) < len(rows):
        return None
    scores = scores_of(form, [given for _, _, given in rows])
    products = tuple(product or "" for _, product, _ in rows)
    return Answers(scores, products, _customers(result, Counter(products)))


def scores_of(form: Questionnaire, answers: Sequence[Mapping[str, str]]) -> NDArray[np.float64]:
    """Raw scores (sheets, items) of stored answers; NaN where an item has none."""
    raw = {grade.key: float(grade.score) for grade in form.scale.grades}
    rows = [[raw.get(given.get(key, ""), math.nan) for key in form.item_keys] for given in answers]
    return np.array(rows, dtype=float).reshape(len(rows), len(form.item_keys))


def _customers(result: Result, sheets: Counter[str]) -> dict[str, int] | None:
    """About how many customers each product has: those asked, raised by the share of the frame that was asked."""
    asked = Counter(name or "" for name in result.wave.asks.values_list("product__name", flat=True))
    whole = max(result.figures["coverage"], key=lambda row: row["population"] or 0, default=None)
    if whole is None or not asked or not whole["asked"] or not whole["population"]:
        return None
    raised = Fraction(whole["population"], whole["asked"])
    return {product: max(n, round(asked[product] * raised)) for product, n in sheets.items()}


def _together(customers: dict[str, int] | None) -> dict[str, int] | None:
    return None if customers is None else {"": sum(customers.values())}


def _lines(result: Result, reckoned: tuple[Sensitivity, Answers]) -> list[Text]:
    found, answers = reckoned
    lines = [_interval(found, answers)]
    if found.n < CAUTIOUS:
        few = f"With fewer than {CAUTIOUS} sheets, products and items should not be ranked"
        lines.append(Text(f"调查表少于 {CAUTIOUS} 份，产品和小项之间的高低不宜排名", few))
    lines += [_target(result, found), _previous(result, found), _blanks(found), _silent(found, answers)]
    return lines


def _interval(found: Sensitivity, answers: Answers) -> Text:
    if found.interval is None:
        return SINGLE if found.se is None else NO_ERROR
    low, high = _kept(found.interval)
    there = sum(answers.customers.values()) if answers.customers else None
    zh = f"，已按约 {there} 家顾客作有限总体修正" if there else "，未作有限总体修正，偏于保守"
    en = f", corrected for about {there} customers" if there else ", on the safe side: not corrected for their number"
    return Text(
        f"总体满意度 {found.estimate:.1f} 分，95% 区间 {low:.1f} 至 {high:.1f}（{found.n} 份调查表{zh}）",
        f"Overall {found.estimate:.1f}, 95 % interval {low:.1f} to {high:.1f} ({found.n} sheets{en})",
    )


def _kept(interval: Interval) -> tuple[float, float]:
    """No score lies outside 0–100."""
    return max(interval.lower, 0.0), min(interval.upper, 100.0)


def _target(result: Result, found: Sensitivity) -> Text:
    target = _whole(result.figures["targets"])
    if target is None or not found.se or found.df is None:
        return Text()
    return in_words(from_se(found.estimate - float(target), found.se, found.df), found.n, Text("目标值", "the target"))


def _previous(result: Result, found: Sensitivity) -> Text:
    previous = _whole(result.figures["previous"])
    if previous is None or not found.se or found.df is None:
        return Text()
    before = find_before(result)
    then = reckon(before) if before is not None and COUNTS_ONLY <= before.sheets <= MOST_SHEETS else None
    if then is None or not then[0].se or then[0].df is None or abs(then[0].estimate - float(previous)) > SAME:
        return UNKNOWN_BEFORE
    return in_words(between(found, then[0]), found.n, Text("上次", "last time"))


def find_before(result: Result) -> Result | None:
    """The last result of the wave before."""
    wave = result.wave
    return Result.objects.filter(
        wave__programme=wave.programme, wave__unit=wave.unit, wave__year__lt=wave.year
    ).order_by("-wave__year", "-pk").select_related("wave__revision").first()  # fmt: skip


def between(now: Sensitivity, then: Sensitivity) -> Difference:
    """Now − then of independent waves: se² = se₁² + se₂², Satterthwaite's degrees of freedom (Welch 1947)."""
    u, v = (now.se or 0.0) ** 2, (then.se or 0.0) ** 2
    df = (u + v) ** 2 / (u**2 / (now.df or math.inf) + v**2 / (then.df or math.inf))
    return from_se(now.estimate - then.estimate, math.sqrt(u + v), df, method="welch_t", n=(now.n, then.n))


def in_words(found: Difference, n: int, against: Text) -> Text:
    """A difference with its interval and the verdict: below, above, or within chance."""
    size, low, high = abs(found.estimate), found.interval.lower, found.interval.upper
    up = found.estimate > 0
    verdicts = {
        BELOW: Text("确实更低，超出偶然", "this is lower by more than chance"),
        ABOVE: Text("确实更高，超出偶然", "this is higher by more than chance"),
    }
    said = verdicts.get(found.verdict, Text("仍在偶然范围之内", "this is within chance"))
    span_zh, span_en = f"95% 区间 {low:+.1f} 至 {high:+.1f}", f"95 % interval {low:+.1f} to {high:+.1f}"
    return Text(
        f"与{against.zh}相比{'高' if up else '低'} {size:.1f} 分（{span_zh}）：以 {n} 份调查表计，{said.zh}",
        f"{'Up' if up else 'Down'} {size:.1f} points against {against.en} ({span_en}); with {n} sheets {said.en}",
    )


def _blanks(found: Sensitivity) -> Text:
    if not found.imputed or found.alternative is None:
        return Text()
    zh, en = f"{found.imputed:.1%} 的小项未填写", f"{found.imputed:.1%} of the answers are blank"
    zh += f"；仅计已答为 {found.alternative:.1f} 分，全按最差至最好计为 {found.lowest:.1f} 至 {found.highest:.1f} 分"
    en += f"; answered only gives {found.alternative:.1f}, "
    en += f"all of them at worst and at best {found.lowest:.1f} to {found.highest:.1f}"
    if any(warned.code == "missing_decides" for warned in found.warnings):
        zh, en = zh + "：空白的计法比偶然误差影响更大", en + ": the rule for blanks weighs more than chance does"
    return Text(zh, en)


def _silent(found: Sensitivity, answers: Answers) -> Text:
    """Bounds with everybody who did not answer at 0 and at 100, where so many did that the bounds say something."""
    there = sum(answers.customers.values()) if answers.customers else 0
    if not there or not HIGH_RETURN <= found.n / there < 1:
        return Text()
    part = found.n / there
    low, high = found.estimate * part, found.estimate * part + 100 * (1 - part)
    return Text(
        f"约 {1 - part:.0%} 的顾客没有答复：若他们全打最低或最高分，总体约在 {low:.1f} 至 {high:.1f} 分之间",
        f"About {1 - part:.0%} of the customers did not answer: were all of them at the lowest or the highest score, "
        f"the overall would lie between about {low:.1f} and {high:.1f}",
    )


def _whole(rows: list[dict[str, Any]]) -> Fraction | None:
    return next((Fraction(row["exact"]) for row in rows if row["of"] == "overall"), None)
