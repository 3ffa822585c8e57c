"""What can be said today of each rule of a procedure: one judge for each kind of rule, none for a named procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from manyi.core.conformity import Figure, Judgement, Verdict, judge_counts, judge_limit
from manyi.core.text import Text
from manyi.flow.conformity.facts import PeriodFacts, WaveFacts
from manyi.flow.conformity.wording import said_of
from manyi.flow.findings.measuring import NO_LIMIT, TOO_EARLY, Measured
from manyi.language.model.procedure import Path
from manyi.language.model.values import MONTHS
from manyi.language.model.work import MeasureRule, ProgrammeRule, RecordRule, steps_of

Judgements = Iterator[Judgement]
SENDING = "send"
"""The step that, once closed, settles the coverage; of a survey without it, the collecting does."""


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
            yield from _includes(facts, str(path[1]), programme)
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
                running = wave.is_running(f"{wave.wave.programme}.{_settling(facts, wave.wave.programme)}")
                yield judge_limit(figure, met=bool(row["met"]), running=running, subject=wave.subject)
    if not floors:
        yield from _applied(facts, path, clause)


def _settling(facts: PeriodFacts, programme: str) -> str:
    """The step with which nobody more is asked: the sending, or what comes in its place."""
    rule = facts.procedure.programmes.get(programme)
    keys = [step.key for step in rule.steps] if rule else []
    return next((key for key in (SENDING, "collect") if key in keys), keys[0] if keys else SENDING)


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


def _includes(facts: PeriodFacts, key: str, programme: ProgrammeRule) -> Judgements:
    of = programme.includes.of if programme.includes else ()
    single = [wave for other in of for wave in facts.waves_of(other)]
    if not single:
        yield Judgement(Verdict.NOT_DUE, Text("本期没有单次调查", "there was no single survey in this period"))
        return
    results = list(facts.with_figures(key))
    for wave, _ in results:
        told = Text(f"已并入 {len(single)} 次单次调查", f"{len(single)} single surveys were taken in")
        yield Judgement(Verdict.DONE, told, subject=wave.subject)
    if not results:
        yield Judgement(Verdict.NOT_DUE, Text("本期尚无结果", "there is no result in this period yet"))


def _measure(facts: PeriodFacts, path: Path, clause: str) -> Judgements:
    rule = facts.procedure.measures[str(path[1])]
    if rule.figure == "score" and rule.of in facts.procedure.programmes and not rule.per:
        results = list(facts.with_figures(rule.of))
        for wave, figures in results:
            yield _against(rule, wave, figures)
        if not results:
            yield Judgement(Verdict.NOT_DUE, Text("本期尚无结果", "there is no result in this period yet"))
    else:
        yield _measured(facts.measured[str(path[1])])


def _measured(measured: Measured) -> Judgement:
    """All figures of a measure: kept, or how many are not, the first of them with its limit."""
    if measured.problem is not None:
        is_early = measured.problem is TOO_EARLY
        return Judgement(Verdict.NOT_DUE if is_early else Verdict.NOT_EVALUATED, measured.problem)
    said = [figure for figure in measured.figures if figure.value is not None]
    if not said:
        return Judgement(Verdict.NOT_DUE, Text("本期没有可计的资料", "there is nothing to count in this period"))
    bad = measured.breached
    one = (bad or said)[0]
    if one.value is None or one.limit is None:
        return Judgement(Verdict.NOT_EVALUATED, NO_LIMIT)
    shown = said_of(measured.rule, one)
    period = f"{measured.window.key} " if measured.window else ""
    count = (
        Text(f"{len(said)} 项中 {len(bad)} 项未达：", f"{len(bad)} of {len(said)} not kept: ")
        if len(said) > 1
        else Text()
    )
    reason = Text(f"{period}{count.zh}{shown.zh}", f"{period}{count.en}{shown.en}")
    figure = Figure(one.value, one.limit.value, is_share=measured.rule.is_share)
    return Judgement(Verdict.MISSED if bad else Verdict.DONE, reason, figure)


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
    said = list(facts.judge_rule(f"{key}.{record.steps[0].key}")) if record.contains and record.steps else []
    if said and path[2:3] not in (("archive",), ("register",)):
        yield from _report(facts, key, path)
        return
    rules = _rules_of(key, record, path)
    owed = facts.owed_by(rules, clause if len(path) > 2 else "")
    kept, running = facts.kept.get(key, (0, 0))
    if path[2:3] == ("register",):
        yield _kept(kept, running)
    elif owed.due:
        yield judge_counts(owed)
    elif path[2:3] == ("opens",) and _breached(facts, key, path, clause) is False:
        yield Judgement(Verdict.NOT_DUE, Text("没有触发它的结果", "no result called for it"))
    elif kept and path[2:3] not in (("steps",), ("archive",)):
        yield _kept(kept, running)
    else:
        yield Judgement(Verdict.NOT_DUE, Text("本期没有应完成的事项", "nothing was owed in this period"))


def _rules_of(key: str, record: RecordRule, path: Path) -> list[str]:
    """The rules of duties that a part of a record makes owed: a step with its parts, the filing, or all of them."""
    match path[2:]:
        case ("steps", int(index), *_):
            steps = [record.steps[index], *record.steps[index].all]
        case ("archive", *_):
            return [f"{key}.archive"]
        case ("opens", *_):
            steps = list(record.steps[:1])
        case _:
            return [f"{key}.{step.key}" for step in steps_of(record)] + [f"{key}.archive"]
    return [f"{key}.{step.key}" for step in steps]


def _kept(kept: int, running: int) -> Judgement:
    if not kept:
        return Judgement(Verdict.NOT_DUE, Text("本期没有记录", "no record in this period"))
    told = Text(f"{kept} 份记录，其中 {running} 份未关闭", f"{kept} on record, {running} of them open")
    return Judgement(Verdict.OPEN if running else Verdict.DONE, told)


def _report(facts: PeriodFacts, key: str, path: Path) -> Judgements:
    steps = facts.procedure.records[key].steps
    match path[2:]:
        case ("steps", int(index), *_):
            steps = (steps[index],)
    yield from (judgement for step in steps for judgement in facts.judge_rule(f"{key}.{step.key}"))


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
    owed = facts.owed_by([f"duties.{path[1]}"], "")
    if said:
        yield from said
    elif owed.due:
        yield judge_counts(owed)
    else:
        yield Judgement(Verdict.NOT_DUE, Text("本期没有应完成的事项", "nothing was owed in this period"))
