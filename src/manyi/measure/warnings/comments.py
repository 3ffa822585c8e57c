"""Warnings of written comments."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text

COMMENTS: Mapping[str, Text] = {
    "few_comments": Text(
        "意见不足 30 条，用词只作线索（{about}）",
        "fewer than 30 comments of a kind: the words are a hint only ({about})",
    ),
    "nothing_divides": Text(
        "没有词能区分两组，差别在偶然之内（{about} 个词）",
        "no word divides the groups by more than chance ({about} words)",
    ),
    "few_labels": Text(
        "已判定的意见不足 2000 条，判断还不可靠（{about}）",
        "fewer than 2000 labelled comments: not to be relied on yet ({about})",
    ),
    "no_better": Text(
        "不比总猜多数的一类更准，不要使用（正确率、多数占比：{about}）",
        "no better than always naming the larger group; do not use it (accuracy, majority: {about})",
    ),
}
