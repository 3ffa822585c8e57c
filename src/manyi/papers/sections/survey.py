"""How the survey was made: who belongs to it, who was asked, what came back."""

from __future__ import annotations

from collections.abc import Iterable

from manyi.core.steps import StepRule
from manyi.core.waves import Returns
from manyi.papers.blocks import Block, Chart, Column, Heading, Paragraph, Section, Spec, Table
from manyi.papers.words import DASH, Wave, count, limit, share

MOST_MISSING = 20
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年", "hour": "小时"}


def survey(wave: Wave, charts: dict[str, Spec]) -> Section:
    """The survey: its questionnaire, its schedule, its population and how far this was asked."""
    blocks: list[Block] = [Paragraph(_about(wave))]
    if wave.rules.steps:
        columns = (Column(wave.say("条款", "Clause"), 1), Column(wave.say("步骤", "Step"), 4),
                   Column(wave.say("规定时间", "Time set"), 2.4))  # fmt: skip
        rows = tuple((step.clause or DASH, wave.text(step.title), _when(wave, step)) for step in wave.rules.steps)
        blocks.append(Table(wave.say("程序规定的步骤", "Steps set by the procedure"), columns, rows))
    if wave.result.coverage:
        blocks += [Heading(wave.say("调查率", "Coverage")), *_coverage(wave)]
        if "coverage" in charts:
            blocks.append(Chart(charts["coverage"]["description"], "coverage", charts["coverage"]))
        blocks += _missing(wave)
    return Section(wave.say("调查方法与范围", "How the survey was made"), tuple(blocks))


def _about(wave: Wave) -> str:
    rules, result = wave.rules, wave.result
    form = rules.questionnaire
    zh = f"采用《{wave.text(form.title)}》，共 {len(form.items)} 个小项"
    en = f"The form is “{wave.text(form.title)}” with {len(form.items)} items"
    if form.dimensions:
        zh, en = zh + f"、{len(form.dimensions)} 个维度", en + f" in {len(form.dimensions)} dimensions"
    if rules.per_product:
        zh, en = zh + "，按产品发放", en + ", sent per product"
    if rules.channels:
        names = wave.join([wave.text(title) for _, title in rules.channels])
        zh, en = zh + f"；发放方式：{names}", en + f". Ways of sending: {names}"
    if result.data.asked_rows is not None and result.data.asked is not None:
        zh += f"。发放台账共 {result.data.asked_rows} 份，涉及顾客 {len(result.data.asked)} 家"
        en += f". The dispatch ledger holds {result.data.asked_rows} sheets to {len(result.data.asked)} customers"
    return wave.say(zh + "。", en + ".")


def _when(wave: Wave, step: StepRule) -> str:
    if step.yearly is not None:
        month, day = step.yearly.month, step.yearly.day
        return wave.say(f"{month} 月 {day} 日前", f"by {month:02}-{day:02}")
    if step.within is not None:
        n, unit = step.within.amount, step.within.unit
        titles = {s.key: wave.text(s.title) for s in wave.rules.steps}
        start = titles.get(step.counted_from, "")
        zh = f"{n} {_UNITS.get(unit, unit)}内" + (f"（自“{start}”起）" if start else "")
        en = f"within {n} {unit}{'s' if n != 1 else ''}" + (f" of “{start}”" if start else "")
        return wave.say(zh, en)
    return wave.say("本期内", "within the period")


def _coverage(wave: Wave) -> Iterable[Block]:
    columns = (
        Column(wave.say("顾客范围", "Customers"), 2.2), Column(wave.say("条款", "Clause"), 1.1),
        Column(wave.say("总数", "Population"), 1.3, figures=True), Column(wave.say("已调查", "Asked"), 1, figures=True),
        Column(wave.say("调查率", "Share"), 1.1, figures=True), Column(wave.say("要求", "Required"), 1.3, figures=True),
        Column(wave.say("判定", "Verdict"), 1.1, centred=True), Column(wave.say("未调查", "Not asked"), 1.1, figures=True),
    )  # fmt: skip
    rows = tuple(
        (wave.tier(row.tier), row.clause or DASH, count(row.population), DASH if row.asked is None else count(row.asked),
         share(row.share), limit(row.limit), wave.verdict(row.met), DASH if row.asked is None else count(len(row.missing)))
        for row in wave.result.coverage
    )  # fmt: skip
    yield Table(wave.say("各范围的调查率", "Coverage by group of customers"), columns, rows)
    if wave.result.data.asked is None:
        yield Paragraph(
            wave.say("未提供发放台账，不能判定调查率。", "Without a dispatch ledger coverage cannot be judged."), "note"
        )


def _missing(wave: Wave) -> Iterable[Block]:
    names = wave.result.data.names
    tiers = {tier.key for tier in wave.rules.tiers}
    missing = [(row.tier, c) for row in wave.result.coverage if row.tier in tiers or not tiers for c in row.missing]
    if not missing:
        return
    columns = (Column(wave.say("顾客范围", "Customers"), 2), Column(wave.say("客户编号", "Customer no."), 2),
               Column(wave.say("名称", "Name"), 4))  # fmt: skip
    rows = tuple((wave.tier(t), wave.name(c), wave.name(names.get(c, "")) or DASH) for t, c in missing[:MOST_MISSING])
    yield Table(wave.say("未调查的顾客", "Customers not asked"), columns, rows)
    yield from rest(wave, len(missing), MOST_MISSING)


def rest(wave: Wave, n: int, told: int) -> Iterable[Paragraph]:
    """That a list was cut, by how much, and where the whole of it stands."""
    if n > told:
        zh = f"共 {n} 项，此处列出前 {told} 项；全部见数据工作簿 figures.xlsx。"
        yield Paragraph(wave.say(zh, f"The first {told} of {n}; all are in the workbook figures.xlsx."), "note")


def returns(wave: Wave) -> Section | None:
    """What came back, what came late and what stands in no ledger; ``None`` where nothing is known of it."""
    result, data = wave.result, wave.result.data
    late, strangers, before = len(data.late), len(data.not_in_ledger), len(data.before_wave)
    if result.returns.asked is None and not (late or strangers or before):
        return None
    columns = (Column(wave.say("项目", "Figure"), 4), Column(wave.say("数量", "Number"), 1.5, figures=True))
    rows = [(wave.say("统计的调查表", "Sheets counted"), count(result.sheets))]
    if result.returns.asked is not None:
        rows.insert(0, (wave.say("发放（台账）", "Sent, by the ledger"), count(result.returns.asked)))
        rows.append(
            (wave.say("其中在台账内（计入回收）", "Of these in the ledger (returned)"), count(result.returns.returned))
        )
        rows.append((wave.say("回收率", "Return rate"), share(result.returns.share)))
        rows.append(
            (
                wave.say("不在台账内（计分，不计回收）", "Not in the ledger (scored, not counted as returned)"),
                count(strangers),
            )
        )
    rows.append((wave.say("超过规定期限收回（计分）", "Returned after the time set (scored)"), count(late)))
    if before:
        rows.append((wave.say("日期早于本年度", "Dated before the wave's year"), count(before)))
    table = Table(wave.say("发放与回收", "Sent and returned"), columns, tuple(rows), narrow=True)
    return Section(wave.say("回收情况", "Returns"), (Paragraph(_judgement(wave, result.returns)), table))


def _judgement(wave: Wave, made: Returns) -> str:
    if made.share is None:
        return wave.say("未提供发放台账，不能计算回收率。", "Without a dispatch ledger there is no return rate.")
    zh = f"发放 {made.asked} 份，收回 {made.returned} 份，回收率 {share(made.share)}"
    en = f"{made.returned} of {made.asked} sheets came back, a return rate of {share(made.share)}"
    if made.limit is not None:
        clause = wave.rules.clauses.get("return_below_floor", "")
        verdict = wave.verdict(made.met).text
        zh += f"；要求 {limit(made.limit)}" + (f"（条款 {clause}）" if clause else "") + f"，{verdict}"
        en += f"; required {limit(made.limit)}" + (f" (clause {clause})" if clause else "") + f": {verdict.lower()}"
    return wave.say(zh + "。", en + ".")
