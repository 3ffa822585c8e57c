"""S — floors: what order decides, what the whole asks beyond its parts, what nobody can be in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from manyi.core.predicates import Constant, Facts, Predicate, Truth
from manyi.core.text import Text
from manyi.language.lint.cases import Trial, trial, with_figures
from manyi.language.lint.places import programmes
from manyi.language.lint.references import has_limit, limit_of
from manyi.language.lint.run import Found, check
from manyi.language.lint.tiers import case_told, tried_tiers
from manyi.language.model.procedure import Path, Procedure
from manyi.language.model.values import KEY
from manyi.language.model.work import ProgrammeRule
from manyi.language.predicates import parse_predicate

EVERYBODY = Truth(Constant(value=True))


@check("S2", "warning", "两层重叠，由先后决定", "an overlap of tiers that order decides")
def an_overlap_order_decides(procedure: Procedure) -> Iterator[Found]:
    """Tiers with different floors of which neither holds the other: who is in both gets the floor of the first."""
    settled = {doubt.path for doubt in procedure.settled}
    for key, tiers in procedure.tiers.items():
        tried = tried_tiers(procedure, tiers)
        for (one, first), (number, second) in combinations(enumerate(tiers), 2):
            both = _crossing(tried, one, number) if tried and limit_of(first) != limit_of(second) else None
            if both is not None:
                path: Path = ("tiers", key, number, "where")
                yield Found(
                    path,
                    Text(
                        f"同时属于“{first.key}”和“{second.key}”的例子：{case_told(both, '未知')}",
                        f"a case in “{first.key}” and in “{second.key}”: {case_told(both, 'unknown')}",
                    ),
                    Text("写成互不重叠的条件，或说明理由", "Write conditions that exclude each other, or settle it"),
                    state="settled" if path in settled else "open",
                )


def _crossing(tried: Trial, first: int, second: int) -> Facts | None:
    """A case in both, where each also has cases the other has not."""
    pairs = list(zip(tried.held[first], tried.held[second], strict=True))
    if (True, False) not in pairs or (False, True) not in pairs:
        return None
    return next((case for case, pair in zip(tried.cases, pairs, strict=True) if pair == (True, True)), None)


@check("S5", "note", "各部分的下限不足以达到整体的下限", "the floors of the parts do not reach the floor of the whole")
def parts_do_not_reach_the_whole(procedure: Procedure) -> Iterator[Found]:
    """So many more are drawn, out of whom the parts leave free; told to the auditor."""
    for path, _, rule in programmes(procedure):
        tiers = procedure.tiers.get(rule.sample.tiers or "", ())
        named = {floor.of: floor for floor in rule.sample.floors}
        for number, floor in enumerate(rule.sample.floors):
            whole = limit_of(floor)
            if floor.of == "all" and whole and tiers:
                parts = [limit_of(tier) or limit_of(named.get(tier.key, tier)) for tier in tiers]
                least = min((part[1] if part else Fraction(0)) for part in parts)
                if least < whole[1]:
                    yield Found(
                        (*path, "sample", "floors", number),
                        Text("只按各层下限抽取达不到整体下限，不足部分另行补抽",
                             "drawn by the floors of the tiers alone the whole is not reached; so many more are drawn"),
                        Text("供审核员查阅", "For the auditor"),
                        state="settled",
                    )  # fmt: skip


@check("S6", "error", "下限针对的对象不在调查范围内", "a floor that exceeds its frame")
def a_floor_outside_its_frame(procedure: Procedure) -> Iterator[Found]:
    """Nobody of the frame can be in the part that the floor speaks of."""
    for path, _, rule in programmes(procedure):
        frame = rule.where or EVERYBODY
        for place, part in _parts(procedure, path, rule):
            tried = trial((with_figures(procedure, frame), with_figures(procedure, part)))
            if tried is not None and (True, True) not in zip(*tried.held, strict=True):
                yield Found(
                    place,
                    Text("调查范围内没有人符合这一条件", "nobody in the frame of the survey fits this"),
                    Text("改正调查范围或这一部分的条件", "Correct the frame, or the condition of the part"),
                )


def _parts(procedure: Procedure, path: Path, rule: ProgrammeRule) -> Iterator[tuple[Path, Predicate]]:
    if rule.sample.tiers:
        for number, tier in enumerate(procedure.tiers.get(rule.sample.tiers, ())):
            if has_limit(tier):
                yield ("tiers", rule.sample.tiers, number, "where"), tier.where
    for number, floor in enumerate(rule.sample.floors):
        if not KEY.fullmatch(floor.of):
            yield (*path, "sample", "floors", number, "of"), parse_predicate(floor.of)
