"""What calls for action: figures below target or last time, the focus lists, what customers wrote."""

from __future__ import annotations

from collections.abc import Iterable

from manyi.core.waves import FINDING_KINDS
from manyi.papers.blocks import Cell, Chart, Column, Paragraph, Section, Spec, Table
from manyi.papers.plain import cut
from manyi.papers.sections.survey import rest
from manyi.papers.words import DASH, Wave, compared, points, signed

MOST_COMPARED, MOST_FINDINGS, MOST_SHEETS, MOST_FAULTS = 60, 60, 120, 30


def comparison(wave: Wave, charts: dict[str, Spec]) -> Section | None:
    """Figures beside their target and previous value; ``None`` where neither is known."""
    rows = compared(wave)
    if not rows:
        return None
    columns = (
        Column(wave.say("对象", "Figure"), 3), Column(wave.say("本次", "Now"), 1, figures=True),
        Column(wave.say("目标值", "Target"), 1, figures=True), Column(wave.say("与目标差", "Difference"), 1.2, figures=True),
        Column(wave.say("上次", "Previous"), 1, figures=True), Column(wave.say("与上次差", "Difference"), 1.2, figures=True),
        Column(wave.say("判定", "Verdict"), 2.1),
    )  # fmt: skip
    told: list[tuple[Cell | str, ...]] = []
    for row in rows[:MOST_COMPARED]:
        cells: list[Cell | str] = [wave.subject(row.of, row.key, row.product), points(row.now)]
        for then in (row.target, row.previous):
            both = row.now is not None and then is not None
            cells += [
                points(then),
                signed(row.now - then) if both and row.now is not None and then is not None else DASH,
            ]
        low = [row.now is not None and then is not None and row.now < then for then in (row.target, row.previous)]
        told.append((*cells, _judged(wave, row.now is None, *low)))
    table = Table(
        wave.say("与目标值、上次结果的比较", "Beside the target and the previous result"), columns, tuple(told)
    )
    drawn = (
        [Chart(charts["comparison"]["description"], "comparison", charts["comparison"])]
        if "comparison" in charts
        else []
    )
    return Section(wave.say("与目标值和上次结果的比较", "Comparison with target and previous wave"),
                   (table, *rest(wave, len(rows), MOST_COMPARED), *beyond_chance(wave), *drawn))  # fmt: skip


def beyond_chance(wave: Wave) -> Iterable[Paragraph]:
    """How many of the products below their target, or last time, are so by more than chance."""
    tested = len(wave.insight.contrasts)
    for against, zh, en in (("target", "低于目标值", "below target"), ("previous", "低于上次", "below last time")):
        low = {
            row.key for row in compared(wave)
            if row.of == "product" and row.now is not None
            and (then := row.target if against == "target" else row.previous) is not None and row.now < then
        }  # fmt: skip
        known = {one.product: one for one in wave.insight.contrasts if one.against == against and one.product in low}
        if not low or not tested:
            continue
        clear = [wave.name(name) for name, one in known.items() if one.clear]
        named_zh, named_en = (f"（{wave.join(clear)}）", f" ({wave.join(clear)})") if clear else ("", "")
        dark = len(low) - len(known)
        dark_zh = f"；{dark} 种的误差不详，不能判断" if dark else ""
        dark_en = f"; for {dark} the error is not known" if dark else ""
        yield Paragraph(
            wave.say(
                f"{zh}的 {len(low)} 种产品中，{len(clear)} 种超出偶然{named_zh}（Holm，共 {tested} 项比较）{dark_zh}。",
                f"Products {en}: {len(low)}, of them {len(clear)} by more than chance{named_en} "
                f"(Holm, comparisons: {tested}){dark_en}.",
            ),
            "point",
        )


def _judged(wave: Wave, unknown: bool, below_target: bool, below_previous: bool) -> Cell:
    if unknown:
        return Cell(wave.say("本次未测", "not measured"))
    words = [wave.say("低于目标", "below target")] if below_target else []
    words += [wave.say("低于上次", "below previous")] if below_previous else []
    return Cell(wave.join(words), "bad", strong=True) if words else Cell(wave.say("未下降", "kept"), "good")


def attention(wave: Wave) -> Section:
    """Every finding with the clause that calls for it, kind by kind."""
    title = wave.say("需要关注的事项", "Points of attention")
    kinds = _kinds(wave)
    found = sorted(wave.result.findings, key=lambda f: FINDING_KINDS.index(f.kind))
    if not found:
        return Section(
            title, (Paragraph(wave.say("按程序规定，没有需要关注的事项。", "The procedure calls for nothing here.")),)
        )
    columns = (
        Column(wave.say("条款", "Clause"), 1),
        Column(wave.say("类别", "Kind"), 2.2),
        Column(wave.say("内容", "What was found"), 6),
    )
    rows = tuple((f.clause, kinds[f.kind], wave.sentence(f.text)) for f in found[:MOST_FINDINGS])
    table = Table(wave.say("需要关注的事项", "Points of attention"), columns, rows)
    return Section(title, (table, *rest(wave, len(found), MOST_FINDINGS)))


def _kinds(wave: Wave) -> dict[str, str]:
    say = wave.say
    return {
        "below_target": say("低于目标值", "Below target"), "below_previous": say("低于上次", "Below previous"),
        "coverage_below_floor": say("调查率不足", "Coverage too low"), "return_below_floor": say("回收率不足", "Too few returned"),
        "unmeasured_product": say("未测产品", "Not measured"), "lowest_item": say("最低小项", "Lowest item"),
        "lowest_product": say("最低产品", "Lowest product"), "written_dissatisfaction": say("书面不满意", "Written dissatisfaction"),
        "declined": say("比上次下降", "Fell since last time"),
    }  # fmt: skip


def written(wave: Wave) -> Section | None:
    """The sheets on which customers wrote what dissatisfies them; ``None`` where the procedure does not ask."""
    sheets = wave.result.data.written
    clause = wave.rules.clauses.get("written_dissatisfaction")
    if clause is None:
        return None
    title = wave.say("书面不满意意见", "Written dissatisfaction")
    if not sheets:
        return Section(title, (Paragraph(wave.say("没有书面不满意意见。", "Nothing was written.")),))
    zh = f"下列 {len(sheets)} 份调查表在“{wave.text(wave.rules.comment_title)}”栏写有意见（条款 {clause}），须书面答复。内容见原表。"
    en = (f"{len(sheets)} sheets carry words under “{wave.text(wave.rules.comment_title)}” (clause {clause}) and are owed "
          "a written answer. The words stand on the sheets themselves.")  # fmt: skip
    numbers = Paragraph(wave.join([cut(no, 24) for no in sheets[:MOST_SHEETS]]))
    return Section(title, (Paragraph(wave.say(zh, en)), numbers, *rest(wave, len(sheets), MOST_SHEETS)))


def left_out(wave: Wave) -> Section | None:
    """Rows that were left out and other notes on the input; ``None`` where there is nothing to note."""
    data, result = wave.result.data, wave.result
    blocks: list[Paragraph | Table] = []
    for numbers, zh, en in (
        (data.not_in_ledger, "不在发放台账内的调查表", "Sheets that stand in no ledger"),
        (data.late, "超过期限收回的调查表", "Sheets returned late"),
        (data.before_wave, "日期早于本年度的调查表", "Sheets dated before the wave's year"),
        (result.outside_frame, "已调查但本年度无销售的顾客", "Customers asked without sales in the year"),
        (result.uncovered, "不属于任何分层的顾客", "Customers in no tier"),
    ):
        if numbers:
            listed = wave.join([cut(no, 24) for no in numbers[:MOST_FAULTS]])
            more = wave.say(f" 等 {len(numbers)} 项", f" … {len(numbers)} in all") if len(numbers) > MOST_FAULTS else ""
            blocks.append(
                Paragraph(wave.say(f"{zh}({len(numbers)}):", f"{en} ({len(numbers)}): ") + listed + more, "point")
            )
    if data.left_out:
        columns = (Column(wave.say("表", "Table"), 1.4), Column(wave.say("行", "Row"), 0.7, figures=True),
                   Column(wave.say("列", "Column"), 1.5), Column(wave.say("原因", "Why"), 5))  # fmt: skip
        rows = tuple(
            (
                wave.name(f.table),
                DASH if f.row is None else str(f.row),
                wave.name(f.column) or DASH,
                wave.sentence(f.message),
            )
            for f in data.left_out[:MOST_FAULTS]
        )
        blocks.append(Table(wave.say("未采用的行", "Rows left out"), columns, rows))
        blocks += rest(wave, len(data.left_out), MOST_FAULTS)
    return Section(wave.say("说明与未采用的数据", "Notes and rows left out"), tuple(blocks)) if blocks else None
