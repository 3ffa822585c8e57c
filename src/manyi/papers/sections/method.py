"""How every figure is computed, in words and as formulas, with the scale and the points that were used."""

from __future__ import annotations

from collections.abc import Iterable

from manyi.core.figures import shown
from manyi.papers.blocks import Block, Column, Paragraph, Section, Table
from manyi.papers.insight import ALPHA
from manyi.papers.words import Wave, share


def method(wave: Wave) -> Section:
    """The way from answers to figures, so that anybody with a calculator arrives at the same ones."""
    say, form = wave.say, wave.rules.questionnaire
    columns = (Column(say("等级", "Grade"), 2), Column(say("原始分数", "Raw score"), 1, figures=True))
    rows = tuple((wave.text(g.title), str(shown(g.score))) for g in sorted(form.scale.grades, key=lambda g: -g.score))
    blocks: list[Block] = [
        Paragraph(say("小项得分：全部调查表该小项原始分数的平均。", "Item score: the mean raw score of the item over all sheets.")),
        Paragraph("S(j) = Σ s(i, j) ÷ n", "formula"),
        Paragraph(
            say("维度得分、每份调查表和每个产品的满意度：小项得分按分值加权。",
                "Dimension, sheet and product: item scores weighted by their points.")
        ),
        Paragraph("P = Σ w(j) · S(j) ÷ Σ w(j)", "formula"),
        *_overall(wave),
        Paragraph(_blanks(wave)),
        *_rest(wave),
        *_trust(wave),
        Table(say("等级与原始分数（0–100）", "Grades and raw scores (0–100)"), columns, rows, narrow=True),
    ]  # fmt: skip
    return Section(say("计算方法", "How the figures are computed"), tuple(blocks))


def _overall(wave: Wave) -> Iterable[Block]:
    overall = wave.result.overall
    if overall is None:
        return
    if overall.method == "mean_of_sheets":
        zh = "总体满意度：全部调查表的平均"
        if wave.rules.weighted_by_sales:
            zh += "；没有可用的销售额，故未加权"
        en = "Overall: the mean of all sheets"
        if wave.rules.weighted_by_sales:
            en += "; no usable sales are known, so nothing is weighted"
        yield Paragraph(wave.say(zh + "。", en + "."))
        return
    zh = (f"总体满意度：各产品满意度按其销售额加权。只计有调查表的产品，其销售额占全部的 {share(overall.measured_share)}，"
          "比例在这些产品之间重新折算。")  # fmt: skip
    en = (f"Overall: product scores weighted by the products' sales. Only products with sheets are in it; they make "
          f"{share(overall.measured_share)} of all sales, and shares are renormalised over them.")  # fmt: skip
    yield Paragraph(wave.say(zh, en))
    yield Paragraph("A = Σ P(k) · V(k) ÷ Σ V(k)", "formula")


def _blanks(wave: Wave) -> str:
    form = wave.rules.questionnaire
    titles = {g.key: wave.text(g.title) for g in form.scale.grades}
    if form.counts_as is not None:
        grade = titles.get(form.counts_as, form.counts_as)
        zh = f"未填写的小项按“{grade}”计分；“仅计已答”为不计未填写时的结果，供对照"
        en = f"An item left empty counts as “{grade}”; “answered only” is the result without those, for comparison"
    else:
        zh, en = "未填写的小项不计入平均", "Items left empty are not in the mean"
    if form.scale.missing:
        zh, en = zh + ";“不适用”的答案不计入", en + "; answers that mean “not applicable” are never in it"
    return wave.say(zh + "。", en + ".")


def _rest(wave: Wave) -> Iterable[Block]:
    say = wave.say
    if wave.result.returns.asked is not None:
        yield Paragraph(
            say("回收率 = 收回且在台账内的调查表 ÷ 台账份数。没有收回的表不作为未填写，不参加计分；迟收的表照常计分并列出。",
                "Return rate = returned sheets that stand in the ledger ÷ sheets in the ledger. A sheet that never came "
                "back is not an empty one and has no score; a late sheet counts and is listed.")
        )  # fmt: skip
    if wave.result.coverage:
        yield Paragraph(
            say("调查率 = 已发放（台账中至少一份）的顾客数 ÷ 该范围内有销售的顾客数。",
                "Coverage = customers with at least one sheet in the ledger ÷ customers of the group.")
        )  # fmt: skip
    yield Paragraph(
        say("全部计算采用分数（精确值），只在显示时按四舍五入保留两位小数（百分比一位）；精确值见数据工作簿 figures.xlsx。",
            "All figures are exact fractions, rounded once, half up, where they are shown (scores to two decimals, "
            "shares to one of a per cent); the exact values are in the workbook figures.xlsx.")
    )  # fmt: skip


def _trust(wave: Wave) -> Iterable[Block]:
    """How the interval, the weights of the items and the verdicts on products are made, as far as they are told."""
    found, zh, en = wave.insight, "", ""
    if found.interval is not None:
        zh += ("95% 区间 = A ± t · √(Σ v² · (1 − n ÷ N) · s² ÷ n)，v 为产品的销售额占比（不加权时全部调查表合为一组），"
               "n 为其调查表数，s² 为各表满意度的方差，N 为其顾客约数（不详时不作修正），t 的自由度按 Satterthwaite；"
               "前提是答复与否同满意与否无关。")  # fmt: skip
        en += ("The 95 % interval is A ± t · √(Σ v² · (1 − n ÷ N) · s² ÷ n): v a product's share of sales (without weights "
               "all sheets are one group), n its sheets, s² the variance of their scores, N about how many customers it has "
               "(not corrected where unknown), degrees of freedom after Satterthwaite. It supposes that answering has "
               "nothing to do with being satisfied. ")  # fmt: skip
    if found.priorities is not None:
        zh += ("各小项的比重为 LMG 分解：该小项加入时可解释的差异，对所有加入次序取平均，合计为 100%；"
               "其 95% 区间由对调查表反复有放回抽样得出。")  # fmt: skip
        en += ("An item's weight is its LMG share: what it adds to the differences explained, averaged over all orders in "
               "which items can be added; the weights make 100 %. Its 95 % interval comes from drawing the sheets anew, "
               "with replacement, many times. ")  # fmt: skip
    if found.contrasts:
        zh += f"各产品与目标值、上次之差共 {len(found.contrasts)} 项同时检验，按 Holm 法调整，总的误判机会不超过 {ALPHA:.0%}。"
        en += (f"The {len(found.contrasts)} differences of products from target and last time are tested together and "
               f"adjusted (Holm): the chance of any false alarm among them is at most {ALPHA:.0%}.")  # fmt: skip
    if zh:
        yield Paragraph(wave.say(zh, en.strip()))
