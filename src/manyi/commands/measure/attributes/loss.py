"""The method ``loss``: customers lost, going quiet, or buying less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from manyi.commands.measure.attributes import losing, waning
from manyi.commands.measure.attributes.dates import DATES
from manyi.commands.measure.method import Answer, Method, SpecKey
from manyi.commands.measure.survey import columns as c
from manyi.commands.measure.table import DataTable
from manyi.core.text import Text

KINDS: Mapping[str, Callable[[DataTable, Mapping[str, Any]], Answer]] = {
    "rates": losing.rates,
    "survival": losing.survival,
    "usage": waning.falling,
    "silence": waning.silent,
}


def _run(table: DataTable, spec: Mapping[str, Any]) -> Answer:
    return KINDS[spec["kind"]](table, spec)


def _column(name: str, zh: str, en: str) -> SpecKey:
    return SpecKey(name, "text", Text(zh, en), "")


LOSS_METHOD = Method(
    name="loss",
    version="2",
    title=Text("客户流失", "Customer loss"),
    keys=(
        SpecKey("kind", "text", Text("所问：流失率、存续、用量下降、沉默", "what is asked: loss rates, survival, falling usage, silence"), choices=tuple(KINDS)),
        _column("customer", "客户的列", "column of customers: once each for `rates` and `survival` (may be left out there), many rows for `usage` and `silence`"),
        _column("lost", "是否流失的列", "`rates`, `survival`: column that says who is lost"),
        c.YES,
        _column("before", "上期销售额的列", "`rates`: column of sales of the period before"),
        _column("now", "本期销售额的列", "`rates`: column of sales of this period, for net retention"),
        _column("time", "时长的列", "`survival`: column of the time until lost, or until last seen"),
        SpecKey("at", "texts", Text("要看的时点", "`survival`: the times to tell; every time of a loss where absent"), []),
        SpecKey("by", "columns", Text("分组的列", "`rates`, `survival`: column or columns of groups"), None),
        _column("period", "时期的列", "`usage`: column of periods; in the order of their numbers (2025H1, 2025H2)"),
        _column("value", "用量的列", "`usage`: column of what was bought in the period, 0 or more"),
        SpecKey("season", "whole", Text("每年的期数", "`usage`: periods a year"), 2),
        SpecKey("threshold", "number", Text("低于此比视为下降", "`usage`: a ratio below this is a decline"), 0.7),
        SpecKey("measure", "text", Text("用量是金额还是次数", "`usage`: whether values are amounts or counts, which decides the test"), "amount", ("amount", "count")),
        SpecKey("adjust", "text", Text("多重检验的校正", "`usage`: how p values of many customers are adjusted"), "bh", ("bh", "holm")),
        _column("class", "客户类别的列", "`usage`, `silence`: column of customer classes: usage is held against the class's own movement, few gaps against the class's"),
        _column("date", "订单日期的列", "`silence`: column of the days of orders"),
        _column("sales", "订单金额的列", "`silence`: column of the orders' sales"),
        _column("until", "截止日", "`silence`: the day of the count; that of the last order where absent"),
        SpecKey("quantile", "number", Text("以往间隔的分位", "`silence`: quantile of past gaps that is the limit"), 0.95),
        DATES,
        c.LEVEL,
        c.MISSING,
    ),
    gives={
        "overall": Text("总体", "`rates`: `n`, `lost`, `rate`, `lower`, `upper`, `sales_lost`, `kept` (net retention); `survival`: the curve of all; `usage`: `period`, `customers`, `declined`, `at_risk` of those, `confirmed` (declined and p adjusted ≤ 1 − level), `class_index`; `silence`: `until`, `customers`, `statuses`, `at_risk`"),
        "rows": Text("各组或各客户", "`rates`, `survival`: one row a group with `group` (a curve: `median`, `median_lower`, `median_upper`, `curve` of `time`, `at_risk`, `survival`, `se`, `lower`, `upper`); `usage`: one row a customer, most at risk first: `current`, `year_ago`, `recent`, `by_year`, `by_mean`, `ratio`, `declined`, `at_risk`, `p`, `p_adjusted`, `test` (`poisson`, `negative_binomial`, `log_t`, null), `dispersion` (variance ÷ mean of the counts before), `change`; `silence`: `orders`, `last`, `silent` (days), `limit`, `own_limit`, `status` (lost, silent, won_back, active, unknown), `at_risk`"),
    },
    run=_run,
)  # fmt: skip

LOSS: tuple[Method, ...] = (LOSS_METHOD,)
