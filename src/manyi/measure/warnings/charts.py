"""Warnings of control charts and timeliness."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

CHARTS: Mapping[str, Text] = {
    "short_baseline": Text(
        "基线不足 20 个点，界限还不稳（{about}）",
        "fewer than 20 points set the limits; they are not firm yet ({about})",
    ),
    "overdispersed": Text(
        "波动超出理论分布，普通界限会频频误报，应改用 Laney 图（{about}）",
        "the points vary more than the law allows; ordinary limits would raise false alarms: take Laney's chart ({about})",
    ),
    "underdispersed": Text(
        "波动小于理论分布，请检查数据是否经过平滑（{about}）",
        "the points vary less than the law allows; see whether the data were smoothed ({about})",
    ),
    "low_counts": Text(
        "每点平均不足 5 个事件，宜合并时段或改用 t、g 图（{about}）",
        "fewer than 5 events a point on average; join periods, or take a t or g chart ({about})",
    ),
    "rules_added": Text("每增加一条规则都会增加误报：{about}", "every rule that is added raises false alarms: {about}"),
    "negative_lag": Text(
        "结束早于开始的个案没有计入：{about}", "cases that end before they begin are left out: {about}"
    ),
    "many_open": Text("未完结的个案较多，比例按已知下限给出：{about}", "many cases are still open: {about}"),
    "nothing_decided": Text("没有可以判定是否及时的个案：{about}", "no case is decided yet: {about}"),
    "no_vital_few": Text(
        "最多的一类也不比平均多出偶然：{about}",
        "the largest category is not above the average by more than chance: {about}",
    ),
}
