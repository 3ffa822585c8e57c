"""Warnings of sampling, weighting, response and comparison."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

SURVEY: Mapping[str, Text] = {
    "scale_not_standard": Text(
        "量表不是 0–10，结果不是标准的净推荐值：{about}",
        "the scale is not 0–10, so this is no standard net promoter score: {about}",
    ),
    "no_interval": Text(
        "没有自由度或没有变异，无法给出区间：{about}",
        "there are no degrees of freedom or no variation, so no interval: {about}",
    ),
    "deff_undefined": Text(
        "简单随机样本的方差为 0，无法计算设计效应：{about}",
        "a simple random sample has no variance here, so no design effect: {about}",
    ),
    "rate_undefined": Text("分母为 0，无法计算：{about}", "the denominator is 0, so there is no such rate: {about}"),
    "lonely_unit_adjusted": Text(
        "有的层只有一个单位，其方差按 {about} 处理", "strata with a single unit: their variance is treated by {about}"
    ),
    "all_taken": Text(
        "有的层全部抽取，没有抽样误差；无回答仍有误差：{about}",
        "strata taken whole have no sampling error; nonresponse still has: {about}",
    ),
    "cv_unknown": Text(
        "缺少各层均值或标准差，无法计算变异系数",
        "without mean and spread of the strata there is no coefficient of variation",
    ),
    "cv_missed": Text("未达到要求的变异系数：{about}", "the coefficient of variation asked for is missed: {about}"),
    "certain_exceed_size": Text(
        "必选单位多于样本量，已全部选入：{about}", "more units must be in than the size allows; all are taken: {about}"
    ),
    "unequal_weights": Text(
        "权重差异很大，有效样本量下降：{about}", "the weights differ widely and cost precision: {about}"
    ),
    "negative_weights": Text("校准后有负权重：{about}", "the calibration gave negative weights: {about}"),
    "merge_classes": Text(
        "有的类别回答者过少或调整系数过大，建议合并：{about}",
        "classes with few respondents or a large factor should be merged: {about}",
    ),
    "small_expected_counts": Text(
        "期望频数小于 5，卡方检验不可靠：{about}", "expected counts below 5 make the chi-square unreliable: {about}"
    ),
    "many_tests": Text(
        "同时检验了多个比较，请看校正后的 p：{about}",
        "many comparisons were tested at once: read the adjusted p ({about})",
    ),
    "no_test": Text("无法检验，只报分布：{about}", "this cannot be tested; show the distributions only: {about}"),
    "pairs_left_out": Text("没有配对的个案没有计入：{about}", "cases without a partner are left out: {about}"),
    "skewed": Text(
        "多数回答挤在量表一端，不宜只看均值（偏度 {about}）",
        "most answers stand at one end of the scale: do not read the mean alone (skewness, {about})",
    ),
    "no_answers": Text("该组没有可用的回答：{about}", "this group has no answers to use: {about}"),
    "imputed": Text(
        "部分结果来自代填的缺失回答：{about}", "part of the score rests on answers that were filled in: {about}"
    ),
    "missing_decides": Text(
        "缺失回答的处理方式对结果的影响大于抽样误差：{about}",
        "how missing answers are treated moves the score more than chance does: {about}",
    ),
    "class_unrepresented": Text(
        "没有收回调查表的产品不在结果之内，占销售额：{about}",
        "products without a sheet are not in the score; their share of the sales: {about}",
    ),
    "class_of_one": Text(
        "只有一份调查表的产品无法计算标准误：{about}",
        "products with a single sheet leave the standard error unknown: {about}",
    ),
    "points_not_100": Text(
        "各项分值之和不是 100，已按合计折算：{about}",
        "the points do not add up to 100 and are taken as shares of their sum: {about}",
    ),
}
