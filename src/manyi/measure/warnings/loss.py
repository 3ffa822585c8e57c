"""Warnings of customer loss."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

LOSS: Mapping[str, Text] = {
    "no_sales": Text(
        "上期没有销售额，无从计算金额的流失：{about}",
        "no sales before: what share of them was lost cannot be said: {about}",
    ),
    "median_not_reached": Text(
        "流失不到一半，没有中位时间：{about}", "fewer than half are lost: there is no median time: {about}"
    ),
    "all_lost": Text(
        "最后全部流失，该处没有标准误：{about}", "all are lost in the end; there is no standard error there: {about}"
    ),
    "usage_untested": Text(
        "时期太少或用量为零，下降未经检验：{about}",
        "too few periods, or none bought: whether it fell by chance is not tested: {about}",
    ),
    "no_year_before": Text(
        "没有上年同期，改与近期均值比较：{about}", "no usage a year ago; held against the recent mean instead: {about}"
    ),
    "class_limit": Text(
        "以往间隔不足 5 次，按同类客户的间隔判断：{about}",
        "fewer than 5 gaps of their own; judged by those of the class: {about}",
    ),
    "silence_unknown": Text(
        "间隔太少，无法判断是否沉默：{about}", "too few gaps to say whether they are silent: {about}"
    ),
}
