"""``alpha`` and ``omega``: how consistently items measure one thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.models.reading import (
    ITEMS,
    LEVEL,
    MISSING_CODES,
    REVERSED,
    SMALL,
    check_resampling,
    complete,
    listed,
    named,
    number,
    read_scale_items,
)
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.correlations import LIMIT, polychoric_matrix
from manyi.measure.linear import Floats
from manyi.measure.omega import OneFactor, one_factor
from manyi.measure.reliability import Reliability, alpha_of, reliability
from manyi.measure.results import Warned

LOW, FEW_GRADES, MOST_GRADES, RMSEA_POOR, CFI_POOR = 0.7, 5, 20, 0.08, 0.95


def run_alpha(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """α of the items, and what each does to it."""
    check_resampling(spec)
    data, heads, warnings = read_scale_items(table, spec)
    gaps = np.isnan(data).any()
    if spec["missing"] == "listwise":
        data, warned = complete(data, heads, "listwise")
        warnings += warned
    found = reliability(data, heads, spec["level"])
    if gaps and spec["missing"] == "pairwise":
        warnings.append(Warned("pairwise_missing", f"{found.fewest}–{found.n}"))
        if found.n < len(data):
            warnings.append(Warned("missing_left_out", f"{len(data) - found.n} / {len(data)}"))
    ordinal, about_ordinal = _ordinal(data, heads, spec["ordinal"])
    warnings += [*_alpha_cautions(found, data, heads, spec["ordinal"]), *about_ordinal]
    given = {
        "alpha": found.alpha,
        "lower": found.interval.lower,
        "upper": found.interval.upper,
        "alpha_if_dropped": {head: number(value) for head, value in zip(heads, found.if_dropped, strict=True)},
        "item_total": {head: number(value) for head, value in zip(heads, found.item_total, strict=True)},
        "standardised_alpha": number(found.standardised),
        "average_r": found.average_r,
        "guttman_6": found.guttman_6,
        "ordinal_alpha": ordinal,
        "item_whole": named(heads, found.item_whole),
        "items": [_item(head, data[:, k], head in map(str, spec["reversed"])) for k, head in enumerate(heads)],
    }
    return Answer(given, found.n, tuple(warnings))


def _item(head: str, values: Floats, turned: bool) -> dict[str, Any]:
    there = values[~np.isnan(values)] * (-1 if turned else 1)
    grades, counts = np.unique(there, return_counts=True)
    shown = {f"{grade:g}": int(count) for grade, count in zip(grades, counts, strict=True)}
    return {
        "item": head, "reversed": turned, "n": len(there), "mean": float(there.mean()),
        "sd": float(there.std(ddof=1)) if len(there) > 1 else None, "median": float(np.median(there)),
        "counts": shown if len(shown) <= MOST_GRADES else {},
    }  # fmt: skip


def _ordinal(data: Floats, heads: Sequence[str], wanted: bool) -> tuple[float | None, list[Warned]]:
    if not wanted:
        return None, []
    most = max(len(np.unique(column[~np.isnan(column)])) for column in data.T)
    if most > MOST_GRADES:
        raise Refusal("not_ordinal", "ordinal", most, Text(f"每题不超过 {MOST_GRADES} 个等级", f"at most {MOST_GRADES} grades an item"),
                      Text("连续的数用 ordinal = false", "Use ordinal = false for measurements"))  # fmt: skip
    between = polychoric_matrix(data)
    at_limit = np.argwhere(np.triu(np.abs(between) > LIMIT - 1e-3, 1))
    warned = (
        [Warned("boundary_correlation", listed(f"{heads[i]} – {heads[j]}" for i, j in at_limit))]
        if len(at_limit)
        else []
    )
    if between.sum() <= 1e-9:
        return None, [*warned, Warned("not_estimable", "ordinal_alpha")]
    return alpha_of(between), warned


def _alpha_cautions(found: Reliability, data: Floats, heads: Sequence[str], ordinal: bool) -> list[Warned]:
    warned = []
    if found.alpha < LOW:
        warned.append(Warned("low_alpha", f"{found.alpha:.3f}"))
    negative = [f"{h} {v:.3f}" for h, v in zip(heads, found.item_total, strict=True) if v < 0]
    if negative:
        warned.append(Warned("negative_item", listed(negative)))
    size = len(heads)
    same = [f"{heads[i]} = {heads[j]}" for i in range(size) for j in range(i) if found.correlations[i, j] > 1 - 1e-12]
    if same:
        warned.append(Warned("identical_items", listed(same)))
    empty = [name for name, gone in (("alpha_if_dropped", bool(np.isnan(found.if_dropped).any())), ("guttman_6", found.guttman_6 is None),
                                     ("standardised_alpha", bool(np.isnan(found.standardised))),
                                     ("item_total", bool(np.isnan(found.item_total).any()))) if gone]  # fmt: skip
    if empty:
        warned.append(Warned("not_estimable", listed(empty)))
    coarse = [
        h for h, column in zip(heads, data.T, strict=True) if len(np.unique(column[~np.isnan(column)])) <= FEW_GRADES
    ]
    if coarse and not ordinal:
        warned.append(Warned("few_grades", listed(coarse)))
    if found.n < SMALL:
        warned.append(Warned("small_sample", f"n = {found.n}"))
    return warned


def run_omega(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """ω of the items from one factor by maximum likelihood, complete rows only."""
    check_resampling(spec)
    data, heads, warnings = read_scale_items(table, spec)
    data, warned = complete(data, heads, "listwise")
    found = one_factor(data, heads, spec["level"])
    given = {
        "omega": found.omega,
        "lower": found.interval.lower,
        "upper": found.interval.upper,
        "loadings": named(heads, found.loadings),
        "standardised_loadings": named(heads, found.standardised),
        "error_variances": named(heads, found.errors),
        "ave": found.ave,
        "chi_square": found.chi_square,
        "df": found.df,
        "p": found.p,
        "cfi": found.cfi,
        "rmsea": found.rmsea,
        "srmr": found.srmr,
        "converged": found.converged,
    }
    return Answer(given, found.n, (*warnings, *warned, *_omega_cautions(found, heads)))


def _omega_cautions(found: OneFactor, heads: Sequence[str]) -> list[Warned]:
    warned = []
    if not found.converged:
        warned.append(Warned("not_converged", "omega"))
    if found.omega < LOW:
        warned.append(Warned("low_omega", f"{found.omega:.3f}"))
    negative = [f"{h} {v:.3f}" for h, v in zip(heads, found.standardised, strict=True) if v < 0]
    if negative:
        warned.append(Warned("negative_loading", listed(negative)))
    if found.heywood.any():
        warned.append(Warned("heywood", listed(h for h, limit in zip(heads, found.heywood, strict=True) if limit)))
    if not found.df:
        warned.append(Warned("saturated", "df = 0"))
    elif found.rmsea > RMSEA_POOR or found.cfi < CFI_POOR:
        warned.append(Warned("poor_fit", f"RMSEA {found.rmsea:.3f}, CFI {found.cfi:.3f}"))
    if found.n < SMALL:
        warned.append(Warned("small_sample", f"n = {found.n}"))
    return warned


ALPHA = Method(
    "alpha",
    "1",
    Text("克朗巴哈 α", "Cronbach's alpha"),
    (
        ITEMS,
        REVERSED,
        SpecKey("missing", "text", Text("缺失值：成对，或整行不计", "missing values: covariances by pairs, or the row left out"), "pairwise", ("pairwise", "listwise")),
        MISSING_CODES,
        SpecKey("ordinal", "yes", Text("同时给出有序 α", "give the ordinal alpha too (polychoric correlations)"), False),
        LEVEL,
    ),
    {
        "alpha": Text("α", "Cronbach's alpha of the raw items"),
        "lower": Text("Feldt 区间下限", "lower limit of the Feldt interval"),
        "upper": Text("Feldt 区间上限", "upper limit of the Feldt interval"),
        "alpha_if_dropped": Text("去掉该题后的 α", "alpha without the item; null, with a warning, where there are two"),
        "item_total": Text("题目与其余题目之和的相关", "correlation of the item with the sum of the others"),
        "standardised_alpha": Text("标准化 α", "alpha of standardised items"),
        "average_r": Text("题目间平均相关", "mean correlation of the items"),
        "guttman_6": Text("Guttman λ6", "Guttman's lambda 6; null, with a warning, where the correlations are singular"),
        "ordinal_alpha": Text("有序 α", "alpha of the polychoric correlations; null unless `ordinal` is true"),
        "item_whole": Text("题目与总和的相关", "correlation of the item with the sum of all"),
        "items": Text("各题的描述统计", "by item, as answered: `item`, `reversed`, `n`, `mean`, `sd`, `median`, `counts` (empty beyond 20 grades)"),
    },
    run_alpha,
)  # fmt: skip

OMEGA = Method(
    "omega",
    "1",
    Text("麦克唐纳 ω", "McDonald's omega"),
    (ITEMS, REVERSED, MISSING_CODES, LEVEL),
    {
        "omega": Text("ω", "omega of the sum of the items"),
        "lower": Text("区间下限", "lower limit (delta method on logit omega)"),
        "upper": Text("区间上限", "upper limit"),
        "loadings": Text("载荷，原始尺度", "loading of every raw item"),
        "standardised_loadings": Text("标准化载荷", "loading of every standardised item"),
        "error_variances": Text("误差方差", "error variance of every raw item"),
        "ave": Text("提取的方差份额", "share of the items' variance that is the factor's"),
        "chi_square": Text("χ²", "n × the discrepancy of one factor"),
        "df": Text("自由度", "degrees of freedom, k(k − 3)/2"),
        "p": Text("p 值", "chance of as large a chi-square; null with three items"),
        "cfi": Text("比较拟合指数", "comparative fit index"),
        "rmsea": Text("近似误差均方根", "root mean square error of approximation"),
        "srmr": Text("标准化残差均方根", "standardised root mean square residual"),
        "converged": Text("是否收敛", "whether the likelihood settled"),
    },
    run_omega,
)  # fmt: skip
