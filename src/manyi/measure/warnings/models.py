"""Warnings of path models, reliability and drivers."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

MODELS: Mapping[str, Text] = {
    "not_converged": Text(
        "迭代没有收敛（{about}），数值仅供参考",
        "the iteration did not converge ({about}): take the figures with caution",
    ),
    "sign_flipped": Text(
        "正载荷不占多数，已整体反号：{about}", "turned round because positive loadings were in no majority: {about}"
    ),
    "negative_loading": Text(
        "载荷为负，可能是反向题或放错了组：{about}", "negative loadings, perhaps reversed or misplaced items: {about}"
    ),
    "negative_weight": Text(
        "权重为负，指数可能超出 0–100，请看简单平均：{about}",
        "negative weights, the index may leave 0–100, see the simple mean: {about}",
    ),
    "low_alpha": Text("α 低于 0.7：{about}", "alpha below 0.7: {about}"),
    "low_rho": Text("组合信度低于 0.7：{about}", "composite reliability below 0.7: {about}"),
    "low_ave": Text("平均提取方差低于 0.5：{about}", "average variance extracted below 0.5: {about}"),
    "high_htmt": Text(
        "HTMT 高于 0.9，受访者难以区分：{about}", "HTMT above 0.9, respondents hardly tell them apart: {about}"
    ),
    "fornell_larcker": Text(
        "潜变量之间的相关高于自身的平均提取方差的平方根：{about}",
        "correlated more with each other than with their own items: {about}",
    ),
    "high_vif": Text(
        "方差膨胀因子高于 5，影响难以分开：{about}",
        "variance inflation above 5, their effects cannot be told apart: {about}",
    ),
    "underpowered": Text("样本不足以发现这样小的路径：{about}", "too few cases to find paths this small: {about}"),
    "plsc_inadmissible": Text(
        "一致性修正（PLSc）不可行，只给出未修正的结果",
        "the consistent correction (PLSc) is inadmissible; only uncorrected figures are given",
    ),
    "plsc_sign_change": Text(
        "一致性修正后路径变号，可能是共线：{about}",
        "paths change sign under the consistent correction, perhaps collinearity: {about}",
    ),
    "no_interval": Text(
        "没有重抽样，标准误和区间为空（{about}）",
        "without resampling there are no standard errors and intervals ({about})",
    ),
    "replicates_lost": Text(
        "有些重抽样得不出结果，没有计入：{about}", "resamples without an answer are left out: {about}"
    ),
    "replicates_unconverged": Text("有些重抽样没有收敛：{about}", "resamples that did not converge: {about}"),
    "estimate_outside": Text(
        "估计值落在重抽样区间之外，区间有偏：{about}",
        "the estimate lies outside its resampling interval, which is biased: {about}",
    ),
    "scale_observed": Text(
        "没有给出量表，以观察到的最小值和最大值代替：{about}",
        "no scale given; the lowest and highest observed value stand in: {about}",
    ),
    "no_common_scale": Text(
        "题目没有共同的量表，算不出 0–100 指数（{about}），请写 scale",
        "no common scale of the items, hence no 0–100 index ({about}); give scale",
    ),
    "index_undefined": Text("权重相互抵消，没有指数：{about}", "the weights cancel out, no index: {about}"),
    "no_gof": Text(
        "每个潜变量只有一个题目，没有 GoF（{about}）", "every construct has one item, hence no GoF ({about})"
    ),
    "not_estimable": Text("无法计算，留空：{about}", "cannot be computed and left empty: {about}"),
    "negative_item": Text(
        "与其余题目负相关，可能漏了反向：{about}", "correlate negatively with the rest, perhaps reversed: {about}"
    ),
    "identical_items": Text(
        "答案完全相同的题目会抬高信度：{about}", "items with identical answers inflate reliability: {about}"
    ),
    "pairwise_missing": Text(
        "有缺失值，协方差按成对数据计算：{about}", "missing values, covariances are pairwise: {about}"
    ),
    "columns_left_out": Text("不是数字的列没有计入：{about}", "columns that hold no numbers are left out: {about}"),
    "few_grades": Text(
        "等级不超过 5 个，请同时看有序 α（ordinal = true）：{about}",
        "five grades or fewer, see also the ordinal alpha (ordinal = true): {about}",
    ),
    "boundary_correlation": Text(
        "有序相关到了边界，有序 α 不可靠：{about}",
        "ordinal correlations at their limit, the ordinal alpha is unreliable: {about}",
    ),
    "heywood": Text(
        "误差方差到了下限（Heywood），题目太少或因子不止一个：{about}",
        "error variances at their limit (Heywood), too few items or more than one factor: {about}",
    ),
    "low_omega": Text("ω 低于 0.7：{about}", "omega below 0.7: {about}"),
    "poor_fit": Text(
        "单因子拟合不佳，题目可能测量不止一个方面：{about}",
        "one factor fits poorly, the items may measure more than one thing: {about}",
    ),
    "saturated": Text(
        "三个题目时单因子总是拟合，拟合指标没有意义（{about}）",
        "with three items one factor always fits, the fit says nothing ({about})",
    ),
    "few_per_predictor": Text("每个自变量的个案少于 15：{about}", "fewer than 15 cases per predictor: {about}"),
    "weak_model": Text("这些自变量只能说明很小一部分：{about}", "these predictors explain little: {about}"),
    "suppressor": Text(
        "系数与相关方向相反，不要解释为“越高越差”：{about}",
        "coefficients against the correlation, do not read them as harm: {about}",
    ),
    "drawn_orders": Text(
        "自变量超过 15 个，LMG 由随机次序估计：{about}", "more than 15 predictors, LMG from drawn orders: {about}"
    ),
}
