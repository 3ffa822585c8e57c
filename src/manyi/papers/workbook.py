"""The figures of a wave as a workbook: every figure as a number and, beside it, exactly as a fraction.

What was estimated, such as an interval, has no exact value and stands as a number alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter

from manyi.core.figures import exact
from manyi.core.forms import BLANK
from manyi.core.waves import Score
from manyi.papers.plain import plain
from manyi.papers.sections.insight import verdict
from manyi.papers.words import Wave, compared

Value = str | int | float | Fraction | None
Row = tuple[Value, ...]
LONGEST, MOST_ROWS, ABOUT = 32_000, 1_048_575, "~"


def as_workbook(wave: Wave) -> bytes:
    """The workbook; a ``Fraction`` fills two cells, the number and ``n/d``. Nothing in it is a formula or a link."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": plain(wave.text(wave.rules.report_title))[:255], "author": "Manyi"})
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#EDF1F5", "bottom": 1, "text_wrap": True, "valign": "top"}),
            "score": book.add_format({"num_format": "0.00"}), "share": book.add_format({"num_format": "0.0%"}),
            "exact": book.add_format({"font_color": "#5F6B78", "indent": 1}), "number": book.add_format({"num_format": "0.00##"}), "money": book.add_format({"num_format": "#,##0.00"}),
        }  # fmt: skip
        for title, heads, rows in _sheets(wave):
            _write(book.add_worksheet(title), looks, heads, rows, wave.say("精确值", "exact"))
    return made.getvalue()


def _write(sheet: Any, looks: dict[str, Any], heads: Sequence[str], rows: Iterable[Row], exactly: str) -> None:
    kinds = [head.rpartition("|")[2] if "|" in head else "" for head in heads]
    places, column = [], 0
    for head, kind in zip(heads, kinds, strict=True):
        places.append(column)
        sheet.write_string(0, column, head.rpartition("|")[0] if kind else head, looks["head"])
        sheet.set_column(column, column, 12 if kind else 22)
        if kind and not kind.startswith(ABOUT):
            sheet.write_string(0, column + 1, exactly, looks["head"])
            sheet.set_column(column + 1, column + 1, 18)
        column += 2 if kind and not kind.startswith(ABOUT) else 1
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MOST_ROWS:
            break
        for place, kind, value in zip(places, kinds, row, strict=True):
            _cell(sheet, last, place, value, looks, kind)
    if last:
        sheet.autofilter(0, 0, last, column - 1)


def _cell(sheet: Any, row: int, place: int, value: Value, looks: dict[str, Any], kind: str) -> None:
    if value is None:
        return
    if isinstance(value, Fraction):
        sheet.write_number(row, place, float(value), looks[kind])
        sheet.write_string(row, place + 1, exact(value)[:LONGEST], looks["exact"])
    elif isinstance(value, float):
        sheet.write_number(row, place, value, looks[kind.removeprefix(ABOUT)])
    elif isinstance(value, int):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, plain(value)[:LONGEST])


# ---- the sheets; a head "…|score", "…|share" or "…|money" takes fractions, "…|~share" an estimate -


def _sheets(wave: Wave) -> Iterable[tuple[str, tuple[str, ...], Iterable[Row]]]:
    say = wave.say
    yield (
        say("总览", "Overview"),
        (say("项目", "What"), say("内容", "Value"), say("分值", "Score") + "|score", say("占比", "Share") + "|share"),
        _overview(wave),
    )
    for maker in (
        _products,
        _dimensions,
        _items,
        _product_items,
        _grades,
        _coverage,
        _missing,
        _compared,
        _findings,
        _trust,
        _priorities,
        _contrasts,
        _notes,
        _left_out,
    ):
        title, heads, rows = maker(wave)
        if rows:
            yield title, heads, rows


def _overview(wave: Wave) -> Iterable[Row]:
    say, rules, result = wave.say, wave.rules, wave.result
    yield say("报告", "Report"), rules.report_title.in_(wave.lang), None, None
    yield say("程序", "Procedure"), rules.title.in_(wave.lang), None, None
    yield say("程序编号", "Code"), rules.code, None, None
    yield say("版本", "Revision"), rules.revision, None, None
    yield say("调查项目", "Programme"), rules.programme_title.in_(wave.lang), None, None
    yield say("年度", "Year"), result.year, None, None
    yield say("调查表", "Sheets counted"), result.sheets, None, None
    overall = result.overall
    if overall:
        yield say("总体满意度", "Overall satisfaction"), None, overall.value, None
        if rules.questionnaire.counts_as is not None:
            yield say("总体满意度(仅计已答)", "Overall, answered only"), None, overall.alternative, None
        ways = {
            "sales_weighted": say("按销售额加权", "weighted by sales"),
            "mean_of_sheets": say("调查表平均", "mean of sheets"),
        }
        yield say("计算方法", "Method"), ways[overall.method], None, None
        yield say("所含产品占全部销售额", "Share of sales behind it"), None, None, overall.measured_share
    yield say("发放(台账)", "Sent, by the ledger"), result.returns.asked, None, None
    yield say("收回(台账内)", "Returned, in the ledger"), result.returns.returned, None, None
    yield say("回收率", "Return rate"), None, None, result.returns.share
    if result.returns.limit:
        yield (
            say("回收率要求", "Return rate required"),
            wave.verdict(result.returns.met).text,
            None,
            result.returns.limit.value,
        )


Sheet = tuple[str, tuple[str, ...], list[Row]]


def _score_heads(wave: Wave) -> tuple[str, ...]:
    say = wave.say
    return (say("得分", "Score") + "|score", say("调查表", "Sheets"), say("未填写", "No answer"),
            say("不适用", "Not applicable"), say("仅计已答", "Answered only") + "|score")  # fmt: skip


def _score(score: Score) -> Row:
    return score.value, score.n, score.unanswered, score.not_applicable, score.alternative


def _products(wave: Wave) -> Sheet:
    say, result = wave.say, wave.result
    heads = (
        say("产品", "Product"),
        *_score_heads(wave),
        say("销售额", "Sales") + "|money",
        say("占比", "Share") + "|share",
    )
    rows: list[Row] = [(p.product, *_score(p.score), p.sales, p.sales_share) for p in result.products]
    sales = result.data.sales or {}
    total = sum(sales.values(), Fraction(0))
    rows += [(p, None, 0, None, None, None, sales[p], sales[p] / total) for p in result.unmeasured_products if total]
    return say("产品", "Products"), heads, rows


def _dimensions(wave: Wave) -> Sheet:
    form, scores, say = wave.rules.questionnaire, wave.result.dimensions, wave.say
    heads = (say("代码", "Key"), say("维度", "Dimension"), say("分值", "Points") + "|score", *_score_heads(wave))
    rows: list[Row] = [
        (d.key, d.title.in_(wave.lang), d.points, *_score(scores[d.key])) for d in form.dimensions if d.key in scores
    ]
    return say("维度", "Dimensions"), heads, rows


def _items(wave: Wave) -> Sheet:
    form, scores, say = wave.rules.questionnaire, wave.result.items, wave.say
    heads = (say("代码", "Key"), say("小项", "Item"), say("分值", "Points") + "|score", *_score_heads(wave))
    rows: list[Row] = [
        (i.key, i.title.in_(wave.lang), i.points, *_score(scores[i.key])) for i in form.items if i.key in scores
    ]
    return say("小项", "Items"), heads, rows


def _product_items(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("产品", "Product"), say("代码", "Key"), say("小项", "Item"), *_score_heads(wave))
    rows: list[Row] = [(p, i, wave.item(i), *_score(score)) for (p, i), score in wave.result.product_items.items()]
    return say("产品与小项", "Products and items"), heads, rows


def _grades(wave: Wave) -> Sheet:
    say, scale = wave.say, wave.rules.questionnaire.scale
    grades = [(g.key, wave.text(g.title)) for g in scale.grades] + [(BLANK, say("未填写", "No answer"))]
    grades += [(key, say("不适用", "Not applicable") + f" ({key})") for key in sorted(scale.missing)]
    heads = (say("代码", "Key"), say("小项", "Item"), *(title.replace("|", "/") for _, title in grades))
    rows: list[Row] = [
        (i.key, i.title.in_(wave.lang), *(wave.result.grades[i.key].get(key, 0) for key, _ in grades))
        for i in wave.rules.questionnaire.items if i.key in wave.result.grades
    ]  # fmt: skip
    return say("等级分布", "Grades"), heads, rows


def _coverage(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("顾客范围", "Customers"), say("条款", "Clause"), say("总数", "Population"), say("已调查", "Asked"),
             say("调查率", "Share") + "|share", say("要求", "Required") + "|share", say("判定", "Verdict"))  # fmt: skip
    rows: list[Row] = [
        (
            wave.tier(c.tier),
            c.clause,
            c.population,
            c.asked,
            c.share,
            c.limit.value if c.limit else None,
            wave.verdict(c.met).text,
        )
        for c in wave.result.coverage
    ]
    return say("调查率", "Coverage"), heads, rows


def _missing(wave: Wave) -> Sheet:
    say, names = wave.say, wave.result.data.names
    heads = (say("顾客范围", "Customers"), say("客户编号", "Customer no."), say("名称", "Name"))
    rows: list[Row] = [(wave.tier(row.tier), c, names.get(c, "")) for row in wave.result.coverage for c in row.missing]
    return say("未调查的顾客", "Not asked"), heads, rows


def _compared(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("对象", "Of"), say("代码", "Key"), say("产品", "Product"), say("本次", "Now") + "|score",
             say("目标值", "Target") + "|score", say("上次", "Previous") + "|score")  # fmt: skip
    rows: list[Row] = [(r.of, r.key, r.product, r.now, r.target, r.previous) for r in compared(wave)]
    return say("比较", "Comparison"), heads, rows


def _findings(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("条款", "Clause"), say("类别", "Kind"), say("对象", "Subject"), say("数值", "Figure") + "|number",
             say("限值", "Limit") + "|number", say("内容", "What was found"))  # fmt: skip
    rows: list[Row] = [
        (f.clause, f.kind, f.subject, f.value, f.limit, f.text.in_(wave.lang)) for f in wave.result.findings
    ]
    return say("需要关注", "Findings"), heads, rows


def _trust(wave: Wave) -> Sheet:
    say, found = wave.say, wave.insight
    rows: list[Row] = [(line.in_(wave.lang),) for line in (*found.certainty, *found.why)]
    return say("结果的可信程度", "How far to trust it"), (say("说明", "What to know"),), rows


def _priorities(wave: Wave) -> Sheet:
    say, found = wave.say, wave.insight.priorities
    heads = (say("代码", "Key"), say("小项", "Item"), say("比重", "Weight") + "|~share", say("95% 下限", "95 % from") + "|~share",
             say("95% 上限", "95 % to") + "|~share", say("得分", "Score") + "|~score", say("结论", "What follows"))  # fmt: skip
    rows: list[Row] = [
        (d.item, wave.item(d.item), d.importance, d.lower, d.upper, d.performance, verdict(wave, d).text)
        for d in sorted(found.drivers if found else (), key=lambda d: -d.importance)
    ]
    return say("改进的先后", "What to work on first"), heads, rows


def _contrasts(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("产品", "Product"), say("对照", "Against"), say("差", "Difference") + "|~score", say("95% 下限", "95 % from") + "|~score",
             say("95% 上限", "95 % to") + "|~score", say("p 值（Holm）", "p (Holm)") + "|~number", say("结论", "What follows"))  # fmt: skip
    against = {"target": say("目标值", "Target"), "previous": say("上次", "Previous")}
    rows: list[Row] = [
        (
            c.product, against[c.against], c.difference, c.lower, c.upper, c.p,
            say("超出偶然", "more than chance") if c.clear else say("仍在偶然范围之内", "within chance"),
        )
        for c in wave.insight.contrasts
    ]  # fmt: skip
    return say("产品的差异", "Products and chance"), heads, rows


def _notes(wave: Wave) -> Sheet:
    say, data, result = wave.say, wave.result.data, wave.result
    kinds: tuple[tuple[str, Sequence[str]], ...] = (
        (say("书面不满意意见", "Written dissatisfaction"), data.written), (say("超过期限收回", "Returned late"), data.late),
        (say("不在台账内", "Not in the ledger"), data.not_in_ledger), (say("日期早于本年度", "Dated before the year"), data.before_wave),
        (say("已调查但无销售", "Asked without sales"), result.outside_frame), (say("不属于任何分层", "In no tier"), result.uncovered),
    )  # fmt: skip
    rows: list[Row] = [(kind, number) for kind, numbers in kinds for number in numbers]
    return say("清单", "Lists"), (say("类别", "List"), say("表号或客户编号", "Sheet or customer no.")), rows


def _left_out(wave: Wave) -> Sheet:
    say = wave.say
    heads = (say("表", "Table"), say("行", "Row"), say("列", "Column"), say("原因", "Why"), say("处理", "What to do"))
    rows: list[Row] = [
        (f.table, f.row, f.column, f.message.in_(wave.lang), f.hint.in_(wave.lang)) for f in wave.result.data.left_out
    ]
    return say("未采用的行", "Left out"), heads, rows
