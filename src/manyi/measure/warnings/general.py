"""Warnings any method may give."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

GENERAL: Mapping[str, Text] = {
    "few_cases": Text("个案很少（{about}），只宜看个数", "very few cases ({about}): look at the counts only"),
    "small_sample": Text(
        "样本较小（{about}），区间很宽，不宜排名", "a small sample ({about}): wide intervals, no ranking"
    ),
    "missing_left_out": Text("有缺失值的个案没有计入：{about}", "cases with missing values are left out: {about}"),
    "row_names_left_out": Text(
        "只给各行编号的列不算题目，没有计入：{about}",
        "columns that only name the rows are no items and are left out: {about}",
    ),
    "likely_missing_code": Text(
        "该值远在其余回答之外，像是表示缺失的代码；如是，请写入 missing_codes：{about}",
        "a value far from all other answers looks like a code for no answer; if so name it in missing_codes: {about}",
    ),
    "grades_not_whole": Text("有的评分不是整数：{about}", "some grades are no whole numbers: {about}"),
    "missing_filled": Text("缺失值以均值代替：{about}", "missing values are replaced by the mean: {about}"),
}
