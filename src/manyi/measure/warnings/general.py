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
    "missing_filled": Text("缺失值以均值代替：{about}", "missing values are replaced by the mean: {about}"),
}
