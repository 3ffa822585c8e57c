"""How far a wave's figures can be trusted, in the report and in the workbook: told where it is known, in both tongues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.papers.test_report import HAN, cells, texts
from tests.papers.test_workbook import sheets

from manyi.core.text import Lang, Text
from manyi.core.waves import WaveResult, WaveRules, Yardstick
from manyi.papers.blocks import Table
from manyi.papers.insight import CAUTIOUS, NONE, Contrast, Driver, Insight, Priorities
from manyi.papers.report import build_report
from manyi.papers.words import Wave
from manyi.papers.workbook import as_workbook

Told = tuple[WaveRules, WaveResult]


@pytest.fixture
def insight(told: Told) -> Insight:
    keys = told[0].questionnaire.item_keys[:2]
    drivers = (
        Driver(keys[0], 0.25, 0.1, 0.4, 71.5, "keep up", False),
        Driver(keys[1], 0.75, 0.6, 0.9, 62.5, "concentrate", False),
    )
    return Insight(
        (Text("总体 77.0 分", "Overall 77.0"),), Priorities(63, 0.5, 67.0, drivers), None, (Text("字数太少", "Too few words"),),
        (71.26, 82.74), (Contrast("Ball valve", "previous", -9.5, -15.0, -4.0, 0.003),),
    )  # fmt: skip


def said(told: Told, lang: Lang, insight: Insight) -> str:
    return "\n".join(texts(build_report(*told, lang, insight=insight)))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "总体满意度的 95% 区间为 71.3 至 82.7 分"),
        ("en", "The 95 % interval of the overall figure is 71.3 to 82.7."),
    ],
)
def test_the_summary_names_the_interval_where_there_is_one(
    told: Told, insight: Insight, lang: Lang, words: str
) -> None:
    assert words in said(told, lang, insight)
    assert words[:-12] not in said(told, lang, NONE)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("Satterthwaite", "LMG 分解：", "按 Holm 法调整")), ("en", ("after Satterthwaite", "LMG share", "(Holm): the chance"))],
)  # fmt: skip
def test_the_method_is_told_for_what_is_told(told: Told, insight: Insight, lang: Lang, words: tuple[str, ...]) -> None:
    def method(insight: Insight) -> list[str]:
        section = build_report(*told, lang, insight=insight).sections
        title = {"zh": "计算方法", "en": "How the figures are computed"}[lang]
        blocks = next(part.blocks for part in section if part.title == title)
        return [
            block.text
            for block in blocks
            if getattr(block, "text", "").count("A ± t") or "LMG" in getattr(block, "text", "")
        ]

    (paragraph,) = method(insight)
    assert all(word in paragraph for word in words)
    assert method(NONE) == []
    (paragraph,) = method(replace(insight, interval=None))
    assert "A ± t" not in paragraph
    assert words[1] in paragraph
    if lang == "en":
        assert not HAN.search(paragraph)


@pytest.mark.parametrize(
    ("lang", "trust", "first", "off", "verdict", "clear"),
    [("zh", "结果的可信程度", "改进的先后", "产品的差异", "优先改进", "超出偶然"),
     ("en", "How far to trust it", "What to work on first", "Products and chance", "Improve first", "more than chance")],
)  # fmt: skip
def test_the_workbook_carries_it(
    told: Told, insight: Insight, lang: Lang, trust: str, first: str, off: str, verdict: str, clear: str
) -> None:
    book = sheets(as_workbook(Wave(*told, lang, insight)))
    assert [row[0] for row in book[trust][1:]] == [line.in_(lang) for line in (*insight.certainty, *insight.why)]
    heaviest = book[first][1]
    assert heaviest[0] == told[0].questionnaire.item_keys[1]
    assert heaviest[2:] == [0.75, 0.6, 0.9, 62.5, verdict]
    assert book[off][1][2:] == [-9.5, -15.0, -4.0, 0.003, clear]
    assert not {trust, first, off} & sheets(as_workbook(Wave(*told, lang))).keys()


def fallen(told: Told) -> Told:
    """The wave with every product lower than last time."""
    rules, result = told
    then = tuple(Yardstick("product", p.product, "", Fraction(100)) for p in result.products)
    return rules, replace(result, data=replace(result.data, previous=then, targets=()))


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "低于上次的 2 种产品中，{n} 种超出偶然{names}（Holm，共 1 项比较）；1 种的误差不详，不能判断。"),
     ("en", "Products below last time: 2, of them {n} by more than chance{names} (Holm, comparisons: 1); for 1 the error is not known.")],
)  # fmt: skip
def test_the_products_that_fell_by_more_than_chance_are_told(
    told: Told, insight: Insight, lang: Lang, words: str
) -> None:
    wave = fallen(told)
    assert [p.product for p in wave[1].products] == ["Ball valve", "Gate valve"]
    named = {"zh": "（Ball valve）", "en": " (Ball valve)"}[lang]
    assert words.format(n=1, names=named) in said(wave, lang, insight)
    chance = replace(insight, contrasts=(replace(insight.contrasts[0], p=0.2),))
    assert words.format(n=0, names="") in said(wave, lang, chance)
    assert "Holm" not in said(wave, lang, NONE)


def test_a_product_with_few_sheets_has_nothing_in_bold(wave_of: Callable[..., Told]) -> None:
    rules, result = wave_of("P12", ["Ball valve", "Gate valve"])
    few = build_report(rules, result, "zh")
    assert result.sheets < CAUTIOUS
    assert bold(few) == set()
    assert any("最低" in f.text.zh for f in result.findings)  # the procedure's finding stays
    enough = replace(
        result, sheets=60, products=tuple(replace(p, score=replace(p.score, n=CAUTIOUS)) for p in result.products)
    )
    tables = bold(build_report(rules, enough, "zh"))
    assert {"各产品的满意度", "各小项得分", "各产品的小项得分（粗体为该产品最低，调查表少于 30 份的不标）"} <= tables
    assert "in bold from 30 sheets on" in "\n".join(texts(build_report(rules, enough, "en")))


def bold(report) -> set[str]:  # type: ignore[no-untyped-def]
    """The captions of the tables of results that have something in bold."""
    part = next(section for section in report.sections if section.title == "调查结果")
    alone = replace(report, sections=(part,))
    assert list(cells(alone))
    return {
        block.caption
        for block in part.blocks
        if isinstance(block, Table) and any(getattr(cell, "strong", False) for row in block.rows for cell in row)
    }
