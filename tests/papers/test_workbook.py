"""The workbook of figures: every number exactly what was computed, with the fraction beside it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from manyi.core.text import Lang
from manyi.core.waves import WaveResult, WaveRules

Told = tuple[WaveRules, WaveResult]
Papers = Callable[[Lang], dict[str, bytes]]


def sheets(made: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_is_its_fraction(lang: Lang, papers_of: Papers) -> None:
    pairs = 0
    for rows in sheets(papers_of(lang)["figures.xlsx"]).values():
        exact = [column for column, head in enumerate(rows[0]) if head in ("精确值", "exact")]
        for row in rows[1:]:
            for column in exact:
                if row[column] != "":
                    pairs += 1
                    assert float(Fraction(str(row[column]))) == pytest.approx(row[column - 1], rel=1e-15)
    assert pairs > 120


def test_every_exact_result_is_in_it(told: Told, papers_of: Papers) -> None:
    result, book = told[1], sheets(papers_of("en")["figures.xlsx"])
    held = {str(cell) for rows in book.values() for row in rows for cell in row}
    wanted = [s.value for s in (*result.items.values(), *result.product_items.values(), *result.dimensions.values())]
    wanted += [p.score.value for p in result.products] + [p.sales_share for p in result.products if p.sales_share]
    wanted += [row.share for row in result.coverage if row.share is not None]
    assert result.overall is not None
    wanted.append(result.overall.value)
    assert {f"{v.numerator}/{v.denominator}" for v in wanted} - held == set()
    assert [str(row[1]) for row in book["Not asked"] if row[1] == "C027"][:1] == ["C027"]


def test_nothing_in_it_is_a_formula_or_a_link(wave_of: Callable[..., Told]) -> None:
    from manyi.papers.words import Wave
    from manyi.papers.workbook import as_workbook

    names = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "http://a.b",
        '=HYPERLINK("http://a.b")',
        "12",
        "{=1}",
        "\t=1",
        "mailto:a@b.c",
    ]
    made = as_workbook(Wave(*wave_of("P12", names, customers=names), "zh"))
    with ZipFile(BytesIO(made)) as parts:
        xml = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/"))
    assert "<f>" not in xml
    assert "<f " not in xml
    assert "hyperlink" not in xml
    assert set(names) <= {str(row[0]) for row in sheets(made)["产品"]}
    assert all(isinstance(row[0], str) for row in sheets(made)["产品"])
