"""Writes ``docs/tutorial/survey-2026.xlsx``: the demo company's wave as the tables ``manyi score`` reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlsxwriter

from manyi.demo.company import answer, customers, sales
from manyi.language.load import read_procedure
from manyi.language.waves import wave_rules
from manyi.library import PROCEDURES

YEAR, SENT = 2026, date(2026, 12, 3)
TARGET = Path(__file__).parents[1] / "docs" / "tutorial" / "survey-2026.xlsx"


def main() -> None:
    form = wave_rules(read_procedure((PROCEDURES / "P12.yaml").read_bytes(), "P12")).questionnaire
    known = {c.code: c for c in customers()}
    bought = sorted({(s.customer, s.product) for s in sales() if s.year == YEAR})
    asked = [pair for n, pair in enumerate(bought) if n % 9]
    grades = tuple(grade.key for grade in form.scale.grades)
    titles = {grade.key: grade.title.zh for grade in form.scale.grades}
    sheets = answer(asked, form.item_keys, grades, SENT, YEAR)
    tables: dict[str, list[list[object]]] = {
        "客户": [["客户编号", "名称"], *([c.code, c.name] for c in known.values())],
        "销售": [["客户编号", "产品", "年份", "金额"], *([s.customer, s.product, s.year, s.amount] for s in sales())],
        "发放台账": [["客户编号", "产品", "渠道", "发放日期"], *([c, p, "电邮", SENT.isoformat()] for c, p in asked)],
        "调查表": [
            ["表号", "客户编号", "产品", "收回日期", *(item.title.zh for item in form.items), "意见"],
            *(
                [f"2026-{n:04}", s.customer, s.product, s.returned_on.isoformat()]
                + [titles.get(s.answers[key], "") for key in form.item_keys]
                + [s.comment]
                for n, s in enumerate(sheets, start=1)
            ),
        ],
        "目标": [["对象", "代码", "产品", "分值"], ["总体", "", "", 80]],
        "上次": [
            ["对象", "代码", "产品", "分值"],
            ["总体", "", "", 78.6],
            ["产品", "球阀", "", 81.2],
            ["小项", "服务的及时性", "", 84.1],
        ],
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(TARGET, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.autofit()
    print(TARGET)


main()
