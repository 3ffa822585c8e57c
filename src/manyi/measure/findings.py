"""What a wave's figures call for: each finding with the clause that asks for it, its figure and its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from manyi.core.figures import percent, shown
from manyi.core.text import Text
from manyi.core.waves import Finding, Score, WaveResult, WaveRules, Yardstick

Lookup = Callable[[Yardstick], Fraction | None]


def find(rules: WaveRules, result: WaveResult, value_of: Lookup) -> WaveResult:
    """``result`` with its findings, in the order a report tells them. Kinds without a clause are not called for."""
    found = [
        *_below(rules, "below_target", result.data.targets, value_of),
        *_below(rules, "below_previous", (y for y in result.data.previous if y.of == "overall"), value_of),
        *_coverage(rules, result),
        *_returns(rules, result),
        *_unmeasured(rules, result),
        *_lowest_items(rules, result),
        *_lowest_products(result),
        *_written(result),
        *_declined(rules, result),
    ]
    called_for = (replace(f, clause=f.clause or rules.clauses.get(f.kind, "")) for f in found)
    return replace(result, findings=tuple(f for f in called_for if f.clause))


def title_of(rules: WaveRules, of: str, key: str, product: str = "") -> Text:
    """What a figure is called: ``Valve — Stability``, or the wave as a whole."""
    if of == "overall":
        return Text(zh="总体满意度", en="Overall satisfaction")
    named = {("item", i.key): i.title for i in rules.questionnaire.items}
    named |= {("dimension", d.key): d.title for d in rules.questionnaire.dimensions}
    title = named.get((of, key), Text(zh=key, en=key))
    return Text(zh=f"{product}·{title.in_('zh')}", en=f"{product} — {title.in_('en')}") if product else title


def _below(rules: WaveRules, kind: str, yardsticks: Iterable[Yardstick], value_of: Lookup) -> Iterable[Finding]:
    against = {"below_target": Text("目标值", "the target"), "below_previous": Text("上次", "the previous result")}[
        kind
    ]
    for yardstick in yardsticks:
        now = value_of(yardstick)
        if now is None or now >= yardstick.score:
            continue
        title = title_of(rules, yardstick.of, yardstick.key, yardstick.product)
        text = Text(
            zh=f"{title.zh} {shown(now)} 分，低于{against.zh} {shown(yardstick.score)} 分",
            en=f"{title.in_('en')}: {shown(now)}, below {against.en} of {shown(yardstick.score)}",
        )
        yield Finding("", kind, now, yardstick.score, text, subject=yardstick.key)


def _coverage(rules: WaveRules, result: WaveResult) -> Iterable[Finding]:
    titles = {tier.key: tier.title for tier in rules.tiers}
    for row in result.coverage:
        if row.met is not False or row.share is None or row.limit is None:
            continue
        title = titles.get(row.tier, Text("全部顾客", "All customers"))
        text = Text(
            zh=f"{title.in_('zh')}应调查 {percent(row.limit.value)}，实际 {percent(row.share)}"
            f"({row.asked}/{row.population})，缺 {len(row.missing)} 家",
            en=f"{title.in_('en')}: {percent(row.share)} asked ({row.asked} of {row.population}), "
            f"{percent(row.limit.value)} required; {len(row.missing)} customers not asked",
        )
        yield Finding(row.clause, "coverage_below_floor", row.share, row.limit.value, text, subject=row.tier)


def _returns(rules: WaveRules, result: WaveResult) -> Iterable[Finding]:
    returns = result.returns
    if returns.met is False and returns.share is not None and returns.limit is not None:
        text = Text(
            zh=f"回收率 {percent(returns.share)}({returns.returned}/{returns.asked}),"
            f"低于要求的 {percent(returns.limit.value)}",
            en=f"Return rate {percent(returns.share)} ({returns.returned} of {returns.asked}), "
            f"below the required {percent(returns.limit.value)}",
        )
        yield Finding("", "return_below_floor", returns.share, returns.limit.value, text)


def _unmeasured(rules: WaveRules, result: WaveResult) -> Iterable[Finding]:
    sales = result.data.sales or {}
    total = sum(sales.values(), Fraction(0))
    for product in result.unmeasured_products:
        share = sales[product] / total if total > 0 else None
        part = percent(share) if share is not None else "?"
        text = Text(
            zh=f"{product} 有销售额（占 {part}）而没有收回的调查表，不在总体满意度之内",
            en=f"{product} has sales ({part} of all) but no returned sheet; it is not in the overall figure",
        )
        yield Finding("", "unmeasured_product", share, None, text, subject=product)
    if rules.weighted_by_sales and result.overall and result.overall.method == "mean_of_sheets":
        text = Text(
            zh="没有可用的销售额，总体满意度按调查表平均计算，未按销售额加权",
            en="No usable sales are known: the overall figure is the plain mean of sheets, not weighted by sales",
        )
        yield Finding("", "unmeasured_product", None, None, text)


def _lowest_items(rules: WaveRules, result: WaveResult) -> Iterable[Finding]:
    for product, items in result.lowest_items.items():
        for item in items:
            score: Score = result.product_items[product, item] if product else result.items[item]
            title = title_of(rules, "item", item, product)
            text = Text(
                zh=f"{title.zh} {shown(score.value)} 分，为该类产品最低小项",
                en=f"{title.in_('en')}: {shown(score.value)}, the lowest item of the product",
            )
            yield Finding("", "lowest_item", score.value, None, text, subject=f"{product}/{item}")


def _lowest_products(result: WaveResult) -> Iterable[Finding]:
    for row in result.products:
        if row.product in result.lowest_products:
            text = Text(
                zh=f"{row.product} {shown(row.score.value)} 分，为平均满意度最低的产品",
                en=f"{row.product}: {shown(row.score.value)}, the product with the lowest average",
            )
            yield Finding("", "lowest_product", row.score.value, None, text, subject=row.product)


def _written(result: WaveResult) -> Iterable[Finding]:
    n = len(result.data.written)
    if n:
        text = Text(
            zh=f"{n} 份调查表写有不满意之处，须书面答复",
            en=f"{n} sheet(s) carry written dissatisfaction that is owed a written answer",
        )
        yield Finding("", "written_dissatisfaction", Fraction(n), None, text)


def _declined(rules: WaveRules, result: WaveResult) -> Iterable[Finding]:
    for fall in result.declined:
        title = title_of(rules, fall.of, fall.key, fall.product)
        text = Text(
            zh=f"{title.zh} 由 {shown(fall.previous)} 分降至 {shown(fall.now)} 分",
            en=f"{title.in_('en')} fell from {shown(fall.previous)} to {shown(fall.now)}",
        )
        yield Finding("", "declined", fall.now, fall.previous, text, subject=fall.key)
