"""``difference``: a figure against its target, its previous value, or between groups; the interval first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.survey.categories import category_rows
from manyi.commands.measure.survey.contrasting import by_design
from manyi.commands.measure.survey.designing import DESIGN
from manyi.commands.measure.survey.pairing import paired_rows
from manyi.commands.measure.survey.shares import COUNTS, counted
from manyi.commands.measure.survey.tables import Row, column_of, difference_row, group_values, pairs_of, with_margin
from manyi.commands.measure.table import DataTable
from manyi.core.errors import Refusal
from manyi.core.text import Text
from manyi.measure.comparison import UNCLEAR, against_target, pooled, pooled_variance, verdict, welch
from manyi.measure.multiplicity import adjust
from manyi.measure.ordinal import kruskal_wallis, mann_whitney, superiority
from manyi.measure.proportions import ChanceTest, difference, equality, trend
from manyi.measure.ratings import in_bands, net_difference, net_promoter
from manyi.measure.results import Warned

Found = tuple[list[Row], ChanceTest | None, int, list[Warned]]


def run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    """A row for every pair of groups, or one against the target or the previous answers."""
    rows, test, n, notes = _chosen(spec)(table, spec)
    tested = [row for row in rows if row["p"] is not None]
    for row, p in zip(tested, adjust([row["p"] for row in tested], spec["adjust"]) if tested else [], strict=True):
        row["p_adjusted"] = float(p)
    if len(tested) > 1:
        notes.append(Warned("many_tests", f"{len(tested)}, {spec['adjust']}"))
    whole = (
        None
        if test is None
        else {"name": test.name, "statistic": test.statistic, "df": test.df, "df2": test.df2, "p": test.p}
    )
    return Answer({"kind": spec["kind"], "rows": rows, "test": whole}, n, tuple(notes))


def _chosen(spec: Mapping[str, Any]) -> Callable[[DataTable, Mapping[str, Any]], Found]:
    paired = spec["before"] is not None or spec["after"] is not None or spec["pair"] is not None
    designed = any(spec[key] is not None for key in ("weights", "strata", "psu", "fpc"))
    if designed:
        if spec["pair"] is not None or spec["kind"] not in ("mean", *(() if paired else ("proportion",))):
            raise Refusal("wrong_value", "kind", spec["kind"], Text("有权重、层或群时用 mean；分组时也可用 proportion", "mean where there are weights, strata or clusters; between groups also proportion"),
                          Text("前后两期写成两列，比例写成 0/1", "Give both periods as columns, and a proportion as 0 and 1"))  # fmt: skip
        return by_design
    if paired:
        return paired_rows
    if spec["target"] is not None and spec["kind"] != "mean":
        raise Refusal("wrong_value", "target", spec["target"], Text("kind = mean", "kind = mean"),
                      Text("比例与目标比较请用方法 proportion", "Compare a proportion with its target by the method proportion"))  # fmt: skip
    if spec["target"] is None and spec["by"] is None:
        raise Refusal("missing_key", "by", None, Text("by、target，或 before 和 after", "by, target, or before and after"),
                      Text("说明与什么比较", "Say what to compare with"))  # fmt: skip
    kinds: dict[str, Callable[[DataTable, Mapping[str, Any]], Found]] = {
        "mean": _target if spec["target"] is not None else _means, "proportion": _shares, "ordinal": _grades, "nps": _nets,
        "category": category_rows,
    }  # fmt: skip
    return kinds[spec["kind"]]


def _target(table: DataTable, spec: Mapping[str, Any]) -> Found:
    groups, notes = group_values(table, spec)
    rows = []
    for name, values in groups:
        found = against_target(values, float(spec["target"]), population=spec["population"], level=spec["level"])
        rows.append(with_margin(difference_row(name, "target", found), found, spec))
    return rows, None, sum(len(v) for _, v in groups), [*notes, *c.sized([(name, len(v)) for name, v in groups])]


def _means(table: DataTable, spec: Mapping[str, Any]) -> Found:
    groups, notes = group_values(table, spec)
    variance = pooled_variance([values for _, values in groups]) if spec["method"] == "pooled" else None
    rows = []
    for (a, x), (b, y) in pairs_of(groups, spec):
        found = pooled(x, y, *variance, level=spec["level"]) if variance else welch(x, y, level=spec["level"])
        rows.append(with_margin(difference_row(a, b, found), found, spec))
    return rows, None, sum(len(v) for _, v in groups), [*notes, *c.sized([(name, len(v)) for name, v in groups])]


def _shares(table: DataTable, spec: Mapping[str, Any]) -> Found:
    found, missing = counted(table, spec)
    groups = [(name, (yes, n)) for name, yes, n in found if n]
    notes = [*c.left_out(missing), *(Warned("no_answers", name) for name, _, n in found if not n)]
    rows = [_share_row(a, b, x, y, spec) for (a, x), (b, y) in pairs_of(groups, spec)]
    yes, sizes = [x for _, (x, _) in groups], [n for _, (_, n) in groups]
    test = None
    if 0 < sum(yes) < sum(sizes):
        test = trend(yes, sizes) if spec["test"] == "trend" else equality(yes, sizes, correct=spec["correct"])
        notes += _expected(yes, sizes)
    else:
        notes.append(Warned("no_test", f"{sum(yes):g} / {sum(sizes):g}"))
    notes += c.sized((name, n) for name, (_, n) in groups)
    return rows, test, int(sum(sizes)), notes


def _share_row(a: str, b: str, x: tuple[float, float], y: tuple[float, float], spec: Mapping[str, Any]) -> Row:
    method = "wald" if spec["method"] == "wald" else "newcombe"
    interval = difference(x, y, level=spec["level"], method=method)
    varied = 0 < x[0] + y[0] < x[1] + y[1]
    test = equality([x[0], y[0]], [x[1], y[1]], correct=spec["correct"]) if varied else None
    return {
        "a": a, "b": b, "estimate": x[0] / x[1] - y[0] / y[1], **c.interval_keys(interval), "method": method,
        "share_a": x[0] / x[1], "share_b": y[0] / y[1], "n_a": x[1], "n_b": y[1],
        "statistic": test.statistic if test else None, "df": 1, "p": test.p if test else None, "p_adjusted": None,
        "verdict": verdict(interval.lower, interval.upper),
    }  # fmt: skip


def _expected(yes: Sequence[float], sizes: Sequence[float]) -> list[Warned]:
    share = sum(yes) / sum(sizes)
    least = min(sizes) * min(share, 1 - share)
    return [Warned("small_expected_counts", f"{least:.3g}")] if least < 5 else []


def _grades(table: DataTable, spec: Mapping[str, Any]) -> Found:
    groups, notes = group_values(table, spec, least=1)
    rows = []
    for (a, x), (b, y) in pairs_of(groups, spec):
        test = mann_whitney(x, y, correct=spec["correct"])
        row: Row = {"a": a, "b": b, "n_a": len(x), "n_b": len(y), "w": test.statistic, "p": test.p, "p_adjusted": None}
        try:
            found = superiority(x, y, level=spec["level"])
        except Refusal:
            notes.append(Warned("no_interval", f"{a}, {b}"))
            rows.append(row | {"estimate": test.statistic / (len(x) * len(y)), "lower": None, "upper": None, "se": None,
                               "df": None, "p_brunner_munzel": None, "verdict": UNCLEAR})  # fmt: skip
            continue
        rows.append(row | {
            "estimate": found.estimate, **c.interval_keys(found.interval), "se": found.se, "df": found.df,
            "p_brunner_munzel": found.p, "verdict": verdict(found.interval.lower - 0.5, found.interval.upper - 0.5),
        })  # fmt: skip
    test = kruskal_wallis([values for _, values in groups])
    return rows, test, sum(len(v) for _, v in groups), [*notes, *c.sized([(name, len(v)) for name, v in groups])]


def _nets(table: DataTable, spec: Mapping[str, Any]) -> Found:
    groups, notes = group_values(table, spec, least=1)
    c.whole_grades(table, column_of(spec), table.numbers(column_of(spec), spec["missing_codes"]))
    bands = float(spec["detractors_to"]), float(spec["promoters_from"])
    nets = [(name, net_promoter(*in_bands(values, *bands), level=spec["level"])) for name, values in groups]
    rows = []
    for (a, x), (b, y) in pairs_of(nets, spec):
        found = net_difference(x, y, level=spec["level"])
        rows.append(with_margin(difference_row(a, b, found), found, spec))
    return rows, None, sum(net.n for _, net in nets), [*notes, *c.sized([(name, net.n) for name, net in nets])]


DIFFERENCE = Method(
    name="difference",
    version="2",
    title=Text("与目标、上期或其他组比较", "Against a target, the previous period or another group"),
    keys=(
        SpecKey(
            "kind",
            "text",
            Text("比较什么", "what is compared"),
            "mean",
            ("mean", "proportion", "ordinal", "nps", "category"),
        ),
        *COUNTS,
        SpecKey("by", "columns", Text("分组的列：比较每两组", "column of the groups, compared two by two"), None),
        SpecKey("groups", "texts", Text("只比较这些组，按此顺序", "only these groups, in this order"), None),
        SpecKey(
            "before", "text", Text("同一个案的上期回答一列", "column of the earlier answers of the same cases"), None
        ),
        SpecKey("after", "text", Text("同一个案的本期回答一列", "column of the later answers of the same cases"), None),
        SpecKey(
            "pair",
            "text",
            Text("个案编号列：by 的两组按它配对", "column of case ids by which the two groups of `by` are paired"),
            None,
        ),
        SpecKey(
            "frequency",
            "text",
            Text(
                "每行代表的个案数（配对的比例）",
                "column with the number of cases a row stands for (paired proportions)",
            ),
            None,
        ),
        SpecKey("target", "number", Text("目标值", "the target"), None),
        SpecKey(
            "population",
            "number",
            Text("总体单位数（与目标比较时）", "units in the population (against a target)"),
            None,
        ),
        SpecKey(
            "method",
            "text",
            Text("均值：welch、pooled；比例：newcombe、wald", "means: welch or pooled; proportions: newcombe or wald"),
            None,
            ("welch", "pooled", "newcombe", "wald"),
        ),
        SpecKey(
            "test",
            "text",
            Text(
                "多组比例的检验：相等或趋势",
                "test of several proportions: equality or trend over the order of the groups",
            ),
            "equality",
            ("equality", "trend"),
        ),
        SpecKey(
            "correct",
            "yes",
            Text("连续性校正", "continuity correction of χ², McNemar's and Mann–Whitney's test"),
            False,
        ),
        SpecKey(
            "mcnemar",
            "text",
            Text(
                "配对比例的检验：精确、卡方；auto：前后不同的不足 25 个且未要求校正时用精确检验",
                "test of paired proportions: exact or chi-square; auto: exact where fewer than 25 changed and no correction is asked for",
            ),
            "auto",
            ("auto", "exact", "chi2"),
        ),
        SpecKey(
            "adjust",
            "text",
            Text("多重比较的校正", "adjustment of the p of all pairs"),
            "holm",
            ("holm", "bh", "hochberg", "bonferroni"),
        ),
        SpecKey(
            "margin",
            "number",
            Text(
                "仍算没有变化的最大差值（等效检验）",
                "the largest difference that still counts as unchanged (equivalence test)",
            ),
            None,
        ),
        SpecKey("detractors_to", "number", Text("nps：贬损者的最高分", "nps: the highest grade of detractors"), 6),
        SpecKey("promoters_from", "number", Text("nps：推荐者的最低分", "nps: the lowest grade of promoters"), 9),
        *DESIGN,
        c.MISSING,
        c.LEVEL,
    ),
    gives={
        "kind": Text("比较的种类", "what was compared"),
        "rows": Text(
            "每对一行：a、b、estimate（a − b；配对时为后 − 前）、lower、upper、p、p_adjusted、verdict 及该方法的其他值",
            "one for every pair: `a`, `b`, `estimate` (a − b; later − earlier of pairs; for grades P(a > b) + ½P(equal)), `lower`, `upper`, `p`, "
            "`p_adjusted`, `verdict` (`below`, `above`, `not_distinguishable`, from the interval). Means and nps: `se`, `statistic`, `df` (null: normal), `n_a`, `n_b`, "
            "`method`, and with a margin `p_equivalence`, `equivalent`. Proportions: `share_a`, `share_b`, `n_a`, `n_b`, `statistic` (χ²), `df`; of pairs also `test` (`mcnemar`, `mcnemar_exact`), "
            "which gave the `p`. Categories: `estimate` is Cramér's V (0–1, no interval, no verdict), `statistic` (χ²), `df`, `least_expected`, `n_a`, `n_b`. "
            "Grades: `w`, `se`, `df`, `p_brunner_munzel`, `n_a`, `n_b`",
        ),
        "test": Text(
            "所有组的检验：name、statistic、df、df2、p；没有时为 null",
            "the test of all groups together: `name`, `statistic`, `df`, `df2` (of an F, else null), `p`; null for means, nps and pairs",
        ),
    },
    run=run,
)
