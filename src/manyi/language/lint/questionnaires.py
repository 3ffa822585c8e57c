"""P — questionnaires: the points add up, the grades have an order, blanks and owners are clear."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from manyi.core.predicates import holds
from manyi.core.text import Text
from manyi.language.lint.cases import cases
from manyi.language.lint.run import Found, check
from manyi.language.lint.settled_values import same
from manyi.language.model.procedure import Procedure
from manyi.language.model.questionnaires import GradedScale, NumericScale


@check("P1", "error", "小项分值之和不等于项目分值", "items do not make the dimension's points")
def items_do_not_make_the_points(procedure: Procedure) -> Iterator[Found]:
    """Σ points of the items = points printed for the dimension."""
    for key, form in procedure.questionnaires.items():
        for name, group in form.dimensions.items():
            points = [item.points for item in group.items.values()]
            if group.points is not None and None not in points:
                total = sum((p for p in points if p is not None), Fraction(0))
                if total != group.points:
                    yield Found(
                        ("questionnaires", key, "dimensions", name, "points"),
                        Text(
                            f"小项合计 {total} 分，项目为 {group.points} 分",
                            f"the items make {total} points, the dimension has {group.points}",
                        ),
                        Text("改正其中一处，或作出决定并写明理由", "Correct one of them, or settle it with a reason"),
                    )


@check("P2", "error", "项目分值之和不等于总分", "dimensions do not make the total")
def dimensions_do_not_make_the_total(procedure: Procedure) -> Iterator[Found]:
    """Σ points of the dimensions (of the items where there are none) = points of the questionnaire."""
    for key, form in procedure.questionnaires.items():
        parts = [group.points for group in form.dimensions.values()] or [i.points for i in form.items.values()]
        if form.points is None or None in parts:
            continue
        total = sum((part for part in parts if part is not None), Fraction(0))
        if total != form.points:
            yield Found(
                ("questionnaires", key, "points"),
                Text(
                    f"各项目合计 {total} 分，总分为 {form.points} 分",
                    f"the dimensions make {total} points, the sheet {form.points}",
                ),
                Text("改正分值，或作出决定并写明理由", "Correct the points, or settle it with a reason"),
            )


@check("P3", "warning", "等级没有原始分数，或次序不单调", "raw scores missing, or grades out of order")
def grades_without_order(procedure: Procedure) -> Iterator[Found]:
    """From the first grade to the last, raw scores only fall or only rise."""
    for key, form in procedure.questionnaires.items():
        match form.scale:
            case None:
                wrong = Text("没有写明等级的原始分数", "the raw scores of the grades are missing")
            case NumericScale(low=low, high=high) if low >= high:
                wrong = Text(f"数字量表从 {low} 到 {high}", f"the numeric scale runs from {low} to {high}")
            case GradedScale(grades=grades) if not _ordered(list(grades.values())):
                wrong = Text("等级的原始分数忽高忽低", "the raw scores neither rise nor fall throughout")
            case _:
                continue
        hint = Text("在 scale 中从高到低写明每个等级的分数", "List every grade with its score under scale, best first")
        yield Found(("questionnaires", key, "scale"), wrong, hint)


def _ordered(scores: list[Fraction]) -> bool:
    pairs = list(pairwise(scores))
    return bool(pairs) and (all(a > b for a, b in pairs) or all(a < b for a, b in pairs))


@check("P4", "error", "未填写项按不存在的等级计", "a blank counts as a grade that is none")
def blanks_count_as_no_grade(procedure: Procedure) -> Iterator[Found]:
    """``counts_as`` is a grade of the scale, a number of it, or ``left_out``."""
    for key, form in procedure.questionnaires.items():
        if form.unanswered is None or form.unanswered.counts_as == "left_out":
            continue
        match form.scale:
            case GradedScale(grades=grades):
                known = list(grades)
            case NumericScale(low=low, high=high):
                known = [str(number) for number in range(low, min(high, low + 100) + 1)]
            case _:
                continue
        if form.unanswered.counts_as not in known:
            yield Found(
                ("questionnaires", key, "unanswered", "counts_as"),
                Text(f"“{form.unanswered.counts_as}”不是等级", f"“{form.unanswered.counts_as}” is no grade"),
                Text(f"可用：{'、'.join(known)}、left_out", f"There are: {', '.join(known)}, left_out"),
            )


@check("P5", "error", "满意等级有空缺", "levels leave a gap")
def levels_leave_a_gap(procedure: Procedure) -> Iterator[Found]:
    """Every pair of answers lands in a level; tried like tiers, so a last ``true`` is the plain way."""
    for key, form in procedure.questionnaires.items():
        predicates = [level.where for level in form.levels]
        tried = cases(predicates)
        if tried is None:
            complete = any(holds(predicate, {}) for predicate in predicates)
        else:
            complete = all(any(holds(p, case) for p in predicates) for case in tried)
        if predicates and not complete:
            yield Found(
                ("questionnaires", key, "levels"),
                Text("有的回答不属于任何满意等级", "some answers are in no level"),
                Text('最后一级写 where: "true"', 'Let the last level be where: "true"'),
            )


@check("P6", "warning", "调查表有两个编制部门", "a questionnaire with two owners")
def two_owners(procedure: Procedure) -> Iterator[Found]:
    """The document names different owners in different clauses."""
    for doubt in procedure.settled:
        if len(doubt.path) == 3 and (doubt.path[0], doubt.path[2]) == ("questionnaires", "owner"):
            readings = list(doubt.readings.items())
            if any(not same(reading, readings[0][1]) for _, reading in readings[1:]):
                says = ", ".join(f"{clause}: {reading}" for clause, reading in readings)
                yield Found(
                    doubt.path,
                    Text(f"文件指定了不同的编制者（{says}）", f"the document names different owners ({says})"),
                    Text("决定由谁负责并写明理由", "Settle who owns it, with a reason"),
                    clause=readings[0][0],
                    state="open" if doubt.value is None else "settled",
                )


@check("P7", "warning", "小项没有用于任何结果", "items used in no result")
def items_in_no_result(procedure: Procedure) -> Iterator[Found]:
    """A questionnaire is asked by a programme that scores it, or by one another programme includes."""
    scored = {rule.form for rule in procedure.programmes.values() if rule.score}
    measured = {measure.of for measure in procedure.measures.values()}
    scored |= {rule.form for key, rule in procedure.programmes.items() if key in measured}
    for key in procedure.questionnaires:
        if key not in scored:
            yield Found(
                ("questionnaires", key),
                Text("没有任何调查对它计分", "no programme scores it"),
                Text("在 programmes 中写明 form 和 score", "Give a programme with this form and a score"),
            )
