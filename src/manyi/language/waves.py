"""What a procedure says of one programme's waves, as plain values of the core."""

from __future__ import annotations

from fractions import Fraction

from manyi.core.durations import Duration
from manyi.core.errors import Refusal
from manyi.core.forms import Dimension, Grade, Item, Questionnaire, Scale, linear_scale
from manyi.core.limits import Limit, Word
from manyi.core.predicates import Predicate
from manyi.core.steps import StepRule
from manyi.core.text import Text
from manyi.core.tiers import ALL, Floor, Tier
from manyi.core.waves import RankFact, WaveRules
from manyi.language.model.nouns import TierRule
from manyi.language.model.procedure import Procedure
from manyi.language.model.questionnaires import GradedScale, NumericScale, QuestionnaireRule
from manyi.language.model.values import DayOfYear, Held
from manyi.language.model.work import FloorRule, ProgrammeRule, RecordRule, Step
from manyi.language.predicates import parse_predicate
from manyi.language.timing import duration_of, escalation_of, point_of, reminders_of

WORDS: tuple[Word, ...] = ("at_least", "at_most", "above", "below")
STEP_CLAUSE = {"collect": "return_below_floor"}


def wave_rules(procedure: Procedure, programme: str | None = None) -> WaveRules:
    """The rules of ``programme``, or of the one that runs every year; raises ``Refusal`` where there is none."""
    key = programme or _yearly(procedure)
    rule = _programme(procedure, key)
    head, (kind, report) = procedure.procedure, _report_of(procedure, key)
    collect = next((s for s in rule.steps if s.key == "collect"), None)
    score = rule.score
    return WaveRules(
        procedure=head.key,
        code=head.code,
        title=head.title,
        revision=head.revision,
        programme=key,
        programme_title=rule.title,
        report_title=report.title if report else rule.title,
        questionnaire=_questionnaire(procedure, rule),
        per_product=rule.per == "product",
        weighted_by_sales=bool(score and score.overall == "weighted by sales"),
        frame=rule.where,
        ranks=tuple(RankFact(k, f.ties == "together") for k, f in procedure.facts.items() if f.rank),
        tiers=tuple(_tier(procedure, tier, rule) for tier in _tiers(procedure, rule)),
        floors=tuple(floor for f in rule.sample.floors if f.of not in _names(procedure, rule) and (floor := _floor(f))),
        returned_within=collect.within if collect and isinstance(collect.within, Duration) else None,
        return_limit=_limit(collect) if collect else None,
        clauses=_clauses(procedure, key, rule, collect),
        calendar=rule.calendar or head.calendar,
        steps=tuple(_step(procedure, s) for s in rule.steps),
        report=kind,
        report_steps=tuple(_step(procedure, s) for s in report.steps) if report else (),
        report_opens=_report_opens(report) if report else None,
        frame_on=_day(rule.sample.frame_on),
        opens_in=next((o.in_ for o in rule.opens if o.in_), None),
        yearly=not rule.opens or any(o.every for o in rule.opens),
        includes=rule.includes.of if rule.includes else (),
        channels=tuple((c, procedure.title_of(c)) for c in rule.channels),
        comment_title=procedure.title_of(_written(rule)) if _written(rule) else Text("意见", "Remarks"),
        signatures=tuple((s.key, procedure.title_of(s.key, s.title)) for s in report.steps) if report else (),
    )


def _programme(procedure: Procedure, key: str) -> ProgrammeRule:
    rule = procedure.programmes.get(key)
    if rule is None:
        raise Refusal(
            "no_programme", "programme", key, Text("一个在程序中定义的调查", "a programme the procedure defines"),
            Text("在 programmes 中定义", f"Known: {', '.join(procedure.programmes) or 'none'}"),
        )  # fmt: skip
    return rule


def _yearly(procedure: Procedure) -> str:
    for key, rule in procedure.programmes.items():
        if any(occasion.every for occasion in rule.opens):
            return key
    return next(iter(procedure.programmes), "")


def _report_of(procedure: Procedure, programme: str) -> tuple[str, RecordRule | None]:
    for kind, record in procedure.records.items():
        if any(block.scores == programme for block in record.contains):
            return kind, record
    return "", None


def _report_opens(report: RecordRule) -> tuple[int, int] | None:
    return next(((int(o.covers == "previous"), o.in_) for o in report.opens if o.in_), None)


def _day(day: DayOfYear | str | None) -> tuple[int, int] | None:
    return (day.month, day.day) if isinstance(day, DayOfYear) else None


def _limit(held: Held) -> Limit | None:
    for word in WORDS:
        value = getattr(held, word)
        if isinstance(value, Fraction):
            return Limit(word, value)
    return None


def _tiers(procedure: Procedure, rule: ProgrammeRule) -> tuple[TierRule, ...]:
    return procedure.tiers.get(rule.sample.tiers or "", ())


def _names(procedure: Procedure, rule: ProgrammeRule) -> set[str]:
    return {tier.key for tier in _tiers(procedure, rule)}


def _tier(procedure: Procedure, tier: TierRule, rule: ProgrammeRule) -> Tier:
    """A tier with its own limit, or with that of a floor which names the tier."""
    floor = next((f for f in rule.sample.floors if f.of == tier.key and _limit(f)), None)
    own = _limit(tier)
    held, clause = (own, tier.clause) if own or floor is None else (_limit(floor), floor.clause)
    return Tier(tier.key, procedure.title_of(tier.key, tier.title), clause[0], tier.where, held)


def _floor(floor: FloorRule) -> Floor | None:
    limit = _limit(floor)
    if limit is None:
        return None
    where: Predicate | None = None if floor.of == ALL else parse_predicate(floor.of)
    return Floor(floor.of, floor.clause[0], where, limit)


def _step(procedure: Procedure, step: Step) -> StepRule:
    limit = _limit(step)
    return StepRule(
        key=step.key,
        title=procedure.title_of(step.key, step.title),
        clause=step.clause[0] if step.clause else "",
        role=step.role or "",
        due=point_of(step.due),
        within=duration_of(procedure, step.within),
        counted_from=step.from_ or "",
        at_least=limit.value if limit else None,
        inform=tuple(hearing.role for hearing in step.inform),
        remind=reminders_of(procedure, step),
        escalate=escalation_of(procedure, step),
    )


def _written(rule: ProgrammeRule) -> str:
    return next((focus.written for focus in rule.focus if focus.written), "")


def _clauses(procedure: Procedure, key: str, rule: ProgrammeRule, collect: Step | None) -> dict[str, str]:
    """Which clause calls for which kind of finding."""
    found: dict[str, str] = {}
    for measure in procedure.measures.values():
        if measure.figure == "score" and measure.of == key and measure.at_least in ("target", "previous"):
            found[f"below_{measure.at_least}"] = measure.clause[0]
    if rule.sample.tiers or rule.sample.floors:
        found["coverage_below_floor"] = next(iter(rule.sample.clause), rule.clause[0] if rule.clause else "")
    if collect and collect.clause and _limit(collect):
        found["return_below_floor"] = collect.clause[0]
    if rule.score and rule.score.clause:
        found["unmeasured_product"] = rule.score.clause[0]
    for focus in rule.focus:
        if focus.lowest in ("item", "product"):
            found[f"lowest_{focus.lowest}"] = focus.clause[0]
        if focus.written:
            found["written_dissatisfaction"] = focus.clause[0]
        if focus.fell:
            found["declined"] = focus.clause[0]
    return found


def _questionnaire(procedure: Procedure, rule: ProgrammeRule) -> Questionnaire:
    form = procedure.questionnaires.get(rule.form)
    if form is None:
        raise Refusal(
            "no_form", "form", rule.form, Text("一个在程序中定义的调查表", "a questionnaire the procedure defines"),
            Text("在 questionnaires 中定义", f"Known: {', '.join(procedure.questionnaires) or 'none'}"),
        )  # fmt: skip
    items = tuple(_items(procedure, form))
    blanks = form.unanswered.counts_as if form.unanswered else "left_out"
    return Questionnaire(
        key=rule.form,
        title=form.title,
        items=items,
        dimensions=tuple(
            Dimension(
                k, procedure.title_of(k, d.title), sum((i.points for i in items if i.dimension == k), Fraction(0))
            )
            for k, d in form.dimensions.items()
        ),
        scale=_scale(procedure, form),
        counts_as=None if blanks == "left_out" else blanks,
        written=_written(rule),
        respondents_several=form.respondents == "several",
        columns=dict(form.columns),
    )


def _items(procedure: Procedure, form: QuestionnaireRule) -> list[Item]:
    """The items in the order of the form; without points all weigh the same."""
    found = [
        Item(key, procedure.title_of(key), dimension, Fraction(1) if item.points is None else item.points)
        for dimension, group in form.dimensions.items()
        for key, item in group.items.items()
    ]
    for key, item in form.items.items():
        found.append(Item(key, procedure.title_of(key), "", Fraction(1) if item.points is None else item.points))
    return found


def _scale(procedure: Procedure, form: QuestionnaireRule) -> Scale:
    match form.scale:
        case NumericScale(low=low, high=high, missing=missing) if low < high <= low + 100:
            return linear_scale(low, high, frozenset(missing))
        case GradedScale(grades=grades):
            return Scale(tuple(Grade(k, procedure.title_of(k), score) for k, score in grades.items()))
    raise Refusal(
        "no_scale", "scale", None, Text("等级及原始分数", "grades with raw scores"),
        Text("在调查表中写明 scale", "State the scale of the questionnaire"),
    )  # fmt: skip
