"""What can be said today of each rule of a procedure: one judge for each kind of rule, none for a named procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from manyi.core.conformity import Figure, Judgement, Verdict, judge_limit
from manyi.core.text import Text
from manyi.flow.conformity.facts import PeriodFacts, WaveFacts
from manyi.language.model.procedure import Path
from manyi.language.model.values import MONTHS
from manyi.language.model.work import MeasureRule, ProgrammeRule

Judgements = Iterator[Judgement]
NOT_KEPT = Judgement(
    Verdict.NOT_EVALUATED,
    Text("系统尚不保存这类记录，请查阅纸面记录", "records of this kind are not kept here yet; see those on paper"),
)
SENDING = "send"
"""The step that, once closed, settles the coverage."""


def judge(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    """Everything that can be said of the rule at ``path`` for ``clause``; nothing for what only names something."""
    judges: dict[str, Callable[[PeriodFacts, Path, str], Judgements]] = {
        "roles": _role, "tiers": _coverage, "questionnaires": _applied, "facts": _applied, "programmes": _programme,
        "records": _record, "duties": _duty, "measures": _measure,
    }  # fmt: skip
    judge_it = judges.get(str(path[0]))
    if judge_it is not None:
        yield from judge_it(facts, path, clause)


def _role(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    role = str(path[1])
    rule = facts.procedure.roles[role]
    if rule.external:
        return
    if role in facts.held:
        yield Judgement(Verdict.DONE, Text("已有人担任", "somebody holds this role"))
    else:
        yield Judgement(Verdict.MISSED, Text("无人担任", "nobody holds this role"))


def _programme(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    programme = facts.procedure.programmes[str(path[1])]
    match path[2:]:
        case ("steps", int(index)):
            yield from _step(facts, str(path[1]), programme.steps[index].key, clause)
        case ("sample", *_):
            yield from _coverage(facts, path, clause)
        case ("score" | "respondents", *_):
            yield from _applied(facts, path, clause)
        case ("focus", *_):
            yield from _focus(facts, str(path[1]), clause)
        case ("includes", *_):
            yield from _includes(facts, programme)
        case _:
            yield from _opening(facts, str(path[1]), programme)


def _opening(facts: PeriodFacts, key: str, programme: ProgrammeRule) -> Judgements:
    """Whether the survey of the year was begun when it had to be."""
    waves = facts.waves_of(key)
    for wave in waves:
        day = wave.wave.opened_at.astimezone(facts.now.tzinfo).date()
        yield Judgement(Verdict.DONE, Text(f"已于 {day} 开展", f"begun on {day}"), subject=wave.subject)
    if waves:
        return
    yearly = next((o for o in programme.opens if o.every), None)
    if yearly is None:
        yield Judgement(Verdict.NOT_DUE, Text("本期无人提出", "nothing called for it in this period"))
        return
    month = yearly.in_ or 12
    first, after = date(facts.year, month, 1), date(facts.year + month // 12, month % 12 + 1, 1)
    if facts.today < first:
        yield Judgement(Verdict.NOT_DUE, Text(f"{month} 月开展", f"begins in {MONTHS[month - 1]}"))
    elif facts.today < after:
        yield Judgement(Verdict.OPEN, Text("本月须开展", "has to begin this month"))
    else:
        yield Judgement(Verdict.MISSED, Text(f"{facts.year} 年未开展", f"not begun in {facts.year}"))


def _step(facts: PeriodFacts, programme: str, step: str, clause: str) -> Judgements:
    rule = f"{programme}.{step}"
    yield from facts.judge_rule(rule, programme)
    for wave in facts.waves_of(programme):
        if step == "collect":
            yield from _returns(wave, rule)
    if not facts.waves_of(programme):
        yield Judgement(Verdict.NOT_DUE, Text("本期尚未开展调查", "the survey has not begun in this period"))


def _returns(wave: WaveFacts, rule: str) -> Judgements:
    row = (wave.figures or {}).get("returns") or {}
    if row.get("share_exact") and row.get("required_exact"):
        figure = Figure(Fraction(row["share_exact"]), Fraction(row["required_exact"]), is_share=True)
        yield judge_limit(figure, met=bool(row["met"]), running=wave.is_running(rule), subject=wave.subject)


def _coverage(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    """The floors of coverage this clause states; a tier or a sample without a floor is only applied."""
    floors = False
    for wave, figures in facts.with_figures():
        for row in figures.get("coverage", ()):
            if row["clause"] == clause and row.get("required_exact") and row.get("share_exact"):
                floors = True
                if path[-1] == "sample" or not _is_of(facts, path, row["tier"]):
                    continue
                figure = Figure(Fraction(row["share_exact"]), Fraction(row["required_exact"]), is_share=True)
                running = wave.is_running(f"{wave.wave.programme}.{SENDING}")
                yield judge_limit(figure, met=bool(row["met"]), running=running, subject=wave.subject)
    if not floors:
        yield from _applied(facts, path, clause)


def _is_of(facts: PeriodFacts, path: Path, tier: str) -> bool:
    """Whether a row of coverage is about the tier, or the floor, that stands at ``path``."""
    if path[0] == "tiers":
        return facts.procedure.tiers[str(path[1])][int(path[2])].key == tier
    floors = facts.procedure.programmes[str(path[1])].sample.floors
    return bool(path[-1] != "floors" and isinstance(path[-1], int) and floors[path[-1]].of == tier)


def _applied(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    """A rule the program itself applies: it was, where a result was computed under it."""
    done = [wave for wave, _ in facts.with_figures()]
    for wave in done:
        yield Judgement(
            Verdict.DONE, Text("已用于本期结果", "applied in the result of this period"), subject=wave.subject
        )
    if not done:
        yield Judgement(Verdict.NOT_DUE, Text("本期尚无结果", "there is no result in this period yet"))


def _focus(facts: PeriodFacts, programme: str, clause: str) -> Judgements:
    results = list(facts.with_figures(programme))
    for wave, figures in results:
        n = sum(row["clause"] == clause for row in figures["findings"])
        yield Judgement(
            Verdict.DONE, Text(f"已列出 {n} 项关注点", f"{n} points of attention listed"), subject=wave.subject
        )
    if not results:
        yield Judgement(Verdict.NOT_DUE, Text("本期尚无结果", "there is no result in this period yet"))


def _includes(facts: PeriodFacts, programme: ProgrammeRule) -> Judgements:
    single = [key for key in (programme.includes.of if programme.includes else ()) if facts.waves_of(key)]
    if single:
        told = Text("有单次调查，尚不能并入年度结果", "there were single surveys; they cannot be taken in yet")
        yield Judgement(Verdict.NOT_EVALUATED, told)
    else:
        yield Judgement(Verdict.NOT_DUE, Text("本期没有单次调查", "there was no single survey in this period"))


def _measure(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    rule = facts.procedure.measures[str(path[1])]
    if rule.figure != "score" or rule.of not in facts.procedure.programmes:
        yield Judgement(Verdict.NOT_EVALUATED, Text("系统尚不计算该指标", "this figure is not computed here yet"))
        return
    results = list(facts.with_figures(rule.of))
    for wave, figures in results:
        yield _against(rule, wave, figures)
    if not results:
        yield Judgement(Verdict.NOT_DUE, Text("本期尚无结果", "there is no result in this period yet"))


YARDSTICKS = {
    "target": ("targets", Text("未设定目标值", "no target is set")),
    "previous": ("previous", Text("没有上次结果", "there is no previous result")),
}


def _against(rule: MeasureRule, wave: WaveFacts, figures: dict[str, Any]) -> Judgement:
    name, nothing = YARDSTICKS.get(str(rule.at_least), ("", Text("没有限值", "there is no limit")))
    held = rule.at_least if isinstance(rule.at_least, Fraction) else None
    limit = next((Fraction(y["exact"]) for y in figures.get(name, ()) if y["of"] == "overall"), held)
    if limit is None or not figures.get("overall"):
        return Judgement(Verdict.NOT_EVALUATED, nothing, subject=wave.subject)
    value = Fraction(figures["overall"]["exact"])
    figure = Figure(value, limit, is_share=False)
    return judge_limit(figure, met=value >= limit, running=False, subject=wave.subject)


def _record(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    key = str(path[1])
    record = facts.procedure.records[key]
    if record.contains:
        yield from _report(facts, key, path)
    elif path[2:3] == ("opens",) and _breached(facts, key, path, clause) is False:
        yield Judgement(Verdict.NOT_DUE, Text("没有触发它的结果", "no result called for it"))
    else:
        yield NOT_KEPT


def _report(facts: PeriodFacts, key: str, path: Path) -> Judgements:
    steps = facts.procedure.records[key].steps
    match path[2:]:
        case ("archive" | "register", *_):
            yield NOT_KEPT
            return
        case ("steps", int(index)):
            steps = (steps[index],)
    said = [judgement for step in steps for judgement in facts.judge_rule(f"{key}.{step.key}")]
    yield from said
    if not said:
        yield Judgement(Verdict.NOT_DUE, Text("结果得出后编制", "made once there is a result"))


def _breached(facts: PeriodFacts, key: str, path: Path, clause: str) -> bool | None:
    """Whether a measure that opens the record was missed; ``None`` where something else opens it."""
    opens = facts.procedure.records[key].opens
    index = path[3] if len(path) > 3 and isinstance(path[3], int) else 0
    measures = {event.removesuffix(".breached") for event in opens[index].event if event.endswith(".breached")}
    if not measures or measures - facts.procedure.measures.keys():
        return None
    said = [j.verdict for measure in measures for j in _measure(facts, ("measures", measure), clause)]
    return Verdict.MISSED in said


def _duty(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    said = list(facts.judge_rule(f"duties.{path[1]}"))
    yield from said
    if not said:
        yield NOT_KEPT
