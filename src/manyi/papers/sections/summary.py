"""What a general manager reads first: the one figure, what was required, what needs attention."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from manyi.core.waves import Overall
from manyi.papers.blocks import Block, Cell, Column, Paragraph, Section, Table, Tile, Tiles
from manyi.papers.words import DASH, Wave, count, limit, of_overall, points, share, signed

MOST_NAMED = 4


def summary(wave: Wave) -> Section:
    """The summary: figures at a glance, in words, and held against what was required."""
    title = wave.say("摘要", "Summary")
    overall = wave.result.overall
    if overall is None:
        none = wave.say("没有可统计的调查表，不能得出满意度。", "There is no sheet that counts, so there is no score.")
        return Section(title, (Paragraph(none),))
    blocks: list[Block] = [Tiles(tuple(_tiles(wave, overall))), Paragraph(_in_words(wave, overall))]
    rows = tuple(_judged(wave, overall))
    if rows:
        columns = (
            Column(wave.say("指标", "Figure"), 3), Column(wave.say("结果", "Result"), 1.5, figures=True),
            Column(wave.say("要求", "Required"), 1.6, figures=True), Column(wave.say("判定", "Verdict"), 1.3, centred=True),
            Column(wave.say("条款", "Clause"), 1.1, centred=True),
        )  # fmt: skip
        blocks.append(Table(wave.say("结果与要求", "Results and requirements"), columns, rows))
    blocks += [Paragraph(line, "point") for line in _glance(wave)]
    return Section(title, tuple(blocks))


def _tiles(wave: Wave, overall: Overall) -> Iterable[Tile]:
    result = wave.result
    yield Tile(wave.say("总体满意度", "Overall satisfaction"), points(overall.value), wave.say("满分 100", "of 100"))
    target, before = of_overall(result.data.targets), of_overall(result.data.previous)
    if target is not None:
        yield _difference(wave.say("与目标值相比", "Against target"), wave.say("目标", "target"), overall.value, target)
    if before is not None:
        yield _difference(wave.say("与上次相比", "Against last time"), wave.say("上次", "then"), overall.value, before)
    yield Tile(wave.say("调查表", "Sheets counted"), count(result.sheets), wave.say("份", ""))
    if result.returns.share is not None:
        remark = f"{result.returns.returned}/{result.returns.asked}"
        yield Tile(wave.say("回收率", "Return rate"), share(result.returns.share), remark)


def _difference(label: str, word: str, now: Fraction, then: Fraction) -> Tile:
    return Tile(label, signed(now - then), f"{word} {points(then)}", "good" if now >= then else "bad")


def _in_words(wave: Wave, overall: Overall) -> str:
    n, target, before = (
        count(wave.result.sheets),
        of_overall(wave.result.data.targets),
        of_overall(wave.result.data.previous),
    )
    zh = f"本次调查统计调查表 {n} 份，总体满意度 {points(overall.value)} 分"
    en = f"{n} sheets were counted; overall satisfaction is {points(overall.value)} of 100"
    if target is not None:
        zh += f"，{_beside_zh(overall.value, target, '目标值')}"
        en += f", {_beside_en(overall.value, target, 'the target')}"
    if before is not None:
        zh += f"，{_beside_zh(overall.value, before, '上次')}"
        en += f"{' and' if target is not None else ','} {_beside_en(overall.value, before, 'the previous result')}"
    if overall.method == "sales_weighted":
        zh += f"。总体满意度按各产品销售额加权，所含产品占全部销售额的 {share(overall.measured_share)}"
        en += f". It is weighted by sales; the products in it make {share(overall.measured_share)} of all sales"
    if wave.insight.interval is not None:
        low, high = wave.insight.interval
        zh += f"。总体满意度的 95% 区间为 {low:.1f} 至 {high:.1f} 分"
        en += f". The 95 % interval of the overall figure is {low:.1f} to {high:.1f}"
    return wave.say(zh + "。", en + ".")


def _beside_zh(now: Fraction, then: Fraction, what: str) -> str:
    if now == then:
        return f"与{what} {points(then)} 分持平"
    return f"{'高' if now > then else '低'}于{what} {points(then)} 分（{signed(now - then)}）"


def _beside_en(now: Fraction, then: Fraction, what: str) -> str:
    if now == then:
        return f"level with {what} of {points(then)}"
    return f"{'above' if now > then else 'below'} {what} of {points(then)} ({signed(now - then)})"


def _judged(wave: Wave, overall: Overall) -> Iterable[tuple[Cell | str, ...]]:
    clauses, data = wave.rules.clauses, wave.result.data
    for kind, then, zh, en in (
        ("below_target", of_overall(data.targets), "总体满意度与目标值", "Overall satisfaction and target"),
        (
            "below_previous",
            of_overall(data.previous),
            "总体满意度与上次结果",
            "Overall satisfaction and previous result",
        ),
    ):
        if then is not None and kind in clauses:
            met = wave.verdict(overall.value >= then)
            yield wave.say(zh, en), points(overall.value), f"≥ {points(then)}", met, clauses[kind]
    for row in wave.result.coverage:
        if row.limit is not None:
            title = wave.say(f"调查率：{wave.tier(row.tier)}", f"Coverage: {wave.tier(row.tier)}")
            yield title, share(row.share), limit(row.limit), wave.verdict(row.met), row.clause
    returns = wave.result.returns
    if returns.limit is not None:
        clause = clauses.get("return_below_floor", DASH)
        yield (
            wave.say("回收率", "Return rate"),
            share(returns.share),
            limit(returns.limit),
            wave.verdict(returns.met),
            clause,
        )


def _glance(wave: Wave) -> Iterable[str]:
    result = wave.result
    if result.lowest_products and len(result.products) > 1:
        named = {p.product: p.score.value for p in result.products}
        low = [wave.name(p) + _beside(wave, points(named[p])) for p in result.lowest_products if p in named]
        yield wave.say("满意度最低的产品：", "Lowest product: ") + _few(wave, low)
    if result.items:
        least = min(score.value for score in result.items.values())
        low = [
            wave.item(key) + _beside(wave, points(least)) for key, score in result.items.items() if score.value == least
        ]
        yield wave.say("得分最低的小项：", "Lowest item: ") + _few(wave, low)
    if result.declined:
        fell = [
            wave.subject(d.of, d.key, d.product) + _beside(wave, signed(d.now - d.previous)) for d in result.declined
        ]
        yield wave.say("比上次下降：", "Lower than last time: ") + _few(wave, fell)
    if result.unmeasured_products:
        missing = [wave.name(product) for product in result.unmeasured_products]
        yield wave.say("有销售而无调查表的产品：", "Products sold without a returned sheet: ") + _few(wave, missing)
    if result.data.written and "written_dissatisfaction" in wave.rules.clauses:
        n = len(result.data.written)
        yield wave.say(
            f"书面不满意意见 {n} 份，须书面答复", f"Written dissatisfaction on {n} sheets, each owed a written answer"
        )


def _beside(wave: Wave, figure: str) -> str:
    return wave.say(f"({figure})", f" ({figure})")


def _few(wave: Wave, names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return wave.join(names)
    return wave.join(names[:MOST_NAMED]) + wave.say(f" 等 {len(names)} 项", f" and {len(names) - MOST_NAMED} more")
