"""Warnings of attribute methods, control charts, loss and comments."""

from __future__ import annotations

from collections.abc import Mapping

from manyi.core.text import Text
from manyi.measure.warnings.charts import CHARTS
from manyi.measure.warnings.comments import COMMENTS
from manyi.measure.warnings.loss import LOSS

PAIRS: Mapping[str, Text] = {
    "kano_tie": Text("两个类别的回答一样多：{about}", "two categories were given equally often: {about}"),
    "kano_mixed": Text(
        "最多的两个类别相差不大，属混合类：{about}",
        "the two most frequent categories differ by no more than chance: {about}",
    ),
    "kano_questionable": Text(
        "矛盾的回答超过 5%，问题可能没有被理解：{about}",
        "more than 5 % contradict themselves; the question may not be understood: {about}",
    ),
    "kano_nothing_judged": Text(
        "没有可以计算满意系数的回答：{about}",
        "no answer that satisfaction coefficients could be computed from: {about}",
    ),
    "gap_untested": Text(
        "差距没有变化或只有一份回答，无从检验：{about}",
        "every gap is the same, or there is one answer only; there is nothing to test: {about}",
    ),
    "gap_unreliable": Text("差距的信度低于 0.7：{about}", "the reliability of the gap is below 0.7: {about}"),
    "low_expectation": Text(
        "期望很低，差距再大也不说明表现好：{about}",
        "expectations are low: a large gap does not mean a good performance: {about}",
    ),
    "importance_uniform": Text(
        "各项重要度几乎相同，横竖线分不开：{about}", "stated importance hardly differs between items: {about}"
    ),
    "ipa_undecided": Text(
        "靠近分界线、换一批样本可能换象限：{about}", "close to a line; another sample may put it elsewhere: {about}"
    ),
}

ATTRIBUTES: Mapping[str, Text] = {**PAIRS, **CHARTS, **LOSS, **COMMENTS}
