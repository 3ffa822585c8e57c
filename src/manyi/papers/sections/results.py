"""The scores: by product, dimension and item, how the answers are spread, and every product's items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from manyi.core.figures import shown
from manyi.core.forms import BLANK
from manyi.core.waves import Score
from manyi.papers.blocks import Block, Cell, Chart, Column, Heading, Paragraph, Section, Spec, Table
from manyi.papers.insight import CAUTIOUS
from manyi.papers.plain import cut
from manyi.papers.sections.survey import rest
from manyi.papers.words import DASH, Wave, count, money, points, share

MOST_PRODUCTS, PRODUCTS_ACROSS, GRADES_ACROSS, HEAD_LENGTH = 40, 6, 7, 24


def results(wave: Wave, charts: dict[str, Spec]) -> Section:
    """The results; parts without figures are left out."""
    blocks: list[Block] = []
    parts = (
        ("products", _products(wave)),
        ("dimensions", _dimensions(wave)),
        ("items", _items(wave)),
        ("grades", _grades(wave)),
    )
    titles = {
        "products": wave.say("按产品", "By product"), "dimensions": wave.say("按维度", "By dimension"),
        "items": wave.say("按小项", "By item"), "grades": wave.say("等级分布", "Spread of the answers"),
    }  # fmt: skip
    for key, part in parts:
        found = list(part)
        if found:
            drawn = [Chart(charts[key]["description"], key, charts[key])] if key in charts else []
            blocks += [Heading(titles[key]), *found[:1], *drawn, *found[1:]]
    matrix = list(_matrix(wave))
    if matrix:
        blocks += [Heading(wave.say("产品 × 小项", "Products and items")), *matrix]
    if not blocks:
        blocks = [Paragraph(wave.say("没有可统计的结果。", "There are no results to tell."))]
    return Section(wave.say("调查结果", "Results"), tuple(blocks))


def _products(wave: Wave) -> Iterable[Block]:
    result = wave.result
    if not result.products:
        return
    weighed = any(p.sales is not None for p in result.products)
    columns = [Column(wave.say("产品", "Product"), 2.6), Column(wave.say("满意度", "Score"), 1, figures=True),
               Column(wave.say("调查表", "Sheets"), 1, figures=True)]  # fmt: skip
    if weighed:
        columns += [Column(wave.say("销售额（元）", "Sales (CNY)"), 1.7, figures=True),
                    Column(wave.say("占全部销售额", "Share of sales"), 1.4, figures=True)]  # fmt: skip
    columns.append(Column(wave.say("最低小项", "Lowest item"), 2.4))
    rows: list[tuple[Cell | str, ...]] = []
    for p in sorted(result.products, key=lambda p: (-(p.sales or 0), p.product)):
        low = wave.join([wave.item(key) for key in result.lowest_items.get(p.product, ())][:3])
        lowest = p.product in result.lowest_products and p.score.n >= CAUTIOUS
        score = Cell(points(p.score.value), strong=lowest)
        sales = (money(p.sales), share(p.sales_share)) if weighed else ()
        rows.append((wave.name(p.product), score, count(p.score.n), *sales, low or DASH))
    total = sum((result.data.sales or {}).values(), Fraction(0))
    for name in result.unmeasured_products:
        amount = (result.data.sales or {})[name]
        rows.append(
            (
                wave.name(name),
                wave.say("未测", "none"),
                "0",
                money(amount),
                share(amount / total if total else None),
                DASH,
            )
        )
    yield Table(wave.say("各产品的满意度", "Satisfaction by product"), tuple(columns), tuple(rows[:MOST_PRODUCTS]))
    yield from rest(wave, len(rows), MOST_PRODUCTS)


def _dimensions(wave: Wave) -> Iterable[Block]:
    form, scores = wave.rules.questionnaire, wave.result.dimensions
    parts = [
        (wave.text(d.title), shown(d.points, 0 if d.points.denominator == 1 else 2), scores[d.key])
        for d in form.dimensions
        if d.key in scores
    ]
    if parts:
        titles = [wave.say("维度", "Dimension")]
        rows = [((title,), str(weight), score) for title, weight, score in parts]
        yield _scores(wave, wave.say("各维度得分", "Scores by dimension"), titles, rows)


def _items(wave: Wave) -> Iterable[Block]:
    form, scores = wave.rules.questionnaire, wave.result.items
    dimensions = {d.key: wave.text(d.title) for d in form.dimensions}
    items = [item for item in form.items if item.key in scores]
    if not items:
        return
    titles = [wave.say("小项", "Item")] + ([wave.say("维度", "Dimension")] if dimensions else [])
    rows = []
    for item in items:
        names = (
            (wave.text(item.title), dimensions.get(item.dimension, DASH)) if dimensions else (wave.text(item.title),)
        )
        weight = str(shown(item.points, 0 if item.points.denominator == 1 else 2))
        rows.append((names, weight, scores[item.key]))
    yield _scores(wave, wave.say("各小项得分", "Scores by item"), titles, rows)
    unscored = [wave.item(item.key) for item in form.items if item.key not in scores]
    if unscored:
        yield Paragraph(wave.say("无人作答的小项：", "Items nobody answered: ") + wave.join(unscored), "note")


def _scores(wave: Wave, caption: str, titles: list[str], rows: Sequence[tuple[tuple[str, ...], str, Score]]) -> Table:
    """Points, score, what was left empty; the alternative without blanks where blanks count as a grade."""
    form = wave.rules.questionnaire
    graded = form.counts_as is not None
    columns = [Column(title, 2.4) for title in titles]
    columns += [Column(wave.say("分值", "Points"), 0.9, figures=True), Column(wave.say("得分", "Score"), 1, figures=True),
                Column(wave.say("未填写", "No answer"), 1, figures=True)]  # fmt: skip
    if form.scale.missing:
        columns.append(Column(wave.say("不适用", "Not applicable"), 1, figures=True))
    if graded:
        columns.append(Column(wave.say("仅计已答", "Answered only"), 1.2, figures=True))
    least = min(score.value for _, _, score in rows) if wave.result.sheets >= CAUTIOUS else None
    told: list[tuple[Cell | str, ...]] = []
    for names, weight, score in rows:
        value = Cell(points(score.value), strong=score.value == least)
        row: list[Cell | str] = [*names, weight, value, count(score.unanswered)]
        row += [count(score.not_applicable)] if form.scale.missing else []
        row += [points(score.alternative)] if graded else []
        told.append(tuple(row))
    return Table(caption, tuple(columns), tuple(told))


def _grades(wave: Wave) -> Iterable[Block]:
    form, grades = wave.rules.questionnaire, wave.result.grades
    items = [item for item in form.items if sum(grades.get(item.key, {}).values())]
    if not items:
        return
    heads = [(g.key, wave.text(g.title)) for g in sorted(form.scale.grades, key=lambda g: -g.score)]
    heads += [(BLANK, wave.say("未填写", "No answer"))] + [
        (key, wave.say("不适用", "N/A")) for key in sorted(form.scale.missing)
    ]
    columns = (Column(wave.say("小项", "Item"), 2.4 if len(heads) <= GRADES_ACROSS else 4),
               *(Column(title, 1, figures=True) for _, title in heads))  # fmt: skip
    rows = tuple((wave.item(i.key), *(count(grades[i.key].get(key, 0)) for key, _ in heads)) for i in items)
    yield Table(wave.say("各等级的答案数", "Number of answers by grade"), columns, rows)


def _matrix(wave: Wave) -> Iterable[Block]:
    result = wave.result
    products = [p.product for p in sorted(result.products, key=lambda p: (-(p.sales or 0), p.product))][:MOST_PRODUCTS]
    if len(products) < 2:
        return
    items = [item.key for item in wave.rules.questionnaire.items if item.key in result.items]
    for first in range(0, len(products), PRODUCTS_ACROSS):
        across = products[first : first + PRODUCTS_ACROSS]
        columns = (
            Column(wave.say("小项", "Item"), 2.2),
            *(Column(cut(p, HEAD_LENGTH), 1.1, figures=True) for p in across),
        )
        rows: list[tuple[Cell | str, ...]] = [
            (wave.item(key), *(_of_product(wave, p, key) for p in across)) for key in items
        ]
        caption = wave.say(
            f"各产品的小项得分（粗体为该产品最低，调查表少于 {CAUTIOUS} 份的不标）",
            f"Item scores of every product (its lowest in bold from {CAUTIOUS} sheets on)",
        )
        yield Table(caption, columns, tuple(rows))
    yield from rest(wave, len(result.products), MOST_PRODUCTS)


def _of_product(wave: Wave, product: str, item: str) -> Cell:
    score = wave.result.product_items.get((product, item))
    lowest = item in wave.result.lowest_items.get(product, ())
    enough = any(p.product == product and p.score.n >= CAUTIOUS for p in wave.result.products)
    return Cell(points(score.value) if score else DASH, strong=lowest and enough)
