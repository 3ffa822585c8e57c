"""Figures are recognised in Chinese and English, in digits and in words, and what is no figure is left alone."""

from __future__ import annotations

from fractions import Fraction as F

import pytest

from manyi.language.figures import figures_of_value
from manyi.language.figures_in_text import figures_in_text

MONTH, DAY = ("duration", 1, "month"), ("duration", 0, "day")
CHINESE = [
    ("每年12月5日前发放完毕,12 月 7 日前反馈", {("date", 12, 5), ("date", 12, 7)}),
    ("每年十二月五日前", {("date", 12, 5)}),
    ("每年十二月发放", {("month", 12)}),
    ("每年 1 月份汇总上一年调查", {("month", 1)}),
    ("投放市场三个月内", {("duration", 3, "month")}),
    ("投放市场3月内", {("duration", 3, "month")}),
    ("一个月以内收回，回收率 60%以上", {MONTH, ("share", F(60, 100))}),
    ("不低于百分之七十八", {("share", F(78, 100))}),
    ("前二十位的顾客和销售额大于500万元的顾客", {("number", F(20)), ("number", F(5_000_000))}),
    ("大于 5,000,000 元", {("number", F(5_000_000))}),
    ("收到当天填写，次日上报", {DAY, ("duration", 1, "day")}),
    (
        "8 小时内答复,24小时内回访,10 个工作日内整改",
        {("duration", 8, "hour"), ("duration", 24, "hour"), ("duration", 10, "working_day")},
    ),
    ("八小时内，十五分钟内", {("duration", 8, "hour"), ("duration", 15, "minute")}),
    ("每个小项以 1 至 5 分评价,0 表示不适用", {("number", F(1)), ("number", F(5)), ("number", F(0))}),
    ("0.5 分,12.5%", {("number", F(1, 2)), ("share", F(1, 8))}),
    ("按 5.4.2 计算，见第 3.2 条和条款 4,依据 ISO 9001 和 GB/T 19001-2016,2026年起", set()),
    ("统一管理，单一窗口，第一时间，一般，每一次，另一方面，上一年，三项规定", set()),
    (
        "次日 17 点、当天 16:00 或 8 点 30 分",
        {("duration", 1, "day"), DAY, ("time", 17, 0), ("time", 16, 0), ("time", 8, 30)},
    ),
    ("十分满意，计十分，十分钟内", {("number", F(10)), ("duration", 10, "minute")}),
    ("有 3 点要求", {("number", F(3))}),
    ("(1)外观;(2)性能", set()),
]
ENGLISH = [
    ("out by 5 December, reported by December 7th", {("date", 12, 5), ("date", 12, 7)}),
    ("each December; in May", {("month", 12), ("month", 5)}),
    ("it may be asked", set()),
    ("within three months, within 1 month, in 10 working days", {("duration", 3, "month"), MONTH, ("duration", 10, "working_day")}),
    ("at least 78 %, sixty per cent, 12.5%", {("share", F(78, 100)), ("share", F(60, 100)), ("share", F(1, 8))}),
    ("the top 20 and the top twelve, above 5,000,000 or 5 million CNY", {("number", F(20)), ("number", F(12)), ("number", F(5_000_000))}),
    ("the same day, the next day", {DAY, ("duration", 1, "day")}),
    ("tomorrow at 17:00, at 5 p.m. or 8:30 am", {("time", 17, 0), ("time", 8, 30)}),
    ("quality 50 (indicators 20, safety 5)", {("number", F(50)), ("number", F(20)), ("number", F(5))}),
    ("as clause 5.4.2 and clauses 3 and 4 say, to ISO 9001", set()),
    ("one of the customers, in one hand", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures"), CHINESE)
def test_chinese_figures(text: str, figures: set) -> None:
    assert figures_in_text(text, "zh") == figures


@pytest.mark.parametrize(("text", "figures"), ENGLISH)
def test_english_figures(text: str, figures: set) -> None:
    assert figures_in_text(text, "en") == figures


@pytest.mark.parametrize(
    ("key", "value", "figures"),
    [
        ("at_least", "78%", {("share", F(78, 100))}),
        ("at_least", "target", set()),
        ("within", "10 working days", {("duration", 10, "working_day")}),
        ("due", "12-05", {("date", 12, 5)}),
        ("due", "2 days after sent_on", {("duration", 2, "day")}),
        ("due", "end of period", set()),
        ("in", "December", {("month", 12)}),
        ("where", "rank <= 20 or sales between 5 and 7 or kind in (3)", {("number", F(n)) for n in (20, 5, 7, 3)}),
        ("where", "annual_sales > 0", set()),
        ("of", "others", set()),
        ("default", "next day 17:00", {("duration", 1, "day"), ("time", 17, 0)}),
        ("remind", "2 days before", {("duration", 2, "day")}),
        ("points", "12.5", {("number", F(25, 2))}),
    ],
)
def test_figures_of_rules(key: str, value: str, figures: set) -> None:
    assert figures_of_value(key, value) == figures
