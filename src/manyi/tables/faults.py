"""Every fault a table can have, worded once."""

from __future__ import annotations

from collections.abc import Sequence

from manyi.core.errors import Fault
from manyi.core.text import Text

MOST = 1000

WORDS: dict[str, tuple[str, str, str, str]] = {
    "no_input": ("找不到“{got}”", "“{got}” does not exist", "请检查路径", "Check the path"),
    "not_readable": ("“{got}”不能作为表格读取", "“{got}” cannot be read as a table",
                     "请提供 .xlsx、.csv、.csv.gz 或 .parquet", "Give an .xlsx, .csv, .csv.gz or .parquet file"),
    "old_excel": ("这是旧版 .xls 文件（或加密文件），不是 .xlsx", "This is an old .xls file (or an encrypted one), not an .xlsx",
                  "请在 Excel 中另存为 .xlsx", "Save it as .xlsx in Excel"),
    "too_big": ("文件超出允许的大小：{got}", "The file exceeds what is allowed: {got}",
                "请删去多余的内容，或改用 CSV、Parquet", "Remove what is not needed, or use CSV or Parquet"),
    "encoding": ("文字编码既不是 UTF-8 也不是 GB18030", "The text is neither UTF-8 nor GB18030",
                 "请另存为 UTF-8 编码的 CSV", "Save the CSV as UTF-8"),
    "broken_row": ("该行无法读取：{got}", "This row cannot be read: {got}", "请检查引号和列数", "Check quotes and columns"),
    "no_sheets": ("没有“调查表”(sheets)", "There is no table “sheets” (调查表)",
                  "工作表或文件应命名为 调查表 或 sheets", "Name the sheet or file sheets or 调查表"),
    "duplicate_table": ("表“{got}”出现两次", "The table “{got}” stands twice",
                        "每张表只保留一个文件或工作表", "Keep one file or sheet for every table"),
    "nothing_left": ("除去有错误的行后没有调查表可计算", "No sheet is left once the rows with faults are out",
                     "请改正列出的错误", "Correct the faults that are listed"),
    "empty_table": ("表中没有数据", "The table holds no rows", "请填入数据后重试", "Fill it and try again"),
    "missing_column": ("缺少列“{got}”", "The column “{got}” is missing", "请在表头中加入该列", "Add the column to the head"),
    "duplicate_column": ("列“{got}”出现两次", "The column “{got}” stands twice", "请删去其中一列", "Remove one of them"),
    "missing_value": ("此格不能为空", "This cell must not be empty", "请填写", "Fill it in"),
    "not_a_grade": ("“{got}”不是等级", "“{got}” is no grade", "可用：{allowed}", "Use one of: {allowed}"),
    "not_a_number": ("“{got}”不是数字", "“{got}” is no number", "请填写数字", "Write a number"),
    "not_a_year": ("“{got}”不是年份", "“{got}” is no year", "请填写四位年份", "Write a year of four digits"),
    "not_a_date": ("“{got}”不是日期", "“{got}” is no date", "请写成 2026-12-05", "Write it as 2026-12-05"),
    "negative_sales": ("产品“{got}”当年销售额合计为负", "The year's sales of “{got}” add up to less than nothing",
                       "请核对销售额", "Check the amounts"),
    "unknown_customer": ("客户“{got}”不在客户表中", "The customer “{got}” is not in the table of customers",
                         "请补入客户表或改正编号", "Add the customer or correct the id"),
    "unknown_product": ("产品“{got}”不在销售表中", "The product “{got}” is not in the table of sales",
                        "请补入销售表或改正名称", "Add the product's sales or correct the name"),
    "duplicate_customer": ("客户编号“{got}”重复", "The customer id “{got}” is used twice", "每个客户一行", "One row a customer"),
    "duplicate_sheet": ("表号“{got}”重复", "The sheet number “{got}” is used twice",
                        "每份调查表一个编号", "Give every sheet its own number"),
    "duplicate_respondent": ("同一客户、同一产品有两份调查表：{got}", "Two sheets of one customer and product: {got}",
                             "只保留一份；如允许多人填写，在调查表中写明 respondents: several",
                             "Keep one; where several people may answer, state respondents: several"),
    "two_years": ("调查表的收回日期跨多个年份：{got}", "The sheets were returned in several years: {got}",
                  "请用 --wave 指明调查年份", "Name the wave's year with --wave"),
    "no_year": ("不知道是哪一年的调查", "The year of the wave is not known",
                "请用 --wave 指明调查年份", "Name the wave's year with --wave"),
    "unknown_figure": ("“{got}”不是可比较的对象", "“{got}” is no figure to compare with",
                       "对象：总体、产品、项目、小项；代码须与调查表一致", "of: overall, product, dimension, item; the key as in the form"),
    "cannot_write": ("无法写入“{got}”", "“{got}” cannot be written", "请检查文件夹和权限", "Check the folder and its permissions"),
    "more": ("另有 {got} 处错误未列出", "{got} more faults are not listed", "请先改正以上各处", "Correct these first"),
}  # fmt: skip


def fault(
    code: str, table: str, row: int | None = None, column: str = "", got: object = "", allowed: str = ""
) -> Fault:
    """The fault ``code`` at its place."""
    zh, en, zh_hint, en_hint = WORDS[code]
    shown = _printable(str(got)[:80])
    return Fault(
        code,
        Text(zh.format(got=shown), en.format(got=shown)),
        Text(zh_hint.format(allowed=allowed), en_hint.format(allowed=allowed)),
        table=_printable(table),
        row=row,
        column=column,
    )


def _printable(text: str) -> str:
    """``text`` as it can be printed: a file name may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def limited(faults: Sequence[Fault], unlisted: int = 0) -> list[Fault]:
    """At most 1,000 faults by table and row, the last of them saying how many more there are."""
    tables = list(dict.fromkeys(f.table for f in faults))
    ordered = sorted(faults, key=lambda f: (tables.index(f.table), f.row or 0))
    if len(ordered) + unlisted <= MOST:
        return ordered
    return [*ordered[: MOST - 1], fault("more", ordered[0].table, got=len(ordered) + unlisted - MOST + 1)]
