"""The report as data: its sections, both languages, and figures rounded once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from manyi.core.waves import Overall, WaveResult, WaveRules
from manyi.papers.blocks import Cell, Chart, Heading, Paragraph, Report, Table, Tiles, as_cell
from manyi.papers.plain import cut
from manyi.papers.report import build_report

HAN = re.compile("[\u3400-\u9fff]")
Told = tuple[WaveRules, WaveResult]


def texts(report: Report) -> Iterator[str]:
    yield from (
        report.title,
        report.subtitle,
        *(word for line in report.signatures for word in line),
        *(word for fact in report.facts for word in fact),
    )
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Heading() | Paragraph():
                    yield block.text
                case Chart():
                    yield from (block.caption, str(block.spec))
                case Tiles():
                    yield from (word for tile in block.tiles for word in (tile.label, tile.figure, tile.remark))
                case Table():
                    yield from (block.caption, *(column.title for column in block.columns))
                    yield from (as_cell(cell).text for row in block.rows for cell in row)


def cells(report: Report) -> Iterator[Cell]:
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (as_cell(cell) for row in block.rows for cell in row)


def test_it_has_every_section_in_order(told: Told) -> None:
    titles = [section.title for section in build_report(*told, "en").sections]
    assert titles == [
        "Summary", "How the survey was made", "Returns", "Results", "Comparison with target and previous wave",
        "Points of attention", "Written dissatisfaction", "How the figures are computed", "Notes and rows left out",
    ]  # fmt: skip


def test_the_english_report_has_no_chinese_left_in_it(told: Told) -> None:
    assert [text for text in texts(build_report(*told, "en")) if HAN.search(text)] == []
    assert any(HAN.search(text) for text in texts(build_report(*told, "zh")))


@pytest.mark.accepts("D9-29")
def test_the_title_block_names_the_procedure_and_who_signs(told: Told) -> None:
    report = build_report(*told, "zh")
    assert report.title == "顾客满意度调查及分析报告"
    assert {"QP-CS-12", "A/0"} <= {value for _, value in report.facts}
    assert [line for line, _, _ in report.signatures] == ["编制", "审核", "批准", "提交总经理"]
    signed = build_report(*told, "zh", {"prepare": ("Li", date(2027, 1, 20))})
    assert signed.signatures[:2] == (("编制", "Li", "2027-01-20"), ("审核", "", ""))


@pytest.mark.accepts("D9-25", "D9-26", "D9-28", "D9-32")
def test_every_finding_stands_with_its_clause(told: Told) -> None:
    report = build_report(*told, "en")
    table = next(
        b for s in report.sections if s.title == "Points of attention" for b in s.blocks if isinstance(b, Table)
    )
    assert {(row[0], row[2]) for row in table.rows} == {(f.clause, f.text.en) for f in told[1].findings}
    written = next(section for section in report.sections if section.title == "Written dissatisfaction")
    assert "C000" in written.blocks[1].text  # type: ignore[union-attr]


def test_a_verdict_is_told_in_words_not_only_by_colour(told: Told) -> None:
    words = {cell.text: cell.tone for cell in cells(build_report(*told, "zh")) if cell.tone}
    assert words.get("达到") == "good"
    assert words.get("未达到") == "bad"


def test_figures_are_rounded_half_up_once(told: Told) -> None:
    rules, result = told
    for exactly, seen in ((Fraction(76125, 1000), "76.13"), (Fraction(761249, 10000), "76.12")):
        edge = replace(result, overall=Overall(exactly, 3, "mean_of_sheets", None))
        tiles = next(b for b in build_report(rules, edge, "zh").sections[0].blocks if isinstance(b, Tiles))
        assert tiles.tiles[0].figure == seen


@pytest.mark.parametrize("procedure", ["airline", "b2b_annual", "mobile_index"])
def test_a_survey_without_products_tiers_or_yardsticks_leaves_those_parts_out(
    procedure: str, wave_of: Callable[..., Told]
) -> None:
    rules, result = wave_of(procedure, ["x"])
    bare = replace(
        result,
        data=replace(
            result.data, written=(), late=(), not_in_ledger=(), left_out=(), targets=(), previous=(), asked_rows=None
        ),
    )
    bare = replace(bare, returns=replace(bare.returns, asked=None, share=None))
    titles = [section.title for section in build_report(rules, bare, "zh").sections]
    assert titles == ["摘要", "调查方法与范围", "调查结果", "需要关注的事项", "计算方法"]


def test_a_wave_without_sheets_says_so(wave_of: Callable[..., Told]) -> None:
    rules, result = wave_of("P12", ["Pump"])
    empty = replace(
        result,
        sheets=0,
        overall=None,
        products=(),
        items={},
        product_items={},
        dimensions={},
        grades={},
        lowest_items={},
    )
    summary = build_report(rules, empty, "zh").sections[0]
    assert [block.text for block in summary.blocks if isinstance(block, Paragraph)] == [
        "没有可统计的调查表" + "\uff0c" + "不能得出满意度。"
    ]


def test_long_lists_are_cut_and_say_how_many_there_are(wave_of: Callable[..., Told]) -> None:
    rules, result = wave_of("P12", [f"P{n}" for n in range(70)], customers=[f"C{n}" for n in range(900)])
    said = list(texts(build_report(rules, result, "en")))
    assert "The first 40 of 70; all are in the workbook figures.xlsx." in said
    assert "The first 20 of 90; all are in the workbook figures.xlsx." in said


def test_a_long_name_is_cut_with_a_sign_and_marks_do_not_pile_up() -> None:
    assert cut("x" * 1000, 10) == "x" * 9 + "…"
    assert cut("e" + "\u0301" * 500, 80) == "e" + "\u0301" * 4 + "…"
    assert cut("a\n b", 10) == "a b"
